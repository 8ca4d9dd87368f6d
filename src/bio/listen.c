/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/clock.h"
#include "claim.h"
#include "conn.h"
#include "raw.h"
#include "resolve.h"
#include "socket.h"

struct slu_listener {
	int fd; /* owned; never blocks */
	int backlog;
	slu_conn_terms terms;        /* of what is accepted */
	slu_claim claim;             /* of a path */
	char name[SLU_ADDRESS_NAME]; /* where it listens */
	char peer[SLU_ADDRESS_NAME]; /* who was accepted last */
};

static slu_status
begin(slu_listener **out, slu_conn_kind kind, const slu_listen_options *o)
{
	static const slu_listen_options defaults = { 0 };
	slu_listener *l;
	slu_status st;

	if (o == NULL)
		o = &defaults;
	if (o->backlog < 0)
		return slu_fail(
		    SLU_ERR_USAGE, "listen: a backlog of %d", o->backlog);
	st = slu_conn_check_keepalive("listen", o->keepalive_s);
	if (st)
		return st;
	l = calloc(1, sizeof(*l));
	if (l == NULL)
		return slu_fail(SLU_ERR_MEMORY, "listen: out of memory");
	l->fd = -1;
	l->backlog = o->backlog > 0 ? o->backlog : SOMAXCONN;
	l->terms.kind = kind;
	l->terms.keepalive_s = o->keepalive_s;
	l->terms.nonblocking = o->nonblocking;
	*out = l;
	return SLU_OK;
}

static slu_status
failed(const slu_listener *l)
{
	return slu_socket_failed("listen", l->name);
}

/* All of IPv6 is to be all of IPv4 as well, whatever the system's habit. */
static void
widen(int fd, const slu_address *a)
{
	const struct sockaddr_in6 *in6 = (const void *)&a->to;
	int no = 0;

	if (a->to.ss_family == AF_INET6 &&
	    IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr))
		(void)setsockopt(
		    fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
}

static slu_status
listen_at(slu_listener *l, const slu_address *a)
{
	int yes = 1;

	l->fd = slu_socket_new(a->to.ss_family, SOCK_STREAM);
	if (l->fd < 0)
		return failed(l);
	widen(l->fd, a);
	if (setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) !=
		0 ||
	    bind(l->fd, (const void *)&a->to, a->len) != 0 ||
	    listen(l->fd, l->backlog) != 0) {
		slu_status st = failed(l);

		(void)slu_raw_close(&l->fd);
		return st;
	}
	return SLU_OK;
}

static slu_status
resolve(
    const slu_listener *l, const char *host, uint16_t port, slu_addresses *list)
{
	slu_resolve_question q = {
		.room = "listen",
		.name = l->name,
		.host = host,
		.port = port,
		.type = SOCK_STREAM,
	};
	int64_t end = slu_clock_ms() + SLU_DIAL_LIMIT_MS;
	slu_resolve *r = NULL;
	slu_status st;

	st = slu_resolve_start(&r, &q);
	if (st == SLU_OK)
		st = slu_resolve_step(r, list);
	while (st == SLU_WANT_READ && slu_clock_until(end) > 0) {
		slu_waits w = { .ms = -1 };

		st = slu_resolve_wait(r, &w);
		if (st == SLU_OK) {
			(void)poll(
			    w.fds, (nfds_t)w.count, slu_clock_until(end));
			st = slu_resolve_step(r, list);
		}
	}
	if (st == SLU_WANT_READ)
		st = slu_fail(SLU_ERR_PEER,
		    "listen: %s: the name was not resolved in time", l->name);
	slu_resolve_free(r);
	return st;
}

slu_status
slu_tcp_listen(slu_listener **out, const char *host, uint16_t port,
    const slu_listen_options *options)
{
	slu_listener *l = NULL;
	slu_addresses list;
	slu_status st;

	if (host == NULL)
		host = "127.0.0.1";
	if (host[0] == '\0' || strlen(host) > SLU_HOST_BYTES)
		return slu_fail(SLU_ERR_USAGE, "listen: no host to listen at");
	st = begin(&l, SLU_CONN_TCP, options);
	if (st)
		return st;
	slu_address_label(l->name, host, port);
	st = resolve(l, host, port, &list);
	if (st)
		goto out;
	st = listen_at(l, &list.at[0]);
	for (size_t i = 1; i < list.count && st != SLU_OK; i++)
		st = listen_at(l, &list.at[i]);
	if (st)
		goto out;
	slu_address_label(l->name, host, slu_listener_port(l));
	*out = l;
	l = NULL;
out:
	slu_listener_free(l);
	return st;
}

