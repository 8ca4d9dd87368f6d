/* SPDX-License-Identifier: ISC */
#include "sluice/tcp.h"

#include "conn.h"

slu_status
slu_tcp_connect(slu_bio **top, const char *host, uint16_t port,
    const slu_tcp_options *options)
{
	static const slu_tcp_options defaults = { 0 };
	slu_dial_terms way = { .room = "tcp", .type = SOCK_STREAM };
	slu_conn_terms terms = { .kind = SLU_CONN_TCP };
	slu_dial *dial = NULL;
	slu_status st;

	if (options == NULL)
		options = &defaults;
	way.limit_ms = options->limit_ms;
	way.version = options->version;
	terms.keepalive_s = options->keepalive_s;
	terms.nonblocking = options->nonblocking;
	st = slu_dial_host(&dial, &way, host, port);
	if (st == SLU_OK)
		st = slu_conn_dial(top, &terms, &dial);
	slu_dial_free(dial);
	return st;
}
