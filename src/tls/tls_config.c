/* SPDX-License-Identifier: ISC */
#include "tls_config_internal.h"

#include <stdlib.h>

#include "fault.h"
#include "psk.h"
#include "tls_identity_internal.h"

/*
 * The system's openssl.cnf may have set anything in a new context: what counts
 * is said here, and by ready.c.
 */
static slu_status
set_defaults(SSL_CTX *ctx)
{
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_security_level(ctx, 2);
	SSL_CTX_clear_options(ctx,
	    SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF |
		SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION |
		SSL_OP_ALLOW_NO_DHE_KEX | SSL_OP_NO_EXTENDED_MASTER_SECRET |
		SSL_OP_NO_TICKET | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3);
	SSL_CTX_set_options(ctx,
	    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
		SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				  SSL_MODE_RELEASE_BUFFERS |
				  SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY);
	/* Tickets alone: a server keeps nothing of who was there. */
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_read_ahead(ctx, 1); /* to the record's end: wire.c */
	SSL_CTX_set_max_cert_list(ctx, SLU_TLS_HANDSHAKE_DEFAULT);
	return slu_suites_set_defaults(ctx);
}

slu_status
slu_tls_config_new(slu_tls_config **out)
{
	slu_tls_config *cfg = calloc(1, sizeof(*cfg));
	slu_status st;

	if (cfg == NULL)
		return slu_tls_no_memory();
	if (pthread_mutex_init(&cfg->lock, NULL) != 0) {
		free(cfg);
		return slu_tls_no_memory();
	}
	atomic_init(&cfg->shares, 1);
	atomic_init(&cfg->used, false);
	cfg->chain_max = SLU_TLS_CHAIN_DEFAULT;
	cfg->handshake_max = SLU_TLS_HANDSHAKE_DEFAULT;
	cfg->min_version = SLU_TLS_1_2;
	cfg->max_version = SLU_TLS_1_3;
	slu_suites_all(&cfg->suites);
	cfg->session_seconds = SLU_TLS_SESSION_SECONDS;
	cfg->tickets = SLU_TLS_TICKETS_DEFAULT;
	cfg->ctx = SSL_CTX_new(TLS_method());
	cfg->roots = sk_X509_new_null();
	st = cfg->ctx == NULL || cfg->roots == NULL ? slu_tls_no_memory()
						    : set_defaults(cfg->ctx);
	if (st)
		slu_tls_config_free(cfg);
	else
		*out = cfg;
	return st;
}

void
slu_tls_config_free(slu_tls_config *cfg)
{
	if (cfg == NULL || atomic_fetch_sub(&cfg->shares, 1) > 1)
		return;
	SSL_CTX_free(cfg->ctx);
	sk_X509_pop_free(cfg->roots, X509_free);
	for (size_t i = 0; i < cfg->identity_count; i++)
		slu_tls_identity_free(cfg->identities[i]);
	free(cfg->identities);
	free(cfg->pins);
	slu_psk_free(cfg);
	pthread_mutex_destroy(&cfg->lock);
	free(cfg);
}

slu_status
slu_tls_config_open(const slu_tls_config *cfg)
{
	if (atomic_load(&cfg->used))
		return slu_fail(SLU_ERR_USAGE,
		    "tls: the config is in use: set up a new one");
	return SLU_OK;
}

/* libssl has its own opinion of a key's strength, and is asked at once. */
static slu_status
try_identity(SSL_CTX *ctx, const slu_tls_identity *id)
{
	SSL *ssl = SSL_new(ctx);
	const char *why;
	int ok;

	if (ssl == NULL)
		return slu_tls_no_memory();
	ok = SSL_use_cert_and_key(ssl, id->leaf, id->key, id->chain, 1);
	SSL_free(ssl);
	if (ok == 1)
		return SLU_OK;
	why = ERR_reason_error_string(ERR_peek_last_error());
	ERR_clear_error();
	return slu_fail(SLU_ERR_CRYPTO, "tls: the identity cannot be used: %s",
	    why == NULL ? "OpenSSL does not say why" : why);
}

slu_status
slu_tls_config_identity(slu_tls_config *cfg, slu_tls_identity *id)
{
	slu_tls_identity **more;
	slu_status st = slu_tls_config_open(cfg);

	if (st == SLU_OK && cfg->identity_count == SLU_TLS_IDENTITIES_MAX)
		st = slu_fail(SLU_ERR_LIMIT, "tls: more than %d identities",
		    SLU_TLS_IDENTITIES_MAX);
	if (st == SLU_OK)
		st = try_identity(cfg->ctx, id);
	if (st)
		return st;
	more =
	    realloc(cfg->identities, (cfg->identity_count + 1) * sizeof(*more));
	if (more == NULL)
		return slu_tls_no_memory();
	cfg->identities = more;
	more[cfg->identity_count++] = slu_tls_identity_share(id);
	return SLU_OK;
}
