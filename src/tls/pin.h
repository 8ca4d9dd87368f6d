/* SPDX-License-Identifier: ISC */
/* pin.h: a public key, as a digest to know it by. */
#ifndef SLUICE_TLS_PIN_H
#define SLUICE_TLS_PIN_H

#include <openssl/x509.h>

#include "sluice/tls_identity.h"

/* SHA-256 of the SubjectPublicKeyInfo (RFC 7469, section 2.4). */
slu_status slu_pin_of(X509 *cert, unsigned char pin[SLU_TLS_PIN]) SLU_CHECKED;

#endif
