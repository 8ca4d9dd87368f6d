/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/udp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conn.h"
#include "raw.h"
#include "sink.h"
#include "socket.h"

struct udp {
	slu_dial *dial; /* owned; NULL once it is connected */
	int fd;         /* owned; -1 until then */
	bool nonblocking;
	bool heard; /* something has come from the peer */
	slu_address there;
	char peer[SLU_ADDRESS_NAME];
};

static slu_status
failed(const struct udp *u)
{
	return slu_socket_failed("udp", u->peer);
}

static slu_status
connect_first(struct udp *u)
{
	slu_status st;

	if (u->dial == NULL)
		return SLU_OK;
	st = slu_dial_step(u->dial, &u->fd);
	if (st)
		return st;
	slu_dial_free(u->dial);
	u->dial = NULL;
	u->there.len = sizeof(u->there.to);
	if (getpeername(u->fd, (void *)&u->there.to, &u->there.len) != 0)
		return failed(u);
	if (!u->nonblocking && !slu_socket_block(u->fd))
		return failed(u);
	return SLU_OK;
}

/* Whether the network says that an earlier datagram did not get there. */
static bool
has_bounced(void)
{
	return errno == ECONNREFUSED || errno == EHOSTUNREACH ||
	       errno == ENETUNREACH || errno == ENETDOWN;
}

static slu_status
not_reached(const struct udp *u)
{
	char why[SLU_RAW_WHY];

	slu_raw_why(errno, why);
	return slu_fail(SLU_ERR_PEER, "udp: %s: %s", u->peer, why);
}

/*
 * recvmsg(2), which tells a datagram from its beginning.  What came while the
 * socket had a port, and no peer yet, may be from anybody.
 */
static ssize_t
receive(struct udp *u, void *buf, size_t cap, bool *cut)
{
	struct iovec at = { .iov_base = buf, .iov_len = cap };
	slu_address from;
	struct msghdr m;
	ssize_t n;

	do {
		memset(&from, 0, sizeof(from));
		m = (struct msghdr){ .msg_iov = &at, .msg_iovlen = 1 };
		m.msg_name = &from.to;
		m.msg_namelen = sizeof(from.to);
		n = recvmsg(u->fd, &m, 0);
	} while (n >= 0 && !slu_address_is_same(&from, &u->there));
	*cut = n >= 0 && (m.msg_flags & MSG_TRUNC) != 0;
	u->heard = u->heard || n >= 0;
	return n;
}

static slu_status
udp_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct udp *u = self;
	bool cut = false;
	ssize_t n;
	slu_status st;

	(void)next;
	st = connect_first(u);
	if (st)
		return st;
	do {
		n = receive(u, buf, cap, &cut);
	} while (n == 0 ||
		 (n < 0 && (errno == EINTR || (u->heard && has_bounced()))));
	if (cut)
		return slu_fail(SLU_ERR_LIMIT,
		    "udp: %s: a datagram of more than %zu bytes, which is all "
		    "the room there is",
		    u->peer, cap);
	if (n > 0) {
		*got = (size_t)n;
		return SLU_OK;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return SLU_WANT_READ;
	return has_bounced() ? not_reached(u) : failed(u);
}

static slu_status
udp_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct udp *u = self;
	slu_status st;

	(void)next;
	if (len > SLU_UDP_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "udp: a datagram of %zu bytes, and the most is %d", len,
		    SLU_UDP_MAX);
	st = connect_first(u);
	if (st)
		return st;
	st = slu_raw_send(u->fd, data, len, put);
	/* What is told here befell an earlier one: this one was not sent. */
	if (st == SLU_ERR_IO && u->heard && has_bounced())
		st = slu_raw_send(u->fd, data, len, put);
	if (!slu_failed(st))
		return st;
	if (errno == EMSGSIZE)
		return slu_fail(SLU_ERR_LIMIT,
		    "udp: %s: a datagram of %zu bytes, which the way cannot "
		    "take",
		    u->peer, len);
	if (!has_bounced())
		return failed(u);
	if (!u->heard)
		return not_reached(u);
	*put = len; /* and lost */
	return SLU_OK;
}

static slu_status
udp_flush(void *self, slu_bio *next)
{
	(void)next;
	return connect_first(self);
}

static slu_status
udp_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	struct udp *u = self;

	(void)next;
	if (u->dial != NULL)
		return slu_dial_wait(u->dial, w);
	return slu_waits_add(
	    w, u->fd, want == SLU_WANT_READ ? POLLIN : POLLOUT);
}

static void
udp_free(void *self)
{
	struct udp *u = self;

	slu_dial_free(u->dial);
	if (u->fd >= 0)
		(void)slu_raw_close(&u->fd);
}

static const slu_bio_ops udp_ops = {
	.name = "udp",
	.size = sizeof(struct udp),
	.read = udp_read,
	.write = udp_write,
	.flush = udp_flush,
	.free = udp_free,
	.wait = udp_wait,
	.datagram = true,
};

slu_status
slu_udp_connect(slu_bio **top, const char *host, uint16_t port,
    const slu_udp_options *options)
{
	static const slu_udp_options defaults = { 0 };
	slu_dial_terms way = { .room = "udp", .type = SOCK_DGRAM };
	slu_dial *dial = NULL;
	struct udp *u;
	void *state;
	slu_status st;

	if (options == NULL)
		options = &defaults;
	way.limit_ms = options->limit_ms;
	way.version = options->version;
	way.local_port = options->local_port;
	st = slu_dial_host(&dial, &way, host, port);
	if (st == SLU_OK)
		st = slu_sink_push(top, &udp_ops, &state);
	if (st) {
		slu_dial_free(dial);
		return st;
	}
	u = state;
	u->fd = -1;
	u->dial = dial;
	u->nonblocking = options->nonblocking;
	snprintf(u->peer, sizeof(u->peer), "%s", slu_dial_name(dial));
	if (!u->nonblocking)
		st = slu_conn_wait(*top);
	if (st)
		slu_bio_drop(top);
	return st;
}
