/* SPDX-License-Identifier: ISC */
#include "pump.h"

#include "../bio/bio_internal.h"

/* Rounds of a step, so that nobody else waits for long. */
#define ROUNDS 16

void
pump_add(pump *p, slu_bio *from, slu_bio *to, slu_tls *tls)
{
	p->ways[p->n++] = (pump_way){
		.from = from,
		.to = to,
		.tls = tls,
		.held = { .limit = PUMP_BATCH },
	};
}

/* Remember who answered, whatever that was. */
static slu_status
answered(pump_way *w, slu_bio *at, slu_status st)
{
	w->at = at;
	w->want = st;
	return st;
}

static slu_status
write_some(pump_way *w, const void *data, size_t len, size_t *put)
{
	slu_status st = slu_bio_write_all(w->to, data, len, put);

	w->moved += *put;
	w->unflushed = true;
	return answered(w, w->to, st);
}

static slu_status
write_held(pump_way *w)
{
	slu_status st = SLU_OK;
	size_t put;

	if (w->held.len == 0)
		return SLU_OK;
	st = write_some(w, slu_buf_front(&w->held), w->held.len, &put);
	slu_buf_skip(&w->held, put);
	/* Most ways wait most of the time, and then own no memory. */
	if (w->held.len == 0)
		slu_buf_free(&w->held);
	return st;
}

static slu_status
read_some(pump_way *w, void *buf, size_t cap, size_t *got)
{
	if (w->still)
		return slu_bio_read_still(w->from, buf, cap, got);
	return slu_bio_read(w->from, buf, cap, got);
}

/* Read a batch, as far as there is one; `*len` bytes, whatever it answers. */
static slu_status
read_batch(pump_way *w, pump_room *room, size_t *len)
{
	slu_status st;
	size_t got;

	*len = 0;
	do {
		st = read_some(
		    w, room->bytes + *len, sizeof(room->bytes) - *len, &got);
		*len += got;
	} while (st == SLU_OK && *len < sizeof(room->bytes));
	return answered(w, w->from, st);
}

/* Hand a batch on; what is not taken is held. */
static slu_status
hand_on(pump_way *w, const unsigned char *batch, size_t len)
{
	size_t put;
	slu_status st = write_some(w, batch, len, &put);

	if (slu_failed(st) || put == len)
		return st;
	if (slu_buf_add(&w->held, batch + put, len - put))
		return answered(w, w->to, SLU_ERR_MEMORY);
	return st;
}

static slu_status
flush(pump_way *w)
{
	slu_status st;

	if (!w->unflushed)
		return SLU_OK;
	st = answered(w, w->to, slu_bio_flush(w->to));
	if (st == SLU_OK)
		w->unflushed = false;
	return st;
}

static slu_status
end(pump_way *w)
{
	slu_status st = flush(w);

	if (st)
		return st;
	if (w->kept_open)
		return answered(w, NULL, SLU_WANT_READ);
	if (w->tls != NULL)
		st = slu_tls_close(w->tls);
	if (st == SLU_OK)
		st = w->tls ? slu_bio_flush(w->to) : slu_bio_finish(w->to);
	(void)answered(w, w->to, st);
	if (st == SLU_OK)
		w->phase = PUMP_ENDED;
	return st;
}

/* All that came before the chain failed is carried: `met` is what is left. */
static slu_status
stop(pump_way *w, slu_status met)
{
	slu_status st = flush(w);

	if (st)
		return st;
	w->phase = PUMP_ENDED;
	return met == SLU_ERR_PEER ? answered(w, w->from, met) : SLU_OK;
}

/* SLU_OK: something was done. */
static slu_status
move(pump_way *w, pump_room *room)
{
	slu_status st = write_held(w), met;
	size_t len;

	if (st)
		return st;
	if (w->phase == PUMP_ENDING)
		return end(w);
	met = read_batch(w, room, &len);
	/* A failure comes again; an end of a terminal does not. */
	if (met == SLU_EOF)
		w->phase = PUMP_ENDING;
	if (len > 0)
		return hand_on(w, room->bytes, len);
	if (met == SLU_EOF)
		return SLU_OK;
	if (w->still)
		return stop(w, met);
	if (slu_failed(met))
		return met;
	st = flush(w);
	return st ? st : answered(w, w->from, met);
}

