/* SPDX-License-Identifier: ISC */
/*
 * aead.h: ChaCha20-Poly1305 (RFC 8439) without associated data.
 *
 * This is the only place that meets OpenSSL's AEAD, which would take bytes
 * for authentic where nobody gave it a tag to check.
 */
#ifndef SLUICE_SEAL_AEAD_H
#define SLUICE_SEAL_AEAD_H

#include <stddef.h>

#include "sluice/status.h"

#define SLU_KEY_SIZE 32 /* bytes, as are all sizes here */
#define SLU_NONCE_SIZE 12
#define SLU_TAG_SIZE 16

typedef struct slu_aead slu_aead;

/* One key, for any number of messages; `*out` is to be freed. */
slu_status slu_aead_new(
    slu_aead **out, const unsigned char key[SLU_KEY_SIZE]) SLU_CHECKED;

/* Wipe and free; NULL is fine. */
void slu_aead_free(slu_aead *a);

/*
 * Encrypt `len` bytes into `out`, which has room for SLU_TAG_SIZE more.  A
 * nonce must not come twice under a key.
 */
slu_status slu_aead_seal(slu_aead *a, const unsigned char nonce[SLU_NONCE_SIZE],
    const void *in, size_t len, void *out) SLU_CHECKED;

/*
 * Decrypt `len` bytes, the last SLU_TAG_SIZE of which are the tag, into
 * `out`, which has room for the others.  SLU_ERR_AUTH where they are not
 * what was sealed; `out` is wiped then, and holds nothing unauthentic.
 */
slu_status slu_aead_open(slu_aead *a, const unsigned char nonce[SLU_NONCE_SIZE],
    const void *in, size_t len, void *out) SLU_CHECKED;

#endif
