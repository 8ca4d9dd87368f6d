/* SPDX-License-Identifier: ISC */
/* conn.h: the sink that is a connected socket with a stream, of its own. */
#ifndef SLUICE_BIO_CONN_H
#define SLUICE_BIO_CONN_H

#include <stdbool.h>

#include "dial.h"

typedef enum slu_conn_kind {
	SLU_CONN_TCP = 0,
	SLU_CONN_UNIX,
} slu_conn_kind;

typedef struct slu_conn_terms {
	slu_conn_kind kind;
	bool nonblocking;
	int keepalive_s; /* 0: none */
} slu_conn_terms;

#define SLU_CONN_KEEPALIVE_MAX 32767 /* seconds, the most that Linux takes */

/* Hold what a user asks for to that: SLU_ERR_USAGE in the words of `room`. */
slu_status slu_conn_check_keepalive(const char *room, int seconds) SLU_CHECKED;

/*
 * Push what `dial` leads to; `*dial` is taken over.  Unless it does not
 * block, this waits until it is connected.
 */
slu_status slu_conn_dial(
    slu_bio **top, const slu_conn_terms *terms, slu_dial **dial) SLU_CHECKED;

/* Push the socket `*fd`, which is taken over, and leads to `peer`. */
slu_status slu_conn_push(slu_bio **top, const slu_conn_terms *terms, int *fd,
    const char *peer) SLU_CHECKED;

/* Wait until a sink whose flush connects it is connected. */
slu_status slu_conn_wait(slu_bio *bio) SLU_CHECKED;

#endif