/*
 * Whoever has said all, and was sent all, may be gone before we have said our
 * good-bye: nothing is lost by that.
 */
static bool
is_harmless(const pump *p, const pump_way *failed)
{
	if (failed->phase != PUMP_ENDING || failed->unflushed ||
	    failed->want == SLU_ERR_MEMORY)
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (p->ways[i].from == failed->to &&
		    p->ways[i].phase != PUMP_MOVING)
			return true;
	return false;
}

/*
 * Whoever can no longer be written may have answered, and gone: the answer is
 * read first, and the failure told then.
 */
static bool
may_have_answered(pump *p, pump_way *failed, slu_status st)
{
	if (st != SLU_ERR_IO || failed->at != failed->to || p->why.st)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		pump_way *back = &p->ways[i];

		if (back == failed || back->from != failed->to ||
		    back->phase != PUMP_MOVING)
			continue;
		(void)slu_failure_keep(&p->why, st);
		p->failed = failed->at;
		failed->phase = PUMP_ENDED;
		back->still = true;
		return true;
	}
	return false;
}

/*
 * What a chain waits for, it tells of its last call, and the other way may use
 * the same chain: it is asked at once.
 */
static slu_status
note_waits(pump_way *w)
{
	w->waits.count = 0;
	w->waits.ms = -1;
	if (w->at == NULL)
		return SLU_OK;
	return slu_waits_add_chain(&w->waits, w->at, w->want);
}

static slu_status
move_one(pump *p, pump_way *w, pump_room *room)
{
	slu_status st = move(w, room), noted;

	if (st == SLU_WANT_READ || st == SLU_WANT_WRITE) {
		noted = note_waits(w);
		st = noted ? noted : st;
	}
	if (slu_failed(st) && is_harmless(p, w)) {
		w->phase = PUMP_ENDED;
		st = SLU_OK;
	}
	if (may_have_answered(p, w, st))
		st = SLU_OK;
	if (slu_failed(st))
		p->failed = w->at;
	return st;
}

/* Move each way once.  What one of them did may be what another waits for. */
static slu_status
move_all(pump *p, pump_room *room)
{
	slu_status all = SLU_EOF;

	for (size_t i = 0; i < p->n; i++) {
		slu_status st;

		if (p->ways[i].phase == PUMP_ENDED)
			continue;
		st = move_one(p, &p->ways[i], room);
		if (slu_failed(st))
			return st;
		if (st == SLU_OK || all == SLU_EOF)
			all = st == SLU_OK ? SLU_OK : SLU_WANT_READ;
	}
	return all;
}

slu_status
pump_step(pump *p, pump_room *room)
{
	slu_status st = SLU_OK;

	for (int i = 0; i < ROUNDS && st == SLU_OK; i++)
		st = move_all(p, room);
	return st == SLU_EOF && p->why.st ? slu_failure_repeat(&p->why) : st;
}

static slu_status
add_waits(slu_waits *to, const slu_waits *from)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < from->count && st == SLU_OK; i++)
		st = slu_waits_add(to, from->fds[i].fd, from->fds[i].events);
	if (from->ms >= 0)
		slu_waits_within(to, from->ms);
	return st;
}

slu_status
pump_waits(const pump *p, slu_waits *waits)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < p->n && st == SLU_OK; i++)
		if (p->ways[i].phase != PUMP_ENDED)
			st = add_waits(waits, &p->ways[i].waits);
	return st;
}

uint64_t
pump_moved(const pump *p)
{
	uint64_t moved = 0;

	for (size_t i = 0; i < p->n; i++)
		moved += p->ways[i].moved;
	return moved;
}

void
pump_free(pump *p)
{
	for (size_t i = 0; i < p->n; i++)
		slu_buf_free(&p->ways[i].held);
}
