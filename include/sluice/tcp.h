/* SPDX-License-Identifier: ISC */
/*
 * tcp.h: the sink that is a TCP connection.
 *
 *     slu_bio *c = NULL;
 *     st = slu_tcp_connect(&c, "example.org", 443, NULL);
 */
#ifndef SLUICE_TCP_H
#define SLUICE_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

typedef struct slu_tcp_options {
	/* Milliseconds for all of connecting; 0: ten seconds. */
	int limit_ms;
	/*
	 * Probe a peer that is silent for so many seconds, 32767 at most, and
	 * give it up when it answers nothing for as many more; 0: never.
	 * While bytes are on their way to it, the system's time counts, which
	 * may be a quarter of an hour.
	 */
	int keepalive_s;
	/* The version of IP, 4 or 6; 0: whichever connects first. */
	int version;
	/* Answer WANT where it would have to wait: see below. */
	bool nonblocking;
} slu_tcp_options;

/*
 * Connect to `port` of `host`, which is a name or an address ("192.0.2.1",
 * "2001:db8::1", the latter also in brackets).  All addresses of a name
 * count, those of IPv6 and IPv4 in turns: an attempt is begun every 250
 * milliseconds, or at once when the one before has failed, and the first
 * that connects is taken (RFC 8305).  Of a name with more than a dozen
 * addresses the best twelve are tried.
 *
 * SLU_ERR_PEER where nobody was reached: no such host, a connection refused,
 * no way, no answer in time; the reason names host and port and says what
 * each address answered.  SLU_ERR_IO is what failed here, such as too many
 * open files.  SLU_ERR_USAGE where `host` is NULL, empty or longer than 255
 * bytes, or `port` is 0.
 *
 * A connection that does not block is begun by the constructor and made by
 * its first calls, which answer WANT (whichever fits) until it is there, and
 * then fail as above if it cannot be made; slu_bio_flush does nothing else.
 * Names are resolved by a thread, which outlives the chain where that is
 * freed before the answer is there; a fork in between loses it.
 *
 * What is written goes out at once (TCP_NODELAY).  A finish ends this
 * direction, and what the peer sends can still be read; its own end is
 * SLU_EOF.  A free closes the connection.  A peer that has gone, or resets
 * the connection, is SLU_ERR_IO and never a SIGPIPE.
 */
slu_status slu_tcp_connect(slu_bio **top, const char *host, uint16_t port,
    const slu_tcp_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
