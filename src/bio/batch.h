/* SPDX-License-Identifier: ISC */
/*
 * batch.h: bytes under way between a filter and the BIO below it.
 *
 * A filter that writes keeps a batch of encoded bytes that `next` has not
 * taken yet, and follows one pattern: drain it, refuse new input while it
 * holds anything, encode at most one batch into it, and accept that.  A
 * filter that reads keeps a batch of encoded bytes that it has not decoded
 * yet: decode what it holds, fill it when that does not suffice.  So a
 * filter never holds more than one batch, and a WANT from below never loses
 * or repeats a byte.
 *
 * The zero state is empty and owns nothing.  Memory is taken at the first
 * use, so a filter that nothing passed through costs next to none.
 */
#ifndef SLUICE_BIO_BATCH_H
#define SLUICE_BIO_BATCH_H

#include <stddef.h>

#include "sluice/bio.h"

/* What most rooms move at a time: large enough to hide a call's cost. */
#define SLU_BATCH (64 * 1024)

typedef struct slu_batch {
	unsigned char *mem; /* owned; NULL before slu_batch_make */
	size_t cap;         /* bytes that mem has room for */
	size_t off;         /* first byte still to go */
	size_t len;         /* end of the bytes filled in, from mem */
} slu_batch;

/* Have room for `cap` bytes: at the first call only.  SLU_ERR_MEMORY. */
slu_status slu_batch_make(slu_batch *b, size_t cap) SLU_CHECKED;

/* Write to `next` until the batch is empty, or `next` stops taking. */
slu_status slu_batch_drain(slu_batch *b, slu_bio *next) SLU_CHECKED;

/*
 * Read from `next` once, behind what the batch holds, having moved that to
 * its front.  A full batch is not to be filled.  SLU_EOF as `next` says it.
 */
slu_status slu_batch_fill(slu_batch *b, slu_bio *next) SLU_CHECKED;

/* Wipe and release; the batch is empty and can be made again. */
void slu_batch_free(slu_batch *b);

/* The bytes that are still to go. */
static inline size_t
slu_batch_left(const slu_batch *b)
{
	return b->len - b->off;
}

#endif
