/* SPDX-License-Identifier: ISC */
/* tls_peer_internal.h: the peer's chain, as the engine keeps it. */
#ifndef SLUICE_TLS_PEER_INTERNAL_H
#define SLUICE_TLS_PEER_INTERNAL_H

#include "sluice/tls_peer.h"
#include "tls_internal.h"

/*
 * Keep `certs`, which may be NULL, as what slu_tls_peer_chain tells: while
 * libssl still verifies, it shows the chain to nobody else.
 */
slu_status slu_tls_peer_keep(
    slu_tls *tls, const STACK_OF(X509) * certs) SLU_CHECKED;

/* Let the chain go. */
void slu_tls_peer_forget(slu_tls *tls);

#endif
