/* SPDX-License-Identifier: ISC */
/* socks.h: the filter that reaches a host through a SOCKS proxy. */
#ifndef SLUICE_SOCKS_H
#define SLUICE_SOCKS_H

#include <stdint.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

typedef enum slu_socks_version {
	SLU_SOCKS5 = 0, /* RFC 1928 */
	SLU_SOCKS4A,    /* SOCKS 4, and names that the proxy resolves */
} slu_socks_version;

typedef struct slu_socks_options {
	slu_socks_version version;
	/*
	 * For SOCKS5, both or neither, 1 to 255 bytes each, offered to the
	 * proxy as RFC 1929 has it; they cross the chain below in clear, and
	 * only if the proxy asks for them.  SOCKS4a knows a user alone,
	 * without control characters, whom nobody checks.
	 */
	const char *user;
	const char *password;
} slu_socks_options;

/*
 * Have the proxy at the other end of the chain connect to `port` of `host`:
 * what is written and read above then goes to and comes from there.  `host`
 * is an IPv4 address, an IPv6 address (with or without brackets; not for
 * SOCKS4a), or a name of at most 255 bytes, which goes to the proxy as it
 * is: nothing is looked up here.  A name is visible ASCII, without any of
 * / ? # @ : [ ] \ .  All of this is copied, and what is wrong with it is
 * SLU_ERR_USAGE here.  `options` may be NULL.
 *
 * Nothing moves in this call.  The first read, write, flush or finish
 * connects: a flush does nothing else.  It can be called again after a WANT,
 * as everything can; the time that it may take is the caller's to limit.
 * Nothing is read past the proxy's answer.  From there on, bytes pass
 * straight through, and user and password are erased.
 *
 * SLU_ERR_PEER: the proxy refuses, and the reason says why, in words and
 * with the number that it gave: "socks: host unreachable (SOCKS 4) for
 * example.org:443".  SLU_ERR_FORMAT: what answers is no such proxy, or breaks
 * the protocol.  SLU_ERR_TRUNCATED: it closed without a whole answer.
 */
slu_status slu_socks_connect(slu_bio **top, const char *host, uint16_t port,
    const slu_socks_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
