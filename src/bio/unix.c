/* SPDX-License-Identifier: ISC */
#include "sluice/unix.h"

#include "conn.h"

slu_status
slu_unix_connect(
    slu_bio **top, const char *path, const slu_unix_options *options)
{
	static const slu_unix_options defaults = { 0 };
	slu_dial_terms way = { .room = "unix", .type = SOCK_STREAM };
	slu_conn_terms terms = { .kind = SLU_CONN_UNIX };
	slu_dial *dial = NULL;
	slu_status st;

	if (options == NULL)
		options = &defaults;
	way.limit_ms = options->limit_ms;
	terms.nonblocking = options->nonblocking;
	st = slu_dial_path(&dial, &way, path);
	if (st == SLU_OK)
		st = slu_conn_dial(top, &terms, &dial);
	slu_dial_free(dial);
	return st;
}
