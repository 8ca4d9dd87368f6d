/* SPDX-License-Identifier: ISC */
/* The engine's four doors, between two engines that mean well. */
#include "check.h"
#include "tls_pair.h"

#include <openssl/err.h>

#include "sluice/tls_peer.h"
#include "tls/tls_config_internal.h"
#include "tls/tls_internal.h"

static void
the_client_s_first_drain_is_one_hello(void **state)
{
	tls_pair *p = *state;
	slu_buf out = { 0 };
	const unsigned char *hello;
	unsigned char byte;
	size_t n;

	tls_pair_begin(p, CERTIFICATE_NAME);
	tls_pair_drain(p->client, &out);
	hello = slu_buf_front(&out);
	/* One record (RFC 8446, 5.1) with one message in it (4.1.2). */
	CHECK(out.len > 100 && hello[0] == 22 && hello[1] == 3);
	CHECK(out.len == 5 + (size_t)hello[3] * 256 + hello[4]);
	CHECK(hello[5] == 1 && hello[6] == 0);
	CHECK(out.len == 9 + (size_t)hello[7] * 256 + hello[8]);
	CHECK_IS(SLU_WANT_READ, slu_tls_drain(p->client, &byte, 1, &n));
	CHECK_IS(SLU_WANT_READ, slu_tls_handshake(p->client));
	CHECK_IS(SLU_WANT_READ, slu_tls_drain(p->client, &byte, 1, &n));
	CHECK_IS(SLU_WANT_READ, slu_tls_drain(p->server, &byte, 1, &n));
	slu_buf_free(&out);
}

static void
two_engines_talk_whatever_the_size_of_the_pieces(void **state)
{
	tls_pair *p = *state;
	size_t most = check_slow("few sizes of pieces") ? 3 : 48;

	for (p->step = 0; p->step <= most; p->step++) {
		tls_pair_connect(p);
		tls_pair_say(p, p->client, p->server, "how do you do");
		tls_pair_say(p, p->server, p->client, "how do you do");
		CHECK_OK(slu_tls_close(p->client));
		CHECK_OK(slu_tls_close(p->server));
		(void)tls_pair_carry(p);
		tls_pair_end(p);
	}
}

/*
 * Feed `bytes` in two pieces, the second from `at` on, and read what comes of
 * them: the last answer of a read, or a failure.
 */
static slu_status
feed_split(slu_tls *tls, const void *bytes, size_t len, size_t at, slu_buf *out)
{
	const unsigned char *from = bytes;
	slu_status st = SLU_OK;
	char heard[8];
	size_t n, got;

	for (size_t off = 0; off < len && !slu_failed(st); off += n) {
		st = slu_tls_feed(
		    tls, from + off, (off < at ? at : len) - off, &n);
		while (!slu_failed(st) && (st = slu_tls_read(tls, heard,
					       sizeof(heard), &got)) == SLU_OK)
			CHECK_OK(slu_buf_add(out, heard, got));
	}
	return st;
}

static void
any_split_of_what_is_no_tls_gives_the_same_result(void **state)
{
	static const struct {
		size_t len;
		const char *bytes;
	} kinds[] = {
		{ 18, "GET / HTTP/1.1\r\n\r\n" },
		{ 21, "SSH-2.0-OpenSSH_9.2\r\n" },
		{ 13, "\x16\x03\x03\xff\xff________" },
		{ 10, "\x63\x03\x03\x00\x05hello" },
		{ 20, "nothing of any kind\n" },
	};
	size_t step = check_slow("few splits") ? 7 : 1;
	tls_pair *p = *state;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		slu_buf alert = { 0 }, again = { 0 };
		char words[SLU_ERROR_MAX] = "";

		for (size_t at = 0; at < kinds[i].len; at += step) {
			tls_pair_begin(p, CERTIFICATE_NAME);
			CHECK_IS(SLU_ERR_FORMAT,
			    feed_split(p->server, kinds[i].bytes, kinds[i].len,
				at, &again));
			CHECK(again.len == 0);
			if (at == 0)
				strcpy(words, slu_error());
			assert_string_equal(words, slu_error());
			tls_pair_drain(p->server, at == 0 ? &alert : &again);
			if (at > 0)
				CHECK_BYTES(slu_buf_front(&alert), alert.len,
				    slu_buf_front(&again), again.len);
			slu_buf_free(&again);
			tls_pair_end(p);
		}
		slu_buf_free(&alert);
	}
}

