/* SPDX-License-Identifier: ISC */
/*
 * resync.h: where the chunks of a damaged payload go on.
 *
 * Behind what is damaged in place, they go on where they should.  Where bytes
 * were dropped or put in, they stand elsewhere, and each has to be looked for
 * by its tag: at the likely places first, then at any place nearby.
 */
#ifndef SLUICE_SEAL_RESYNC_H
#define SLUICE_SEAL_RESYNC_H

#include "chunk.h"
#include "sluice/sealed.h"

typedef struct slu_resync slu_resync;

/* A chunk that was found. */
typedef struct slu_found {
	uint64_t at;    /* where in the file it begins */
	uint64_t index; /* which one it is */
	size_t len;     /* bytes, with its tag; 0: none was found */
} slu_found;

/*
 * For a payload under `key`; at most `tries` places are looked at where no
 * chunk should be.  `source` is lent for as long as `*out` lives, which is to
 * be freed.
 */
slu_status slu_resync_new(slu_resync **out, const slu_sealed_source *source,
    const unsigned char key[SLU_KEY_SIZE], uint64_t tries) SLU_CHECKED;

/* Wipe and free; NULL is fine. */
void slu_resync_free(slu_resync *r);

/*
 * Find the next intact chunk, from byte `at` of the file on, which is below
 * its size, and from `index` on.  The chunk at `index` does not begin at `at`,
 * unless it is the last one, with something behind it.
 */
slu_status slu_resync_find(
    slu_resync *r, uint64_t at, uint64_t index, slu_found *out) SLU_CHECKED;

#endif
