/* SPDX-License-Identifier: ISC */
/*
 * opening.h: what is in front of a sealed file's chunks, read, and opened
 * with the identities that there are.
 */
#ifndef SLUICE_SEAL_OPENING_H
#define SLUICE_SEAL_OPENING_H

#include <stdbool.h>
#include <stddef.h>

#include "aead.h"
#include "identity_internal.h"
#include "parse.h"
#include "sluice/unseal.h"

typedef struct slu_opening {
	slu_identities *ids; /* held until the file key is known */
	slu_parser parser;   /* owned */
	slu_unseal_options told;
	unsigned char file_key[SLU_FILE_KEY]; /* until the nonce is there */
	bool matched;
} slu_opening;

/*
 * Begin with a zeroed `o`, which holds `ids` from now on.  What `options`
 * lends, if they are not NULL, is told now and when the header was read.
 */
void slu_opening_begin(
    slu_opening *o, slu_identities *ids, const slu_unseal_options *options);

/*
 * Take bytes of the file, from its first one on, of which `*used` were taken.
 * SLU_OK: `key` is that of the payload, which begins behind them.
 * SLU_WANT_READ: more are needed, and those not taken once more.  Anything
 * else is why it cannot be opened.
 */
slu_status slu_opening_feed(slu_opening *o, const void *data, size_t len,
    size_t *used, unsigned char key[SLU_KEY_SIZE]) SLU_CHECKED;

/* How it fails when there is no more to feed. */
slu_status slu_opening_cut(const slu_opening *o);

/* Wipe and release; a zeroed one is fine. */
void slu_opening_free(slu_opening *o);

#endif
