/* SPDX-License-Identifier: ISC */
#include "sluice/pair.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"
#include "sluice/secret.h"

/* In a ring, a datagram is its length and then its bytes. */
#define HEAD sizeof(size_t)
#define HEADS (SLU_PAIR_DATAGRAMS * HEAD)

/* One direction. */
struct ring {
	unsigned char *mem; /* owned; NULL before the first write */
	size_t at;          /* where the first byte waits */
	size_t len;         /* bytes that wait, heads included */
	size_t count;       /* datagrams that wait */
	bool finished;      /* by its writer */
	bool written;       /* its writer's end is there */
	bool read;          /* its reader's end is there */
};

/* Owned by both ends, and freed with the last of them. */
struct wire {
	struct ring ring[2]; /* ring[i] is written by end i */
	size_t cap;          /* bytes that may wait in each, without heads */
	size_t size;         /* bytes that each has room for */
};

struct end {
	struct wire *wire;
	int side;
};

static struct ring *
outgoing(const struct end *e)
{
	return &e->wire->ring[e->side];
}

static struct ring *
incoming(const struct end *e)
{
	return &e->wire->ring[1 - e->side];
}

static void
ring_put(struct ring *r, size_t size, const void *data, size_t len)
{
	size_t to = (r->at + r->len) % size;
	size_t first = len < size - to ? len : size - to;

	memcpy(r->mem + to, data, first);
	memcpy(r->mem, (const unsigned char *)data + first, len - first);
	r->len += len;
}

static void
ring_take(struct ring *r, size_t size, void *out, size_t len)
{
	size_t first = len < size - r->at ? len : size - r->at;

	memcpy(out, r->mem + r->at, first);
	memcpy((unsigned char *)out + first, r->mem, len - first);
	slu_wipe(r->mem + r->at, first);
	slu_wipe(r->mem, len - first);
	r->len -= len;
	r->at = r->len > 0 ? (r->at + len) % size : 0;
}

/* Whether there is anything to read; if not, why. */
static slu_status
can_read(const struct ring *r)
{
	if (r->len > 0)
		return SLU_OK;
	if (r->finished)
		return SLU_EOF;
	if (r->written)
		return SLU_WANT_READ;
	return slu_fail(SLU_ERR_TRUNCATED,
	    "pair: the other end was freed without a finish");
}

/* Whether anything may be written; has the memory for it. */
static slu_status
can_write(struct ring *r, size_t size)
{
	if (!r->read)
		return slu_fail(SLU_ERR_IO, "pair: the other end is gone");
	if (r->mem != NULL)
		return SLU_OK;
	r->mem = malloc(size);
	if (r->mem == NULL)
		return slu_fail(SLU_ERR_MEMORY, "pair: out of memory");
	return SLU_OK;
}

static slu_status
stream_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct end *e = self;
	struct ring *r = incoming(e);
	slu_status st;

	(void)next;
	st = can_read(r);
	if (st)
		return st;
	*got = cap < r->len ? cap : r->len;
	ring_take(r, e->wire->size, buf, *got);
	return SLU_OK;
}

static slu_status
stream_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct end *e = self;
	struct ring *r = outgoing(e);
	size_t size = e->wire->size;
	slu_status st;

	(void)next;
	st = can_write(r, size);
	if (st)
		return st;
	if (r->len == size)
		return SLU_WANT_WRITE;
	*put = len < size - r->len ? len : size - r->len;
	ring_put(r, size, data, *put);
	return SLU_OK;
}

static slu_status
datagram_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct end *e = self;
	struct ring *r = incoming(e);
	size_t len;
	slu_status st;

	(void)next;
	st = can_read(r);
	if (st)
		return st;
	ring_take(r, e->wire->size, &len, HEAD);
	if (len > cap)
		return slu_fail(SLU_ERR_LIMIT,
		    "pair: a datagram of %zu bytes, and room for %zu", len,
		    cap);
	ring_take(r, e->wire->size, buf, len);
	r->count--;
	*got = len;
	return SLU_OK;
}

static slu_status
datagram_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct end *e = self;
	struct ring *r = outgoing(e);
	struct wire *w = e->wire;
	slu_status st;

	(void)next;
	if (len > w->cap)
		return slu_fail(SLU_ERR_LIMIT,
		    "pair: a datagram of %zu bytes, and %zu may wait", len,
		    w->cap);
	st = can_write(r, w->size);
	if (st)
		return st;
	if (r->count == SLU_PAIR_DATAGRAMS ||
	    len > w->cap - (r->len - r->count * HEAD))
		return SLU_WANT_WRITE;
	ring_put(r, w->size, &len, HEAD);
	ring_put(r, w->size, data, len);
	r->count++;
	*put = len;
	return SLU_OK;
}

static slu_status
end_finish(void *self, slu_bio *next)
{
	struct end *e = self;

	(void)next;
	outgoing(e)->finished = true;
	return SLU_OK;
}

static void
ring_free(struct wire *w, struct ring *r)
{
	slu_wipe(r->mem, r->mem != NULL ? w->size : 0);
	free(r->mem);
	r->mem = NULL;
	r->len = 0;
}

/* What nobody will read any more goes at once. */
static void
end_free(void *self)
{
	struct end *e = self;
	struct wire *w = e->wire;

	outgoing(e)->written = false;
	incoming(e)->read = false;
	ring_free(w, incoming(e));
	if (!incoming(e)->written) {
		ring_free(w, outgoing(e));
		free(w);
	}
}

static const slu_bio_ops stream_ops = {
	.name = "pair",
	.size = sizeof(struct end),
	.read = stream_read,
	.write = stream_write,
	.finish = end_finish,
	.free = end_free,
};

static const slu_bio_ops datagram_ops = {
	.name = "pair",
	.size = sizeof(struct end),
	.read = datagram_read,
	.write = datagram_write,
	.finish = end_finish,
	.free = end_free,
	.datagram = true,
};

static slu_status
begin(slu_bio **top, const slu_bio_ops *ops, struct wire *w, int side)
{
	struct end *e;
	void *state;
	slu_status st;

	st = slu_sink_push(top, ops, &state);
	if (st)
		return st;
	e = state;
	e->wire = w;
	e->side = side;
	outgoing(e)->written = true;
	incoming(e)->read = true;
	return SLU_OK;
}

static slu_status
open_both(
    slu_bio **a, slu_bio **b, const slu_bio_ops *ops, size_t cap, size_t heads)
{
	struct wire *w;
	slu_status st;

	if (cap == 0 || cap > SIZE_MAX / 2)
		return slu_fail(SLU_ERR_USAGE, "pair: room for %zu bytes", cap);
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		return slu_fail(SLU_ERR_MEMORY, "pair: out of memory");
	w->cap = cap;
	w->size = cap + heads;
	st = begin(a, ops, w, 0);
	if (st) {
		free(w);
		return st;
	}
	/* The first end frees the wire that it has for itself. */
	st = begin(b, ops, w, 1);
	if (st)
		slu_bio_drop(a);
	return st;
}

slu_status
slu_pair_open(slu_bio **a, slu_bio **b, size_t cap)
{
	return open_both(a, b, &stream_ops, cap, 0);
}

slu_status
slu_pair_datagrams(slu_bio **a, slu_bio **b, size_t cap)
{
	return open_both(a, b, &datagram_ops, cap, HEADS);
}
