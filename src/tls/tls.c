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

#include "alert.h"
#include "asking.h"
#include "explain.h"
#include "fault.h"
#include "host.h"
#include "psk.h"
#include "ready.h"
#include "tls_internal.h"
#include "tls_peer_internal.h"

/*
 * What a peer may have libssl do without sending data, once the handshake is
 * completed: to change keys takes three of these, a ticket one.
 */
#define BABBLE_MAX 256

#define RECORD_MAX SSL3_RT_MAX_PLAIN_LENGTH

/* Bytes of a write that is small: a record of its own would be a waste. */
#define GATHER_MAX (RECORD_MAX / 2)

/* libssl is about to change its state, or has sent or got an alert. */
static void
notice(const SSL *ssl, int where, int ret)
{
	slu_tls *tls = SSL_get_app_data(ssl);

	(void)where, (void)ret;
	tls->babble++;
}

/* Translate the outcome `ret` of a libssl call into a status. */
static slu_status
answer(slu_tls *tls, int ret)
{
	int why = ret > 0 ? SSL_ERROR_NONE : SSL_get_error(tls->ssl, ret);
	slu_status st;

	/* A callback of ours has had its say. */
	st = slu_failure_again(&tls->failure);
	if (st) {
		ERR_clear_error();
		return st;
	}
	if (!tls->shaken && SSL_is_init_finished(tls->ssl)) {
		tls->shaken = true;
		tls->babble = 0;
	}
	if (!tls->shaken && tls->wire.received > tls->cfg->handshake_max) {
		st = slu_fail(SLU_ERR_LIMIT,
		    "tls: the handshake takes more than %zu bytes",
		    tls->cfg->handshake_max);
		ERR_clear_error();
		return slu_failure_keep(&tls->failure, st);
	}
	if (tls->shaken && tls->babble > BABBLE_MAX) {
		st = slu_fail(SLU_ERR_LIMIT,
		    "tls: the peer changes keys, or tries to, and sends "
		    "nothing");
		ERR_clear_error();
		return slu_failure_keep(&tls->failure, st);
	}
	switch (why) {
	case SSL_ERROR_NONE: return SLU_OK;
	case SSL_ERROR_WANT_READ: return SLU_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return tls->wire.held ? SLU_WANT_CERT : SLU_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		/* libssl takes what a BIO cannot say for an earlier end. */
		if (tls->wire.exhausted)
			break;
		if (!SSL_in_init(tls->ssl))
			return SLU_EOF;
		/* What has not begun yet cannot have ended. */
		tls->alert = SSL_AD_CLOSE_NOTIFY;
		return slu_failure_keep(
		    &tls->failure, slu_alert_fail(tls->alert));
	case SSL_ERROR_WANT_CLIENT_HELLO_CB:
	case SSL_ERROR_WANT_X509_LOOKUP:
	case SSL_ERROR_WANT_RETRY_VERIFY: return SLU_WANT_CERT;
	}
	return slu_failure_keep(&tls->failure, slu_tls_explain(tls));
}

/* To look is cheap, and to clear is not. */
static void
clear_errors(void)
{
	if (ERR_peek_error() != 0)
		ERR_clear_error();
}

/* Whether anybody may come in at all. */
static slu_status
check_open(slu_tls *tls)
{
	slu_status st = slu_failure_again(&tls->failure);

	if (st == SLU_OK && tls->asked != NULL && slu_asking_inside(tls))
		st = slu_fail(SLU_ERR_USAGE,
		    "tls: a hook cannot use the engine that asks it");
	return st;
}

/*
 * What comes before each call of libssl.  Errors that somebody left in
 * OpenSSL's queue would pass for libssl's; and what it writes must find room.
 */
static slu_status
make_way(slu_tls *tls)
{
	slu_status st = check_open(tls);

	if (st)
		return st;
	if (tls->wire.out_len >= SLU_WIRE_OUT_MAX)
		return SLU_WANT_WRITE;
	clear_errors();
	return SLU_OK;
}

