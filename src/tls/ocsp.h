/* SPDX-License-Identifier: ISC */
/* ocsp.h: what an authority says of a certificate's revocation, stapled. */
#ifndef SLUICE_TLS_OCSP_H
#define SLUICE_TLS_OCSP_H

#include <openssl/ssl.h>

#include "sluice/status.h"
#include "sluice/tls.h"

/*
 * Whether `der` is a response that speaks of `leaf`, as far as that can be
 * told: `issuer` may be NULL.  Nothing is verified.
 */
slu_status slu_ocsp_inspect(
    const void *der, size_t len, X509 *leaf, X509 *issuer) SLU_CHECKED;

/*
 * What a client makes of the response that it got, or did not get, for the
 * leaf of `chain`, which was verified.
 */
slu_status slu_ocsp_look(slu_tls *tls, STACK_OF(X509) * chain) SLU_CHECKED;

/*
 * For SSL_CTX_set_tlsext_status_cb: a server staples what its identity has; a
 * client looks at what it got, and a failure is then the engine's.
 */
int slu_ocsp_staple(SSL *ssl, void *unused);

#endif
