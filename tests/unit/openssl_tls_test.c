/* SPDX-License-Identifier: ISC */
/*
 * libssl over chains of ours, and chains of ours over libssl.
 */
#include "certificate.h"
#include "check.h"
#include "choke.h"
#include "contract.h"
#include "faulty.h"
#include "oom.h"
#include "trial.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "sluice/openssl.h"
#include "sluice/pair.h"

#define ROOM 4000 /* bytes that wait between the ends: less than a record */
#define DATA 50000

/* Two ends of a TLS 1.3 connection, each over a chain. */
struct link {
	certificate made;
	SSL_CTX *ctx[2];
	SSL *ssl[2]; /* the client's and the server's */
	slu_bio *chain[2];
};

enum { CLIENT, SERVER };

static SSL_CTX *
new_ctx(const certificate *c, const SSL_METHOD *method)
{
	SSL_CTX *ctx = SSL_CTX_new(method);

	CHECK(ctx != NULL);
	CHECK(SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION));
	CHECK(SSL_CTX_use_certificate(ctx, c->cert) == 1);
	CHECK(SSL_CTX_use_PrivateKey(ctx, c->key) == 1);
	CHECK(X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), c->cert));
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	return ctx;
}

static void
open_link(struct link *l, size_t choke)
{
	if (l->ctx[CLIENT] == NULL) {
		l->made = certificate_make();
		l->ctx[CLIENT] = new_ctx(&l->made, TLS_client_method());
		l->ctx[SERVER] = new_ctx(&l->made, TLS_server_method());
	}
	CHECK_OK(slu_pair_open(&l->chain[CLIENT], &l->chain[SERVER], ROOM));
	for (int i = 0; i < 2; i++) {
		BIO *bio;

		if (choke > 0)
			CHECK_OK(choke_push(&l->chain[i], choke));
		bio = slu_openssl_bio(l->chain[i]);
		l->ssl[i] = SSL_new(l->ctx[i]);
		CHECK(bio != NULL && l->ssl[i] != NULL);
		SSL_set_bio(l->ssl[i], bio, bio);
	}
	CHECK(SSL_set1_host(l->ssl[CLIENT], CERTIFICATE_NAME));
	SSL_set_connect_state(l->ssl[CLIENT]);
	SSL_set_accept_state(l->ssl[SERVER]);
}

/* The link can be opened again. */
static void
hang_up(struct link *l)
{
	for (int i = 0; i < 2; i++) {
		SSL_free(l->ssl[i]);
		slu_bio_free(l->chain[i]);
		l->ssl[i] = NULL;
		l->chain[i] = NULL;
	}
	ERR_clear_error();
}

static void
close_link(struct link *l)
{
	hang_up(l);
	SSL_CTX_free(l->ctx[CLIENT]);
	SSL_CTX_free(l->ctx[SERVER]);
	certificate_free(&l->made);
}

/* Whether a call has to be made again; anything but a wait is a failure. */
static bool
waits(const SSL *ssl, int rc)
{
	int why = SSL_get_error(ssl, rc);

	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
		return true;
	CHECK(why == SSL_ERROR_NONE);
	return false;
}

static void
shake_hands(struct link *l)
{
	bool busy = true;

	for (int round = 0; busy; round++) {
		CHECK(round < 100000);
		busy = false;
		for (int i = 0; i < 2; i++)
			busy |= waits(l->ssl[i], SSL_do_handshake(l->ssl[i]));
	}
	CHECK(SSL_version(l->ssl[CLIENT]) == TLS1_3_VERSION);
	CHECK(SSL_get_verify_result(l->ssl[CLIENT]) == X509_V_OK);
}

/* Send `plain` from one end to the other, as both can. */
static void
send_over(struct link *l, int from, const unsigned char *plain)
{
	SSL *out = l->ssl[from], *in = l->ssl[1 - from];
	unsigned char *got = malloc(DATA);
	size_t sent = 0, received = 0, n;
	int rc;

	CHECK(got != NULL);
	for (int round = 0; received < DATA; round++) {
		CHECK(round < 1000000);
		if (sent < DATA) {
			rc = SSL_write_ex(out, plain + sent, DATA - sent, &n);
			sent += waits(out, rc) ? 0 : n;
		}
		rc = SSL_read_ex(in, got + received, DATA - received, &n);
		received += waits(in, rc) ? 0 : n;
	}
	CHECK_BYTES(plain, DATA, got, received);
	free(got);
}

