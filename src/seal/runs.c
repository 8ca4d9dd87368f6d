/* SPDX-License-Identifier: ISC */
#include "runs.h"

#include <stdlib.h>
#include <string.h>

#include "../base/pool.h"
#include "payload.h"
#include "sluice/secret.h"

struct slu_runs {
	slu_pool *pool; /* owned */
	slu_run *runs;  /* owned: one for each slot of the pool */
	size_t slots, chunks;
	void (*job)(slu_run *r, void *arg);
	void *arg;                       /* lent by the owner */
	unsigned char key[SLU_KEY_SIZE]; /* for runs that begin later */
};

static slu_status
seal_all(slu_run *r)
{
	const unsigned char *from = r->lent != NULL ? r->lent : r->plain;
	size_t chunks = (r->nplain + SLU_CHUNK - 1) / SLU_CHUNK;
	slu_status st = SLU_OK;

	/* An empty file is an empty chunk. */
	if (chunks == 0 && r->ends)
		chunks = 1;
	r->nsealed = 0;
	for (size_t i = 0; i < chunks && st == SLU_OK; i++) {
		bool last = i + 1 == chunks;
		size_t len =
		    last ? r->nplain - i * SLU_CHUNK : (size_t)SLU_CHUNK;

		st = slu_chunk_seal(r->aead, r->index + i,
		    last && r->ends ? SLU_CHUNK_LAST : SLU_CHUNK_INNER,
		    from + i * SLU_CHUNK, len, r->sealed + r->nsealed);
		if (st == SLU_OK)
			r->nsealed += len + SLU_TAG_SIZE;
	}
	return st;
}

void
slu_run_seal(slu_run *r)
{
	(void)slu_failure_keep(&r->failure, seal_all(r));
}

static slu_status
open_all(slu_run *r)
{
	const unsigned char *from = r->lent != NULL ? r->lent : r->sealed;
	slu_chunk_place place = SLU_CHUNK_INNER;
	size_t len = r->nsealed;
	slu_status st = SLU_OK;
	uint64_t i = 0;

	r->nplain = r->opened = 0;
	while (st == SLU_OK && place == SLU_CHUNK_INNER &&
	       (len >= SLU_CHUNK_SEALED || r->cut)) {
		size_t n = len < SLU_CHUNK_SEALED ? len : SLU_CHUNK_SEALED;

		st = slu_payload_open(r->aead, r->index + i, r->at + r->opened,
		    from + r->opened, n, r->plain + r->nplain, &place);
		if (st)
			return st;
		i++;
		len -= n;
		r->opened += n;
		r->nplain += n - SLU_TAG_SIZE;
	}
	r->ends = place == SLU_CHUNK_LAST;
	return st;
}

void
slu_run_open(slu_run *r)
{
	(void)slu_failure_keep(&r->failure, open_all(r));
}

static void
do_run(void *arg, size_t slot)
{
	slu_runs *rs = arg;

	rs->job(&rs->runs[slot], rs->arg);
}

slu_status
slu_runs_new(slu_runs **out, unsigned threads, size_t chunks,
    const unsigned char key[SLU_KEY_SIZE], void (*job)(slu_run *r, void *arg),
    void *arg)
{
	slu_status st;
	slu_runs *rs;

	rs = calloc(1, sizeof(*rs));
	if (rs == NULL)
		return slu_fail(SLU_ERR_MEMORY, "runs: out of memory");
	rs->slots = SLU_POOL_SLOTS(threads);
	rs->chunks = chunks;
	rs->job = job;
	rs->arg = arg;
	memcpy(rs->key, key, sizeof(rs->key));
	st = slu_pool_new(&rs->pool, threads, do_run, rs);
	if (st)
		goto out;
	rs->runs = calloc(rs->slots, sizeof(*rs->runs));
	if (rs->runs == NULL) {
		st = slu_fail(SLU_ERR_MEMORY, "runs: out of memory");
		goto out;
	}
	*out = rs;
	rs = NULL;
out:
	slu_runs_free(rs);
	return st;
}

bool
slu_runs_are_full(const slu_runs *rs)
{
	return slu_pool_is_full(rs->pool);
}

bool
slu_runs_are_empty(const slu_runs *rs)
{
	return slu_pool_is_empty(rs->pool);
}

/* Memory is taken as runs are needed: a short file needs one. */
static slu_status
make_run(const slu_runs *rs, slu_run *r)
{
	if (r->aead != NULL)
		return SLU_OK;
	if (r->plain == NULL)
		r->plain = malloc(SLU_RUN_PLAIN(rs->chunks));
	if (r->sealed == NULL)
		r->sealed = malloc(SLU_RUN_SEALED(rs->chunks));
	if (r->plain == NULL || r->sealed == NULL)
		return slu_fail(SLU_ERR_MEMORY, "runs: out of memory");
	return slu_aead_new(&r->aead, rs->key);
}

slu_status
slu_runs_next(slu_runs *rs, slu_run **out)
{
	slu_run *r = &rs->runs[slu_pool_next(rs->pool)];
	slu_status st;

	st = make_run(rs, r);
	if (st)
		return st;
	r->nplain = r->nsealed = r->opened = 0;
	r->ends = r->cut = false;
	r->lent = NULL;
	*out = r;
	return SLU_OK;
}

void
slu_runs_put(slu_runs *rs)
{
	slu_pool_put(rs->pool);
}

slu_status
slu_runs_wait(slu_runs *rs, slu_run **out)
{
	slu_status st;
	size_t slot;

	st = slu_pool_wait(rs->pool, &slot);
	if (st == SLU_OK)
		*out = &rs->runs[slot];
	return st;
}

void
slu_runs_take(slu_runs *rs)
{
	slu_pool_take(rs->pool);
}

static void
free_run(const slu_runs *rs, slu_run *r)
{
	slu_aead_free(r->aead);
	if (r->plain != NULL && !r->clean)
		slu_wipe(r->plain, SLU_RUN_PLAIN(rs->chunks));
	free(r->plain);
	free(r->sealed);
}

void
slu_runs_free(slu_runs *rs)
{
	if (rs == NULL)
		return;
	slu_pool_free(rs->pool);
	for (size_t i = 0; rs->runs != NULL && i < rs->slots; i++)
		free_run(rs, &rs->runs[i]);
	free(rs->runs);
	slu_wipe(rs->key, sizeof(rs->key));
	free(rs);
}
