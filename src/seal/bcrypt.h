/* SPDX-License-Identifier: ISC */
/*
 * bcrypt.h: bcrypt_pbkdf, which OpenSSH derives the keys of its key files by.
 *
 * libcrypto does not have it, and we make no primitive of our own.  Botan has
 * it: its library is loaded once somebody needs it, if it is there.
 */
#ifndef SLUICE_SEAL_BCRYPT_H
#define SLUICE_SEAL_BCRYPT_H

#include <stddef.h>
#include <stdint.h>

#include "sluice/status.h"

/* Botan's function for all that makes a key of a passphrase, in its C API. */
typedef int slu_botan_pwdhash(const char *algorithm, size_t rounds,
    size_t second, size_t third, uint8_t *out, size_t out_len,
    const char *passphrase, size_t passphrase_len, const uint8_t *salt,
    size_t salt_len);

/* Zero at first. */
typedef struct slu_bcrypt {
	void *library; /* a hold on it */
	slu_botan_pwdhash *derive;
} slu_bcrypt;

/* Load the library.  SLU_ERR_NO_MATCH where it is not there, which is said. */
slu_status slu_bcrypt_load(slu_bcrypt *b) SLU_CHECKED;

/* Derive `len` bytes; the passphrase has one byte at least. */
slu_status slu_bcrypt_derive(const slu_bcrypt *b, unsigned char *out,
    size_t len, const void *passphrase, size_t passphrase_len, const void *salt,
    size_t salt_len, uint32_t rounds) SLU_CHECKED;

/* Let go of it; a zeroed one is fine. */
void slu_bcrypt_free(slu_bcrypt *b);

#endif
