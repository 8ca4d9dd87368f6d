/* SPDX-License-Identifier: ISC */
/* socks_answer.h: what SOCKS proxies answer, and what follows from it. */
#ifndef SLUICE_BIO_SOCKS_ANSWER_H
#define SLUICE_BIO_SOCKS_ANSWER_H

#include <stddef.h>

#include "tunnel.h"

/* What waits to be sent: a greeting and, for SOCKS5, what may follow it. */
typedef struct slu_socks {
	slu_tunnel tunnel;  /* the first member */
	size_t login;       /* bytes of that message; 0: there is none */
	size_t request;     /* bytes of the one that says where to connect */
	size_t at;          /* bytes of this answer that were fed */
	unsigned char type; /* of the address in the answer */
} slu_socks;

/* Bytes of the answer to a greeting, and of SOCKS4's only one. */
#define SLU_SOCKS5_METHOD 2
#define SLU_SOCKS4_REPLY 8

slu_status slu_socks5_feed_method(slu_tunnel *t, unsigned char byte);
slu_status slu_socks4_feed_reply(slu_tunnel *t, unsigned char byte);

#endif
