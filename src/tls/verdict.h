/* SPDX-License-Identifier: ISC */
/* verdict.h: why a certificate was refused, in words. */
#ifndef SLUICE_TLS_VERDICT_H
#define SLUICE_TLS_VERDICT_H

#include <openssl/x509_vfy.h>

#include "sluice/status.h"

/*
 * Fail with what libcrypto has found in `ctx`: SLU_ERR_AUTH, and words for
 * people ("certificate expired 2026-10-01"), which show what the peer wrote
 * only as far as it is fit to be shown.
 */
slu_status slu_verdict(X509_STORE_CTX *ctx);

/* The same for a fault of ours in the certificate at `depth`. */
slu_status slu_verdict_fault(X509_STORE_CTX *ctx, int depth, const char *fault);

#endif
