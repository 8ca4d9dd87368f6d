/* SPDX-License-Identifier: ISC */
#include "asking.h"

#include <openssl/err.h>
#include <stdlib.h>

#include "cert_text.h"
#include "choose.h"
#include "fault.h"
#include "ocsp.h"
#include "session_chain.h"
#include "tls_config_internal.h"
#include "tls_identity_internal.h"
#include "tls_internal.h"
#include "tls_peer_internal.h"
#include "verify.h"

slu_status
slu_asking_begin(slu_tls *tls)
{
	const slu_tls_config *cfg = tls->cfg;

	if (cfg->on_name == NULL && cfg->on_request == NULL &&
	    cfg->on_peer == NULL)
		return SLU_OK;
	tls->asked = calloc(1, sizeof(*tls->asked));
	return tls->asked == NULL ? slu_tls_no_memory() : SLU_OK;
}

void
slu_asking_end(slu_tls *tls)
{
	slu_asked *a = tls->asked;

	if (a == NULL)
		return;
	for (size_t i = 0; i < a->request_of.count; i++)
		free(a->request_of.texts[i]);
	free(a->request_of.texts);
	slu_tls_identity_free(a->id);
	free(a->hello);
	free(a);
	tls->asked = NULL;
}

bool
slu_asking_inside(const slu_tls *tls)
{
	const slu_asked *a = tls->asked;

	return a != NULL &&
	       (a->name == SLU_ASKING || a->request == SLU_ASKING ||
		   a->peer == SLU_ASKING);
}

bool
slu_asking_waits(const slu_tls *tls)
{
	const slu_asked *a = tls->asked;

	return a != NULL && tls->failure.st == SLU_OK &&
	       (a->name == SLU_DUE || a->request == SLU_DUE ||
		   a->peer == SLU_DUE);
}

bool
slu_asking_stopped(const slu_tls *tls)
{
	return SSL_want_client_hello_cb(tls->ssl) ||
	       SSL_want_x509_lookup(tls->ssl) ||
	       SSL_want_retry_verify(tls->ssl);
}

bool
slu_asking_goes_on(const slu_tls *tls)
{
	return tls->asked != NULL && slu_asking_stopped(tls) &&
	       !slu_asking_waits(tls);
}

bool
slu_asking_is_refusal(slu_status st)
{
	return slu_failed(st) && st <= SLU_ERR_CRYPTO;
}

/* Take what a hook has answered; it may have done so by other calls, too. */
static void
settle(slu_tls *tls, slu_question *q, slu_status st)
{
	bool later = st == SLU_WANT_CERT && *q == SLU_ASKING;

	*q = later ? SLU_DUE : SLU_ANSWERED;
	if (st == SLU_OK || st == SLU_WANT_CERT || tls->failure.st)
		return;
	if (!slu_asking_is_refusal(st))
		st = slu_fail(SLU_ERR_USAGE, "tls: a hook answered '%s'",
		    slu_status_name(st));
	(void)slu_failure_keep(&tls->failure, st);
}

/* Be who the hook has answered. */
static slu_status
become(SSL *ssl, slu_asked *a)
{
	slu_tls_identity *id = a->id;
	slu_status st;

	if (id == NULL && !a->nobody)
		return SLU_OK;
	st = slu_choose_present(ssl, id);
	slu_tls_identity_free(id);
	a->id = NULL;
	return st;
}

static slu_status
read_hello(slu_tls_hello *out, SSL *ssl)
{
	const unsigned char *name, *alpn;
	size_t name_len = 0, alpn_len = 0;

	if (SSL_client_hello_get0_ext(
		ssl, TLSEXT_TYPE_server_name, &name, &name_len) != 1)
		name = NULL;
	if (SSL_client_hello_get0_ext(ssl,
		TLSEXT_TYPE_application_layer_protocol_negotiation, &alpn,
		&alpn_len) != 1)
		alpn = NULL;
	return slu_hello_read(out, name, name_len, alpn, alpn_len);
}

/* The alert for a hello that is refused unasked. */
static slu_tls_alert
alert_for(slu_status st)
{
	switch (st) {
	case SLU_ERR_AUTH: return SLU_TLS_ALERT_UNRECOGNIZED_NAME;
	case SLU_ERR_MEMORY: return SLU_TLS_ALERT_INTERNAL_ERROR;
	default: return (slu_tls_alert)SSL_AD_DECODE_ERROR;
	}
}

/* Read the hello, the first one or that after a HelloRetryRequest. */
static slu_status
hear_hello(slu_asked *a, SSL *ssl)
{
	slu_tls_hello *hello = malloc(sizeof(*hello));
	slu_status st;

	if (hello == NULL)
		return slu_tls_no_memory();
	st = read_hello(hello, ssl);
	if (st == SLU_OK && a->hello != NULL &&
	    !slu_hello_same(a->hello, hello))
		st = slu_fail(SLU_ERR_FORMAT,
		    "tls: the client asks for something else in between");
	if (st == SLU_OK && a->hello == NULL) {
		a->hello = hello;
		hello = NULL;
	}
	free(hello);
	return st;
}

