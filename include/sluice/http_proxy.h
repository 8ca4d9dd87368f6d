/* SPDX-License-Identifier: ISC */
/* http_proxy.h: the filter that reaches a host through an HTTP proxy. */
#ifndef SLUICE_HTTP_PROXY_H
#define SLUICE_HTTP_PROXY_H

#include <stdint.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/* The most bytes that a proxy's answer may have. */
#define SLU_HTTP_HEADER_MAX 8192

typedef struct slu_http_proxy_options {
	/*
	 * For Basic authentication (RFC 7617): both or neither, at most 255
	 * bytes each, without control characters; the user has at least one
	 * byte, and no colon.  They cross the chain below in clear, with the
	 * first request.
	 */
	const char *user;
	const char *password;
} slu_http_proxy_options;

/*
 * Have the proxy at the other end of the chain connect to `port` of `host`
 * by CONNECT (RFC 9110, section 9.3.6): what is written and read above then
 * goes to and comes from there.  `host` is an IPv4 address, an IPv6 address
 * (with or without brackets), or a name of at most 255 bytes, which goes to
 * the proxy as it is: nothing is looked up here.  A name is visible ASCII,
 * without any of / ? # @ : [ ] \ .  All of this is copied, and what is wrong
 * with it is SLU_ERR_USAGE here.  `options` may be NULL.
 *
 * Nothing moves in this call.  The first read, write, flush or finish
 * connects: a flush does nothing else.  It can be called again after a WANT,
 * as everything can; the time that it may take is the caller's to limit.
 * From there on, bytes pass straight through, and user and password are
 * erased.
 *
 * The answer is HTTP/1.0 or 1.1; any 2xx is a success, and its fields mean
 * nothing; 1xx other than 101 is passed over.  A line ends with CRLF, or
 * with LF alone; other control characters than HTAB are SLU_ERR_FORMAT, and
 * so is whatever answers something else than HTTP.  Nothing is read past the
 * empty line, and an answer of more than SLU_HTTP_HEADER_MAX bytes is
 * SLU_ERR_LIMIT.  SLU_ERR_PEER: the proxy refuses, and the reason has its
 * code and its words: "http_proxy: answered 403 Filtered for
 * example.org:443"; 407 is "asks for a user and a password", and where they
 * were sent, 407 and 401 are "refused the user and the password".
 * SLU_ERR_TRUNCATED: it closed without a whole answer.
 */
slu_status slu_http_connect(slu_bio **top, const char *host, uint16_t port,
    const slu_http_proxy_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
