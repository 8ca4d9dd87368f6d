/* SPDX-License-Identifier: ISC */
#include "sluice/pair.h"

#include "check.h"
#include "contract.h"
#include "oom.h"
#include "trial.h"

#include "sluice/buf.h"
#include "sluice/hex.h"
#include "sluice/wait.h"

/* A pair for the suite: what the far end got, or what it has to send. */
struct line {
	size_t cap;
	slu_bio *far;
	slu_bio *ready; /* the near end, until the suite opens it */
	slu_buf moved;
	bool sending;
};

static void
hang_up(struct line *l)
{
	slu_bio_free(l->far);
	slu_bio_free(l->ready);
	l->far = l->ready = NULL;
	slu_buf_skip(&l->moved, l->moved.len);
}

static void
pump_out(struct line *l)
{
	unsigned char buf[4096];
	size_t n;

	while (slu_bio_read(l->far, buf, sizeof(buf), &n) == SLU_OK)
		CHECK_OK(slu_buf_add(&l->moved, buf, n));
}

static void
pump_in(struct line *l)
{
	slu_status st = SLU_OK;
	size_t n;

	while (st == SLU_OK && l->moved.len > 0) {
		st = slu_bio_write(
		    l->far, slu_buf_front(&l->moved), l->moved.len, &n);
		slu_buf_skip(&l->moved, n);
	}
	if (l->moved.len == 0)
		CHECK_OK(slu_bio_finish(l->far));
}

static void
pump_line(void *arg)
{
	struct line *l = arg;

	/* Memory that runs out is to hit the near end alone. */
	oom_hold();
	if (l->sending)
		pump_in(l);
	else
		pump_out(l);
	oom_release();
}

static slu_status
create_line(slu_bio **top, void *arg)
{
	struct line *l = arg;

	hang_up(l);
	l->sending = false;
	return slu_pair_open(top, &l->far, l->cap);
}

static void
written_to_line(slu_buf *out, void *arg)
{
	struct line *l = arg;

	pump_out(l);
	CHECK_OK(slu_buf_add(out, slu_buf_front(&l->moved), l->moved.len));
	hang_up(l);
}

static void
prepare_line(const void *data, size_t len, void *arg)
{
	struct line *l = arg;

	hang_up(l);
	l->sending = true;
	CHECK_OK(slu_pair_open(&l->far, &l->ready, l->cap));
	CHECK_OK(slu_buf_add(&l->moved, data, len));
}

static slu_status
open_line(slu_bio **top, void *arg)
{
	struct line *l = arg;

	*top = l->ready;
	l->ready = NULL;
	return SLU_OK;
}

static void
an_end_holds_the_contract_of_a_sink(void **state)
{
	static const size_t caps[] = { 1, 1000, 65536 };

	(void)state;
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		struct line line = {
			.cap = caps[i],
			.moved = { .limit = TRIAL_ROOM },
		};
		const contract_sink sink = {
			.name = "pair",
			.create = create_line,
			.written = written_to_line,
			.open = open_line,
			.prepare = prepare_line,
			.pump = pump_line,
			.arg = &line,
			.most = caps[i] == 1 ? 5000 : 0,
		};

		contract_sink_holds(&sink);
		hang_up(&line);
		slu_buf_free(&line.moved);
	}
}

static void
no_more_than_the_bound_waits_in_each_direction(void **state)
{
	slu_bio *end[2] = { NULL, NULL };
	char out[16];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_open(&end[0], &end[1], 8));
	for (int i = 0; i < 2; i++) {
		slu_bio *from = end[i], *to = end[1 - i];

		CHECK_IS(SLU_WANT_READ, slu_bio_read(to, out, 16, &n));
		CHECK_OK(slu_bio_write(from, "0123456789", 10, &n));
		CHECK(n == 8);
		CHECK_IS(SLU_WANT_WRITE, slu_bio_write(from, "89", 2, &n));
		CHECK_OK(slu_bio_read(to, out, 3, &n));
		CHECK_BYTES("012", 3, out, n);
		CHECK_OK(slu_bio_write(from, "89", 2, &n));
		CHECK_OK(slu_bio_write(from, "ab", 2, &n));
		CHECK(n == 1);
		CHECK_OK(slu_bio_read(to, out, 16, &n));
		CHECK_BYTES("3456789a", 8, out, n);
	}
	slu_bio_free(end[0]);
	slu_bio_free(end[1]);
}

