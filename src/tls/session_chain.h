/* SPDX-License-Identifier: ISC */
/*
 * session_chain.h: a peer's chain, in the session that it can resume.
 *
 * A session holds the peer's own certificate and no other, and who asks hooks
 * about a peer that resumes shows them what they saw at first.  The rest of
 * the chain travels with the session: in memory, in bytes, and in tickets.  A
 * session that has no room for it is not resumed.
 */
#ifndef SLUICE_TLS_SESSION_CHAIN_H
#define SLUICE_TLS_SESSION_CHAIN_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "sluice/tls_session.h"

/*
 * Have the session take `chain` along, all but the leaf; not one that is too
 * long, since a ticket has to hold it.
 */
void slu_session_chain_put(SSL_SESSION *session, STACK_OF(X509) * chain);

/* Whether it did, where there is a peer at all: there may be no room. */
bool slu_session_chain_is_whole(SSL_SESSION *session);

/* The chain, leaf first, to be freed; NULL where there is none. */
slu_status slu_session_chain_get(
    SSL_SESSION *session, STACK_OF(X509) * *out) SLU_CHECKED;

#endif
