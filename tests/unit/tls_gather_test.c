/* SPDX-License-Identifier: ISC */
/* Small writes in a row: they share a record, and none is late or lost. */
#include "check.h"
#include "oom.h"
#include "tls_pair.h"

#include <openssl/ssl3.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/pair.h"
#include "sluice/tls_hooks.h"
#include "sluice/tls_stream.h"

#define LARGE (10 * 1024)

static unsigned char large[LARGE];

static void
write_all(slu_tls *tls, const void *plain, size_t len)
{
	size_t put;

	CHECK_OK(slu_tls_write(tls, plain, len, &put));
	CHECK(put == len);
}

static size_t
count_records(const slu_buf *wire)
{
	const unsigned char *at = slu_buf_front(wire);
	size_t left = wire->len, count = 0, len;

	for (; left > 0; count++) {
		CHECK(left >= SSL3_RT_HEADER_LENGTH);
		len = SSL3_RT_HEADER_LENGTH + ((size_t)at[3] << 8 | at[4]);
		CHECK(left >= len);
		at += len;
		left -= len;
	}
	return count;
}

/* The first record of `wire` says `word`, and is taken off. */
static void
must_say(slu_tls *tls, slu_buf *wire, const char *word)
{
	char heard[20];
	size_t n, used;

	CHECK_OK(slu_tls_read_from(tls, slu_buf_front(wire), wire->len, &used,
	    heard, sizeof(heard), &n));
	CHECK_BYTES(word, strlen(word), heard, n);
	slu_buf_skip(wire, used);
}

/* Drain `records` of them, and hear what they say. */
static void
must_arrive(tls_pair *p, size_t records, const void *plain, size_t len)
{
	unsigned char *heard = malloc(len + 1);
	slu_buf wire = { 0 };
	size_t n, used, all = 0;
	slu_status st;

	CHECK(heard != NULL);
	tls_pair_drain(p->client, &wire);
	CHECK(count_records(&wire) == records);
	do {
		st = slu_tls_read_from(p->server, slu_buf_front(&wire),
		    wire.len, &used, heard + all, len + 1 - all, &n);
		slu_buf_skip(&wire, used);
		all += n;
	} while (st == SLU_OK && all < len);
	CHECK_OK(st);
	CHECK_BYTES(plain, len, heard, all);
	slu_buf_free(&wire);
	free(heard);
}

static void
small_writes_in_a_row_share_a_record(void **state)
{
	tls_pair *p = *state;

	tls_pair_connect(p);
	for (int i = 0; i < 2; i++) {
		write_all(p->client, "one", 3);
		write_all(p->client, "two", 3);
		write_all(p->client, "three", 5);
		must_arrive(p, 2, "onetwothree", 11);
	}
}

static void
a_write_that_is_alone_waits_for_no_other(void **state)
{
	tls_pair *p = *state;

	tls_pair_connect(p);
	for (int i = 0; i < 3; i++) {
		write_all(p->client, "one", 3);
		must_arrive(p, 1, "one", 3);
	}
}

static void
a_large_write_goes_behind_the_small_ones_before_it(void **state)
{
	static unsigned char all[6 + LARGE + 4] = "onetwo";
	tls_pair *p = *state;

	memcpy(all + 6, large, LARGE);
	memcpy(all + 6 + LARGE, "four", 4);
	tls_pair_connect(p);
	write_all(p->client, "one", 3);
	write_all(p->client, "two", 3);
	write_all(p->client, large, LARGE);
	write_all(p->client, "four", 4);
	must_arrive(p, 4, all, sizeof(all));
}

static void
a_record_takes_as_many_as_fit(void **state)
{
	static unsigned char all[31 * 1000];
	tls_pair *p = *state;

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)(i * 7 + i / 256);
	tls_pair_connect(p);
	for (size_t i = 0; i < sizeof(all); i += 1000)
		write_all(p->client, all + i, 1000);
	/* One, and thirty: sixteen, and fourteen. */
	must_arrive(p, 3, all, sizeof(all));
}

static void
a_close_is_behind_what_was_written(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char byte;
	size_t n, used;

	tls_pair_connect(p);
	write_all(p->client, "one", 3);
	write_all(p->client, "two", 3);
	CHECK_OK(slu_tls_close(p->client));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_write(p->client, "x", 1, &n));
	CHECK(n == 0);
	tls_pair_drain(p->client, &wire);
	CHECK(count_records(&wire) == 3);
	must_say(p->server, &wire, "one");
	must_say(p->server, &wire, "two");
	CHECK_IS(SLU_EOF, slu_tls_read_from(p->server, slu_buf_front(&wire),
			      wire.len, &used, &byte, 1, &n));
	CHECK(used == wire.len);
	slu_buf_free(&wire);
}