/* libssl returns after each message: is there more to look at? */
static bool
goes_on(const slu_tls *tls, slu_status st)
{
	return st == SLU_WANT_READ && tls->wire.in_len > 0;
}

/* Have libssl write a record. */
static slu_status
write_record(slu_tls *tls, const void *plain, size_t len, size_t *put)
{
	slu_status st;

	do {
		st = make_way(tls);
		if (st == SLU_OK)
			st = answer(
			    tls, SSL_write_ex(tls->ssl, plain, len, put));
	} while (goes_on(tls, st));
	return st;
}

/* Small writes in a row were put together: they are a record now. */
static slu_status
write_gathered(slu_tls *tls)
{
	slu_batch *g = &tls->gathered;
	slu_status st = SLU_OK;
	size_t put;

	while (slu_batch_left(g) > 0 && st == SLU_OK) {
		st =
		    write_record(tls, g->mem + g->off, slu_batch_left(g), &put);
		if (st == SLU_OK)
			g->off += put;
	}
	if (st == SLU_OK)
		g->off = g->len = 0;
	return st;
}

/* The same for all but writes: what was written before goes first. */
static slu_status
prepare(slu_tls *tls)
{
	slu_status st;

	if (slu_batch_left(&tls->gathered) > 0) {
		st = write_gathered(tls);
		if (st)
			return st;
	}
	return make_way(tls);
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
	tls->cfg = cfg;
	tls->ssl = SSL_new(cfg->ctx);
	bio = slu_wire_bio(&tls->wire);
	if (tls->ssl == NULL || bio == NULL || slu_asking_begin(tls)) {
		BIO_free(bio);
		slu_tls_free(tls);
		return slu_tls_no_memory();
	}
	tls->wire.ssl = tls->ssl;
	SSL_set_bio(tls->ssl, bio, bio);
	SSL_set_app_data(tls->ssl, tls);
	SSL_set_info_callback(tls->ssl, notice);
	*out = tls;
	return SLU_OK;
}

/* What is asked of clients, as libssl calls it. */
static int
asks_for(const slu_tls_config *cfg)
{
	switch (cfg->client_auth) {
	case SLU_TLS_REQUEST: return SSL_VERIFY_PEER;
	case SLU_TLS_REQUIRE:
		return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	default: return SSL_VERIFY_NONE;
	}
}

/* Ask for a host, as an address or as a name. */
static slu_status
name_host(slu_tls *tls, const char *text)
{
	slu_host h;
	slu_status st = slu_host_read(&h, text);
	int ok;

	if (st)
		return st;
	tls->host = strdup(h.text);
	if (h.is_address)
		ok = X509_VERIFY_PARAM_set1_ip_asc(
		    SSL_get0_param(tls->ssl), h.text);
	else
		ok = SSL_set1_host(tls->ssl, h.text) == 1 &&
		     (tls->cfg->no_sni ||
			 SSL_set_tlsext_host_name(tls->ssl, h.text) == 1);
	if (ok != 1 || tls->host == NULL)
		return slu_tls_no_memory();
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
	st = slu_tls_config_read_system(cfg);
	if (st == SLU_OK)
		st = name_host(tls, host);
	if (st == SLU_OK)
		st = slu_psk_begin(tls);
	clear_errors();
	if (st) {
		slu_tls_free(tls);
		return st;
	}
	*out = tls;
	return SLU_OK;
}

/* Who says whom to trust must not find that nobody is asked. */
static slu_status
check_server(const slu_tls_config *cfg)
{
	if (cfg->identity_count == 0 && cfg->on_name == NULL &&
	    cfg->psk_count == 0)
		return slu_fail(
		    SLU_ERR_USAGE, "tls: a server needs an identity");
	if (cfg->client_auth != SLU_TLS_NONE)
		return SLU_OK;
	if (cfg->pin_count > 0 || cfg->only_pins)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a server with pins asks clients for no certificate");
	if (!cfg->client_auth_said &&
	    (cfg->system_roots || sk_X509_num(cfg->roots) > 0))
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a server that trusts authorities must say whether "
		    "clients are asked for a certificate");
	return SLU_OK;
}