static void
talk_over(size_t choke)
{
	static unsigned char plain[DATA];
	struct link l = { 0 };

	trial_plain(plain, DATA);
	open_link(&l, choke);
	shake_hands(&l);
	send_over(&l, CLIENT, plain);
	send_over(&l, SERVER, plain);
	close_link(&l);
}

static void
both_ends_of_tls_run_over_chains(void **state)
{
	(void)state;
	talk_over(0);
}

static void
both_ends_of_tls_run_over_chains_that_choke(void **state)
{
	(void)state;
	talk_over(1);
	talk_over(777);
}

static void
a_close_notify_and_an_end_without_one_are_told_apart(void **state)
{
	struct link l = { 0 };
	char byte;
	int rc;

	(void)state;
	open_link(&l, 0);
	shake_hands(&l);
	CHECK(SSL_shutdown(l.ssl[SERVER]) == 0);
	rc = SSL_read(l.ssl[CLIENT], &byte, 1);
	CHECK(SSL_get_error(l.ssl[CLIENT], rc) == SSL_ERROR_ZERO_RETURN);
	hang_up(&l);

	open_link(&l, 0);
	shake_hands(&l);
	CHECK_OK(slu_bio_finish(l.chain[SERVER]));
	ERR_clear_error();
	do {
		rc = SSL_read(l.ssl[CLIENT], &byte, 1);
	} while (SSL_get_error(l.ssl[CLIENT], rc) == SSL_ERROR_WANT_READ);
	CHECK(SSL_get_error(l.ssl[CLIENT], rc) == SSL_ERROR_SSL);
	CHECK(ERR_GET_REASON(ERR_get_error()) ==
	      SSL_R_UNEXPECTED_EOF_WHILE_READING);
	close_link(&l);
}

static void
a_chain_that_fails_is_heard_through_libssl(void **state)
{
	struct link l = { 0 };
	const char *data;
	unsigned long e;
	char byte;
	int rc, flags;

	(void)state;
	open_link(&l, 0);
	shake_hands(&l);
	CHECK_OK(faulty_push(&l.chain[CLIENT], 0));
	SSL_set_bio(l.ssl[CLIENT], slu_openssl_bio(l.chain[CLIENT]), NULL);
	ERR_clear_error();
	rc = SSL_read(l.ssl[CLIENT], &byte, 1);
	CHECK(SSL_get_error(l.ssl[CLIENT], rc) == SSL_ERROR_SSL);
	e = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);
	CHECK(ERR_GET_REASON(e) == SLU_ERR_IO);
	CHECK(strcmp(data, FAULTY_WORDS) == 0);
	hang_up(&l);

	/* The other end is gone, and did not say that it was done. */
	open_link(&l, 0);
	shake_hands(&l);
	while (SSL_read(l.ssl[CLIENT], &byte, 1) > 0)
		;
	SSL_free(l.ssl[SERVER]);
	slu_bio_free(l.chain[SERVER]);
	l.ssl[SERVER] = NULL;
	l.chain[SERVER] = NULL;
	ERR_clear_error();
	rc = SSL_read(l.ssl[CLIENT], &byte, 1);
	CHECK(SSL_get_error(l.ssl[CLIENT], rc) == SSL_ERROR_SSL);
	CHECK(ERR_GET_REASON(ERR_get_error()) == SLU_ERR_TRUNCATED);
	close_link(&l);
}

/* ---- a chain of ours over OpenSSL's TLS BIO over a chain of ours */

struct stream {
	struct link l;
	BIO *tls; /* the client's, which holds one to its chain besides */
	slu_buf moved;
	bool sending; /* the server sends */
};

static slu_status
open_stream(struct stream *s, slu_bio **top)
{
	oom_hold();
	BIO_free_all(s->tls);
	hang_up(&s->l);
	open_link(&s->l, 0);
	s->tls = BIO_new(BIO_f_ssl());
	CHECK(s->tls != NULL);
	BIO_set_ssl(s->tls, s->l.ssl[CLIENT], BIO_NOCLOSE);
	oom_release();
	return slu_openssl_open(top, s->tls);
}

static slu_status
create_stream(slu_bio **top, void *arg)
{
	struct stream *s = arg;

	s->sending = false;
	slu_buf_skip(&s->moved, s->moved.len);
	return open_stream(s, top);
}

