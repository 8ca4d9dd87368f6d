/* SPDX-License-Identifier: ISC */
/*
 * resolve.h: from a name to its addresses, without waiting.
 *
 * getaddrinfo(3) takes as long as it likes.  It runs in a thread of its own,
 * which nobody has to wait for: given up, it ends by itself when it returns.
 * An address in numbers needs no thread.
 */
#ifndef SLUICE_BIO_RESOLVE_H
#define SLUICE_BIO_RESOLVE_H

#include "address.h"
#include "sluice/wait.h"

typedef struct slu_resolve slu_resolve;

/* What is asked; the strings are copied, but for `room` and `name`. */
typedef struct slu_resolve_question {
	const char *room; /* lent: what a reason begins with */
	const char *name; /* lent: what it is about, "example.org:80" */
	const char *host;
	uint16_t port;
	int type;   /* SOCK_STREAM or SOCK_DGRAM */
	int family; /* AF_UNSPEC: all */
} slu_resolve_question;

slu_status slu_resolve_start(
    slu_resolve **out, const slu_resolve_question *q) SLU_CHECKED;

/*
 * SLU_OK with the addresses, the best first (RFC 6724, as the system knows
 * it) and the families in turns; or SLU_WANT_READ.  A name without addresses
 * is SLU_ERR_PEER.
 */
slu_status slu_resolve_step(slu_resolve *r, slu_addresses *out) SLU_CHECKED;

/* What it takes for the next step to go further. */
slu_status slu_resolve_wait(const slu_resolve *r, slu_waits *w) SLU_CHECKED;

/* Give up, or be done.  NULL is fine. */
void slu_resolve_free(slu_resolve *r);

#endif
