/* SPDX-License-Identifier: ISC */
/* The engine at work on a chain: this file only carries bytes. */
#include "sluice/tls_stream.h"

#include <stdbool.h>
#include <stdlib.h>

#include "../base/failure.h"
#include "../bio/batch.h"
#include "../bio/bio_internal.h"
#include "sluice/wait.h"
#include "tls_internal.h"

struct stream {
	slu_tls *tls;    /* lent by the caller */
	slu_batch in;    /* records read from `next`, not fed yet */
	slu_status also; /* waited for besides what was answered, or 0 */
	bool finished;   /* our close_notify has gone */
};

/* Who waits, perhaps for long, needs no room for what may come. */
static void
release_batch(struct stream *s)
{
	free(s->in.mem);
	s->in = (slu_batch){ 0 };
}

/* Have the engine take what is there of the peer, up to the first plaintext. */
static slu_status
feed_batch(struct stream *s)
{
	slu_status st = SLU_OK;
	size_t used;

	while (st == SLU_OK && slu_batch_left(&s->in) > 0) {
		st = slu_tls_feed(s->tls, s->in.mem + s->in.off,
		    slu_batch_left(&s->in), &used);
		s->in.off += used;
	}
	return st;
}

/*
 * Nothing can be sent any more, for good.  Who refuses us says so and is gone,
 * and that it is gone may be known here before its alert was read, which tells
 * more.
 */
static slu_status
hear_out(struct stream *s, slu_bio *next, slu_status st)
{
	slu_failure why = { 0 };

	(void)slu_failure_keep(&why, st);
	st = feed_batch(s);
	while (st == SLU_OK && slu_bio_is_readable(next)) {
		s->in.off = s->in.len = 0;
		st = slu_batch_make(&s->in, SLU_BATCH);
		if (st == SLU_OK)
			st = slu_bio_read_still(
			    next, s->in.mem, s->in.cap, &s->in.len);
		if (st == SLU_OK)
			st = feed_batch(s);
	}
	return st == SLU_ERR_PEER ? st : slu_failure_repeat(&why);
}

/*
 * Send all that the engine has for the peer.  Behind our close_notify there
 * is nothing left to say, and `next` takes no more.
 */
static slu_status
send_records(struct stream *s, slu_bio *next)
{
	const void *wire;
	slu_status st;
	size_t len, put;

	while ((st = slu_tls_drain_view(s->tls, &wire, &len)) == SLU_OK) {
		put = len;
		if (!s->finished)
			st = slu_bio_write(next, wire, len, &put);
		if (slu_failed(st))
			return hear_out(s, next, st);
		if (st)
			return st;
		slu_tls_drained(s->tls, put);
		s->tls->wire.unflushed = !s->finished;
	}
	if (slu_failed(st))
		return st;
	if (s->tls->wire.unflushed)
		st = slu_bio_flush(next);
	else
		st = SLU_OK;
	if (slu_failed(st))
		return hear_out(s, next, st);
	if (st == SLU_OK)
		slu_tls_sent(s->tls);
	return st;
}

/* Have more from the peer for the engine, or tell it that there is none. */
static slu_status
receive_records(struct stream *s, slu_bio *next)
{
	slu_status st;

	st = slu_batch_make(&s->in, SLU_BATCH);
	if (st == SLU_OK)
		st = slu_batch_fill(&s->in, next);
	if (st != SLU_OK)
		release_batch(s);
	if (st != SLU_EOF)
		return st;
	slu_tls_feed_end(s->tls);
	return SLU_OK;
}

/* What follows the peer's close_notify is not TLS, and not ours. */
static slu_status
give_back(struct stream *s, slu_bio *next)
{
	size_t left = slu_batch_left(&s->in);
	slu_status st = SLU_OK;

	if (left > 0)
		st = slu_bio_unread(next, s->in.mem + s->in.off, left);
	release_batch(s);
	return st ? st : SLU_EOF;
}

/* The engine failed: its alert is tried on `next` once, come what may. */
static slu_status
fail_with_alert(struct stream *s, slu_bio *next, slu_status st)
{
	slu_failure why = { 0 };

	(void)slu_failure_keep(&why, st);
	st = send_records(s, next);
	if (slu_failed(st) && s->tls->wire.unflushed)
		st = slu_bio_flush(next);
	(void)st;
	return slu_failure_repeat(&why);
}

