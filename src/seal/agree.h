/* SPDX-License-Identifier: ISC */
/*
 * agree.h: a file key wrapped by a secret that two X25519 keys share
 * (RFC 7748; C2SP age, "The X25519 recipient type").
 *
 * The sealer makes a key for this one stanza, and its public half, the
 * share, stands in the stanza.  What it and the recipient's key agree on
 * makes the wrap key, by HKDF under a label that says what it is for.
 */
#ifndef SLUICE_SEAL_AGREE_H
#define SLUICE_SEAL_AGREE_H

#include "kdf.h"

#define SLU_POINT 32                              /* bytes, as all sizes here */
#define SLU_POINT_CHARS 43                        /* the same in base64 */
#define SLU_WRAPPED (SLU_FILE_KEY + SLU_TAG_SIZE) /* of a stanza's body */

/* The public half of a secret key. */
slu_status slu_agree_public(unsigned char point[SLU_POINT],
    const unsigned char secret[SLU_POINT]) SLU_CHECKED;

/*
 * What a secret key and a public one agree on.  SLU_ERR_FORMAT where that is
 * zero, whatever the secret: the point is one of the few of low order, which
 * nobody has who means well.
 */
slu_status slu_agree(unsigned char shared[SLU_POINT],
    const unsigned char secret[SLU_POINT],
    const unsigned char point[SLU_POINT]) SLU_CHECKED;

/* What a wrap key is made of, beside what was agreed on. */
typedef struct slu_agree_salt {
	const char *label;
	const unsigned char *share; /* SLU_POINT bytes: the sealer's */
	const unsigned char *point; /* SLU_POINT bytes: the recipient's */
} slu_agree_salt;

/* Wrap the file key. */
slu_status slu_agree_wrap(unsigned char body[SLU_WRAPPED],
    const unsigned char shared[SLU_POINT], const slu_agree_salt *salt,
    const unsigned char file_key[SLU_FILE_KEY]) SLU_CHECKED;

/* Unwrap it; SLU_ERR_NO_MATCH where it was wrapped for another key. */
slu_status slu_agree_unwrap(unsigned char file_key[SLU_FILE_KEY],
    const unsigned char shared[SLU_POINT], const slu_agree_salt *salt,
    const unsigned char body[SLU_WRAPPED]) SLU_CHECKED;

#endif
