/* SPDX-License-Identifier: ISC */
/*
 * scrypt.h: the stanza of a passphrase (C2SP age, "The scrypt recipient
 * type").
 */
#ifndef SLUICE_SEAL_SCRYPT_H
#define SLUICE_SEAL_SCRYPT_H

#include <stdbool.h>
#include <stddef.h>

#include "header.h"
#include "kdf.h"

#define SLU_SCRYPT_TYPE "scrypt"
#define SLU_SCRYPT_SALT 16                            /* bytes */
#define SLU_SCRYPT_BODY (SLU_FILE_KEY + SLU_TAG_SIZE) /* bytes */

/* A passphrase's stanza, as a header has it. */
typedef struct slu_scrypt_stanza {
	unsigned char salt[SLU_SCRYPT_SALT];
	unsigned char body[SLU_SCRYPT_BODY];
	unsigned work_factor; /* huge ones are all UINT_MAX */
} slu_scrypt_stanza;

/*
 * Append a stanza that wraps `file_key` for a passphrase.  SLU_ERR_LIMIT
 * where the work factor takes more memory than the machine has to give.
 */
slu_status slu_scrypt_wrap(slu_header *h, const void *passphrase, size_t len,
    unsigned work_factor,
    const unsigned char file_key[SLU_FILE_KEY]) SLU_CHECKED;

/*
 * Find the passphrase's stanza in a header, where `*found` says if there is
 * one.  SLU_ERR_FORMAT where it is malformed, or not the only stanza.
 */
slu_status slu_scrypt_find(
    const slu_header *h, slu_scrypt_stanza *out, bool *found) SLU_CHECKED;

/* SLU_ERR_LIMIT where slu_scrypt_unwrap would be too dear. */
slu_status slu_scrypt_check(
    const slu_scrypt_stanza *s, unsigned max_work_factor) SLU_CHECKED;

/*
 * Unwrap the file key.  SLU_ERR_LIMIT where the work factor is over
 * `max_work_factor` or the machine's memory, before anything is spent;
 * SLU_ERR_NO_MATCH where the passphrase is another one.
 */
slu_status slu_scrypt_unwrap(const slu_scrypt_stanza *s, const void *passphrase,
    size_t len, unsigned max_work_factor,
    unsigned char file_key[SLU_FILE_KEY]) SLU_CHECKED;

#endif