/* What the client has for the server arrives in two pieces. */
static slu_status
arrive_split(tls_pair *p, size_t at, slu_buf *heard, size_t *len)
{
	slu_buf wire = { 0 };
	slu_status st;

	tls_pair_drain(p->client, &wire);
	if (*len < wire.len)
		*len = wire.len;
	st = feed_split(p->server, slu_buf_front(&wire), wire.len,
	    at < wire.len ? at : 0, heard);
	slu_buf_free(&wire);
	return st;
}

static void
any_split_of_a_conversation_gives_the_same_result(void **state)
{
	size_t n, len = 1, step = check_slow("few splits") ? 97 : 1;
	slu_buf heard = { .limit = 100 };
	tls_pair *p = *state;

	for (size_t at = 0; at < len; at += step) {
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_IS(SLU_WANT_READ, arrive_split(p, at, &heard, &len));
		CHECK_OK(tls_pair_shake(p));
		CHECK_OK(slu_tls_write(p->client, "one", 3, &n));
		CHECK_OK(slu_tls_write(p->client, " and two", 8, &n));
		CHECK_OK(slu_tls_close(p->client));
		CHECK_IS(SLU_EOF, arrive_split(p, at, &heard, &len));
		CHECK_BYTES(
		    "one and two", 11, slu_buf_front(&heard), heard.len);
		slu_buf_free(&heard);
		tls_pair_end(p);
	}
}

static void
a_handshake_can_be_done_by_feeding_and_draining_alone(void **state)
{
	tls_pair *p = *state;

	tls_pair_begin(p, CERTIFICATE_NAME);
	while (tls_pair_carry(p))
		;
	CHECK_OK(slu_tls_handshake(p->client));
	CHECK_OK(slu_tls_handshake(p->server));
	tls_pair_say(p, p->server, p->client, "how do you do");
}

static void
a_feed_takes_a_record_and_leaves_the_next(void **state)
{
	static const char *const words[] = { "one", "two", "three" };
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char heard[10];
	size_t n, put;

	tls_pair_connect(p);
	for (int i = 0; i < 3; i++) {
		CHECK_OK(
		    slu_tls_write(p->client, words[i], strlen(words[i]), &put));
		tls_pair_drain(p->client, &wire);
	}
	for (int i = 0; i < 3; i++) {
		CHECK_OK(slu_tls_feed(
		    p->server, slu_buf_front(&wire), wire.len, &n));
		CHECK(n < wire.len || i == 2);
		slu_buf_skip(&wire, n);
		/* Nobody has read: it takes no more. */
		CHECK_IS(SLU_WANT_WRITE, slu_tls_feed(p->server, "x", 1, &n));
		CHECK(n == 0);
		CHECK_OK(slu_tls_read(p->server, heard, sizeof(heard), &n));
		CHECK_BYTES(words[i], strlen(words[i]), heard, n);
	}
	CHECK(wire.len == 0);
	CHECK_IS(SLU_WANT_READ, slu_tls_read(p->server, heard, 1, &n));
	slu_buf_free(&wire);
}