slu_status
slu_unix_listen(
    slu_listener **out, const char *path, const slu_listen_options *options)
{
	slu_listener *l = NULL;
	slu_address at;
	slu_status st;

	st = slu_address_of_path(&at, path);
	if (st == SLU_OK)
		st = begin(&l, SLU_CONN_UNIX, options);
	if (st)
		return st;
	slu_address_name(&at, l->name);
	l->fd = slu_socket_new(AF_UNIX, SOCK_STREAM);
	if (l->fd < 0) {
		st = failed(l);
		goto out;
	}
	st = slu_claim_path(&l->claim, "listen", l->fd, &at);
	if (st)
		goto out;
	if (listen(l->fd, l->backlog) != 0) {
		st = failed(l);
		goto out;
	}
	*out = l;
	l = NULL;
out:
	slu_listener_free(l);
	return st;
}

/*
 * Whether what failed is a connection that was gone before it was accepted,
 * or an interruption: there may be another one.
 */
static bool
is_passing(int error)
{
	static const int passing[] = { EINTR, ECONNABORTED, EPROTO, ENETDOWN,
		ENETUNREACH, EHOSTUNREACH, ETIMEDOUT };

	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (passing[i] == error)
			return true;
	return false;
}

/* The next connection: a descriptor; or -1 with why not in `*st`. */
static int
next_connection(slu_listener *l, slu_address *peer, slu_status *st)
{
	int fd;

	*st = SLU_OK;
	while (*st == SLU_OK) {
		fd = slu_socket_accept(l->fd, peer);
		if (fd >= 0)
			return fd;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			*st = is_passing(errno) ? SLU_OK : failed(l);
		else if (l->terms.nonblocking)
			*st = SLU_WANT_READ;
		else
			*st = slu_listener_wait(l, -1);
	}
	return -1;
}

slu_status
slu_listener_accept(slu_listener *l, slu_bio **top)
{
	slu_address peer;
	slu_status st;
	int fd;

	/* To find this out later would cost the connection. */
	if (*top != NULL)
		return slu_fail(
		    SLU_ERR_USAGE, "listen: the chain has its sink already");
	fd = next_connection(l, &peer, &st);
	if (fd < 0)
		return st;
	if (l->terms.kind == SLU_CONN_UNIX)
		snprintf(l->peer, sizeof(l->peer), "%s", l->name);
	else
		slu_address_name(&peer, l->peer);
	st = slu_conn_push(top, &l->terms, &fd, l->peer);
	if (fd >= 0)
		(void)slu_raw_close(&fd);
	return st;
}

slu_status
slu_listener_wait(slu_listener *l, int ms)
{
	struct pollfd ready = { .fd = l->fd, .events = POLLIN };
	int64_t end = slu_clock_ms() + ms;
	int n;

	do {
		n = poll(&ready, 1, ms);
		if (ms >= 0)
			ms = slu_clock_until(end);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return failed(l);
	return n > 0 ? SLU_OK : SLU_WANT_READ;
}

int
slu_listener_fd(const slu_listener *l)
{
	return l->fd;
}

uint16_t
slu_listener_port(const slu_listener *l)
{
	slu_address here = { .len = sizeof(here.to) };

	if (getsockname(l->fd, (void *)&here.to, &here.len) != 0)
		return 0;
	return slu_address_port(&here);
}

const char *
slu_listener_peer(const slu_listener *l)
{
	return l->peer;
}

void
slu_listener_free(slu_listener *l)
{
	if (l == NULL)
		return;
	slu_claim_drop(&l->claim);
	if (l->fd >= 0)
		(void)slu_raw_close(&l->fd);
	free(l);
}
