/* SPDX-License-Identifier: ISC */
/* hash_want.h: the digest that a line of a list of checksums asks for. */
#ifndef SLUICE_CLI_HASH_WANT_H
#define SLUICE_CLI_HASH_WANT_H

#include <stdbool.h>
#include <stddef.h>

#include "digests.h"
#include "hash_list.h"

/* Bytes of a digest; of an extendable output, as many as a line holds. */
#define HASH_WANT_MAX (HASH_LIST_LINE / 2)

/* Zero at first. */
typedef struct hash_want {
	digests digest;     /* owned: one, ready to read a file */
	char algorithm[64]; /* which one that is */
	unsigned char bytes[HASH_WANT_MAX];
	size_t len;
	bool judged;         /* by its length: nothing else names the digest */
	const char *unknown; /* a tag that names no digest we know, or NULL */
	const slu_buf *key;  /* lent: digests are HMACs with it, or NULL */
} hash_want;

/*
 * Find out which digest an entry means, and what it should be.  Where no tag
 * says so it is `algorithm`, or, where that is NULL, the usual one of that
 * length.  False where the digest is unknown, or its length another one; with
 * a key, also where the tag is no HMAC's.
 */
bool hash_want_take(hash_want *w, const hash_entry *e, const char *algorithm);

void hash_want_free(hash_want *w);

#endif
