/* SPDX-License-Identifier: ISC */
/* tls_config_internal.h: what an engine takes from a config. */
#ifndef SLUICE_TLS_CONFIG_INTERNAL_H
#define SLUICE_TLS_CONFIG_INTERNAL_H

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "sluice/tls_config.h"
#include "suites.h"
#include "sluice/tls_hooks.h"

typedef struct slu_psk slu_psk;

struct slu_tls_config {
	atomic_uint shares;     /* the caller's, and one for each engine */
	atomic_bool used;       /* by an engine: read-only from then on */
	pthread_mutex_t lock;   /* of these two */
	bool ready;             /* ctx has all that is said below */
	bool system_read;       /* and the system's roots */
	SSL_CTX *ctx;           /* owned */
	STACK_OF(X509) * roots; /* owned: trusted */
	int chain_max;          /* certificates, leaf and root included */
	size_t handshake_max;   /* bytes of a peer's, all in all */
	slu_tls_version min_version, max_version;
	slu_suites suites;
	unsigned char alpn[SLU_TLS_ALPN_MAX]; /* each behind its length */
	size_t alpn_len;
	bool no_sni;
	unsigned char fragment; /* RFC 6066, section 4; 0: not asked for */
	slu_tls_client_auth client_auth;
	bool client_auth_said; /* none is what was asked for */
	slu_tls_ocsp ocsp;
	unsigned session_seconds, tickets;
	void (*key_log)(const char *line, void *arg);
	void *key_log_arg; /* lent */
	bool only_pins;
	bool insecure; /* certificates are checked in vain */
	unsigned char (*pins)[SLU_TLS_PIN]; /* owned */
	size_t pin_count;
	bool system_roots;             /* are trusted besides */
	slu_tls_identity **identities; /* owned: a share of each */
	size_t identity_count;
	slu_psk *psks; /* owned */
	size_t psk_count;
	slu_tls_on_name *on_name; /* hooks, or NULL, and what they are handed */
	void *on_name_arg;
	slu_tls_on_request *on_request;
	void *on_request_arg;
	slu_tls_on_peer *on_peer;
	void *on_peer_arg;
};

/* SLU_ERR_USAGE where `cfg` is in use, and to be left as it is. */
slu_status slu_tls_config_open(const slu_tls_config *cfg) SLU_CHECKED;

#endif
