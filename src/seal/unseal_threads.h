/* SPDX-License-Identifier: ISC */
/*
 * unseal_threads.h: the chunks of a file that is read in order, opened by
 * several threads.
 */
#ifndef SLUICE_SEAL_UNSEAL_THREADS_H
#define SLUICE_SEAL_UNSEAL_THREADS_H

#include <stddef.h>
#include <stdint.h>

#include "../bio/batch.h"
#include "aead.h"

typedef struct slu_opener slu_opener;

/*
 * Have `threads` of them, 2 to SLU_POOL_THREADS, open the payload that begins
 * at byte `start` of the file, each so many chunks at a time.
 */
slu_status slu_opener_new(slu_opener **out, unsigned threads, size_t chunks,
    const unsigned char key[SLU_KEY_SIZE], uint64_t start) SLU_CHECKED;

/*
 * Read on from `next`, after what is left in `before`, and give what is intact,
 * as a filter's operation does; where `next` is NULL, it has ended.  All that
 * was read is given before `next` is said to wait or to have failed.
 */
slu_status slu_opener_read(slu_opener *o, slu_batch *before, slu_bio *next,
    void *buf, size_t cap, size_t *got) SLU_CHECKED;

/* Wipe and free; NULL is fine. */
void slu_opener_free(slu_opener *o);

#endif
