/* SPDX-License-Identifier: ISC */
/* A stream of TLS, and what lies below it. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "contract.h"
#include "faulty.h"
#include "oom.h"
#include "sluice/fd.h"
#include "sluice/mem.h"
#include "sluice/pair.h"
#include "sluice/tls_stream.h"
#include "sluice/wait.h"
#include "tls/tls_internal.h"
#include "tls_talk.h"
#include "trial.h"

#define ROOM 4000 /* bytes that wait between the ends: less than a record */
#define MUCH (16 * 1024 * 1024)

/* A client's chain, which is tried, and a server's, which serves it. */
struct far {
	tls_pair *p;
	slu_bio *other;
	slu_buf moved;
	bool sending; /* the server sends */
};

static slu_status
open_stream(struct far *f, slu_bio **top)
{
	slu_status st;

	oom_hold();
	slu_bio_free(f->other);
	f->other = NULL;
	tls_pair_end(f->p);
	tls_pair_begin(f->p, CERTIFICATE_NAME);
	CHECK_OK(slu_pair_open(top, &f->other, ROOM));
	CHECK_OK(slu_tls_push(&f->other, f->p->server));
	oom_release();
	st = slu_tls_push(top, f->p->client);
	if (st == SLU_OK)
		return SLU_OK;
	slu_bio_free(*top);
	*top = NULL;
	return st;
}

static slu_status
create_stream(slu_bio **top, void *arg)
{
	struct far *f = arg;

	f->sending = false;
	slu_buf_skip(&f->moved, f->moved.len);
	return open_stream(f, top);
}

static slu_status
open_source(slu_bio **top, void *arg)
{
	struct far *f = arg;

	f->sending = true;
	return open_stream(f, top);
}

static void
prepare_source(const void *data, size_t len, void *arg)
{
	struct far *f = arg;

	slu_buf_skip(&f->moved, f->moved.len);
	CHECK_OK(slu_buf_add(&f->moved, data, len));
}

/* Let the server do what it can. */
static void
serve(struct far *f)
{
	char buf[4096];
	slu_status st = SLU_OK;
	size_t n;

	while (st == SLU_OK && !f->sending) {
		st = slu_bio_read(f->other, buf, sizeof(buf), &n);
		CHECK_OK(slu_buf_add(&f->moved, buf, n));
	}
	while (st == SLU_OK && f->moved.len > 0) {
		st = slu_bio_write(
		    f->other, slu_buf_front(&f->moved), f->moved.len, &n);
		slu_buf_skip(&f->moved, n);
	}
	if (st == SLU_OK && f->sending)
		st = slu_bio_finish(f->other);
	(void)st;
}

/* Memory runs out on our side only. */
static void
pump(void *arg)
{
	oom_hold();
	serve(arg);
	oom_release();
}

static void
written_to_stream(slu_buf *out, void *arg)
{
	struct far *f = arg;

	pump(f);
	CHECK_OK(slu_buf_add(out, slu_buf_front(&f->moved), f->moved.len));
}

static void
a_stream_holds_the_contract_of_a_sink(void **state)
{
	struct far f = { .p = *state, .moved = { .limit = TRIAL_ROOM } };
	const contract_sink tls = {
		.name = "tls",
		.create = create_stream,
		.written = written_to_stream,
		.prepare = prepare_source,
		.open = open_source,
		.pump = pump,
		.arg = &f,
		.most = 40000,
	};

	if (check_slow("no handshake for each allocation that can fail"))
		return;
	contract_sink_holds(&tls);
	slu_bio_free(f.other);
	slu_buf_free(&f.moved);
}

/* What is below fails at each call in turn: a chain that says so, for good. */
static void
a_failure_below_is_told_in_its_own_words(void **state)
{
	struct far f = { .p = *state, .moved = { .limit = TRIAL_ROOM } };
	static const trial_pace whole = { .name = "whole" };
	trial t = { .room = "tls", .pace = "over what fails", .pump = pump };
	size_t step = check_slow("not each call, but every ninth") ? 9 : 1;
	slu_status st = SLU_ERR_IO;

	t.arg = &f;
	for (size_t k = 0; st != SLU_OK; k += step) {
		slu_bio *c = NULL;

		CHECK(k < 1000);
		f.sending = false;
		CHECK_OK(slu_pair_open(&c, &f.other, ROOM));
		CHECK_OK(faulty_push(&c, k));
		tls_talk_push(f.p, &c, &f.other);
		st = trial_write(&t, c, (const void *)"hello", 5, &whole);
		if (st == SLU_OK)
			st = trial_finish(&t, c);
		if (st != SLU_OK) {
			CHECK_IS(SLU_ERR_IO, st);
			CHECK_WORDS(FAULTY_WORDS);
			trial_must_stay_failed(&t, c, st);
		}
		pump(&f);
		slu_bio_free(c);
		slu_bio_free(f.other);
		f.other = NULL;
	}
	CHECK(f.moved.len >= 5);
	slu_buf_free(&f.moved);
}

