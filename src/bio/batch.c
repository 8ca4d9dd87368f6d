/* SPDX-License-Identifier: ISC */
#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "sluice/secret.h"

slu_status
slu_batch_make(slu_batch *b, size_t cap)
{
	if (b->mem != NULL)
		return SLU_OK;
	b->mem = malloc(cap);
	if (b->mem == NULL)
		return slu_fail(SLU_ERR_MEMORY, "bio: out of memory");
	b->cap = cap;
	return SLU_OK;
}

slu_status
slu_batch_drain(slu_batch *b, slu_bio *next)
{
	slu_status st;
	size_t n;

	if (b->off == b->len)
		return SLU_OK;
	st = slu_bio_write_all(next, b->mem + b->off, b->len - b->off, &n);
	b->off += n;
	if (b->off == b->len)
		b->off = b->len = 0;
	return st;
}

slu_status
slu_batch_fill(slu_batch *b, slu_bio *next)
{
	slu_status st;
	size_t n;

	if (b->off > 0) {
		memmove(b->mem, b->mem + b->off, b->len - b->off);
		b->len -= b->off;
		b->off = 0;
	}
	st = slu_bio_read(next, b->mem + b->len, b->cap - b->len, &n);
	b->len += n;
	return st;
}

void
slu_batch_free(slu_batch *b)
{
	slu_wipe(b->mem, b->cap);
	free(b->mem);
	*b = (slu_batch){ 0 };
}