slu_status
slu_tls_server(slu_tls **out, slu_tls_config *cfg)
{
	slu_status st = check_server(cfg);

	if (st)
		return st;
	st = engine_new(out, cfg);
	if (st)
		return st;
	SSL_set_accept_state((*out)->ssl);
	SSL_set_verify((*out)->ssl, asks_for(cfg), NULL);
	if (cfg->client_auth != SLU_TLS_NONE)
		st = slu_tls_config_read_system(cfg);
	if (st == SLU_OK)
		st = slu_psk_begin(*out);
	clear_errors();
	if (st) {
		slu_tls_free(*out);
		*out = NULL;
	}
	return st;
}

void
slu_tls_free(slu_tls *tls)
{
	if (tls == NULL)
		return;
	slu_asking_end(tls);
	slu_tls_peer_forget(tls);
	free(tls->address);
	free(tls->host);
	SSL_free(tls->ssl);
	free(tls->doubt);
	slu_tls_identity_free(tls->identity);
	slu_tls_config_free(tls->cfg);
	slu_batch_free(&tls->gathered);
	slu_wire_free(&tls->wire);
	free(tls);
}

/* Have libssl take what is lent, up to the first plaintext. */
static slu_status
take_in(slu_tls *tls)
{
	unsigned char byte;
	slu_status st;
	size_t n;

	do {
		st = prepare(tls);
		if (st)
			return st;
		if (SSL_pending(tls->ssl) > 0)
			return SLU_WANT_WRITE;
		if (tls->admitted)
			st = answer(tls, SSL_peek_ex(tls->ssl, &byte, 1, &n));
		else
			st = slu_tls_handshake(tls);
	} while (goes_on(tls, st) || (st == SLU_OK && tls->wire.in_len > 0));
	return st;
}

slu_status
slu_tls_feed(slu_tls *tls, const void *wire, size_t len, size_t *used)
{
	slu_status st;

	*used = 0;
	/* What is lent to libssl, while a hook is asked, stays so. */
	st = check_open(tls);
	if (st || len == 0)
		return st;
	slu_tls_lend(tls, wire, len);
	st = take_in(tls);
	if (!slu_failed(st))
		*used = len - tls->wire.in_len;
	slu_tls_lend(tls, NULL, 0);
	return *used > 0 ? SLU_OK : st;
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
	if (slu_asking_inside(tls))
		return check_open(tls);
	if (slu_batch_left(&tls->gathered) > 0)
		(void)slu_failure_keep(&tls->failure, write_gathered(tls));
	/* A handshake that did not begin, waits for room, or can go on. */
	if (tls->wire.out_len == 0 && tls->failure.st == SLU_OK &&
	    (SSL_in_before(tls->ssl) || SSL_want_write(tls->ssl) ||
		slu_asking_goes_on(tls)))
		st = slu_tls_handshake(tls);
	if (tls->wire.out_len > 0) {
		*wire = slu_wire_front(&tls->wire);
		*len = tls->wire.out_len;
		return SLU_OK;
	}
	if (st == SLU_OK)
		st = slu_failure_again(&tls->failure);
	if (slu_failed(st))
		return st;
	if (slu_asking_waits(tls))
		return SLU_WANT_CERT;
	return tls->closed ? SLU_EOF : SLU_WANT_READ;
}

void
slu_tls_drained(slu_tls *tls, size_t len)
{
	slu_wire_take(&tls->wire, len);
	if (tls->wire.out_len == 0)
		slu_tls_sent(tls);
}

