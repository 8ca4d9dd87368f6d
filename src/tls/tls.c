/* SPDX-License-Identifier: ISC */
/*
 * The engine: four doors around libssl.  What libssl answers is translated
 * in one place, `answer`, and a failure is kept for good.
 */
#define _POSIX_C_SOURCE 200809L

#include "sluice/tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "ready.h"
#include "tls_internal.h"
#include "tls_peer_internal.h"

#define OUT_MAX (64 * 1024) /* waiting for the peer; a record is 16 KiB */

/* Put OpenSSL's oldest error, the cause of the others, into our terms. */
static slu_status
explain(slu_tls *tls, unsigned long err)
{
	int reason = ERR_GET_REASON(err);

	if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return slu_fail(SLU_ERR_TRUNCATED,
		    "tls: the peer left without a close_notify");
	if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
		return slu_fail(SLU_ERR_AUTH, "tls: certificate: %s",
		    X509_verify_cert_error_string(
			SSL_get_verify_result(tls->ssl)));
	if (reason >= SSL_AD_REASON_OFFSET) {
		tls->alert = reason - SSL_AD_REASON_OFFSET;
		return slu_fail(SLU_ERR_PEER, "tls: the peer says: %s",
		    ERR_reason_error_string(err));
	}
	return slu_fail(SLU_ERR_FORMAT, "tls: %s",
	    err ? ERR_reason_error_string(err) : "protocol failure");
}

/* Translate the outcome `ret` of a libssl call into a status. */
static slu_status
answer(slu_tls *tls, int ret)
{
	slu_status st;

	switch (SSL_get_error(tls->ssl, ret)) {
	case SSL_ERROR_NONE: return SLU_OK;
	case SSL_ERROR_WANT_READ: return SLU_WANT_READ;
	case SSL_ERROR_WANT_WRITE: return SLU_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN: return SLU_EOF;
	}
	st = explain(tls, ERR_peek_error());
	ERR_clear_error();
	return slu_failure_keep(&tls->failure, st);
}

static slu_status
engine_new(slu_tls **out, slu_tls_config *cfg)
{
	slu_tls *tls = calloc(1, sizeof(*tls));
	BIO *bio;
	slu_status st;

	if (tls == NULL)
		return slu_tls_no_memory();
	tls->alert = -1;
	st = slu_tls_config_use(cfg);
	if (st) {
		slu_tls_free(tls);
		return st;
	}
	tls->wire.out.limit = OUT_MAX;
	tls->cfg = cfg;
	tls->ssl = SSL_new(cfg->ctx);
	bio = slu_wire_bio(&tls->wire);
	if (tls->ssl == NULL || bio == NULL) {
		BIO_free(bio);
		slu_tls_free(tls);
		return slu_tls_no_memory();
	}
	SSL_set_bio(tls->ssl, bio, bio);
	*out = tls;
	return SLU_OK;
}

/* Ask for `host`, as an address or as a name. */
static slu_status
name_host(SSL *ssl, const char *host)
{
	ASN1_OCTET_STRING *ip = a2i_IPADDRESS(host);
	int ok;

	if (ip != NULL)
		ok = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
	else
		ok = *host != '\0' && SSL_set1_host(ssl, host) == 1 &&
		     SSL_set_tlsext_host_name(ssl, host) == 1;
	ASN1_OCTET_STRING_free(ip);
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	ERR_clear_error();
	if (ok != 1)
		return slu_fail(
		    SLU_ERR_USAGE, "tls: '%s' is no name of a host", host);
	return SLU_OK;
}

slu_status
slu_tls_client(slu_tls **out, slu_tls_config *cfg, const char *host)
{
	slu_tls *tls;
	slu_status st = engine_new(&tls, cfg);

	if (st)
		return st;
	SSL_set_connect_state(tls->ssl);
	tls->host = strdup(host);
	st =
	    tls->host == NULL ? slu_tls_no_memory() : name_host(tls->ssl, host);
	if (st) {
		slu_tls_free(tls);
		return st;
	}
	*out = tls;
	return SLU_OK;
}

slu_status
slu_tls_server(slu_tls **out, slu_tls_config *cfg)
{
	slu_status st;

	if (cfg->identity == NULL)
		return slu_fail(
		    SLU_ERR_USAGE, "tls: a server needs an identity");
	st = engine_new(out, cfg);
	if (st)
		return st;
	SSL_set_accept_state((*out)->ssl);
	SSL_set_verify((*out)->ssl, SSL_VERIFY_NONE, NULL);
	return SLU_OK;
}