static slu_status
open_source(slu_bio **top, void *arg)
{
	struct stream *s = arg;

	s->sending = true;
	return open_stream(s, top);
}

static void
prepare_source(const void *data, size_t len, void *arg)
{
	struct stream *s = arg;

	slu_buf_skip(&s->moved, s->moved.len);
	CHECK_OK(slu_buf_add(&s->moved, data, len));
}

/* Let the server do what it can: shake hands, and take or send. */
static void
serve(struct stream *s)
{
	SSL *server = s->l.ssl[SERVER];
	char buf[4096];
	size_t n;

	if (!SSL_is_init_finished(server) && SSL_do_handshake(server) <= 0)
		return;
	while (!s->sending && SSL_read_ex(server, buf, sizeof(buf), &n))
		CHECK_OK(slu_buf_add(&s->moved, buf, n));
	while (s->sending && s->moved.len > 0) {
		if (!SSL_write_ex(
			server, slu_buf_front(&s->moved), s->moved.len, &n))
			return;
		slu_buf_skip(&s->moved, n);
	}
	if (s->sending)
		(void)SSL_shutdown(server);
}

/* Memory runs out on our side only. */
static void
pump_stream(void *arg)
{
	oom_hold();
	serve(arg);
	oom_release();
}

static void
written_to_stream(slu_buf *out, void *arg)
{
	struct stream *s = arg;

	pump_stream(s);
	CHECK_OK(slu_buf_add(out, slu_buf_front(&s->moved), s->moved.len));
}

static void
tls_of_openssl_holds_the_contract_of_a_sink(void **state)
{
	struct stream s = { .moved = { .limit = TRIAL_ROOM } };
	const contract_sink tls = {
		.name = "openssl, TLS",
		.create = create_stream,
		.written = written_to_stream,
		.prepare = prepare_source,
		.open = open_source,
		.pump = pump_stream,
		.arg = &s,
		.most = 40000,
	};

	(void)state;
	if (check_slow("no handshake for each allocation that can fail"))
		return;
	contract_sink_holds(&tls);
	BIO_free_all(s.tls);
	close_link(&s.l);
	slu_buf_free(&s.moved);
}

/* Read what the server sends until there is something else to say. */
static slu_status
read_on(slu_bio *c, struct stream *s, slu_buf *out)
{
	char buf[100];
	slu_status st;
	size_t n;

	do {
		st = slu_bio_read(c, buf, sizeof(buf), &n);
		CHECK_OK(slu_buf_add(out, buf, n));
		pump_stream(s);
	} while (st == SLU_OK || (st == SLU_WANT_READ && s->moved.len > 0) ||
		 (st == SLU_WANT_READ && out->len == 0));
	return st;
}

static void
a_tls_stream_that_was_cut_is_truncated(void **state)
{
	struct stream s = { .moved = { .limit = TRIAL_ROOM } };
	slu_buf out = { .limit = 100 };
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	for (int cut = 0; cut < 2; cut++) {
		prepare_source("HELLO", 5, &s);
		CHECK_OK(open_source(&c, &s));
		/* Without a close_notify for as long as it matters. */
		SSL_set_quiet_shutdown(s.l.ssl[SERVER], cut);
		if (cut == 0) {
			CHECK_IS(SLU_EOF, read_on(c, &s, &out));
		} else {
			CHECK_IS(SLU_WANT_READ, read_on(c, &s, &out));
			CHECK_OK(slu_bio_finish(s.l.chain[SERVER]));
			CHECK_IS(
			    SLU_ERR_TRUNCATED, slu_bio_read(c, &byte, 1, &n));
		}
		CHECK_BYTES("HELLO", 5, slu_buf_front(&out), out.len);
		slu_buf_free(&out);
		slu_bio_free(c);
		c = NULL;
	}
	BIO_free_all(s.tls);
	close_link(&s.l);
	slu_buf_free(&s.moved);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_of_tls_run_over_chains),
		cmocka_unit_test(both_ends_of_tls_run_over_chains_that_choke),
		cmocka_unit_test(
		    a_close_notify_and_an_end_without_one_are_told_apart),
		cmocka_unit_test(a_chain_that_fails_is_heard_through_libssl),
		cmocka_unit_test(tls_of_openssl_holds_the_contract_of_a_sink),
		cmocka_unit_test(a_tls_stream_that_was_cut_is_truncated),
	};

	return cmocka_run_group_tests_name("openssl_tls", tests, NULL, NULL);
}
