/* SPDX-License-Identifier: ISC */
/* key_text.h: keys as people write them, whatever their kind. */
#ifndef SLUICE_SEAL_KEY_TEXT_H
#define SLUICE_SEAL_KEY_TEXT_H

#include "key_kind.h"

#define SLU_KEY_BYTES_MAX 8192 /* of a key of any kind, public or secret */

/*
 * A key that was read.  Without a kind it is one that has its form, and that
 * we can do nothing with: its bytes are the reason, in words for people.
 */
typedef struct slu_key {
	const slu_key_kind *kind;
	slu_buf bytes; /* to be freed */
} slu_key;

#define SLU_KEY_NONE ((slu_key){ .bytes = { .limit = SLU_KEY_BYTES_MAX } })

/* The kind whose stanzas are of that type; NULL where we know none. */
const slu_key_kind *slu_key_kind_of(const char *type);

/*
 * Read a public or a secret key, from its first character to its last, into
 * SLU_KEY_NONE.  SLU_ERR_FORMAT, or SLU_ERR_LIMIT where it is too long, says
 * what is wrong, and never what stands there.  Without a kind are secret keys
 * that are foreign (foreign.h), and public keys of ssh's.
 */
slu_status slu_key_read_public(
    slu_key *key, const char *text, size_t len) SLU_CHECKED;
slu_status slu_key_read_secret(
    slu_key *key, const char *text, size_t len) SLU_CHECKED;

/* Why a key without a kind is of no use, as a failure. */
slu_status slu_key_fail(const slu_key *key);

#endif
