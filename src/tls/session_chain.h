/* SPDX-License-Identifier: ISC */
/*
 * session_chain.h: a peer's chain, in the session that it can resume.
 *
 * A session holds the peer's own certificate and no other, and who asks hooks
 * about a peer that resumes shows them what they saw at first.  The rest of
 * the chain travels with the session: in memory, in bytes, and in tickets.
 */
#ifndef SLUICE_TLS_SESSION_CHAIN_H
#define SLUICE_TLS_SESSION_CHAIN_H

#include <openssl/ssl.h>

#include "sluice/status.h"

/* Longer ones, in bytes, are not taken along: a ticket has to hold them. */
#define SLU_SESSION_CHAIN_MAX 16384

/* Have the session take `chain` along, all but the leaf. */
void slu_session_chain_put(SSL_SESSION *session, STACK_OF(X509) * chain);

/* The chain, leaf first, to be freed; NULL where there is none. */
slu_status slu_session_chain_get(
    SSL_SESSION *session, STACK_OF(X509) * *out) SLU_CHECKED;

#endif
