/* SPDX-License-Identifier: ISC */
/* tls_identity_internal.h: what a config takes from an identity. */
#ifndef SLUICE_TLS_IDENTITY_INTERNAL_H
#define SLUICE_TLS_IDENTITY_INTERNAL_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdatomic.h>

#include "sluice/tls_identity.h"

struct slu_tls_identity {
	atomic_uint shares;
	X509 *leaf;             /* owned */
	STACK_OF(X509) * chain; /* owned: what follows the leaf */
	EVP_PKEY *key;          /* owned */
};

/* Take a share of `id`, to be freed. */
slu_tls_identity *slu_tls_identity_share(slu_tls_identity *id);

#endif