void
slu_tls_free(slu_tls *tls)
{
	if (tls == NULL)
		return;
	slu_tls_peer_forget(tls);
	free(tls->host);
	SSL_free(tls->ssl);
	slu_tls_config_free(tls->cfg);
	slu_buf_free(&tls->wire.out);
	free(tls);
}

slu_status
slu_tls_feed(slu_tls *tls, const void *wire, size_t len, size_t *used)
{
	slu_status st = slu_failure_again(&tls->failure);
	unsigned char byte;
	size_t n;

	*used = 0;
	if (st)
		return st;
	slu_tls_lend(tls, wire, len);
	while (st == SLU_OK && tls->wire.in_len > 0 &&
	       SSL_pending(tls->ssl) == 0) {
		ERR_clear_error();
		if (!SSL_is_init_finished(tls->ssl))
			st = answer(tls, SSL_do_handshake(tls->ssl));
		else
			st = answer(tls, SSL_peek_ex(tls->ssl, &byte, 1, &n));
	}
	*used = len - tls->wire.in_len;
	slu_tls_lend(tls, NULL, 0);
	if (slu_failed(st) || len == 0)
		return st;
	return *used > 0 ? SLU_OK : SLU_WANT_WRITE;
}

void
slu_tls_feed_end(slu_tls *tls)
{
	tls->wire.ended = true;
}

slu_status
slu_tls_drain_view(slu_tls *tls, const void **wire, size_t *len)
{
	slu_status st = SLU_OK;

	*len = 0;
	if (tls->wire.out.len == 0 && !SSL_is_init_finished(tls->ssl))
		st = slu_tls_handshake(tls);
	if (tls->wire.out.len > 0) {
		*wire = slu_buf_front(&tls->wire.out);
		*len = tls->wire.out.len;
		return SLU_OK;
	}
	if (tls->failure.st)
		return slu_failure_again(&tls->failure);
	if (slu_failed(st))
		return st;
	return tls->closed ? SLU_EOF : SLU_WANT_READ;
}

void
slu_tls_drained(slu_tls *tls, size_t len)
{
	slu_buf_skip(&tls->wire.out, len);
}

slu_status
slu_tls_drain(slu_tls *tls, void *wire, size_t cap, size_t *got)
{
	const void *view;
	size_t len;
	slu_status st = slu_tls_drain_view(tls, &view, &len);

	*got = st ? 0 : slu_buf_take(&tls->wire.out, wire, cap);
	return st;
}

slu_status
slu_tls_handshake(slu_tls *tls)
{
	slu_status st = slu_failure_again(&tls->failure);

	if (st)
		return st;
	ERR_clear_error();
	return answer(tls, SSL_do_handshake(tls->ssl));
}

slu_status
slu_tls_read(slu_tls *tls, void *plain, size_t cap, size_t *got)
{
	slu_status st = slu_failure_again(&tls->failure);

	*got = 0;
	if (st || cap == 0)
		return st;
	ERR_clear_error();
	return answer(tls, SSL_read_ex(tls->ssl, plain, cap, got));
}

slu_status
slu_tls_write(slu_tls *tls, const void *plain, size_t len, size_t *put)
{
	slu_status st = slu_failure_again(&tls->failure);

	*put = 0;
	if (st || len == 0)
		return st;
	if (tls->closed)
		return slu_fail(
		    SLU_ERR_USAGE, "tls: nothing is written after the close");
	/* Once libssl has begun a record, it must find room for all of it. */
	if (tls->wire.out.len > OUT_MAX / 2)
		return SLU_WANT_WRITE;
	ERR_clear_error();
	return answer(tls, SSL_write_ex(tls->ssl, plain, len, put));
}

slu_status
slu_tls_close(slu_tls *tls)
{
	slu_status st = slu_failure_again(&tls->failure);
	int ret;

	if (st || tls->closed)
		return st;
	st = slu_tls_handshake(tls);
	if (st)
		return st;
	ERR_clear_error();
	ret = SSL_shutdown(tls->ssl);
	if (ret < 0) {
		st = answer(tls, ret);
		if (st)
			return st;
	}
	tls->closed = true;
	return SLU_OK;
}