static void
there_is_nothing_to_wait_for(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_open(&a, &b, 8));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(a, &byte, 1, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_wait(a, SLU_WANT_READ, -1));
	CHECK_WORDS("pair: nothing to wait for");
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
a_finish_is_the_end_for_the_other_side_alone(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char out[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_open(&a, &b, 8));
	CHECK_OK(slu_bio_write(a, "bye", 3, &n));
	CHECK_OK(slu_bio_finish(a));
	CHECK_OK(slu_bio_read(b, out, 8, &n));
	CHECK_BYTES("bye", 3, out, n);
	CHECK_IS(SLU_EOF, slu_bio_read(b, out, 8, &n));
	CHECK_OK(slu_bio_write(b, "answer", 6, &n));
	CHECK_OK(slu_bio_read(a, out, 8, &n));
	CHECK_BYTES("answer", 6, out, n);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(a, out, 8, &n));
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
an_end_that_was_finished_and_freed_is_read_to_its_end(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char out[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_open(&a, &b, 8));
	CHECK_OK(slu_bio_write(a, "bye", 3, &n));
	CHECK_OK(slu_bio_finish(a));
	slu_bio_free(a);
	CHECK_OK(slu_bio_read(b, out, 8, &n));
	CHECK_BYTES("bye", 3, out, n);
	CHECK_IS(SLU_EOF, slu_bio_read(b, out, 8, &n));
	slu_bio_free(b);
}

static void
an_end_that_was_only_freed_is_a_stream_cut_short(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char out[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_open(&a, &b, 8));
	CHECK_OK(slu_bio_write(a, "bye", 3, &n));
	slu_bio_free(a);
	CHECK_OK(slu_bio_read(b, out, 8, &n));
	CHECK_BYTES("bye", 3, out, n);
	CHECK_IS(SLU_ERR_TRUNCATED, slu_bio_read(b, out, 8, &n));
	CHECK_WORDS("freed without a finish");
	slu_bio_free(b);
}

static void
nothing_is_written_to_an_end_that_is_gone(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_open(&a, &b, 8));
	CHECK_OK(slu_bio_write(a, "unread", 6, &n));
	slu_bio_free(b);
	CHECK_IS(SLU_ERR_IO, slu_bio_write(a, "x", 1, &n));
	CHECK_WORDS("the other end is gone");
	slu_bio_free(a);
}

static void
filters_over_both_ends_understand_each_other(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char out[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_open(&a, &b, 64));
	CHECK_OK(slu_hex_encode(&a, NULL));
	CHECK_OK(slu_hex_decode(&b, NULL));
	CHECK_OK(slu_bio_write(a, "hello", 5, &n));
	CHECK_OK(slu_bio_finish(a));
	CHECK_OK(slu_bio_read(b, out, 8, &n));
	CHECK_BYTES("hello", 5, out, n);
	CHECK_IS(SLU_EOF, slu_bio_read(b, out, 8, &n));
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
datagrams_arrive_whole_and_in_order(void **state)
{
	slu_bio *end[2] = { NULL, NULL };
	unsigned char out[64], in[64];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_datagrams(&end[0], &end[1], 100));
	/* Far more than fit the ring, so that they lie across its border. */
	for (int i = 0; i < 2000; i++) {
		size_t one = 1 + (size_t)i % 40, two = 1 + (size_t)i * 7 % 60;

		memset(in, i, sizeof(in));
		CHECK_OK(slu_bio_write(end[i % 2], in, one, &n));
		CHECK(n == one);
		memset(in, i + 1, sizeof(in));
		CHECK_OK(slu_bio_write(end[i % 2], in, two, &n));
		CHECK(n == two);
		CHECK_OK(slu_bio_read(end[1 - i % 2], out, 64, &n));
		memset(in, i, sizeof(in));
		CHECK_BYTES(in, one, out, n);
		CHECK_OK(slu_bio_read(end[1 - i % 2], out, 64, &n));
		memset(in, i + 1, sizeof(in));
		CHECK_BYTES(in, two, out, n);
	}
	slu_bio_free(end[0]);
	slu_bio_free(end[1]);
}