static void
a_refusal_is_behind_what_was_written(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char byte;
	size_t n, used;

	tls_pair_connect(p);
	write_all(p->client, "one", 3);
	write_all(p->client, "two", 3);
	CHECK_IS(SLU_ERR_AUTH,
	    slu_tls_refuse(p->client, SLU_TLS_ALERT_NONE, "because"));
	CHECK_WORDS("because");
	tls_pair_drain(p->client, &wire);
	CHECK(count_records(&wire) == 3);
	must_say(p->server, &wire, "one");
	must_say(p->server, &wire, "two");
	CHECK_IS(SLU_EOF, slu_tls_read_from(p->server, slu_buf_front(&wire),
			      wire.len, &used, &byte, 1, &n));
	CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(p->client));
	tls_pair_must_stay_failed(p->client, SLU_ERR_AUTH);
	slu_buf_free(&wire);
}

/* The peer reads to the end: whether it hears of one, and of how much. */
static size_t
hear_out(tls_pair *p, slu_status *end)
{
	unsigned char heard[LARGE];
	slu_buf wire = { 0 };
	size_t n, used, all = 0;

	tls_pair_drain(p->client, &wire);
	slu_tls_feed_end(p->server);
	do {
		*end = slu_tls_read_from(p->server, slu_buf_front(&wire),
		    wire.len, &used, heard, sizeof(heard), &n);
		slu_buf_skip(&wire, used);
		all += n;
	} while (*end == SLU_OK);
	slu_buf_free(&wire);
	return all;
}

/* What cannot be sent is not passed over in silence. */
static void
a_refusal_that_cannot_send_it_is_no_proper_end(void **state)
{
	tls_pair *p = *state;
	oom_hit hit = OOM_OURS;
	slu_status end;
	size_t heard, cut = 0;

	for (size_t k = 0; hit != OOM_NONE; k++) {
		tls_pair_connect(p);
		write_all(p->client, "one", 3);
		/* There is no room for it where the first one waits. */
		write_all(p->client, large, LARGE / 2);
		oom_arm(k);
		CHECK_IS(SLU_ERR_AUTH,
		    slu_tls_refuse(p->client, SLU_TLS_ALERT_NONE, "because"));
		hit = oom_disarm();
		CHECK_WORDS("because");
		heard = hear_out(p, &end);
		CHECK(heard == 3 || heard == 3 + LARGE / 2);
		/* libssl may have an alert of its own, or miss a number. */
		if (heard == 3)
			CHECK(slu_failed(end));
		if (hit == OOM_NONE)
			CHECK(heard > 3 && end == SLU_EOF);
		cut += heard == 3;
		CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(p->client));
		tls_pair_must_stay_failed(p->client, SLU_ERR_AUTH);
		tls_pair_end(p);
	}
	CHECK(cut > 1);
}

/* What fails afterwards does not take back what was accepted before. */
static void
a_read_that_fails_leaves_what_was_written_to_be_drained(void **state)
{
	static const unsigned char junk[] = { 23, 3, 3, 0, 4, 1, 2, 3, 4 };
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	size_t used;

	tls_pair_connect(p);
	write_all(p->client, "one", 3);
	write_all(p->client, "two", 3);
	CHECK(slu_failed(slu_tls_feed(p->client, junk, sizeof(junk), &used)));
	tls_pair_drain(p->client, &wire);
	/* These, and an alert. */
	CHECK(count_records(&wire) == 3);
	must_say(p->server, &wire, "one");
	must_say(p->server, &wire, "two");
	slu_buf_free(&wire);
}

static void
the_peer_s_end_leaves_what_was_written_to_be_drained(void **state)
{
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char byte;
	size_t n, used;

	for (int cut = 0; cut < 2; cut++) {
		tls_pair_connect(p);
		write_all(p->client, "one", 3);
		write_all(p->client, "two", 3);
		if (cut)
			slu_tls_feed_end(p->client);
		else
			CHECK_OK(slu_tls_close(p->server));
		tls_pair_drain(p->server, &wire);
		CHECK_IS(cut ? SLU_ERR_TRUNCATED : SLU_EOF,
		    slu_tls_read_from(p->client, slu_buf_front(&wire), wire.len,
			&used, &byte, 1, &n));
		slu_buf_free(&wire);
		tls_pair_drain(p->client, &wire);
		must_say(p->server, &wire, "one");
		must_say(p->server, &wire, "two");
		slu_buf_free(&wire);
		tls_pair_end(p);
	}
}

/* An alert of the peer's, who hears nothing any more. */
static void
the_peer_s_failure_leaves_what_was_written_to_be_drained(void **state)
{
	static const unsigned char junk[] = { 23, 3, 3, 0, 4, 1, 2, 3, 4 };
	tls_pair *p = *state;
	slu_buf wire = { 0 };
	char byte;
	size_t n, used;

	tls_pair_connect(p);
	write_all(p->client, "one", 3);
	write_all(p->client, "two", 3);
	CHECK(slu_failed(slu_tls_feed(p->server, junk, sizeof(junk), &used)));
	tls_pair_drain(p->server, &wire);
	CHECK_IS(
	    SLU_ERR_PEER, slu_tls_read_from(p->client, slu_buf_front(&wire),
			      wire.len, &used, &byte, 1, &n));
	slu_buf_free(&wire);
	tls_pair_drain(p->client, &wire);
	CHECK(count_records(&wire) == 2);
	slu_buf_free(&wire);
}