static void
a_part_of_a_record_waits_for_the_rest(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char heard[10];
	size_t n;

	tls_pair_connect(p);
	CHECK_OK(slu_tls_write(p->client, "hello", 5, &n));
	tls_pair_drain(p->client, &wire);
	for (size_t i = 0; i < wire.len; i++) {
		CHECK_IS(SLU_WANT_READ, slu_tls_read(p->server, heard, 5, &n));
		CHECK_OK(
		    slu_tls_feed(p->server, slu_buf_front(&wire) + i, 1, &n));
		CHECK(n == 1);
	}
	CHECK_OK(slu_tls_read(p->server, heard, sizeof(heard), &n));
	CHECK_BYTES("hello", 5, heard, n);
	slu_buf_free(&wire);
}

static void
reading_from_the_wire_takes_what_a_read_needs(void **state)
{
	static const char *const words[] = { "one", "two" };
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char heard[10];
	size_t n, put, used;

	tls_pair_connect(p);
	for (int i = 0; i < 2; i++)
		CHECK_OK(
		    slu_tls_write(p->client, words[i], strlen(words[i]), &put));
	tls_pair_drain(p->client, &wire);
	for (int i = 0; i < 2; i++) {
		CHECK_OK(slu_tls_read_from(p->server, slu_buf_front(&wire),
		    wire.len, &used, heard, sizeof(heard), &n));
		CHECK_BYTES(words[i], strlen(words[i]), heard, n);
		CHECK(used < wire.len || i == 1);
		slu_buf_skip(&wire, used);
	}
	CHECK(wire.len == 0);
	CHECK_OK(slu_tls_write(p->client, "three", 5, &put));
	tls_pair_drain(p->client, &wire);
	CHECK_IS(
	    SLU_WANT_READ, slu_tls_read_from(p->server, slu_buf_front(&wire),
			       wire.len - 1, &used, heard, 5, &n));
	CHECK(used == wire.len - 1 && n == 0);
	CHECK_OK(slu_tls_read_from(
	    p->server, slu_buf_front(&wire) + used, 1, &used, heard, 5, &n));
	CHECK_BYTES("three", 5, heard, n);
	slu_buf_free(&wire);
}

static void
nothing_is_taken_or_given_before_the_handshake(void **state)
{
	tls_pair *p = *state;
	bool done;
	char byte;
	size_t n;

	p->step = 1;
	tls_pair_begin(p, CERTIFICATE_NAME);
	do {
		done = slu_tls_handshake(p->client) == SLU_OK;
		if (!done)
			CHECK_IS(SLU_WANT_READ,
			    slu_tls_write(p->client, "secret", 6, &n));
		CHECK(n == 0);
		CHECK_IS(SLU_WANT_READ, slu_tls_read(p->client, &byte, 1, &n));
		CHECK_IS(SLU_WANT_READ, slu_tls_read(p->server, &byte, 1, &n));
		CHECK(!done || SSL_is_init_finished(p->client->ssl));
	} while (!done && tls_pair_carry(p));
	CHECK(done);
}

static void
a_close_is_an_end_in_its_own_direction(void **state)
{
	tls_pair *p = *state;
	char byte;
	size_t n;

	tls_pair_connect(p);
	CHECK_OK(slu_tls_write(p->client, "a", 1, &n));
	CHECK_OK(slu_tls_close(p->client));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_write(p->client, "x", 1, &n));
	(void)tls_pair_carry(p);
	CHECK_OK(slu_tls_read(p->server, &byte, 1, &n));
	(void)tls_pair_carry(p);
	for (int i = 0; i < 3; i++)
		CHECK_IS(SLU_EOF, slu_tls_read(p->server, &byte, 1, &n));
	tls_pair_say(p, p->server, p->client, "one thing more");
	tls_pair_say(p, p->server, p->client, "and another");
	CHECK_OK(slu_tls_close(p->server));
	CHECK_OK(slu_tls_close(p->server));
	(void)tls_pair_carry(p);
	CHECK_IS(SLU_EOF, slu_tls_read(p->client, &byte, 1, &n));
	CHECK_IS(SLU_EOF, slu_tls_drain(p->client, &byte, 1, &n));
	CHECK_IS(SLU_EOF, slu_tls_drain(p->server, &byte, 1, &n));
}

