/* SPDX-License-Identifier: ISC */
#include "ready.h"

#include "asking.h"
#include "choose.h"
#include "config_print.h"
#include "fault.h"
#include "ocsp.h"
#include "ticket.h"
#include "tls_identity_internal.h"
#include "verify.h"

#define AUTHORITIES_MAX 64 /* told to clients */

static slu_status
set_roots(slu_tls_config *cfg)
{
	X509_STORE *store = X509_STORE_new();
	bool ok = store != NULL && SSL_CTX_dane_enable(cfg->ctx) == 1;

	for (int i = 0; ok && i < sk_X509_num(cfg->roots); i++)
		ok = X509_STORE_add_cert(store, sk_X509_value(cfg->roots, i));
	if (!ok) {
		X509_STORE_free(store);
		return slu_tls_no_memory();
	}
	ERR_clear_error();
	SSL_CTX_set_cert_store(cfg->ctx, store);
	SSL_CTX_set_cert_verify_callback(cfg->ctx,
	    cfg->on_peer != NULL ? slu_asking_verify : slu_verify_peer, NULL);
	return SLU_OK;
}

/* One identity is libssl's to show; of several, we choose. */
static slu_status
set_identities(slu_tls_config *cfg)
{
	const slu_tls_identity *id;

	if (cfg->on_request != NULL)
		SSL_CTX_set_cert_cb(cfg->ctx, slu_asking_request, NULL);
	else if (cfg->identity_count > 1)
		SSL_CTX_set_cert_cb(cfg->ctx, slu_choose_identity, NULL);
	if (cfg->identity_count != 1)
		return SLU_OK;
	id = cfg->identities[0];
	if (SSL_CTX_use_cert_and_key(
		cfg->ctx, id->leaf, id->key, id->chain, 1) == 1)
		return SLU_OK;
	return slu_tls_no_memory();
}

/* The versions that are asked for, and that a suite is left for. */
static slu_status
set_versions(slu_tls_config *cfg)
{
	int min = (int)cfg->min_version, max = (int)cfg->max_version;

	if (cfg->suites.old[0] == '\0' && min < SLU_TLS_1_3)
		min = SLU_TLS_1_3;
	if (cfg->suites.modern[0] == '\0' && max > SLU_TLS_1_2)
		max = SLU_TLS_1_2;
	if (min > max)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: no cipher suite is left for the versions");
	if (SSL_CTX_set_min_proto_version(cfg->ctx, min) == 1 &&
	    SSL_CTX_set_max_proto_version(cfg->ctx, max) == 1)
		return SLU_OK;
	ERR_clear_error();
	return slu_fail(
	    SLU_ERR_CRYPTO, "tls: OpenSSL does not speak these versions");
}

static slu_status
set_sessions(slu_tls_config *cfg)
{
	unsigned tickets = cfg->session_seconds == 0 ? 0 : cfg->tickets;

	if (tickets == 0)
		SSL_CTX_set_options(cfg->ctx, SSL_OP_NO_TICKET);
	if (cfg->session_seconds > 0)
		SSL_CTX_set_timeout(cfg->ctx, (long)cfg->session_seconds);
	if (SSL_CTX_set_num_tickets(cfg->ctx, tickets) != 1 ||
	    SSL_CTX_set_tlsext_servername_callback(
		cfg->ctx, slu_ticket_take_name) != 1 ||
	    SSL_CTX_set_session_ticket_cb(
		cfg->ctx, NULL, slu_ticket_opened, NULL) != 1)
		return slu_tls_no_memory();
	return SLU_OK;
}

/* Name to clients who may have issued their certificates, if those are few. */
static slu_status
set_authorities(slu_tls_config *cfg)
{
	STACK_OF(X509_NAME) * names;
	int count = sk_X509_num(cfg->roots);
	X509_NAME *name;

	if (cfg->client_auth == SLU_TLS_NONE || count > AUTHORITIES_MAX)
		return SLU_OK;
	names = sk_X509_NAME_new_null();
	if (names == NULL)
		return slu_tls_no_memory();
	for (int i = 0; i < count; i++) {
		name = X509_NAME_dup(
		    X509_get_subject_name(sk_X509_value(cfg->roots, i)));
		if (name == NULL || sk_X509_NAME_push(names, name) == 0) {
			X509_NAME_free(name);
			sk_X509_NAME_pop_free(names, X509_NAME_free);
			return slu_tls_no_memory();
		}
	}
	SSL_CTX_set_client_CA_list(cfg->ctx, names);
	return SLU_OK;
}

