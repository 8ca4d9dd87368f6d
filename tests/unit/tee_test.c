/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "choke.h"
#include "contract.h"
#include "faulty.h"

#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/tee.h"
#include "sluice/view.h"

static slu_status
push_tee(slu_bio **top, void *arg)
{
	return slu_tee(top, arg);
}

static void
tee_holds_the_contract_of_a_filter(void **state)
{
	slu_bio *other = NULL;
	contract_filter tee = {
		.name = "tee",
		.encode = push_tee,
		.decode = push_tee,
	};

	(void)state;
	CHECK_OK(slu_null_open(&other));
	tee.arg = other;
	contract_filter_holds(&tee);
	slu_bio_free(other);
}

static void
tee_holds_it_beside_a_chain_that_is_slow(void **state)
{
	slu_bio *other = NULL;
	contract_filter tee = {
		.name = "tee beside a choke",
		.encode = push_tee,
		.decode = push_tee,
		.most = 65537,
	};

	(void)state;
	CHECK_OK(slu_null_open(&other));
	CHECK_OK(choke_push(&other, 5));
	tee.arg = other;
	contract_filter_holds(&tee);
	slu_bio_free(other);
}

#define LONG 150000

/* Two chains over queues, one of them the other's tee, and how they move. */
struct pair {
	slu_buf below, beside;
	slu_bio *top, *other;
	unsigned char data[LONG];
};

static void
open_pair(struct pair *p, size_t choke_below, size_t choke_beside)
{
	p->below.limit = p->beside.limit = LONG;
	CHECK_OK(slu_mem_open(&p->other, &p->beside));
	if (choke_beside > 0)
		CHECK_OK(choke_push(&p->other, choke_beside));
	CHECK_OK(slu_mem_open(&p->top, &p->below));
	if (choke_below > 0)
		CHECK_OK(choke_push(&p->top, choke_below));
	CHECK_OK(slu_tee(&p->top, p->other));
	for (size_t i = 0; i < LONG; i++)
		p->data[i] = (unsigned char)(i * 7 + i / 251);
}

static void
close_pair(struct pair *p)
{
	slu_bio_free(p->top);
	slu_bio_free(p->other);
	slu_buf_free(&p->below);
	slu_buf_free(&p->beside);
}

static const size_t chokes[] = { 0, 1, 4096 };

static void
both_get_all_that_is_written_whoever_is_slower(void **state)
{
	(void)state;
	for (int i = 0; i < 9; i++) {
		static struct pair p;
		size_t done = 0, put;
		slu_status st;

		p = (struct pair){ 0 };
		open_pair(&p, chokes[i / 3], chokes[i % 3]);
		while (done < LONG) {
			st = slu_bio_write(
			    p.top, p.data + done, LONG - done, &put);
			CHECK(st == SLU_OK || st == SLU_WANT_WRITE);
			done += put;
			/* Never behind by more than one batch. */
			CHECK(done <= p.beside.len + 64 * 1024);
		}
		while ((st = slu_bio_finish(p.top)) == SLU_WANT_WRITE)
			continue;
		CHECK_OK(st);
		CHECK_BYTES(p.data, LONG, slu_buf_front(&p.below), p.below.len);
		CHECK_BYTES(
		    p.data, LONG, slu_buf_front(&p.beside), p.beside.len);
		close_pair(&p);
	}
}

static void
all_that_is_read_is_shown_before_the_end_is_told(void **state)
{
	(void)state;
	for (int i = 0; i < 9; i++) {
		static struct pair p;
		static unsigned char out[LONG];
		size_t done = 0, got;
		slu_status st;

		p = (struct pair){ 0 };
		open_pair(&p, chokes[i / 3], chokes[i % 3]);
		CHECK_OK(slu_buf_add(&p.below, p.data, LONG));
		do {
			st = slu_bio_read(p.top, out + done,
			    LONG - done > 0 ? LONG - done : 1, &got);
			done += got;
		} while (st == SLU_OK || st == SLU_WANT_READ ||
			 st == SLU_WANT_WRITE);
		CHECK_IS(SLU_EOF, st);
		CHECK_BYTES(p.data, LONG, out, done);
		CHECK_BYTES(
		    p.data, LONG, slu_buf_front(&p.beside), p.beside.len);
		close_pair(&p);
	}
}