static void
after_a_close_what_waits_is_drained_before_the_end(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	const void *view;
	size_t n;

	tls_pair_connect(p);
	CHECK_OK(slu_tls_write(p->client, "a", 1, &n));
	CHECK_OK(slu_tls_close(p->client));
	CHECK_OK(slu_tls_drain_view(p->client, &view, &n));
	slu_tls_drained(p->client, 1);
	CHECK_OK(slu_tls_drain_view(p->client, &view, &n));
	tls_pair_drain(p->client, &wire);
	CHECK(wire.len == n);
	CHECK_IS(SLU_EOF, slu_tls_drain_view(p->client, &view, &n));
	CHECK(n == 0);
	slu_tls_drained(p->client, 1);
	slu_buf_free(&wire);
}

static void
what_follows_the_peer_s_close_is_not_taken(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	size_t n, whole;
	char byte;

	tls_pair_connect(p);
	CHECK_OK(slu_tls_close(p->client));
	tls_pair_drain(p->client, &wire);
	whole = wire.len;
	CHECK_OK(slu_buf_add(&wire, "QUIT", 4));
	CHECK_OK(slu_tls_feed(p->server, slu_buf_front(&wire), wire.len, &n));
	CHECK(n == whole);
	CHECK_IS(SLU_EOF, slu_tls_feed(p->server, "QUIT", 4, &n));
	CHECK(n == 0);
	CHECK_IS(SLU_EOF, slu_tls_read(p->server, &byte, 1, &n));
	slu_tls_feed_end(p->server);
	CHECK_IS(SLU_EOF, slu_tls_read(p->server, &byte, 1, &n));
	slu_buf_free(&wire);
}

static void
an_end_without_a_close_is_a_cut(void **state)
{
	tls_pair *p = *state;
	char bytes[10];
	size_t n;

	tls_pair_connect(p);
	CHECK_OK(slu_tls_write(p->server, "all", 3, &n));
	(void)tls_pair_carry(p);
	slu_tls_feed_end(p->client);
	CHECK_OK(slu_tls_read(p->client, bytes, sizeof(bytes), &n));
	CHECK_BYTES("all", 3, bytes, n);
	CHECK_IS(SLU_ERR_TRUNCATED, slu_tls_read(p->client, bytes, 1, &n));
	CHECK_WORDS("without a close_notify");
	tls_pair_must_stay_failed(p->client, SLU_ERR_TRUNCATED);
}

static void
an_end_during_the_handshake_is_a_cut(void **state)
{
	tls_pair *p = *state;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_WANT_READ, slu_tls_handshake(p->client));
	slu_tls_feed_end(p->client);
	CHECK_IS(SLU_ERR_TRUNCATED, slu_tls_handshake(p->client));
	CHECK_WORDS("without an answer");
	tls_pair_end(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK(tls_pair_carry(p));
	slu_tls_feed_end(p->server);
	CHECK_IS(SLU_ERR_TRUNCATED, slu_tls_handshake(p->server));
	CHECK_WORDS("during the handshake");
	tls_pair_must_stay_failed(p->server, SLU_ERR_TRUNCATED);
}

static void
errors_of_others_in_openssl_s_queue_mislead_nobody(void **state)
{
	tls_pair *p = *state;
	const void *view;
	char byte;
	size_t n;

	tls_pair_begin(p, CERTIFICATE_NAME);
	ERR_raise(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING);
	CHECK_IS(SLU_WANT_READ, slu_tls_handshake(p->client));
	ERR_raise(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING);
	CHECK_OK(slu_tls_drain_view(p->client, &view, &n));
	CHECK_OK(slu_tls_feed(p->server, view, 10, &n));
	ERR_raise(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING);
	CHECK_OK(slu_tls_feed(p->server, (const char *)view + 10, 10, &n));
	slu_tls_drained(p->client, 20);
	CHECK_OK(tls_pair_shake(p));
	ERR_raise(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING);
	CHECK_IS(SLU_WANT_READ, slu_tls_read(p->client, &byte, 1, &n));
	ERR_raise(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING);
	CHECK_OK(slu_tls_write(p->client, "x", 1, &n));
	ERR_raise(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING);
	CHECK_OK(slu_tls_close(p->client));
	ERR_clear_error();
}

