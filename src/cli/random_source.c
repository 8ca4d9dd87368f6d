/* SPDX-License-Identifier: ISC */
#include "random_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "cores.h"
#include "sluice/rand.h"
#include "sluice/secret.h"

#define JOB (512 * 1024)       /* bytes, made by one thread */
#define WORTH_WHILE (16 * JOB) /* bytes; fewer are made without threads */
#define THREADS 8              /* at most: more than one can copy */

struct source {
	slu_pool *pool;      /* owned */
	unsigned char *made; /* owned: JOB bytes for each slot */
	size_t size;         /* bytes of `made` */
	uint64_t left;       /* jobs that were not begun */
	size_t at;           /* bytes taken of the oldest job */
};

/* Each thread has a generator of its own. */
static void
make(void *arg, size_t slot)
{
	struct source *s = arg;

	slu_rand_bytes(s->made + slot * JOB, JOB);
}

static slu_status
source_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct source *s = self;
	slu_status st;
	size_t slot;

	(void)next;
	for (; s->left > 0 && !slu_pool_is_full(s->pool); s->left--)
		slu_pool_put(s->pool);
	if (slu_pool_is_empty(s->pool))
		return SLU_EOF;
	st = slu_pool_wait(s->pool, &slot);
	if (st)
		return st;
	*got = cap < JOB - s->at ? cap : JOB - s->at;
	memcpy(buf, s->made + slot * JOB + s->at, *got);
	s->at = (s->at + *got) % JOB;
	if (s->at == 0)
		slu_pool_take(s->pool);
	return SLU_OK;
}

static void
source_free(void *self)
{
	struct source *s = self;

	slu_pool_free(s->pool);
	slu_wipe(s->made, s->size);
	free(s->made);
}

static const slu_bio_ops source_ops = {
	.name = "random",
	.size = sizeof(struct source),
	.read = source_read,
	.free = source_free,
};

static slu_status
open_threads(slu_bio **top, unsigned threads, uint64_t total)
{
	slu_bio *chain = NULL;
	struct source *s;
	slu_status st;

	s = slu_bio_push(&chain, &source_ops);
	if (s == NULL)
		return SLU_ERR_MEMORY;
	s->left = total > 0 ? (total - 1) / JOB + 1 : UINT64_MAX;
	s->size = SLU_POOL_SLOTS(threads) * JOB;
	s->made = malloc(s->size);
	if (s->made == NULL) {
		s->size = 0;
		st = slu_fail(SLU_ERR_MEMORY, "random: out of memory");
		goto out;
	}
	st = slu_pool_new(&s->pool, threads, make, s);
	if (st)
		goto out;
	*top = chain;
	chain = NULL;
out:
	slu_bio_free(chain);
	return st;
}

slu_status
random_source_open(slu_bio **top, uint64_t total)
{
	unsigned threads = cores_count();

	if (threads < 2 || (total > 0 && total < WORTH_WHILE))
		return slu_rand_open(top);
	return open_threads(top, threads < THREADS ? threads : THREADS, total);
}