static void
a_flush_hands_over_what_was_late(void **state)
{
	static struct pair p;
	slu_status st;
	size_t n;

	(void)state;
	p = (struct pair){ 0 };
	open_pair(&p, 0, 2);
	CHECK_OK(slu_bio_write(p.top, "abcdef", 6, &n));
	CHECK(n == 6 && p.beside.len < 6);
	while ((st = slu_bio_flush(p.top)) == SLU_WANT_WRITE)
		continue;
	CHECK_OK(st);
	CHECK_BYTES("abcdef", 6, slu_buf_front(&p.beside), p.beside.len);
	close_pair(&p);
}

static void
while_the_other_is_late_nothing_more_passes(void **state)
{
	static struct pair p;
	size_t n;

	(void)state;
	p = (struct pair){ 0 };
	open_pair(&p, 0, 1);
	CHECK_OK(slu_bio_write(p.top, "abc", 3, &n));
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(p.top, "d", 1, &n));
	CHECK(p.below.len == 3);
	close_pair(&p);
}

static void
the_other_is_left_unfinished(void **state)
{
	static struct pair p;
	size_t n;

	(void)state;
	p = (struct pair){ 0 };
	open_pair(&p, 0, 0);
	CHECK_OK(slu_bio_write(p.top, "abc", 3, &n));
	CHECK_OK(slu_bio_finish(p.top));
	CHECK_OK(slu_bio_write(p.other, "def", 3, &n));
	CHECK_BYTES("abcdef", 6, slu_buf_front(&p.beside), p.beside.len);
	close_pair(&p);
}

static void
a_failure_of_the_other_is_one_of_the_chain(void **state)
{
	slu_bio *c = NULL, *other = NULL;
	char byte;
	size_t n;

	(void)state;
	for (int reading = 0; reading < 2; reading++) {
		c = other = NULL;
		CHECK_OK(slu_null_open(&other));
		CHECK_OK(faulty_push(&other, 0));
		if (reading)
			CHECK_OK(slu_view_open(&c, "x", 1));
		else
			CHECK_OK(slu_null_open(&c));
		CHECK_OK(slu_tee(&c, other));
		if (reading)
			CHECK_IS(SLU_ERR_IO, slu_bio_read(c, &byte, 1, &n));
		else
			CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "x", 1, &n));
		CHECK(n == 0);
		CHECK_WORDS(FAULTY_WORDS);
		CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
		CHECK_WORDS(FAULTY_WORDS);
		slu_bio_free(c);
		slu_bio_free(other);
	}
}

static void
a_failed_flush_of_the_other_hides_the_end(void **state)
{
	slu_bio *c = NULL, *other = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_null_open(&other));
	CHECK_OK(faulty_push(&other, 1));
	CHECK_OK(slu_view_open(&c, "x", 1));
	CHECK_OK(slu_tee(&c, other));
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
	slu_bio_free(other);
}

static void
bytes_of_both_ways_come_in_the_order_they_passed(void **state)
{
	static struct pair p;
	char buf[3];
	slu_status st;
	size_t n;

	(void)state;
	p = (struct pair){ 0 };
	open_pair(&p, 0, 1);
	CHECK_OK(slu_bio_write(p.top, "abc", 3, &n));
	do {
		st = slu_bio_read(p.top, buf, 3, &n);
	} while (st == SLU_WANT_WRITE);
	CHECK_OK(st);
	do {
		st = slu_bio_write(p.top, "def", 3, &n);
	} while (st == SLU_WANT_WRITE);
	CHECK_OK(st);
	while ((st = slu_bio_finish(p.top)) == SLU_WANT_WRITE)
		continue;
	CHECK_OK(st);
	CHECK_BYTES("abcabcdef", 9, slu_buf_front(&p.beside), p.beside.len);
	close_pair(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tee_holds_the_contract_of_a_filter),
		cmocka_unit_test(tee_holds_it_beside_a_chain_that_is_slow),
		cmocka_unit_test(
		    both_get_all_that_is_written_whoever_is_slower),
		cmocka_unit_test(
		    all_that_is_read_is_shown_before_the_end_is_told),
		cmocka_unit_test(a_flush_hands_over_what_was_late),
		cmocka_unit_test(while_the_other_is_late_nothing_more_passes),
		cmocka_unit_test(the_other_is_left_unfinished),
		cmocka_unit_test(a_failure_of_the_other_is_one_of_the_chain),
		cmocka_unit_test(a_failed_flush_of_the_other_hides_the_end),
		cmocka_unit_test(
		    bytes_of_both_ways_come_in_the_order_they_passed),
	};

	return cmocka_run_group_tests_name("tee", tests, NULL, NULL);
}
