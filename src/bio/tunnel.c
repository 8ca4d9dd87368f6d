/* SPDX-License-Identifier: ISC */
#include "tunnel.h"

#include <string.h>

#define PIECE 64 /* bytes of an answer that are read at a time */

void
slu_tunnel_begin(
    slu_tunnel *t, const char *room, const slu_endpoint *e, size_t limit)
{
	t->room = room;
	t->messages.limit = limit;
	memcpy(t->target, e->text, strlen(e->text) + 1);
}

void
slu_tunnel_ask(slu_tunnel *t, size_t len, size_t least, slu_tunnel_parser *feed)
{
	t->phase = SLU_TUNNEL_SEND;
	t->to_send = len;
	t->to_come = least;
	t->feed = feed;
	t->answering = false;
}

void
slu_tunnel_stands(slu_tunnel *t)
{
	t->phase = SLU_TUNNEL_STANDS;
	slu_buf_free(&t->messages);
}

slu_status
slu_tunnel_other(const slu_tunnel *t, unsigned char byte, const char *wanted)
{
	static const struct {
		unsigned char first;
		const char *name;
	} known[] = {
		{ 'H', "HTTP" },
		{ 0x00, "SOCKS4" },
		{ 0x05, "SOCKS5" },
		{ 0x15, "TLS" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (byte == known[i].first)
			return slu_fail(SLU_ERR_FORMAT,
			    "%s: answered %s, not %s", t->room, known[i].name,
			    wanted);
	return slu_fail(SLU_ERR_FORMAT,
	    "%s: answered something else than %s (0x%02x)", t->room, wanted,
	    byte);
}

/* Send what is to be sent, all the way to the proxy. */
static slu_status
speak(slu_tunnel *t, slu_bio *next)
{
	slu_status st = SLU_OK;
	size_t n;

	while (st == SLU_OK && t->to_send > 0) {
		st = slu_bio_write(
		    next, slu_buf_front(&t->messages), t->to_send, &n);
		slu_buf_skip(&t->messages, n);
		t->to_send -= n;
	}
	if (st == SLU_OK)
		st = slu_bio_flush(next);
	if (st == SLU_OK)
		t->phase = SLU_TUNNEL_HEAR;
	return st;
}

static slu_status
hear(slu_tunnel *t, slu_bio *next)
{
	unsigned char answer[PIECE];
	slu_status st;
	size_t got;

	st = slu_bio_read(
	    next, answer, t->to_come < PIECE ? t->to_come : PIECE, &got);
	if (st == SLU_EOF)
		return slu_fail(SLU_ERR_TRUNCATED, "%s: closed %s for %s",
		    t->room,
		    t->answering ? "within its answer" : "without an answer",
		    t->target);
	for (size_t i = 0; i < got && st == SLU_OK; i++) {
		t->answering = true;
		t->to_come--;
		st = t->feed(t, answer[i]);
	}
	return st;
}

/* Go on with the handshake, until the tunnel stands. */
static slu_status
connect_on(slu_tunnel *t, slu_bio *next)
{
	slu_status st = SLU_OK;

	while (st == SLU_OK && t->phase != SLU_TUNNEL_STANDS)
		st = t->phase == SLU_TUNNEL_SEND ? speak(t, next)
						 : hear(t, next);
	if (slu_failed(st))
		slu_buf_free(&t->messages);
	return st;
}

slu_status
slu_tunnel_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	slu_status st;

	st = connect_on(self, next);
	return st ? st : slu_bio_read(next, buf, cap, got);
}

slu_status
slu_tunnel_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	slu_status st;

	st = connect_on(self, next);
	return st ? st : slu_bio_write(next, data, len, put);
}

slu_status
slu_tunnel_settle(void *self, slu_bio *next)
{
	return connect_on(self, next);
}

void
slu_tunnel_free(void *self)
{
	slu_tunnel *t = self;

	slu_buf_free(&t->messages);
}