slu_status
slu_tls_drain(slu_tls *tls, void *wire, size_t cap, size_t *got)
{
	const void *view;
	size_t len;
	slu_status st = slu_tls_drain_view(tls, &view, &len);

	*got = 0;
	if (st || cap == 0)
		return st;
	*got = cap < len ? cap : len;
	memcpy(wire, view, *got);
	slu_tls_drained(tls, *got);
	return SLU_OK;
}

slu_status
slu_tls_handshake(slu_tls *tls)
{
	slu_status st;

	do {
		st = prepare(tls);
		if (st)
			return st;
		st = answer(tls, SSL_do_handshake(tls->ssl));
	} while (goes_on(tls, st));
	if (st == SLU_OK && !tls->admitted) {
		st = slu_asking_admit(tls);
		tls->admitted = st == SLU_OK;
	}
	return st;
}

slu_status
slu_tls_read(slu_tls *tls, void *plain, size_t cap, size_t *got)
{
	slu_status st;

	*got = 0;
	if (cap == 0)
		return slu_failure_again(&tls->failure);
	st = tls->admitted ? SLU_OK : slu_tls_handshake(tls);
	if (st)
		return st;
	do {
		st = prepare(tls);
		/* What is there needs no room. */
		if (st == SLU_WANT_WRITE && SSL_pending(tls->ssl) > 0)
			st = SLU_OK;
		if (st)
			return st;
		st = answer(tls, SSL_read_ex(tls->ssl, plain, cap, got));
	} while (goes_on(tls, st));
	if (st == SLU_OK)
		tls->babble = 0;
	return st;
}

slu_status
slu_tls_read_from(slu_tls *tls, const void *wire, size_t len, size_t *used,
    void *plain, size_t cap, size_t *got)
{
	slu_status st = check_open(tls);

	*used = *got = 0;
	if (st)
		return st;
	slu_tls_lend(tls, wire, len);
	st = slu_tls_read(tls, plain, cap, got);
	*used = slu_failed(st) ? 0 : len - tls->wire.in_len;
	slu_tls_lend(tls, NULL, 0);
	return st;
}

/* Whether something was written that is not on its way yet. */
static bool
in_a_row(const slu_tls *tls)
{
	return tls->wire.out_len > 0 || tls->wire.unflushed;
}

/* Have small writes in a row share a record, as far as they fit. */
static slu_status
gather(slu_tls *tls, const void *plain, size_t len, size_t *put)
{
	slu_batch *g = &tls->gathered;
	slu_status st = make_way(tls);

	if (st == SLU_OK && len > RECORD_MAX - g->len)
		st = write_gathered(tls);
	if (st == SLU_OK)
		st = slu_failure_keep(
		    &tls->failure, slu_batch_make(g, RECORD_MAX));
	if (st)
		return st;
	memcpy(g->mem + g->len, plain, len);
	g->len += len;
	*put = len;
	return SLU_OK;
}

slu_status
slu_tls_write(slu_tls *tls, const void *plain, size_t len, size_t *put)
{
	slu_status st;

	*put = 0;
	if (len == 0)
		return slu_failure_again(&tls->failure);
	st = tls->admitted ? check_open(tls) : slu_tls_handshake(tls);
	if (st)
		return st;
	if (tls->closed)
		return slu_fail(
		    SLU_ERR_USAGE, "tls: nothing is written after the close");
	/* libssl may write more than a record, and must finish it. */
	if (tls->wire.out_len > SLU_WIRE_OUT_MAX / 2)
		return SLU_WANT_WRITE;
	if (len <= GATHER_MAX && in_a_row(tls))
		return gather(tls, plain, len, put);
	st = prepare(tls);
	return st ? st : write_record(tls, plain, len, put);
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
	clear_errors();
	ret = SSL_shutdown(tls->ssl);
	if (ret < 0) {
		st = answer(tls, ret);
		if (st)
			return st;
	}
	tls->closed = true;
	return SLU_OK;
}
