/* SPDX-License-Identifier: ISC */
/* tls_config_internal.h: what an engine takes from a config. */
#ifndef SLUICE_TLS_CONFIG_INTERNAL_H
#define SLUICE_TLS_CONFIG_INTERNAL_H

#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "sluice/tls_config.h"

struct slu_tls_config {
	atomic_uint shares;         /* the caller's, and one for each engine */
	atomic_bool used;           /* by an engine: read-only from then on */
	SSL_CTX *ctx;               /* owned */
	X509_STORE *roots;          /* owned by ctx; NULL: the system's */
	slu_tls_identity *identity; /* owned: a share of it */
};

/* Make `cfg` read-only, and take a share of it, to be freed. */
slu_tls_config *slu_tls_config_share(slu_tls_config *cfg);

#endif
