/* SPDX-License-Identifier: ISC */
#include "gather.h"

#include <string.h>

#include "../bio/batch.h"

struct gather {
	slu_batch batch;
};

static slu_status
gather_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct gather *g = self;
	slu_batch *b = &g->batch;
	slu_status st;

	st = slu_batch_make(b, SLU_BATCH);
	if (st == SLU_OK && b->len == b->cap)
		st = slu_batch_drain(b, next);
	if (st)
		return st;
	*put = len < b->cap - b->len ? len : b->cap - b->len;
	memcpy(b->mem + b->len, data, *put);
	b->len += *put;
	return SLU_OK;
}

static slu_status
gather_flush(void *self, slu_bio *next)
{
	struct gather *g = self;

	return slu_batch_drain(&g->batch, next);
}

static void
gather_free(void *self)
{
	struct gather *g = self;

	slu_batch_free(&g->batch);
}

static const slu_bio_ops gather_ops = {
	.name = "gather",
	.size = sizeof(struct gather),
	.write = gather_write,
	.flush = gather_flush,
	.finish = gather_flush,
	.free = gather_free,
};

slu_status
gather_push(slu_bio **top)
{
	return slu_bio_push(top, &gather_ops) ? SLU_OK : SLU_ERR_MEMORY;
}
