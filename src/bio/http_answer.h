/* SPDX-License-Identifier: ISC */
/* http_answer.h: what HTTP proxies answer to a CONNECT. */
#ifndef SLUICE_BIO_HTTP_ANSWER_H
#define SLUICE_BIO_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "tunnel.h"

#define SLU_HTTP_REASON_MAX 64 /* bytes of the proxy's words that are told */

typedef struct slu_http {
	slu_tunnel tunnel; /* the first member */
	bool login;        /* a user and a password were sent */
	enum { SLU_HTTP_STATUS = 0, SLU_HTTP_REASON, SLU_HTTP_FIELDS } part;
	size_t len;    /* bytes of all that was answered */
	size_t at;     /* bytes of this line, or of this part of it */
	bool cr;       /* the last one of them was a CR */
	unsigned code; /* of the status line */
	char reason[SLU_HTTP_REASON_MAX + 1];
} slu_http;

/* Bytes that each answer has: a bare status line and the empty one. */
#define SLU_HTTP_LEAST (sizeof("HTTP/1.1 200\n\n") - 1)

slu_status slu_http_feed(slu_tunnel *t, unsigned char byte);

#endif
