/* SPDX-License-Identifier: ISC */
#include "tls_config_internal.h"

#include <stdlib.h>

#include "fault.h"
#include "tls_identity_internal.h"

static slu_status
set_defaults(SSL_CTX *ctx)
{
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1) {
		ERR_clear_error();
		return slu_fail(SLU_ERR_CRYPTO, "tls: OpenSSL has no defaults");
	}
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				  SSL_MODE_RELEASE_BUFFERS |
				  SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY);
	(void)X509_VERIFY_PARAM_set_flags(
	    SSL_CTX_get0_param(ctx), X509_V_FLAG_X509_STRICT);
	return SLU_OK;
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
	slu_tls_identity_free(cfg->identity);
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

slu_status
slu_tls_config_identity(slu_tls_config *cfg, slu_tls_identity *id)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	if (SSL_CTX_use_cert_and_key(
		cfg->ctx, id->leaf, id->key, id->chain, 1) != 1) {
		ERR_clear_error();
		return slu_fail(
		    SLU_ERR_CRYPTO, "tls: OpenSSL does not take the identity");
	}
	slu_tls_identity_free(cfg->identity);
	cfg->identity = slu_tls_identity_share(id);
	return SLU_OK;
}
