/* SPDX-License-Identifier: ISC */
/*
 * listen.h: where others connect to.
 *
 *     slu_listener *l = NULL;
 *     slu_bio *c = NULL;
 *     st = slu_tcp_listen(&l, NULL, 4711, NULL);
 *     st = slu_listener_accept(l, &c);
 *     ... c is a chain like any other, and outlives the listener ...
 *     slu_listener_free(l);
 */
#ifndef SLUICE_LISTEN_H
#define SLUICE_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

typedef struct slu_listener slu_listener;

typedef struct slu_listen_options {
	/* Connections that wait to be accepted; 0: what the system allows. */
	int backlog;
	/* Of each connection, as in tcp.h. */
	int keepalive_s;
	/* Answer WANT where it would have to wait; so do the connections. */
	bool nonblocking;
} slu_listen_options;

/*
 * Listen at `port` of `host`, an address or a name of this machine.  NULL is
 * 127.0.0.1, so that nobody outside gets in unless told; "0.0.0.0" is all of
 * IPv4, and "::" all there is, where the system lets one socket have both.
 * Port 0 is any that is free: see slu_listener_port.  A port whose last
 * listener is gone can be had at once (SO_REUSEADDR).  SLU_ERR_IO where it
 * cannot be had.
 */
slu_status slu_tcp_listen(slu_listener **out, const char *host, uint16_t port,
    const slu_listen_options *options) SLU_CHECKED;

/*
 * Listen at a socket that is made at `path`; who may connect is decided by
 * its mode, which the umask has made, and by the folder.  A socket that a
 * dead process left there is replaced; one that somebody listens at, and
 * whatever is no socket, is SLU_ERR_IO.  A path that is longer than the
 * system's socket addresses, about a hundred bytes, is SLU_ERR_USAGE.
 */
slu_status slu_unix_listen(slu_listener **out, const char *path,
    const slu_listen_options *options) SLU_CHECKED;

/*
 * Begin the chain `*top`, NULL before, with the next connection: the sink of
 * tcp.h or unix.h.  SLU_WANT_READ where nobody has connected and it does not
 * block.  Who has connected and gone again is passed over.  No failure is
 * for good: without a descriptor to be had (SLU_ERR_IO) the connection goes
 * on waiting, and can be accepted once something was closed.
 */
slu_status slu_listener_accept(slu_listener *l, slu_bio **top) SLU_CHECKED;

/*
 * Wait until somebody connects, for `ms` milliseconds at most (-1: for
 * ever).  SLU_WANT_READ says that the time ran out.
 */
slu_status slu_listener_wait(slu_listener *l, int ms) SLU_CHECKED;

/* The descriptor, for an event loop: it can be read when somebody connects. */
int slu_listener_fd(const slu_listener *l);

/* The port that it listens at; 0 for a path. */
uint16_t slu_listener_port(const slu_listener *l);

/*
 * Who was accepted last, "192.0.2.1:4711", or the path; "" before.  Valid
 * until the next accept.
 */
const char *slu_listener_peer(const slu_listener *l);

/*
 * Listen no more; connections that were accepted live on.  The path is
 * removed if it is still the socket that this listener made.  NULL is fine.
 */
void slu_listener_free(slu_listener *l);

SLU_END_DECLS

#endif
