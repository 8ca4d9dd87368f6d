/* SPDX-License-Identifier: ISC */
#include "seal_threads.h"

#include <stdbool.h>
#include <string.h>

#include "front.h"
#include "runs.h"
#include "sluice/secret.h"

struct sealer {
	slu_buf front;  /* owned: until `next` took it */
	slu_runs *runs; /* owned */
	size_t room;    /* bytes of plaintext in a run */
	slu_run *at;    /* the one being filled, not put in yet; or NULL */
	uint64_t index; /* of the chunk to come behind those in runs */
	size_t taken;   /* bytes that `next` took of the run being drained */
	bool ended;     /* the last chunk is sealed */
};

static slu_status
drain_front(struct sealer *s, slu_bio *next)
{
	slu_status st;
	size_t put;

	if (s->front.len == 0)
		return SLU_OK;
	st = slu_bio_write_all(
	    next, slu_buf_front(&s->front), s->front.len, &put);
	slu_buf_skip(&s->front, put);
	if (st == SLU_OK)
		slu_buf_free(&s->front);
	return st;
}

static slu_status
drain_run(struct sealer *s, slu_run *r, slu_bio *next)
{
	slu_status st;
	size_t put;

	st = slu_failure_again(&r->failure);
	if (st || r->nsealed == 0)
		return st;
	st = slu_bio_write_all(
	    next, r->sealed + s->taken, r->nsealed - s->taken, &put);
	s->taken += put;
	if (st)
		return st;
	s->taken = r->nsealed = 0;
	return SLU_OK;
}

static slu_status
drain_oldest(struct sealer *s, slu_bio *next)
{
	slu_status st;
	slu_run *r;

	st = slu_runs_wait(s->runs, &r);
	if (st == SLU_OK)
		st = drain_run(s, r, next);
	if (st == SLU_OK)
		slu_runs_take(s->runs);
	return st;
}

/* All that is sealed goes down. */
static slu_status
drain_all(struct sealer *s, slu_bio *next)
{
	slu_status st;

	st = drain_front(s, next);
	while (st == SLU_OK && !slu_runs_are_empty(s->runs))
		st = drain_oldest(s, next);
	if (st == SLU_OK && s->at != NULL)
		st = drain_run(s, s->at, next);
	return st;
}

/* Have a run with room.  A full one is put in now that more follows it. */
static slu_status
have_room(struct sealer *s, slu_bio *next)
{
	slu_status st = SLU_OK;

	if (s->at != NULL && s->at->nsealed > 0)
		return drain_all(s, next);
	if (s->at != NULL && s->at->nplain < s->room)
		return SLU_OK;
	if (s->at != NULL) {
		s->index += s->room / SLU_CHUNK;
		s->at = NULL;
		slu_runs_put(s->runs);
	}
	st = drain_front(s, next);
	while (st == SLU_OK && slu_runs_are_full(s->runs))
		st = drain_oldest(s, next);
	if (st == SLU_OK)
		st = slu_runs_next(s->runs, &s->at);
	if (st == SLU_OK)
		s->at->index = s->index;
	return st;
}

static slu_status
sealer_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct sealer *s = self;
	slu_status st;
	size_t n;

	st = have_room(s, next);
	if (st)
		return st;
	n = s->room - s->at->nplain;
	if (n > len)
		n = len;
	memcpy(s->at->plain + s->at->nplain, data, n);
	s->at->nplain += n;
	*put = n;
	return SLU_OK;
}

/*
 * Seal what is full and cannot be the last chunk, without a thread: whoever
 * flushes waits for it.
 */
static slu_status
seal_full_chunks(struct sealer *s)
{
	slu_run *r = s->at;
	size_t all, full;

	if (r == NULL || r->nplain <= SLU_CHUNK)
		return SLU_OK;
	all = r->nplain;
	full = (all - 1) / SLU_CHUNK;
	r->nplain = full * SLU_CHUNK;
	slu_run_seal(r);
	memmove(r->plain, r->plain + r->nplain, all - r->nplain);
	r->nplain = all - r->nplain;
	r->index += full;
	s->index += full;
	return slu_failure_again(&r->failure);
}

static slu_status
sealer_flush(void *self, slu_bio *next)
{
	struct sealer *s = self;
	slu_status st;

	st = drain_all(s, next);
	if (st || s->ended)
		return st;
	st = seal_full_chunks(s);
	return st ? st : drain_all(s, next);
}

static slu_status
sealer_finish(void *self, slu_bio *next)
{
	struct sealer *s = self;
	slu_status st;

	if (!s->ended) {
		/* What was flushed goes before what is left. */
		st = s->at == NULL || s->at->nsealed > 0 ? have_room(s, next)
							 : SLU_OK;
		if (st)
			return st;
		/* Meanwhile the threads work on what is full. */
		s->at->ends = true;
		slu_run_seal(s->at);
		slu_wipe(s->at->plain, s->room);
		s->ended = true;
	}
	return drain_all(s, next);
}

static void
sealer_free(void *self)
{
	struct sealer *s = self;

	slu_runs_free(s->runs);
	slu_buf_free(&s->front);
}

static const slu_bio_ops sealer_ops = {
	.name = "seal",
	.size = sizeof(struct sealer),
	.write = sealer_write,
	.flush = sealer_flush,
	.finish = sealer_finish,
	.free = sealer_free,
};

static void
seal_run(slu_run *r, void *arg)
{
	(void)arg;
	slu_run_seal(r);
}

slu_status
slu_seal_threads(
    slu_bio **top, const slu_recipients *r, unsigned threads, size_t chunks)
{
	unsigned char key[SLU_KEY_SIZE];
	struct sealer *s;
	slu_status st;

	s = slu_bio_push(top, &sealer_ops);
	if (s == NULL)
		return SLU_ERR_MEMORY;
	s->room = SLU_RUN_PLAIN(chunks);
	st = slu_front_make(r, &s->front, key);
	if (st == SLU_OK)
		st = slu_runs_new(
		    &s->runs, threads, chunks, key, seal_run, NULL);
	slu_wipe(key, sizeof(key));
	if (st)
		slu_bio_drop(top);
	return st;
}