static void
ask_name(slu_tls *tls, SSL *ssl)
{
	slu_asked *a = tls->asked;
	slu_status st = hear_hello(a, ssl);

	if (st) {
		a->alert = alert_for(st);
		(void)slu_failure_keep(&tls->failure, st);
		return;
	}
	if (a->name == SLU_UNASKED) {
		a->name = SLU_ASKING;
		st = tls->cfg->on_name(tls, a->hello, tls->cfg->on_name_arg);
		settle(tls, &a->name, st);
	}
	if (a->name == SLU_ANSWERED && a->nobody && tls->failure.st == SLU_OK)
		(void)slu_failure_keep(&tls->failure,
		    slu_fail(SLU_ERR_AUTH, "tls: nobody here is '%s'",
			a->hello->name));
}

int
slu_asking_name(SSL *ssl, int *alert, void *unused)
{
	slu_tls *tls = SSL_get_app_data(ssl);
	slu_asked *a = tls->asked;

	(void)unused;
	if (tls->failure.st == SLU_OK)
		ask_name(tls, ssl);
	if (tls->failure.st == SLU_OK && a->name == SLU_DUE)
		return SSL_CLIENT_HELLO_RETRY;
	if (tls->failure.st == SLU_OK)
		(void)slu_failure_keep(&tls->failure, become(ssl, a));
	if (tls->failure.st == SLU_OK)
		return SSL_CLIENT_HELLO_SUCCESS;
	*alert = a->alert != SLU_TLS_ALERT_NONE
		     ? (int)a->alert
		     : SLU_TLS_ALERT_UNRECOGNIZED_NAME;
	return SSL_CLIENT_HELLO_ERROR;
}

static slu_status
read_authorities(slu_tls_request *request, SSL *ssl)
{
	const STACK_OF(X509_NAME) *all = SSL_get0_peer_CA_list(ssl);
	int count = all == NULL ? 0 : sk_X509_NAME_num(all);

	request->authorities = all;
	request->texts = calloc((size_t)count + 1, sizeof(char *));
	if (request->texts == NULL)
		return slu_tls_no_memory();
	for (int i = 0; i < count; i++) {
		request->texts[i] =
		    slu_cert_text_name(sk_X509_NAME_value(all, i));
		if (request->texts[i] == NULL)
			return slu_tls_no_memory();
		request->count++;
	}
	return SLU_OK;
}

int
slu_asking_request(SSL *ssl, void *unused)
{
	slu_tls *tls = SSL_get_app_data(ssl);
	slu_asked *a = tls->asked;
	slu_status st;

	(void)unused;
	if (SSL_is_server(ssl))
		return slu_choose_identity(ssl, NULL);
	if (tls->failure.st == SLU_OK && a->request == SLU_UNASKED) {
		a->request = SLU_ASKING;
		st = read_authorities(&a->request_of, ssl);
		if (st == SLU_OK)
			st = tls->cfg->on_request(
			    tls, &a->request_of, tls->cfg->on_request_arg);
		settle(tls, &a->request, st);
	}
	if (tls->failure.st == SLU_OK && a->request == SLU_DUE)
		return -1;
	if (tls->failure.st == SLU_OK)
		(void)slu_failure_keep(&tls->failure, become(ssl, a));
	if (tls->failure.st)
		return 0;
	return a->nobody ? 1 : slu_choose_identity(ssl, NULL);
}

/* libssl chooses the alert, by the error of a verification. */
static int
error_for(slu_tls_alert alert)
{
	switch (alert) {
	case SLU_TLS_ALERT_HANDSHAKE_FAILURE:
		return X509_V_ERR_APPLICATION_VERIFICATION;
	case SLU_TLS_ALERT_BAD_CERTIFICATE: return X509_V_ERR_CERT_REJECTED;
	case SLU_TLS_ALERT_UNSUPPORTED_CERTIFICATE:
		return X509_V_ERR_INVALID_PURPOSE;
	case SLU_TLS_ALERT_CERTIFICATE_REVOKED: return X509_V_ERR_CERT_REVOKED;
	case SLU_TLS_ALERT_CERTIFICATE_EXPIRED:
		return X509_V_ERR_CERT_HAS_EXPIRED;
	case SLU_TLS_ALERT_UNKNOWN_CA: return X509_V_ERR_INVALID_CA;
	case SLU_TLS_ALERT_INTERNAL_ERROR: return X509_V_ERR_UNSPECIFIED;
	default: return X509_V_ERR_PERMITTED_VIOLATION; /* 46, as unlisted */
	}
}

static void
ask_peer(slu_tls *tls)
{
	slu_asked *a = tls->asked;

	a->peer = SLU_ASKING;
	settle(tls, &a->peer, tls->cfg->on_peer(tls, tls->cfg->on_peer_arg));
}

