/* SPDX-License-Identifier: ISC */
/*
 * key_kind.h: what each kind of key does.
 *
 * A kind of key has its type of stanza.  A recipient is a public key, an
 * identity a secret one, and both are some bytes that only their kind knows
 * to read.
 */
#ifndef SLUICE_SEAL_KEY_KIND_H
#define SLUICE_SEAL_KEY_KIND_H

#include <stdbool.h>

#include "header.h"
#include "kdf.h"

typedef struct slu_key_kind {
	const char *type; /* the first argument of its stanzas */

	/* Hold a stanza of the type to its form: SLU_ERR_FORMAT. */
	slu_status (*check)(const slu_stanza *s);

	/* Fill a stanza, whose type is there, that wraps the file key. */
	slu_status (*wrap)(const unsigned char *key, slu_stanza *s,
	    const unsigned char file_key[SLU_FILE_KEY]);

	/*
	 * Whether a stanza that has its form names the key.  NULL where none
	 * does: then each may be for it.
	 */
	slu_status (*names)(
	    const unsigned char *secret, const slu_stanza *s, bool *named);

	/*
	 * Unwrap the file key from a stanza that has its form.
	 * SLU_ERR_NO_MATCH where it is for another key.
	 */
	slu_status (*unwrap)(const unsigned char *secret, const slu_stanza *s,
	    unsigned char file_key[SLU_FILE_KEY]);

	/* Append the public half of a secret key as text. */
	slu_status (*name)(const unsigned char *secret, slu_buf *out);
} slu_key_kind;

#endif
