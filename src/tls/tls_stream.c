/* SPDX-License-Identifier: ISC */
/* The engine at work on a chain: this file only carries bytes. */
#include "sluice/tls_stream.h"

#include <stdbool.h>

#include "../bio/batch.h"
#include "tls_internal.h"

struct stream {
	slu_tls *tls; /* lent by the caller */
	slu_batch in; /* records read from `next`, not fed yet */
	bool eof;     /* `next` has ended, and is not asked again */
};

/* Send all that the engine has for the peer. */
static slu_status
send_records(struct stream *s, slu_bio *next)
{
	const void *wire;
	slu_status st;
	size_t len, put;

	for (;;) {
		st = slu_tls_drain_view(s->tls, &wire, &len);
		if (st)
			return slu_failed(st) ? st : SLU_OK;
		st = slu_bio_write(next, wire, len, &put);
		if (st)
			return st;
		slu_tls_drained(s->tls, put);
	}
}

/* Have more from the peer for the engine, or tell it that there is none. */
static slu_status
receive_records(struct stream *s, slu_bio *next)
{
	slu_status st;

	st = slu_batch_make(&s->in, SLU_BATCH);
	if (st == SLU_OK)
		st = slu_batch_fill(&s->in, next);
	if (st != SLU_EOF)
		return st;
	s->eof = true;
	slu_tls_feed_end(s->tls);
	return SLU_OK;
}

/*
 * After the engine answered `st`, do what it wants.  SLU_OK says: ask the
 * engine again.  What is for the peer goes first, always: the peer may be
 * waiting for it, and a failure leaves an alert to send.
 */
static slu_status
serve(struct stream *s, slu_bio *next, slu_status st)
{
	slu_status sent = send_records(s, next);

	if (slu_failed(st))
		return slu_failure_again(&s->tls->failure);
	if (sent)
		return sent;
	return st == SLU_WANT_READ ? receive_records(s, next) : SLU_OK;
}

static bool
needs_service(slu_status st)
{
	return st == SLU_WANT_READ || st == SLU_WANT_WRITE || slu_failed(st);
}

static void
lend(struct stream *s)
{
	slu_tls_lend(s->tls, s->in.mem + s->in.off, slu_batch_left(&s->in));
}

static void
take_back(struct stream *s)
{
	s->in.off = s->in.len - s->tls->wire.in_len;
	slu_tls_lend(s->tls, NULL, 0);
}

static slu_status
stream_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct stream *s = self;
	slu_status st;

	for (;;) {
		lend(s);
		st = slu_tls_read(s->tls, buf, cap, got);
		take_back(s);
		if (!needs_service(st))
			return st;
		st = serve(s, next, st);
		if (st)
			return st;
	}
}

static slu_status
stream_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct stream *s = self;
	slu_status st;

	for (;;) {
		lend(s);
		st = slu_tls_write(s->tls, data, len, put);
		take_back(s);
		if (!needs_service(st))
			return st;
		st = serve(s, next, st);
		if (st)
			return st;
	}
}

static slu_status
stream_flush(void *self, slu_bio *next)
{
	struct stream *s = self;
	slu_status st;

	for (;;) {
		lend(s);
		st = slu_tls_handshake(s->tls);
		take_back(s);
		if (st == SLU_OK)
			return send_records(s, next);
		st = serve(s, next, st);
		if (st)
			return st;
	}
}

static slu_status
stream_finish(void *self, slu_bio *next)
{
	struct stream *s = self;
	slu_status st;

	st = stream_flush(self, next);
	if (st == SLU_OK)
		st = slu_tls_close(s->tls);
	return st ? st : send_records(s, next);
}

static void
stream_free(void *self)
{
	struct stream *s = self;

	slu_batch_free(&s->in);
}

static const slu_bio_ops stream_ops = {
	.name = "tls",
	.size = sizeof(struct stream),
	.read = stream_read,
	.write = stream_write,
	.flush = stream_flush,
	.finish = stream_finish,
	.free = stream_free,
};

slu_status
slu_tls_push(slu_bio **top, slu_tls *tls)
{
	struct stream *s = slu_bio_push(top, &stream_ops);

	if (s == NULL)
		return SLU_ERR_MEMORY;
	s->tls = tls;
	return SLU_OK;
}