/* While libssl verifies, nobody else can see the chain. */
static slu_status
keep_chain(slu_tls *tls, X509_STORE_CTX *ctx)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);

	if (X509_STORE_CTX_get_error(ctx) != X509_V_OK)
		chain = X509_STORE_CTX_get0_untrusted(ctx);
	slu_session_chain_put(SSL_get_session(tls->ssl), chain);
	return slu_tls_peer_keep(tls, chain);
}

/*
 * Whether there is nothing left to check, once the chain was found right: an
 * OCSP response comes behind the certificate in TLS 1.2.  One that is wrong
 * is for its own callback to refuse, with its own alert.
 */
static bool
is_checked(slu_tls *tls, X509_STORE_CTX *ctx)
{
	if (SSL_is_server(tls->ssl) || tls->cfg->ocsp == SLU_TLS_OCSP_NONE)
		return true;
	return SSL_version(tls->ssl) == TLS1_3_VERSION &&
	       slu_ocsp_look(tls, X509_STORE_CTX_get0_chain(ctx)) == SLU_OK;
}

int
slu_asking_peer(X509_STORE_CTX *ctx)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(
	    ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
	slu_tls *tls = SSL_get_app_data(ssl);
	slu_status st;

	if (tls->asked == NULL || tls->cfg->on_peer == NULL)
		return 1;
	if (tls->failure.st == SLU_OK && tls->asked->peer == SLU_UNASKED) {
		st = keep_chain(tls, ctx);
		if (st == SLU_OK && is_checked(tls, ctx))
			ask_peer(tls);
		(void)slu_failure_keep(&tls->failure, st);
	}
	if (tls->failure.st) {
		X509_STORE_CTX_set_error(ctx, error_for(tls->asked->alert));
		return 0;
	}
	/* A server cannot be stopped here: it waits before the first byte. */
	if (tls->asked->peer == SLU_DUE && !SSL_is_server(ssl))
		return SSL_set_retry_verify(ssl);
	return 1;
}

int
slu_asking_verify(X509_STORE_CTX *ctx, void *unused)
{
	return slu_verify_peer(ctx, unused) && slu_asking_peer(ctx);
}

int
slu_asking_status(SSL *ssl, void *unused)
{
	slu_tls *tls = SSL_get_app_data(ssl);
	slu_asked *a = tls->asked;
	int said;

	if (!SSL_is_server(ssl) && a->peer != SLU_UNASKED)
		return 1;
	said = slu_ocsp_staple(ssl, unused);
	if (SSL_is_server(ssl) || SSL_session_reused(ssl) == 1 || said != 1)
		return said;
	ask_peer(tls);
	if (tls->failure.st)
		return -1;
	/* Here libssl can be stopped by what takes its bytes alone. */
	tls->wire.held = a->peer == SLU_DUE;
	return 1;
}

/* Whether all that was gathered is before whatever follows. */
static bool
send_gathered(slu_tls *tls)
{
	slu_batch *g = &tls->gathered;
	size_t put;

	while (slu_batch_left(g) > 0) {
		if (SSL_write_ex(tls->ssl, g->mem + g->off, slu_batch_left(g),
			&put) != 1)
			return false;
		g->off += put;
	}
	return true;
}

/* Without what was written before, a close_notify would deny it. */
void
slu_asking_leave(slu_tls *tls, slu_status st)
{
	(void)slu_failure_keep(&tls->failure, st);
	if (!SSL_is_init_finished(tls->ssl) || tls->closed)
		return;
	ERR_clear_error();
	if (send_gathered(tls))
		(void)SSL_shutdown(tls->ssl);
	ERR_clear_error();
}

/* Who was resumed showed their chain in an earlier connection. */
static slu_status
recall_chain(slu_tls *tls)
{
	STACK_OF(X509) *chain = NULL;
	slu_status st =
	    slu_session_chain_get(SSL_get_session(tls->ssl), &chain);

	if (st == SLU_OK && chain != NULL)
		st = slu_tls_peer_keep(tls, chain);
	sk_X509_pop_free(chain, X509_free);
	return st;
}

slu_status
slu_asking_admit(slu_tls *tls)
{
	slu_asked *a = tls->asked;
	slu_status st = slu_failure_again(&tls->failure);

	if (st || a == NULL)
		return st;
	if (tls->cfg->on_peer != NULL && a->peer == SLU_UNASKED) {
		st = recall_chain(tls);
		if (st == SLU_OK)
			ask_peer(tls);
		st = st ? st : tls->failure.st;
		if (st)
			slu_asking_leave(tls, st);
	}
	st = slu_failure_again(&tls->failure);
	if (st)
		return st;
	if (a->peer == SLU_DUE)
		return SLU_WANT_CERT;
	slu_asking_end(tls);
	return SLU_OK;
}
