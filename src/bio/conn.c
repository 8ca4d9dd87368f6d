/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "conn.h"

#include <stdio.h>

#include "raw.h"
#include "sink.h"
#include "socket.h"

struct conn {
	slu_conn_terms terms;
	slu_dial *dial;   /* owned; NULL once it is connected */
	int fd;           /* owned; -1 until then */
	const char *room; /* what a reason begins with */
	char peer[SLU_ADDRESS_NAME];
};

static slu_status
failed(const struct conn *c)
{
	return slu_socket_failed(c->room, c->peer);
}

static slu_status
settle(struct conn *c)
{
	const slu_conn_terms *t = &c->terms;

	if (t->kind == SLU_CONN_TCP && !slu_socket_undelayed(c->fd))
		return failed(c);
	if (t->kind == SLU_CONN_TCP && t->keepalive_s > 0 &&
	    !slu_socket_keep_alive(c->fd, t->keepalive_s))
		return failed(c);
	if (!t->nonblocking && !slu_socket_block(c->fd))
		return failed(c);
	return SLU_OK;
}

/* Get on with connecting; SLU_OK once that is done. */
static slu_status
connect_first(struct conn *c)
{
	slu_status st;

	if (c->dial == NULL)
		return SLU_OK;
	st = slu_dial_step(c->dial, &c->fd);
	if (st)
		return st;
	slu_dial_free(c->dial);
	c->dial = NULL;
	return settle(c);
}

static slu_status
conn_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct conn *c = self;
	slu_status st;

	(void)next;
	st = connect_first(c);
	if (st)
		return st;
	st = slu_raw_read(c->fd, buf, cap, got);
	return slu_failed(st) ? failed(c) : st;
}

static slu_status
conn_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct conn *c = self;
	slu_status st;

	(void)next;
	st = connect_first(c);
	if (st)
		return st;
	st = slu_raw_send(c->fd, data, len, put);
	return slu_failed(st) ? failed(c) : st;
}

static slu_status
conn_flush(void *self, slu_bio *next)
{
	(void)next;
	return connect_first(self);
}

static slu_status
conn_finish(void *self, slu_bio *next)
{
	struct conn *c = self;
	slu_status st;

	(void)next;
	st = connect_first(c);
	if (st)
		return st;
	return shutdown(c->fd, SHUT_WR) == 0 ? SLU_OK : failed(c);
}

static slu_status
conn_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	struct conn *c = self;

	(void)next;
	if (c->dial != NULL)
		return slu_dial_wait(c->dial, w);
	return slu_waits_add(
	    w, c->fd, want == SLU_WANT_READ ? POLLIN : POLLOUT);
}

static void
conn_free(void *self)
{
	struct conn *c = self;

	slu_dial_free(c->dial);
	if (c->fd >= 0)
		(void)slu_raw_close(&c->fd);
}

#define STREAM_SOCKET(kind) \
	{ \
		.name = kind, .size = sizeof(struct conn), .read = conn_read, \
		.write = conn_write, .flush = conn_flush, \
		.finish = conn_finish, .free = conn_free, .wait = conn_wait \
	}

static const slu_bio_ops conn_ops[] = {
	[SLU_CONN_TCP] = STREAM_SOCKET("tcp"),
	[SLU_CONN_UNIX] = STREAM_SOCKET("unix"),
};

slu_status
slu_conn_check_keepalive(const char *room, int seconds)
{
	if (seconds >= 0 && seconds <= SLU_CONN_KEEPALIVE_MAX)
		return SLU_OK;
	return slu_fail(SLU_ERR_USAGE, "%s: a keep-alive of %d s, not 0 to %d",
	    room, seconds, SLU_CONN_KEEPALIVE_MAX);
}

static slu_status
push(slu_bio **top, const slu_conn_terms *terms, struct conn **c)
{
	void *state;
	slu_status st;

	st = slu_conn_check_keepalive(
	    conn_ops[terms->kind].name, terms->keepalive_s);
	if (st == SLU_OK)
		st = slu_sink_push(top, &conn_ops[terms->kind], &state);
	if (st)
		return st;
	*c = state;
	(*c)->terms = *terms;
	(*c)->room = conn_ops[terms->kind].name;
	(*c)->fd = -1;
	return SLU_OK;
}

slu_status
slu_conn_wait(slu_bio *bio)
{
	slu_status st;

	st = slu_bio_flush(bio);
	while (st == SLU_WANT_READ || st == SLU_WANT_WRITE) {
		st = slu_bio_wait(bio, st, -1);
		if (st == SLU_OK)
			st = slu_bio_flush(bio);
	}
	return st;
}

slu_status
slu_conn_dial(slu_bio **top, const slu_conn_terms *terms, slu_dial **dial)
{
	struct conn *c;
	slu_status st;

	st = push(top, terms, &c);
	if (st)
		return st;
	snprintf(c->peer, sizeof(c->peer), "%s", slu_dial_name(*dial));
	c->dial = *dial;
	*dial = NULL;
	if (terms->nonblocking)
		return SLU_OK;
	st = slu_conn_wait(*top);
	if (st)
		slu_bio_drop(top);
	return st;
}

slu_status
slu_conn_push(
    slu_bio **top, const slu_conn_terms *terms, int *fd, const char *peer)
{
	struct conn *c;
	slu_status st;

	st = push(top, terms, &c);
	if (st)
		return st;
	snprintf(c->peer, sizeof(c->peer), "%s", peer);
	c->fd = *fd;
	*fd = -1;
	st = settle(c);
	if (st)
		slu_bio_drop(top);
	return st;
}