static void
without_memory_a_write_fails_and_the_one_before_leaves(void **state)
{
	tls_pair *p = *state;
	slu_status st;
	size_t put;

	tls_pair_connect(p);
	write_all(p->client, "one", 3);
	oom_arm(0);
	st = slu_tls_write(p->client, "two", 3, &put);
	CHECK(oom_disarm() == OOM_OURS);
	CHECK(st == SLU_ERR_MEMORY && put == 0);
	must_arrive(p, 1, "one", 3);
	tls_pair_must_stay_failed(p->client, SLU_ERR_MEMORY);
}

/* They are offered once; what libssl is lent does not change that. */
static void
a_chain_sends_them_with_a_flush_or_a_read(void **state)
{
	tls_pair *p = *state;
	slu_bio *ends[2] = { NULL, NULL };
	char heard[20];
	size_t n;

	tls_pair_connect(p);
	CHECK_OK(slu_pair_open(&ends[0], &ends[1], 4096));
	CHECK_OK(slu_tls_push(&ends[0], p->client));
	CHECK_OK(slu_tls_push(&ends[1], p->server));
	for (int i = 0; i < 2; i++) {
		for (int k = 0; k < 3; k++)
			CHECK_OK(slu_bio_write(ends[0], "word", 4, &n));
		/* The first one is below. */
		CHECK_OK(slu_bio_read(ends[1], heard, sizeof(heard), &n));
		CHECK_BYTES("word", 4, heard, n);
		CHECK_IS(SLU_WANT_READ, slu_bio_read(ends[1], heard, 1, &n));
		if (i == 0)
			CHECK_OK(slu_bio_flush(ends[0]));
		else
			CHECK_IS(
			    SLU_WANT_READ, slu_bio_read(ends[0], heard, 1, &n));
		CHECK_OK(slu_bio_read(ends[1], heard, sizeof(heard), &n));
		CHECK_BYTES("wordword", 8, heard, n);
	}
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

static void
a_chain_that_is_refused_sends_them_first(void **state)
{
	tls_pair *p = *state;
	slu_bio *ends[2] = { NULL, NULL };
	char heard[20];
	size_t n;

	tls_pair_connect(p);
	CHECK_OK(slu_pair_open(&ends[0], &ends[1], 4096));
	CHECK_OK(slu_tls_push(&ends[0], p->client));
	CHECK_OK(slu_tls_push(&ends[1], p->server));
	CHECK_OK(slu_bio_write(ends[0], "first", 5, &n));
	CHECK_OK(slu_bio_write(ends[0], "second", 6, &n));
	CHECK_IS(SLU_ERR_AUTH,
	    slu_tls_refuse(p->client, SLU_TLS_ALERT_NONE, "because"));
	CHECK_IS(SLU_ERR_AUTH, slu_bio_read(ends[0], heard, 1, &n));
	CHECK_OK(slu_bio_read(ends[1], heard, sizeof(heard), &n));
	CHECK_BYTES("first", 5, heard, n);
	CHECK_OK(slu_bio_read(ends[1], heard, sizeof(heard), &n));
	CHECK_BYTES("second", 6, heard, n);
	CHECK_IS(SLU_EOF, slu_bio_read(ends[1], heard, 1, &n));
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(small_writes_in_a_row_share_a_record),
		WITH_PAIR(a_write_that_is_alone_waits_for_no_other),
		WITH_PAIR(a_large_write_goes_behind_the_small_ones_before_it),
		WITH_PAIR(a_record_takes_as_many_as_fit),
		WITH_PAIR(a_close_is_behind_what_was_written),
		WITH_PAIR(a_refusal_is_behind_what_was_written),
		WITH_PAIR(a_refusal_that_cannot_send_it_is_no_proper_end),
		WITH_PAIR(the_peer_s_end_leaves_what_was_written_to_be_drained),
		WITH_PAIR(
		    the_peer_s_failure_leaves_what_was_written_to_be_drained),
		WITH_PAIR(
		    a_read_that_fails_leaves_what_was_written_to_be_drained),
		WITH_PAIR(
		    without_memory_a_write_fails_and_the_one_before_leaves),
		WITH_PAIR(a_chain_sends_them_with_a_flush_or_a_read),
		WITH_PAIR(a_chain_that_is_refused_sends_them_first),
	};

	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (unsigned char)(i * 5 + i / 256);
	return cmocka_run_group_tests_name("tls gather", tests, NULL, NULL);
}
