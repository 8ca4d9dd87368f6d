/* SPDX-License-Identifier: ISC */
/* certificate_internal.h: certificates of OpenSSL's, seen as ours. */
#ifndef SLUICE_CERTIFICATE_INTERNAL_H
#define SLUICE_CERTIFICATE_INTERNAL_H

#include <openssl/x509.h>

#include "sluice/certificate.h"

/* Read what `x509` says; it takes a share of it. */
slu_status slu_certificate_read(slu_certificate **out, X509 *x509) SLU_CHECKED;

/* The certificate for who needs OpenSSL's own; it lives with `c`. */
X509 *slu_certificate_x509(const slu_certificate *c);

/* The SHA-256 of a certificate's SubjectPublicKeyInfo. */
slu_status slu_x509_pin(
    const X509 *x509, unsigned char pin[SLU_PIN_SIZE]) SLU_CHECKED;

#endif