/* Two streams over the ends of a pair, which have shaken hands. */
static void
connect_pair(tls_pair *p, slu_bio *ends[2], size_t room)
{
	slu_status st;

	ends[0] = ends[1] = NULL;
	CHECK_OK(slu_pair_open(&ends[0], &ends[1], room));
	tls_talk_push(p, &ends[0], &ends[1]);
	do {
		CHECK(!slu_failed(slu_bio_flush(ends[0])));
		st = slu_bio_flush(ends[1]);
		CHECK(!slu_failed(st));
	} while (st);
	CHECK_OK(slu_bio_flush(ends[0]));
}

static void
each_direction_ends_by_itself(void **state)
{
	slu_bio *ends[2];
	char bytes[10];
	size_t n;

	connect_pair(*state, ends, ROOM);
	CHECK_OK(slu_bio_write(ends[0], "last", 4, &n));
	CHECK_OK(slu_bio_finish(ends[0]));
	CHECK_OK(slu_bio_read(ends[1], bytes, sizeof(bytes), &n));
	CHECK_BYTES("last", 4, bytes, n);
	CHECK_IS(SLU_EOF, slu_bio_read(ends[1], bytes, 1, &n));
	for (int i = 0; i < 3; i++) {
		CHECK_OK(slu_bio_write(ends[1], "more", 4, &n));
		CHECK_OK(slu_bio_flush(ends[1]));
		CHECK_OK(slu_bio_read(ends[0], bytes, sizeof(bytes), &n));
		CHECK_BYTES("more", 4, bytes, n);
	}
	CHECK_OK(slu_bio_finish(ends[1]));
	CHECK_IS(SLU_EOF, slu_bio_read(ends[0], bytes, 1, &n));
	CHECK_IS(SLU_EOF, slu_bio_read(ends[0], bytes, 1, &n));
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

static void
an_end_below_without_a_close_is_a_cut(void **state)
{
	tls_pair *p = *state;
	trial t = { .room = "tls", .pace = "cut" };
	slu_bio *ends[2];
	char byte;
	size_t n;

	connect_pair(p, ends, ROOM);
	CHECK_OK(slu_bio_write(ends[1], "x", 1, &n));
	slu_bio_drop(&ends[1]);
	CHECK_OK(slu_bio_finish(ends[1]));
	CHECK_OK(slu_bio_read(ends[0], &byte, 1, &n));
	CHECK_IS(SLU_ERR_TRUNCATED, slu_bio_read(ends[0], &byte, 1, &n));
	trial_must_stay_failed(&t, ends[0], SLU_ERR_TRUNCATED);
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

static void
an_abort_drops_both_directions(void **state)
{
	tls_pair *p = *state;
	trial t = { .room = "tls", .pace = "aborted" };
	slu_bio *ends[2];
	char byte;
	size_t n;

	connect_pair(p, ends, ROOM);
	CHECK_OK(slu_bio_write(ends[0], "unread", 6, &n));
	CHECK_OK(slu_bio_write(ends[1], "x", 1, &n));
	CHECK_OK(slu_bio_flush(ends[0]));
	CHECK_OK(slu_bio_flush(ends[1]));
	/* One end goes, without having finished. */
	slu_bio_free(ends[1]);
	CHECK_OK(slu_bio_read(ends[0], &byte, 1, &n));
	CHECK_IS(SLU_ERR_TRUNCATED, slu_bio_read(ends[0], &byte, 1, &n));
	CHECK_IS(SLU_ERR_TRUNCATED, slu_bio_write(ends[0], "x", 1, &n));
	trial_must_stay_failed(&t, ends[0], SLU_ERR_TRUNCATED);
	slu_bio_free(ends[0]);
}

static void
a_stream_that_fails_hands_its_alert_down(void **state)
{
	tls_pair *p = *state;
	slu_bio *ends[2];
	char byte, wire[100];
	size_t n;

	connect_pair(p, ends, ROOM);
	/* Somebody below puts in a record that is too long. */
	slu_bio_drop(&ends[1]);
	CHECK_OK(slu_bio_write(ends[1], "\x17\x03\x03\xff\xffx", 6, &n));
	CHECK_IS(SLU_ERR_FORMAT, slu_bio_read(ends[0], &byte, 1, &n));
	CHECK_OK(slu_bio_read(ends[1], wire, sizeof(wire), &n));
	CHECK_IS(SLU_ERR_PEER, slu_tls_feed(p->server, wire, n, &n));
	CHECK_WORDS("(alert record_overflow)");
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

/* It says why, and is gone; then we write, before we have read that. */
static void
an_alert_is_heard_where_nothing_can_be_sent_any_more(void **state)
{
	tls_pair *p = *state;
	trial t = { .room = "tls", .pace = "after the peer has gone" };
	slu_status st = SLU_OK;
	slu_bio *ends[2];
	int fds[2];
	char byte;
	size_t n;

	tls_talk_by_sockets(p, ends, fds);
	CHECK(write(fds[0], "\x17\x03\x03\xff\xffx", 6) == 6);
	CHECK_IS(SLU_ERR_FORMAT, slu_bio_read(ends[1], &byte, 1, &n));
	close(fds[1]);
	st = slu_bio_write(ends[0], "x", 1, &n);
	if (st == SLU_OK)
		st = slu_bio_flush(ends[0]);
	CHECK_IS(SLU_ERR_PEER, st);
	CHECK_WORDS("(alert record_overflow)");
	trial_must_stay_failed(&t, ends[0], SLU_ERR_PEER);
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
	close(fds[0]);
}

static void
what_the_peer_said_before_it_was_gone_can_be_read(void **state)
{
	tls_pair *p = *state;
	slu_bio *ends[2];
	char heard[100];
	int fds[2];
	size_t n;

	tls_talk_by_sockets(p, ends, fds);
	CHECK_OK(slu_bio_write(ends[1], "words, but no alert", 19, &n));
	CHECK_OK(slu_bio_flush(ends[1]));
	close(fds[1]);
	CHECK_OK(slu_bio_write(ends[0], "x", 1, &n));
	CHECK_OK(slu_bio_read(ends[0], heard, sizeof(heard), &n));
	CHECK_BYTES("words, but no alert", 19, heard, n);
	CHECK_IS(SLU_ERR_IO, slu_bio_read(ends[0], heard, sizeof(heard), &n));
	CHECK_WORDS("Broken pipe");
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
	close(fds[0]);
}

static void
an_alert_that_is_not_taken_changes_no_failure(void **state)
{
	tls_pair *p = *state;
	trial t = { .room = "tls", .pace = "full" };
	slu_bio *ends[2];
	char byte;
	size_t n;

	connect_pair(p, ends, ROOM);
	slu_bio_drop(&ends[1]);
	CHECK_OK(slu_bio_write(ends[1], "\x17\x03\x03\xff\xffx", 6, &n));
	/* No room below. */
	while (slu_bio_write(ends[0], "xx", 2, &n) == SLU_OK)
		;
	CHECK_IS(SLU_ERR_FORMAT, slu_bio_read(ends[0], &byte, 1, &n));
	trial_must_stay_failed(&t, ends[0], SLU_ERR_FORMAT);
	/* The engine's user can still have it. */
	CHECK(p->client->wire.out_len > 0);
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

static void
what_follows_a_close_is_given_back(void **state)
{
	slu_bio *ends[2];
	char bytes[20];
	size_t n;

	connect_pair(*state, ends, ROOM);
	CHECK_OK(slu_bio_write(ends[0], "x", 1, &n));
	/* A close_notify, and plain text at once. */
	CHECK_OK(slu_tls_close(((tls_pair *)*state)->client));
	CHECK_OK(slu_bio_flush(ends[0]));
	slu_bio_drop(&ends[0]);
	CHECK_OK(slu_bio_write(ends[0], "plain again", 11, &n));
	CHECK_OK(slu_bio_read(ends[1], bytes, sizeof(bytes), &n));
	CHECK_BYTES("x", 1, bytes, n);
	CHECK_IS(SLU_EOF, slu_bio_read(ends[1], bytes, sizeof(bytes), &n));
	CHECK_IS(SLU_EOF, slu_bio_read(ends[1], bytes, sizeof(bytes), &n));
	slu_bio_drop(&ends[1]);
	CHECK_OK(slu_bio_read(ends[1], bytes, sizeof(bytes), &n));
	CHECK_BYTES("plain again", 11, bytes, n);
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

/* Write until nothing is taken; says how much was. */
static size_t
fill(slu_bio *c)
{
	static const char much[100000];
	size_t n, all = 0;

	while (slu_bio_write(c, much, sizeof(much), &n) == SLU_OK) {
		all += n;
		CHECK(all < MUCH);
	}
	return all;
}

static size_t
empty(slu_bio *c)
{
	static char much[100000];
	size_t n, all = 0;

	while (slu_bio_read(c, much, sizeof(much), &n) == SLU_OK)
		all += n;
	return all;
}

/* Each wants to be read by the other before it reads: both get through. */
static void
two_that_only_wrote_can_still_read(void **state)
{
	slu_bio *ends[2];
	size_t there, back;

	connect_pair(*state, ends, ROOM);
	there = fill(ends[0]);
	back = fill(ends[1]);
	CHECK(there > ROOM && back > ROOM);
	for (int i = 0; i < 100; i++) {
		back -= empty(ends[0]);
		there -= empty(ends[1]);
	}
	CHECK(there == 0 && back == 0);
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

static void
a_peer_that_never_reads_stops_us_within_bounds(void **state)
{
	tls_pair *p = *state;
	slu_bio *ends[2];

	connect_pair(p, ends, ROOM);
	CHECK(fill(ends[0]) <= ROOM + 16384);
	CHECK(p->client->wire.out_cap <= 40 * 1024);
	CHECK(fill(ends[0]) == 0);
	/* Nothing of the peer's is taken either, but what it takes to read. */
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

static void
while_nobody_reads_the_plaintext_no_more_is_taken(void **state)
{
	slu_bio *ends[2];
	size_t sent = 0, got = 0, n;
	char byte;

	connect_pair(*state, ends, 200000);
	sent += fill(ends[0]);
	CHECK_OK(slu_bio_read(ends[1], &byte, 1, &n));
	got += n;
	/* One batch was taken from below. */
	n = fill(ends[0]);
	CHECK(n > 0 && n <= 70000);
	CHECK(fill(ends[0]) == 0);
	sent += n;
	for (int i = 0; i < 10; i++) {
		got += empty(ends[1]);
		sent += i < 5 ? fill(ends[0]) : 0;
		CHECK_OK(i >= 5 ? slu_bio_flush(ends[0]) : SLU_OK);
	}
	got += empty(ends[1]);
	CHECK(got == sent);
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

static void
a_peer_that_sends_a_byte_now_and_then_is_waited_for(void **state)
{
	slu_bio *ends[2];
	slu_buf wire = { .limit = 1000 };
	char bytes[10];
	size_t n;
	tls_pair *p = *state;

	connect_pair(p, ends, ROOM);
	CHECK_OK(slu_tls_write(p->client, "slow", 4, &n));
	tls_pair_drain(p->client, &wire);
	slu_bio_drop(&ends[0]);
	for (size_t i = 0; i < wire.len; i++) {
		CHECK_IS(SLU_WANT_READ, slu_bio_read(ends[1], bytes, 4, &n));
		CHECK_OK(
		    slu_bio_write(ends[0], slu_buf_front(&wire) + i, 1, &n));
	}
	CHECK_OK(slu_bio_read(ends[1], bytes, sizeof(bytes), &n));
	CHECK_BYTES("slow", 4, bytes, n);
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
	slu_buf_free(&wire);
}

/* ---- waiting */

/* The events that a chain, which answered `st`, waits for on `fd`. */
static short
waits_for(slu_bio *c, slu_status st, int fd)
{
	short events = 0;
	slu_waits w;

	CHECK_OK(slu_bio_waits(c, st, &w));
	for (size_t i = 0; i < w.count; i++) {
		CHECK(w.fds[i].fd == fd);
		events |= w.fds[i].events;
	}
	return events;
}

static void
a_stream_waits_for_what_moves_it(void **state)
{
	slu_bio *ends[2];
	int fds[2];
	char byte;
	size_t n;

	tls_talk_by_sockets(*state, ends, fds);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(ends[0], &byte, 1, &n));
	CHECK(waits_for(ends[0], SLU_WANT_READ, fds[0]) == POLLIN);
	(void)fill(ends[0]);
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(ends[0], "x", 1, &n));
	CHECK(waits_for(ends[0], SLU_WANT_WRITE, fds[0]) == POLLOUT);
	/* A read has a record to send as well, and would take one. */
	CHECK_IS(SLU_WANT_WRITE, slu_bio_read(ends[0], &byte, 1, &n));
	CHECK(waits_for(ends[0], SLU_WANT_WRITE, fds[0]) == (POLLIN | POLLOUT));
	/* A write would not take what comes, and must not be woken by it. */
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(ends[0], "x", 1, &n));
	CHECK(waits_for(ends[0], SLU_WANT_WRITE, fds[0]) == POLLOUT);
	CHECK_OK(slu_bio_write(ends[1], "y", 1, &n));
	CHECK_OK(slu_bio_read(ends[0], &byte, 1, &n));
	CHECK(byte == 'y');
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(ends[0], "x", 1, &n));
	CHECK(waits_for(ends[0], SLU_WANT_WRITE, fds[0]) == POLLOUT);
	tls_talk_hang_up(ends, fds);
}

static void
a_handshake_waits_for_the_peer_whoever_began(void **state)
{
	tls_pair *p = *state;
	slu_bio *ends[2] = { NULL, NULL };
	char byte;
	int fds[2];
	size_t n;

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	for (int i = 0; i < 2; i++) {
		CHECK(fcntl(fds[i], F_SETFL, O_NONBLOCK) == 0);
		CHECK_OK(slu_fd_open(&ends[i], fds[i]));
	}
	tls_talk_push(p, &ends[0], &ends[1]);
	CHECK_IS(SLU_WANT_READ, slu_bio_write(ends[0], "x", 1, &n));
	CHECK(waits_for(ends[0], SLU_WANT_READ, fds[0]) == POLLIN);
	CHECK_IS(SLU_WANT_READ, slu_bio_finish(ends[0]));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(ends[1], &byte, 1, &n));
	CHECK(waits_for(ends[1], SLU_WANT_READ, fds[1]) == POLLIN);
	tls_talk_hang_up(ends, fds);
}

static void
idle_streams_hold_no_buffers(void **state)
{
	tls_pair *p = *state;
	slu_bio *ends[2];
	char byte;
	size_t n;

	connect_pair(p, ends, ROOM);
	for (int i = 0; i < 3; i++)
		CHECK_OK(slu_bio_write(ends[0], "x", 1, &n));
	CHECK(p->client->gathered.mem != NULL);
	CHECK_OK(slu_bio_flush(ends[0]));
	for (int i = 0; i < 3; i++)
		CHECK_OK(slu_bio_read(ends[1], &byte, 1, &n));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(ends[1], &byte, 1, &n));
	CHECK(p->client->wire.out == NULL && p->server->wire.out == NULL);
	CHECK(p->client->gathered.mem == NULL);
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR_1_3(a_stream_holds_the_contract_of_a_sink),
		WITH_PAIR(a_failure_below_is_told_in_its_own_words),
		WITH_PAIR(each_direction_ends_by_itself),
		WITH_PAIR(an_end_below_without_a_close_is_a_cut),
		WITH_PAIR(an_abort_drops_both_directions),
		WITH_PAIR(a_stream_that_fails_hands_its_alert_down),
		WITH_PAIR(an_alert_is_heard_where_nothing_can_be_sent_any_more),
		WITH_PAIR(what_the_peer_said_before_it_was_gone_can_be_read),
		WITH_PAIR(an_alert_that_is_not_taken_changes_no_failure),
		WITH_PAIR(what_follows_a_close_is_given_back),
		WITH_PAIR(two_that_only_wrote_can_still_read),
		WITH_PAIR(a_peer_that_never_reads_stops_us_within_bounds),
		WITH_PAIR(while_nobody_reads_the_plaintext_no_more_is_taken),
		WITH_PAIR(a_peer_that_sends_a_byte_now_and_then_is_waited_for),
		WITH_PAIR(a_stream_waits_for_what_moves_it),
		WITH_PAIR(a_handshake_waits_for_the_peer_whoever_began),
		WITH_PAIR(idle_streams_hold_no_buffers),
	};

	return cmocka_run_group_tests_name("tls_stream", tests, NULL, NULL);
}
