/* SPDX-License-Identifier: ISC */
/* udp.h: the sink that is a datagram socket with one peer. */
#ifndef SLUICE_UDP_H
#define SLUICE_UDP_H

#include <stdbool.h>
#include <stdint.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * The most bytes that a datagram may have: no read needs more room.  That is
 * over IPv6; over IPv4, 65507 is the most.
 */
#define SLU_UDP_MAX 65527

typedef struct slu_udp_options {
	/* Milliseconds for the name to be resolved in; 0: ten seconds. */
	int limit_ms;
	/* The version of IP, 4 or 6; 0: the first that there is a way for. */
	int version;
	/* Send from this port; 0: from any that is free. */
	uint16_t local_port;
	/* Answer WANT where it would have to wait, as in tcp.h. */
	bool nonblocking;
} slu_udp_options;

/*
 * Send datagrams to `port` of `host`, a name or an address as in tcp.h, and
 * receive what comes from there, and from nobody else.  Of a name with
 * several addresses it is the first that there is a way to.  What fails is
 * told as in tcp.h; that the peer is there is known once it answers.
 *
 * A write sends one datagram, and a read gives one, whole.  What may become
 * of them is the network's business: they can be lost, doubled and overtake
 * each other.  One of more than SLU_UDP_MAX bytes, or than the way can take,
 * is SLU_ERR_LIMIT; so is one that comes and has more bytes than the read has
 * room for, and since a failure lasts, a reader that offers SLU_UDP_MAX is
 * well advised.  Empty ones are skipped.
 *
 * A port that nobody listens at, and a host that cannot be reached, may be
 * told by the network: before anything came from the peer that is
 * SLU_ERR_PEER; afterwards it is a datagram lost, since the peer may be back
 * in a moment, and the message may be forged.
 *
 * There is no end that the peer could be told of: a finish does nothing, and
 * no read is SLU_EOF.
 */
slu_status slu_udp_connect(slu_bio **top, const char *host, uint16_t port,
    const slu_udp_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
