/* SPDX-License-Identifier: ISC */
/* The engine and a peer, or somebody between them, that means no good. */
#include "check.h"
#include "oom.h"
#include "tls_pair.h"

#include "sluice/tls_peer.h"
#include "tls/tls_config_internal.h"
#include "tls/tls_internal.h"

/* The server gets `len` bytes that are no TLS; it fails for good. */
static void
feed_server(tls_pair *p, const void *bytes, size_t len, const char *words)
{
	size_t n;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_FORMAT, slu_tls_feed(p->server, bytes, len, &n));
	CHECK_WORDS(words);
	CHECK(n == 0);
	tls_pair_must_stay_failed(p->server, SLU_ERR_FORMAT);
	tls_pair_end(p);
}

static void
feed_client(tls_pair *p, const char *bytes, const char *words)
{
	size_t n;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_WANT_READ, slu_tls_handshake(p->client));
	CHECK_IS(
	    SLU_ERR_FORMAT, slu_tls_feed(p->client, bytes, strlen(bytes), &n));
	CHECK_WORDS(words);
	tls_pair_must_stay_failed(p->client, SLU_ERR_FORMAT);
	tls_pair_end(p);
}

static void
who_speaks_something_else_is_told_apart(void **state)
{
	tls_pair *p = *state;

	feed_server(p, "GET / HTTP/1.1\r\n\r\n", 18, "speaks HTTP");
	feed_server(p, "CONNECT a:1 HTTP/1.1\r\n\r\n", 24, "speaks HTTP");
	feed_server(p, "SSH-2.0-OpenSSH_9.2\r\n", 21, "speaks SSH");
	feed_server(p, "\x17\x03\x03\x00\x01x", 6, "tls: ");
	feed_server(p, "\x16\x03\x03\xff\xff________", 13, "longer than TLS");
	feed_server(p, "\x63\x03\x03\x00\x05hello", 10, "tls: ");
	feed_server(p, "nothing of any kind\n", 20, "not TLS");
	feed_client(p, "HTTP/1.1 400 Bad Request\r\n\r\n", "speaks HTTP");
	feed_client(p, "220 mail.example ESMTP\r\n", "speaks SMTP or FTP");
	feed_client(p, "* OK IMAP4rev1\r\n", "speaks IMAP");
	feed_client(p, "nothing of any kind\n", "not TLS");
}

/* Feed what a client wrote, changed at `at`; -1: its last byte. */
static void
feed_spoiled(tls_pair *p, long at, unsigned char flip)
{
	slu_buf wire = { 0 };
	char byte = 'y';
	size_t n;

	CHECK_OK(slu_tls_write(p->client, "xxx", 3, &n));
	tls_pair_drain(p->client, &wire);
	wire.mem[wire.off + (at < 0 ? wire.len - 1 : (size_t)at)] ^= flip;
	CHECK(slu_failed(
	    slu_tls_feed(p->server, slu_buf_front(&wire), wire.len, &n)));
	CHECK(slu_failed(slu_tls_read(p->server, &byte, 1, &n)));
	CHECK(byte == 'y' && n == 0);
	slu_buf_free(&wire);
}

static void
a_corrupt_record_ends_it_and_the_peer_learns_why(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char byte;
	size_t n;

	for (long at = -1; at < 7; at += at < 0 ? 6 : 1) {
		tls_pair_connect(p);
		(void)tls_pair_carry(p);
		feed_spoiled(p, at, 0x01);
		CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(p->server));
		CHECK_WORDS("forged, or damaged");
		tls_pair_drain(p->server, &wire);
		tls_pair_must_stay_failed(p->server, SLU_ERR_AUTH);
		CHECK_IS(SLU_ERR_PEER, slu_tls_feed(p->client,
					   slu_buf_front(&wire), wire.len, &n));
		CHECK_WORDS("(alert bad_record_mac)");
		CHECK_IS(SLU_ERR_PEER, slu_tls_read(p->client, &byte, 1, &n));
		CHECK_WORDS("(alert bad_record_mac)");
		tls_pair_must_stay_failed(p->client, SLU_ERR_PEER);
		tls_pair_end(p);
		slu_buf_free(&wire);
	}
}

static void
a_header_that_lies_ends_it(void **state)
{
	tls_pair *p = *state;

	for (long at = 0; at < 3; at++) {
		tls_pair_connect(p);
		(void)tls_pair_carry(p);
		feed_spoiled(p, at, 0x40);
		CHECK(slu_failed(p->server->failure.st));
		tls_pair_must_stay_failed(
		    p->server, slu_tls_handshake(p->server));
		tls_pair_end(p);
	}
	/* One that is too long, before its bytes have come. */
	tls_pair_connect(p);
	(void)tls_pair_carry(p);
	feed_spoiled(p, 3, 0x80);
	CHECK_IS(SLU_ERR_FORMAT, slu_tls_handshake(p->server));
	CHECK_WORDS("longer than TLS");
}

