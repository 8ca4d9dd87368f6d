/* SPDX-License-Identifier: ISC */
/* digests.h: one or several digests of the same bytes. */
#ifndef SLUICE_CLI_DIGESTS_H
#define SLUICE_CLI_DIGESTS_H

#include <stddef.h>

#include "exit.h"
#include "sluice/bio.h"
#include "sluice/buf.h"
#include "sluice/hash.h"

#define DIGESTS_MAX 32
#define DIGESTS_BITS_MAX (8 * 65536) /* of output of one */

/* Zero at first. */
typedef struct digests {
	struct digest {
		slu_hash *h; /* owned */
		size_t size; /* bytes of output that are asked for */
	} each[DIGESTS_MAX];
	size_t n;
	const slu_buf *key; /* lent: they are HMACs with it; NULL: digests */
} digests;

/* Make the digest `name`, or its HMAC with `key`; as slu_hash_new fails. */
slu_status digests_new(
    slu_hash **out, const char *name, const slu_buf *key) SLU_CHECKED;

/*
 * Make the digest that the first `len` bytes of `name` name, or its HMAC with
 * `key`, or say that there is no such one; `about` is what else befalls.
 */
exit_code digests_find(slu_hash **out, const char *name, size_t len,
    const slu_buf *key, const char *about);

/* Add the digests that `list` names, with commas between them. */
exit_code digests_add(digests *d, const char *list);

/* Ask for `bits` of output; all must be extendable-output functions. */
exit_code digests_set_bits(digests *d, unsigned bits);

/* Make `*out`, which is empty, what `d` is, fresh from the start. */
slu_status digests_copy(digests *out, const digests *d) SLU_CHECKED;

/* The bytes of output of all of them. */
size_t digests_size(const digests *d);

/* Write the output of one, each->size bytes, and start it afresh. */
slu_status digests_final(const struct digest *one, void *out) SLU_CHECKED;

void digests_free(digests *d);

#endif