static void
a_writer_is_stopped_at_the_bound_and_goes_on_later(void **state)
{
	static const char much[100000];
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	slu_status st;
	size_t n, all = 0;

	tls_pair_connect(p);
	while (
	    (st = slu_tls_write(p->client, much, sizeof(much), &n)) == SLU_OK) {
		CHECK(n > 0 && n <= 16384);
		all += n;
		CHECK(all < 100000);
	}
	CHECK(st == SLU_WANT_WRITE && n == 0);
	tls_pair_drain(p->client, &wire);
	CHECK(wire.len > all && wire.len < 64 * 1024 + 17 * 1024);
	CHECK_OK(slu_tls_write(p->client, much, sizeof(much), &n));
	slu_buf_free(&wire);
}

/* More than may wait at a time, and yet no more than what is allowed. */
static void
a_flight_that_is_larger_than_the_bound_goes_in_parts(void **state)
{
	tls_pair *p = *state;

	tls_pair_begin(p, CERTIFICATE_NAME);
	p->client_config->chain_max = 250;
	for (int i = 0; i < 200; i++)
		CHECK(SSL_add1_chain_cert(p->server->ssl, p->root.cert) == 1);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_sent(p->server) > SLU_WIRE_OUT_MAX);
	tls_pair_say(p, p->server, p->client, "how do you do");
}

static void
nothing_can_be_asked_of_any_door(void **state)
{
	tls_pair *p = *state;
	char byte;
	size_t n;

	tls_pair_connect(p);
	CHECK_OK(slu_tls_feed(p->client, NULL, 0, &n));
	CHECK_OK(slu_tls_read(p->client, &byte, 0, &n));
	CHECK_OK(slu_tls_write(p->client, NULL, 0, &n));
	CHECK_OK(slu_tls_write(p->client, "x", 1, &n));
	CHECK_OK(slu_tls_drain(p->client, &byte, 0, &n));
	CHECK(n == 0);
	slu_tls_drained(p->client, 0);
	slu_tls_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(the_client_s_first_drain_is_one_hello),
		WITH_PAIR(two_engines_talk_whatever_the_size_of_the_pieces),
		WITH_PAIR(any_split_of_what_is_no_tls_gives_the_same_result),
		WITH_PAIR(any_split_of_a_conversation_gives_the_same_result),
		WITH_PAIR(
		    a_handshake_can_be_done_by_feeding_and_draining_alone),
		WITH_PAIR(a_feed_takes_a_record_and_leaves_the_next),
		WITH_PAIR(a_part_of_a_record_waits_for_the_rest),
		WITH_PAIR(reading_from_the_wire_takes_what_a_read_needs),
		WITH_PAIR(nothing_is_taken_or_given_before_the_handshake),
		WITH_PAIR(a_close_is_an_end_in_its_own_direction),
		WITH_PAIR(after_a_close_what_waits_is_drained_before_the_end),
		WITH_PAIR(what_follows_the_peer_s_close_is_not_taken),
		WITH_PAIR(an_end_without_a_close_is_a_cut),
		WITH_PAIR(an_end_during_the_handshake_is_a_cut),
		WITH_PAIR(errors_of_others_in_openssl_s_queue_mislead_nobody),
		WITH_PAIR(a_writer_is_stopped_at_the_bound_and_goes_on_later),
		WITH_PAIR(a_flight_that_is_larger_than_the_bound_goes_in_parts),
		WITH_PAIR(nothing_can_be_asked_of_any_door),
	};

	return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
