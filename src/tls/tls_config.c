/* SPDX-License-Identifier: ISC */
#include "tls_config_internal.h"

#include <stdlib.h>

#include "fault.h"
#include "tls_identity_internal.h"

static slu_status
set_defaults(SSL_CTX *ctx)
{
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_default_verify_paths(ctx) != 1) {
		ERR_clear_error();
		return slu_fail(SLU_ERR_CRYPTO, "tls: OpenSSL has no defaults");
	}
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				  SSL_MODE_RELEASE_BUFFERS);
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
	atomic_init(&cfg->shares, 1);
	cfg->ctx = SSL_CTX_new(TLS_method());
	st = cfg->ctx == NULL ? slu_tls_no_memory() : set_defaults(cfg->ctx);
	if (st)
		goto out;
	*out = cfg;
	cfg = NULL;
out:
	slu_tls_config_free(cfg);
	return st;
}

void
slu_tls_config_free(slu_tls_config *cfg)
{
	if (cfg == NULL || atomic_fetch_sub(&cfg->shares, 1) > 1)
		return;
	SSL_CTX_free(cfg->ctx);
	slu_tls_identity_free(cfg->identity);
	free(cfg);
}

slu_tls_config *
slu_tls_config_share(slu_tls_config *cfg)
{
	atomic_store(&cfg->used, true);
	atomic_fetch_add(&cfg->shares, 1);
	return cfg;
}

/* A config that an engine is made of stays as it is. */
static slu_status
still_open(slu_tls_config *cfg)
{
	if (atomic_load(&cfg->used))
		return slu_fail(SLU_ERR_USAGE,
		    "tls: the config is in use: set up a new one");
	return SLU_OK;
}

slu_status
slu_tls_config_trust_file(slu_tls_config *cfg, const char *path)
{
	X509_STORE *store;
	slu_status st = still_open(cfg);

	if (st)
		return st;
	store = X509_STORE_new();
	if (store == NULL)
		return slu_tls_no_memory();
	if (X509_STORE_load_file(store, path) != 1) {
		ERR_clear_error();
		X509_STORE_free(store);
		return slu_fail(
		    SLU_ERR_FORMAT, "tls: no certificates in %s", path);
	}
	SSL_CTX_set_cert_store(cfg->ctx, store);
	cfg->roots = store;
	return SLU_OK;
}

slu_status
slu_tls_config_identity(slu_tls_config *cfg, slu_tls_identity *id)
{
	slu_status st = still_open(cfg);

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