static void
what_came_before_a_corrupt_record_is_delivered(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char heard[10];
	size_t n, used;

	tls_pair_connect(p);
	CHECK_OK(slu_tls_write(p->client, "good", 4, &n));
	CHECK_OK(slu_tls_write(p->client, "bad", 3, &n));
	tls_pair_drain(p->client, &wire);
	wire.mem[wire.off + wire.len - 1] ^= 1;
	CHECK_OK(
	    slu_tls_feed(p->server, slu_buf_front(&wire), wire.len, &used));
	slu_buf_skip(&wire, used);
	CHECK_OK(slu_tls_read(p->server, heard, sizeof(heard), &n));
	CHECK_BYTES("good", 4, heard, n);
	CHECK_IS(SLU_ERR_AUTH,
	    slu_tls_feed(p->server, slu_buf_front(&wire), wire.len, &used));
	tls_pair_must_stay_failed(p->server, SLU_ERR_AUTH);
	slu_buf_free(&wire);
}

static void
another_name_than_the_certificate_s_is_refused(void **state)
{
	tls_pair *p = *state;

	tls_pair_begin(p, "other.test");
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	CHECK_IS(SLU_ERR_PEER, slu_tls_handshake(p->server));
	CHECK_WORDS("refused by the peer");
	tls_pair_must_stay_failed(p->server, SLU_ERR_PEER);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(p->client));
	tls_pair_must_stay_failed(p->client, SLU_ERR_AUTH);
}

static void
an_unanswered_failure_leaves_its_alert(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	size_t n;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_FORMAT,
	    slu_tls_feed(p->server, "\x16\x03\x03\xff\xff____", 9, &n));
	tls_pair_drain(p->server, &wire);
	/* A fatal alert, in the clear: record_overflow. */
	CHECK_BYTES(
	    "\x15\x03\x03\x00\x02\x02\x16", 7, slu_buf_front(&wire), wire.len);
	slu_buf_free(&wire);
}

static void
a_close_during_the_handshake_is_a_refusal(void **state)
{
	static const char close_notify[] = "\x15\x03\x03\x00\x02\x01";
	tls_pair *p = *state;
	size_t n;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_WANT_READ, slu_tls_handshake(p->client));
	CHECK_IS(SLU_ERR_PEER, slu_tls_feed(p->client, close_notify, 7, &n));
	CHECK_WORDS("(alert close_notify)");
	CHECK(n == 0 && slu_tls_peer_alert(p->client) == 0);
	tls_pair_must_stay_failed(p->client, SLU_ERR_PEER);
}

static void
a_write_without_memory_fails_after_the_peer_s_end_too(void **state)
{
	tls_pair *p = *state;
	slu_status st = SLU_ERR_MEMORY;
	oom_hit hit;
	char byte;
	size_t n;

	for (size_t k = 0; st != SLU_OK; k++) {
		tls_pair_connect(p);
		CHECK_OK(slu_tls_close(p->server));
		(void)tls_pair_carry(p);
		CHECK_IS(SLU_EOF, slu_tls_read(p->client, &byte, 1, &n));
		oom_arm(k);
		st = slu_tls_write(p->client, "x", 1, &n);
		hit = oom_disarm();
		CHECK_IS(hit == OOM_NONE ? SLU_OK : SLU_ERR_MEMORY, st);
		if (st)
			tls_pair_must_stay_failed(p->client, SLU_ERR_MEMORY);
		tls_pair_end(p);
	}
}

/* The limit is passed by what is no hello, either. */
static void
a_handshake_that_is_too_long_leaves_no_error_behind(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	size_t n;

	tls_pair_begin(p, CERTIFICATE_NAME);
	p->server_config->handshake_max = 100;
	tls_pair_drain(p->client, &wire);
	memset(wire.mem + wire.off + 43, 0xff, wire.len - 43);
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_tls_feed(p->server, slu_buf_front(&wire), wire.len, &n));
	tls_pair_must_stay_failed(p->server, SLU_ERR_LIMIT);
	slu_buf_free(&wire);
}

/*
 * One end asks for a new handshake, and the other one has none of it.  libssl
 * takes such a refusal to heart, so that the one that asked is done with.
 */
static void
ask_for_a_handshake(slu_tls *asks, slu_tls *refuses)
{
	slu_buf wire = { 0 };
	size_t n;
	char byte;

	SSL_clear_options(asks->ssl, SSL_OP_NO_RENEGOTIATION);
	CHECK(SSL_renegotiate(asks->ssl) == 1);
	(void)SSL_do_handshake(asks->ssl);
	tls_pair_drain(asks, &wire);
	CHECK(wire.len > 0);
	CHECK_OK(slu_tls_feed(refuses, slu_buf_front(&wire), wire.len, &n));
	CHECK(n == wire.len);
	slu_buf_free(&wire);
	CHECK_IS(SLU_WANT_READ, slu_tls_read(refuses, &byte, 1, &n));
	CHECK_OK(slu_tls_handshake(refuses));
	tls_pair_drain(refuses, &wire);
	CHECK(
	    slu_failed(slu_tls_feed(asks, slu_buf_front(&wire), wire.len, &n)));
	CHECK_OK(slu_tls_write(refuses, "still here", 10, &n));
	CHECK_OK(slu_tls_close(refuses));
	slu_buf_free(&wire);
}