/* What is wrong whoever reads it, though each call by itself was right. */
static slu_status
check_sense(const slu_tls_config *cfg)
{
	if (cfg->only_pins && cfg->pin_count == 0)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: only pins are to be trusted, and there are none");
	if (cfg->only_pins && cfg->ocsp == SLU_TLS_OCSP_REQUIRE)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: an OCSP response is required, and only pins are to "
		    "be trusted, not who could give one");
	/* Anybody can have a certificate of an authority of the system's. */
	if (cfg->client_auth != SLU_TLS_NONE && !cfg->only_pins &&
	    !cfg->insecure && !cfg->system_roots && cfg->pin_count == 0 &&
	    sk_X509_num(cfg->roots) == 0)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: clients are to show a certificate, and nobody is "
		    "trusted to issue it");
	return SLU_OK;
}

/* A session is for a config like this one only, also at a server. */
static slu_status
set_session_owner(slu_tls_config *cfg)
{
	unsigned char print[SLU_CONFIG_PRINT];
	slu_status st = slu_config_print(cfg, print);

	if (st == SLU_OK &&
	    SSL_CTX_set_session_id_context(cfg->ctx, print, sizeof(print)) != 1)
		st = slu_tls_no_memory();
	return st;
}

/* A server staples what it has; a client looks at it if it asked for it. */
static slu_status
set_ocsp(slu_tls_config *cfg)
{
	int (*status)(SSL * ssl, void *unused) =
	    cfg->on_peer != NULL ? slu_asking_status : slu_ocsp_staple;

	if (SSL_CTX_set_tlsext_status_cb(cfg->ctx, status) != 1 ||
	    (cfg->ocsp != SLU_TLS_OCSP_NONE &&
		SSL_CTX_set_tlsext_status_type(
		    cfg->ctx, TLSEXT_STATUSTYPE_ocsp) != 1))
		return slu_tls_no_memory();
	return SLU_OK;
}

static slu_status
make_ready(slu_tls_config *cfg)
{
	slu_status st = set_versions(cfg);

	if (st == SLU_OK)
		st = slu_suites_use(cfg->ctx, &cfg->suites);
	if (st == SLU_OK)
		st = set_roots(cfg);
	if (st == SLU_OK)
		st = set_identities(cfg);
	if (st == SLU_OK)
		st = set_sessions(cfg);
	if (st == SLU_OK)
		st = set_session_owner(cfg);
	if (st == SLU_OK)
		st = set_authorities(cfg);
	if (st == SLU_OK)
		st = set_ocsp(cfg);
	return st;
}

slu_status
slu_tls_config_use(slu_tls_config *cfg)
{
	slu_status st = check_sense(cfg);

	if (st)
		return st;
	pthread_mutex_lock(&cfg->lock);
	atomic_store(&cfg->used, true);
	if (!cfg->ready)
		st = make_ready(cfg);
	cfg->ready = st == SLU_OK;
	pthread_mutex_unlock(&cfg->lock);
	if (st == SLU_OK)
		atomic_fetch_add(&cfg->shares, 1);
	return st;
}

slu_status
slu_tls_config_read_system(slu_tls_config *cfg)
{
	bool ok = true;

	if (cfg->only_pins ||
	    (!cfg->system_roots && sk_X509_num(cfg->roots) > 0))
		return SLU_OK;
	pthread_mutex_lock(&cfg->lock);
	if (!cfg->system_read)
		ok = X509_STORE_set_default_paths(
			 SSL_CTX_get_cert_store(cfg->ctx)) == 1;
	cfg->system_read = ok;
	pthread_mutex_unlock(&cfg->lock);
	ERR_clear_error();
	return ok ? SLU_OK : slu_tls_no_memory();
}
