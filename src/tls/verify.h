/* SPDX-License-Identifier: ISC */
/* verify.h: whether the peer's certificate is to be believed. */
#ifndef SLUICE_TLS_VERIFY_H
#define SLUICE_TLS_VERIFY_H

#include <openssl/x509_vfy.h>

#include "tls_config_internal.h"

/*
 * Hold the chain in `ctx` to our rules, with what `cfg` says; the name, the
 * purpose and the time are set in `ctx`.  Its error is what libssl's alert is
 * made of.
 */
slu_status slu_verify_chain(
    X509_STORE_CTX *ctx, const slu_tls_config *cfg) SLU_CHECKED;

/*
 * For SSL_CTX_set_cert_verify_callback: 1 to go on, 0 after a failure, which
 * is then the engine's.
 */
int slu_verify_peer(X509_STORE_CTX *ctx, void *unused);

#endif