static void
a_datagram_waits_for_room_for_all_of_it(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char out[16];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_datagrams(&a, &b, 10));
	CHECK_OK(slu_bio_write(a, "0123456", 7, &n));
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(a, "abcd", 4, &n));
	CHECK(n == 0);
	CHECK_OK(slu_bio_write(a, "789", 3, &n));
	CHECK_OK(slu_bio_read(b, out, 16, &n));
	CHECK_BYTES("0123456", 7, out, n);
	CHECK_OK(slu_bio_write(a, "abcd", 4, &n));
	CHECK_OK(slu_bio_read(b, out, 16, &n));
	CHECK_BYTES("789", 3, out, n);
	CHECK_OK(slu_bio_read(b, out, 16, &n));
	CHECK_BYTES("abcd", 4, out, n);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(b, out, 16, &n));
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
the_number_of_datagrams_is_bounded_too(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_datagrams(&a, &b, 1 << 20));
	for (int i = 0; i < SLU_PAIR_DATAGRAMS; i++)
		CHECK_OK(slu_bio_write(a, "x", 1, &n));
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(a, "x", 1, &n));
	CHECK_OK(slu_bio_read(b, &byte, 1, &n));
	CHECK_OK(slu_bio_write(a, "x", 1, &n));
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
a_datagram_that_can_never_fit_is_beyond_the_limit(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char out[16];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_datagrams(&a, &b, 10));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_write(a, "0123456789a", 11, &n));
	CHECK_WORDS("pair: a datagram of 11 bytes, and 10 may wait");
	CHECK_OK(slu_bio_write(b, "0123456789", 10, &n));
	slu_bio_free(a);
	slu_bio_free(b);

	a = b = NULL;
	CHECK_OK(slu_pair_datagrams(&a, &b, 10));
	CHECK_OK(slu_bio_write(a, "0123456789", 10, &n));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_read(b, out, 9, &n));
	CHECK_WORDS("pair: a datagram of 10 bytes, and room for 9");
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
datagrams_end_as_streams_do(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char out[16];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_datagrams(&a, &b, 10));
	CHECK_OK(slu_bio_write(a, "last", 4, &n));
	CHECK_OK(slu_bio_finish(a));
	CHECK_OK(slu_bio_read(b, out, 16, &n));
	CHECK_IS(SLU_EOF, slu_bio_read(b, out, 16, &n));
	slu_bio_free(b);
	slu_bio_free(a);

	a = b = NULL;
	CHECK_OK(slu_pair_datagrams(&a, &b, 10));
	slu_bio_free(a);
	CHECK_IS(SLU_ERR_TRUNCATED, slu_bio_read(b, out, 16, &n));
	slu_bio_free(b);
}

static void
a_constructor_that_fails_leaves_both_chains(void **state)
{
	slu_bio *a = NULL, *b = NULL, *taken = NULL, *other = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_pair_open(&a, &b, 0));
	CHECK_IS(SLU_ERR_USAGE, slu_pair_datagrams(&a, &b, SIZE_MAX));
	CHECK(a == NULL && b == NULL);
	CHECK_OK(slu_pair_open(&taken, &other, 1));
	b = taken;
	CHECK_IS(SLU_ERR_USAGE, slu_pair_open(&a, &b, 1));
	CHECK_IS(SLU_ERR_USAGE, slu_pair_open(&b, &a, 1));
	CHECK(a == NULL && b == taken);
	slu_bio_free(taken);
	slu_bio_free(other);
	for (size_t k = 0; k < 3; k++) {
		a = b = NULL;
		oom_arm(k);
		CHECK_IS(SLU_ERR_MEMORY, slu_pair_open(&a, &b, 1));
		CHECK(oom_disarm() == OOM_OURS);
		CHECK(a == NULL && b == NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_holds_the_contract_of_a_sink),
		cmocka_unit_test(
		    no_more_than_the_bound_waits_in_each_direction),
		cmocka_unit_test(there_is_nothing_to_wait_for),
		cmocka_unit_test(a_finish_is_the_end_for_the_other_side_alone),
		cmocka_unit_test(
		    an_end_that_was_finished_and_freed_is_read_to_its_end),
		cmocka_unit_test(
		    an_end_that_was_only_freed_is_a_stream_cut_short),
		cmocka_unit_test(nothing_is_written_to_an_end_that_is_gone),
		cmocka_unit_test(filters_over_both_ends_understand_each_other),
		cmocka_unit_test(datagrams_arrive_whole_and_in_order),
		cmocka_unit_test(a_datagram_waits_for_room_for_all_of_it),
		cmocka_unit_test(the_number_of_datagrams_is_bounded_too),
		cmocka_unit_test(
		    a_datagram_that_can_never_fit_is_beyond_the_limit),
		cmocka_unit_test(datagrams_end_as_streams_do),
		cmocka_unit_test(a_constructor_that_fails_leaves_both_chains),
	};

	return cmocka_run_group_tests_name("pair", tests, NULL, NULL);
}
