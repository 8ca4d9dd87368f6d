/* SPDX-License-Identifier: ISC */
/* private_key.h: a private key out of a block of PEM. */
#ifndef SLUICE_TLS_PRIVATE_KEY_H
#define SLUICE_TLS_PRIVATE_KEY_H

#include "pem.h"
#include "sluice/tls_identity.h"

/*
 * Decode the block at hand, encrypted or not, in any of the forms there are:
 * PKCS #8 (RFC 5958), RSA's and EC's own (RFC 8017, RFC 5915), and those with
 * OpenSSL's old encryption (Proc-Type).  `*out` is the caller's.
 */
slu_status slu_private_key_decode(EVP_PKEY **out, const slu_pem *pem,
    const slu_tls_identity_options *options) SLU_CHECKED;

#endif
