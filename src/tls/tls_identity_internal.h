/* SPDX-License-Identifier: ISC */
/* tls_identity_internal.h: what a config takes from an identity. */
#ifndef SLUICE_TLS_IDENTITY_INTERNAL_H
#define SLUICE_TLS_IDENTITY_INTERNAL_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "cert_names.h"
#include "sluice/tls_identity.h"

struct slu_tls_identity {
	atomic_uint shares;
	X509 *leaf;             /* owned */
	STACK_OF(X509) * chain; /* owned: what follows the leaf */
	EVP_PKEY *key;          /* owned */
	unsigned char pin[SLU_TLS_PIN];
	slu_cert_names names; /* the leaf's */
	pthread_mutex_t lock; /* of what follows, which may change */
	unsigned char *ocsp;  /* owned: to be stapled, or NULL */
	size_t ocsp_len;
};

/*
 * Unite the certificates, leaf first, and the leaf's key, and take all of
 * them over; where it fails, they are gone too.
 */
slu_status slu_tls_identity_unite(
    slu_tls_identity **out, STACK_OF(X509) * certs, EVP_PKEY *key) SLU_CHECKED;

/* Take a share of `id`, to be freed. */
slu_tls_identity *slu_tls_identity_share(slu_tls_identity *id);

#endif