/*
 * After the engine answered `st`, do what it wants.  SLU_OK says: ask the
 * engine again.  What is for the peer goes first, always, since the peer may
 * be waiting for it; but where `next` does not take it now, what the peer
 * sends is read all the same, or two of us would wait for each other.
 */
static slu_status
serve(struct stream *s, slu_bio *next, slu_status st)
{
	slu_status sent, came;

	if (slu_failed(st))
		return fail_with_alert(s, next, st);
	if (st == SLU_EOF)
		return give_back(s, next);
	sent = send_records(s, next);
	if (slu_failed(sent))
		return sent;
	if (st == SLU_WANT_WRITE)
		return sent;
	if (st != SLU_WANT_READ)
		return st;
	came = receive_records(s, next);
	if (came == SLU_OK || slu_failed(came) || sent == SLU_OK)
		return came;
	s->also = came != sent ? came : SLU_OK;
	return sent;
}

static void
lend(struct stream *s)
{
	const unsigned char *from = s->in.mem;

	s->also = SLU_OK;
	if (from != NULL)
		from += s->in.off;
	slu_tls_lend(s->tls, from, slu_batch_left(&s->in));
}

static void
take_back(struct stream *s)
{
	s->in.off = s->in.len - s->tls->wire.in_len;
	slu_tls_lend(s->tls, NULL, 0);
}

static slu_status
read_once(struct stream *s, void *buf, size_t cap, size_t *got)
{
	slu_status st;

	lend(s);
	st = slu_tls_read(s->tls, buf, cap, got);
	take_back(s);
	return st;
}

static slu_status
stream_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct stream *s = self;
	slu_status st;

	do {
		st = read_once(s, buf, cap, got);
		if (st == SLU_OK)
			return SLU_OK;
		st = serve(s, next, st);
	} while (st == SLU_OK);
	/* What the peer said before it was gone comes before the failure. */
	if (slu_failed(st) && SSL_pending(s->tls->ssl) > 0 &&
	    s->tls->failure.st == SLU_OK)
		st = read_once(s, buf, cap, got);
	return st;
}

static slu_status
stream_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct stream *s = self;
	slu_status st;

	s->also = SLU_OK;
	/* No more than a record waits for `next`. */
	st = s->tls->wire.out_len > 0 ? send_records(s, next) : SLU_OK;
	while (st == SLU_OK) {
		lend(s);
		/* A handshake has to be flushed, and goes the long way. */
		s->tls->wire.next = s->tls->shaken ? next : NULL;
		st = slu_tls_write(s->tls, data, len, put);
		s->tls->wire.next = NULL;
		take_back(s);
		if (st == SLU_OK)
			return SLU_OK;
		st = serve(s, next, st);
	}
	return st;
}

/* Have the engine do `step`, and send what it leads to. */
static slu_status
run(struct stream *s, slu_bio *next, slu_status (*step)(slu_tls *tls))
{
	slu_status st;

	do {
		lend(s);
		st = step(s->tls);
		take_back(s);
		if (st == SLU_OK)
			return send_records(s, next);
		st = serve(s, next, st);
	} while (st == SLU_OK);
	return st;
}

static slu_status
stream_flush(void *self, slu_bio *next)
{
	struct stream *s = self;

	return s->finished ? SLU_OK : run(s, next, slu_tls_handshake);
}

static slu_status
stream_finish(void *self, slu_bio *next)
{
	struct stream *s = self;
	slu_status st = run(s, next, slu_tls_close);

	s->finished = st == SLU_OK;
	return st;
}

static slu_status
stream_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	struct stream *s = self;
	slu_status st = slu_waits_add_chain(w, next, want);

	if (st == SLU_OK && s->also != SLU_OK)
		st = slu_waits_add_chain(w, next, s->also);
	return st;
}

static void
stream_free(void *self)
{
	struct stream *s = self;

	release_batch(s);
}

static const slu_bio_ops stream_ops = {
	.name = "tls",
	.size = sizeof(struct stream),
	.read = stream_read,
	.write = stream_write,
	.flush = stream_flush,
	.finish = stream_finish,
	.free = stream_free,
	.wait = stream_wait,
};

slu_status
slu_tls_push(slu_bio **top, slu_tls *tls)
{
	struct stream *s;

	if (tls->pushed)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: the engine is at work on a chain already");
	s = slu_bio_push(top, &stream_ops);
	if (s == NULL)
		return SLU_ERR_MEMORY;
	s->tls = tls;
	tls->pushed = true;
	return SLU_OK;
}
