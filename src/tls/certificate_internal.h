/* SPDX-License-Identifier: ISC */
/* certificate_internal.h: certificates of OpenSSL's, seen as ours. */
#ifndef SLUICE_CERTIFICATE_INTERNAL_H
#define SLUICE_CERTIFICATE_INTERNAL_H

#include <openssl/x509.h>

#include "sluice/certificate.h"

/* Read what `x509` says; it takes a share of it. */
slu_status slu_certificate_read(slu_certificate **out, X509 *x509) SLU_CHECKED;

#endif