static void
a_client_that_renegotiates_is_refused_and_the_server_lives(void **state)
{
	tls_pair *p = *state;

	tls_pair_connect(p);
	ask_for_a_handshake(p->client, p->server);
}

static void
a_server_that_renegotiates_is_refused_and_the_client_lives(void **state)
{
	tls_pair *p = *state;

	tls_pair_connect(p);
	ask_for_a_handshake(p->server, p->client);
}

/* One change of keys, the peer's asked for as well. */
static void
change_keys(slu_tls *tls)
{
	CHECK(SSL_key_update(tls->ssl, SSL_KEY_UPDATE_REQUESTED) == 1);
	CHECK(SSL_do_handshake(tls->ssl) == 1);
}

static void
keys_change_as_often_as_there_is_data(void **state)
{
	tls_pair *p = *state;

	tls_pair_connect(p);
	for (int i = 0; i < 300; i++) {
		change_keys(i % 2 == 0 ? p->client : p->server);
		tls_pair_say(p, p->client, p->server, "there");
		tls_pair_say(p, p->server, p->client, "back");
	}
}

static void
a_flood_of_key_changes_is_stopped(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	slu_status st = SLU_OK;
	int changes = 0;
	size_t n;

	tls_pair_connect(p);
	while (!slu_failed(st)) {
		CHECK(changes++ < 300);
		change_keys(p->client);
		tls_pair_drain(p->client, &wire);
		st =
		    slu_tls_feed(p->server, slu_buf_front(&wire), wire.len, &n);
		CHECK(slu_failed(st) || n == wire.len);
		slu_buf_skip(&wire, wire.len);
	}
	CHECK(changes > 30);
	CHECK(p->server->wire.out_len < SLU_WIRE_OUT_MAX);
	CHECK_IS(SLU_ERR_LIMIT, slu_tls_handshake(p->server));
	tls_pair_must_stay_failed(p->server, SLU_ERR_LIMIT);
	slu_buf_free(&wire);
}

static void
who_has_closed_says_nothing_to_a_change_of_keys(void **state)
{
	tls_pair *p = *state;
	char byte;
	size_t n;

	tls_pair_connect(p);
	CHECK_OK(slu_tls_close(p->client));
	(void)tls_pair_carry(p);
	change_keys(p->server);
	tls_pair_say(p, p->server, p->client, "still here");
	CHECK_IS(SLU_EOF, slu_tls_drain(p->client, &byte, 1, &n));
	tls_pair_say(p, p->server, p->client, "and here");
}

static void
a_flood_of_records_of_one_byte_is_read_within_bounds(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char bytes[100];
	size_t n, got = 0, most = check_slow("a small flood") ? 500 : 20000;

	tls_pair_connect(p);
	for (size_t i = 0; i < most; i++) {
		CHECK_OK(slu_tls_write(p->client, "x", 1, &n));
		tls_pair_drain(p->client, &wire);
	}
	while (wire.len > 0) {
		CHECK_OK(slu_tls_feed(
		    p->server, slu_buf_front(&wire), wire.len, &n));
		slu_buf_skip(&wire, n);
		CHECK_OK(slu_tls_read(p->server, bytes, sizeof(bytes), &n));
		got += n;
	}
	CHECK(got == most);
	slu_buf_free(&wire);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(who_speaks_something_else_is_told_apart),
		WITH_PAIR(a_corrupt_record_ends_it_and_the_peer_learns_why),
		WITH_PAIR(a_header_that_lies_ends_it),
		WITH_PAIR(what_came_before_a_corrupt_record_is_delivered),
		WITH_PAIR(another_name_than_the_certificate_s_is_refused),
		WITH_PAIR(an_unanswered_failure_leaves_its_alert),
		WITH_PAIR(a_close_during_the_handshake_is_a_refusal),
		WITH_PAIR(
		    a_write_without_memory_fails_after_the_peer_s_end_too),
		WITH_PAIR(a_handshake_that_is_too_long_leaves_no_error_behind),
		WITH_PAIR_1_2(
		    a_client_that_renegotiates_is_refused_and_the_server_lives),
		WITH_PAIR_1_2(
		    a_server_that_renegotiates_is_refused_and_the_client_lives),
		WITH_PAIR_1_3(keys_change_as_often_as_there_is_data),
		WITH_PAIR_1_3(a_flood_of_key_changes_is_stopped),
		WITH_PAIR_1_3(who_has_closed_says_nothing_to_a_change_of_keys),
		WITH_PAIR(a_flood_of_records_of_one_byte_is_read_within_bounds),
	};

	return cmocka_run_group_tests_name("tls_hostile", tests, NULL, NULL);
}
