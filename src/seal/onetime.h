/* SPDX-License-Identifier: ISC */
/*
 * onetime.h: whether bytes are what was sealed under a nonce, by their tag
 * alone: Poly1305 under the key that ChaCha20 makes for that nonce (RFC 8439,
 * 2.6 and 2.8).  It takes a third of the time that opening them takes, which
 * counts where they are looked for at a million places.
 *
 * What is found this way is opened as ever (aead.h) before anybody sees it.
 */
#ifndef SLUICE_SEAL_ONETIME_H
#define SLUICE_SEAL_ONETIME_H

#include <stdbool.h>

#include "aead.h"

#define SLU_ONETIME_KEY 32 /* bytes */

typedef struct slu_onetime slu_onetime;

/* For messages under `key`; `*out` is to be freed. */
slu_status slu_onetime_new(
    slu_onetime **out, const unsigned char key[SLU_KEY_SIZE]) SLU_CHECKED;

/* Wipe and free; NULL is fine. */
void slu_onetime_free(slu_onetime *o);

/* From here on, look for the message under this nonce. */
slu_status slu_onetime_set(
    slu_onetime *o, const unsigned char nonce[SLU_NONCE_SIZE]) SLU_CHECKED;

/* Whether the `len` bytes at `in`, the last of which are a tag, are that. */
slu_status slu_onetime_is(
    slu_onetime *o, const void *in, size_t len, bool *is) SLU_CHECKED;

/* The key of Poly1305 for one nonce. */
slu_status slu_onetime_key(unsigned char out[SLU_ONETIME_KEY],
    const unsigned char key[SLU_KEY_SIZE],
    const unsigned char nonce[SLU_NONCE_SIZE]) SLU_CHECKED;

#endif
