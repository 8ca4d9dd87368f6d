/* SPDX-License-Identifier: ISC */
/* tls_internal.h: what the rooms around an engine know of it. */
#ifndef SLUICE_TLS_INTERNAL_H
#define SLUICE_TLS_INTERNAL_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "../base/failure.h"
#include "../bio/batch.h"
#include "sluice/certificate.h"
#include "sluice/tls.h"
#include "wire.h"

#define SLU_DANE_DIGEST 32 /* bytes: SHA-256 */

struct slu_tls {
	SSL *ssl;            /* owned */
	slu_tls_config *cfg; /* owned: a share of it */
	slu_wire wire;
	slu_failure failure;
	slu_tls_identity *identity; /* owned: a share of who we are, or NULL */
	slu_failure *doubt; /* owned: why nobody else would trust the peer */
	bool shaken;        /* the handshake was completed */
	bool admitted;      /* and no hook is in the way of data */
	bool closed;        /* we have said close_notify */
	bool pushed;        /* a chain has it: one in its life */
	unsigned babble;    /* what libssl did since the last data */
	slu_batch gathered; /* small writes that are to share a record */
	int alert;          /* the peer's last, which ended it all; -1: none */
	char *host;         /* owned: whom a client asks for */
	char *address;      /* owned: where the peer is, as told; or NULL */
	unsigned char dane[SLU_DANE_DIGEST]; /* of all TLSA records */
	int dane_count;                      /* of records that count */
	bool dane_on;
	const struct slu_psk *psk; /* of cfg: offered, or found; or NULL */
	struct slu_asked *asked;   /* owned: until hooks were asked; or NULL */
	STACK_OF(X509) * chain;    /* owned: the peer's, as far as asked for */
	slu_certificate **shown;   /* owned: of the chain, those asked for */
};

/* Records are on their way: who waits now needs no room for others. */
static inline void
slu_tls_sent(slu_tls *tls)
{
	tls->wire.unflushed = false;
	if (slu_batch_left(&tls->gathered) == 0)
		slu_batch_free(&tls->gathered);
}

/*
 * Lend `len` bytes from the peer to reads and writes to come, without a
 * copy, until the next call of this; what they have not taken is
 * tls->wire.in_len bytes at tls->wire.in.
 */
static inline void
slu_tls_lend(slu_tls *tls, const unsigned char *wire, size_t len)
{
	tls->wire.in = wire;
	tls->wire.in_len = len;
}

#endif
