/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <float.h>
#include <math.h>

#include "chi.h"
#include "oom.h"
#include "seeded.h"
#include "sluice/choice.h"

#define ORDERS 120 /* of five things */

/* Each test draws from a stream, and from the secure generator. */
#define SOURCES 2

static slu_stream *
source(int i)
{
	return i == 0 ? seeded(1) : NULL;
}

/* How often each order is expected, times how many there are. */
static int
draws_for(size_t orders)
{
	int each = check_slow("20 draws each") ? 20 : 200;

	return each * (int)orders;
}

/* The number of an order of n distinct numbers below `of`, from 0. */
static size_t
rank(const uint64_t *order, size_t n, uint64_t of)
{
	size_t r = 0;
	uint64_t less;

	for (size_t i = 0; i < n; i++) {
		less = order[i];
		for (size_t j = 0; j < i; j++)
			less -= order[j] < order[i];
		r = r * (size_t)(of - i) + (size_t)less;
	}
	return r;
}

static size_t
orders_of(size_t n, size_t of)
{
	size_t orders = 1;

	for (size_t i = 0; i < n; i++)
		orders *= of - i;
	return orders;
}

/* Count the orders of `n` elements of `size` bytes, each all of one value. */
static void
check_shuffles(slu_stream *s, size_t n, size_t size)
{
	unsigned char each[5 * 200], want[200];
	uint64_t counts[ORDERS] = { 0 }, order[5];
	int draws = draws_for(orders_of(n, n));

	CHECK(n <= 5 && size <= sizeof(want));
	for (int i = 0; i < draws; i++) {
		for (size_t k = 0; k < n; k++)
			memset(each + k * size, (int)k, size);
		slu_choice_shuffle(s, each, n, size);
		for (size_t k = 0; k < n; k++) {
			order[k] = each[k * size];
			memset(want, each[k * size], size);
			CHECK_BYTES(want, size, each + k * size, size);
		}
		counts[rank(order, n, n)]++;
	}
	CHECK(chi_uniform(counts, orders_of(n, n)));
}

static void
each_order_of_a_shuffle_is_equally_likely(void **state)
{
	(void)state;
	for (int i = 0; i < SOURCES; i++) {
		slu_stream *s = source(i);

		for (size_t n = 2; n <= 5; n++)
			check_shuffles(s, n, 4);
		slu_stream_free(s);
	}
}

static void
elements_of_any_size_are_moved_whole(void **state)
{
	static const size_t sizes[] = { 1, 3, 8, 63, 64, 65, 128, 200 };
	slu_stream *s = seeded(2);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		check_shuffles(s, 3, sizes[i]);
	slu_stream_free(s);
}

static void
nothing_beside_what_is_shuffled_is_touched(void **state)
{
	unsigned char room[1 + 3 * 70 + 1];

	(void)state;
	memset(room, 7, sizeof(room));
	slu_choice_shuffle(NULL, NULL, 0, 70);
	slu_choice_shuffle(NULL, room + 1, 3, 0);
	for (int i = 0; i < 20; i++) {
		memset(room + 1, 1 + i, 3 * 70);
		slu_choice_shuffle(NULL, room + 1, i % 2 ? 3 : 1, 70);
		CHECK(room[0] == 7 && room[sizeof(room) - 1] == 7);
	}
}

static void
each_permutation_is_equally_likely(void **state)
{
	uint64_t counts[ORDERS], order[5];

	(void)state;
	for (int i = 0; i < SOURCES; i++) {
		slu_stream *s = source(i);

		for (size_t n = 2; n <= 5; n++) {
			memset(counts, 0, sizeof(counts));
			for (int k = draws_for(orders_of(n, n)); k > 0; k--) {
				slu_choice_permutation(s, order, n);
				counts[rank(order, n, n)]++;
			}
			CHECK(chi_uniform(counts, orders_of(n, n)));
		}
		slu_stream_free(s);
	}
	slu_choice_permutation(NULL, NULL, 0);
	slu_choice_permutation(NULL, order, 1);
	CHECK(order[0] == 0);
}

static void
each_sample_in_each_order_is_equally_likely(void **state)
{
	uint64_t counts[ORDERS], order[5];

	(void)state;
	for (int i = 0; i < SOURCES; i++) {
		slu_stream *s = source(i);

		for (size_t of = 2; of <= 5; of++)
			for (size_t n = 1; n <= of; n++) {
				memset(counts, 0, sizeof(counts));
				for (int k = draws_for(orders_of(n, of)); k > 0;
				     k--) {
					CHECK_OK(
					    slu_choice_sample(s, of, order, n));
					counts[rank(order, n, of)]++;
				}
				CHECK(chi_uniform(counts, orders_of(n, of)));
			}
		slu_stream_free(s);
	}
}

static int
compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Whether there are `n` distinct numbers, all below `of`. */
static bool
is_sample(uint64_t *out, size_t n, uint64_t of)
{
	qsort(out, n, sizeof(*out), compare);
	for (size_t i = 1; i < n; i++)
		if (out[i - 1] == out[i])
			return false;
	return n == 0 || out[n - 1] < of;
}

static void
large_samples_hold_no_number_twice(void **state)
{
	enum { MOST = 20000 };
	static const uint64_t populations[] = { MOST, MOST + 1, 3 * MOST,
		1000000007, UINT64_C(1) << 40, UINT64_MAX };
	static uint64_t out[MOST];
	slu_stream *s = seeded(3);

	(void)state;
	for (size_t i = 0; i < sizeof(populations) / sizeof(*populations); i++)
		for (size_t n = 1; n <= MOST; n = n * 3 + n % 2) {
			CHECK_OK(slu_choice_sample(s, populations[i], out, n));
			CHECK(is_sample(out, n, populations[i]));
		}
	CHECK_OK(slu_choice_sample(s, MOST, out, MOST));
	CHECK(is_sample(out, MOST, MOST));
	slu_stream_free(s);
}

static void
samples_cover_all_of_a_large_population_evenly(void **state)
{
	uint64_t counts[16] = { 0 }, out[100];
	slu_stream *s = seeded(4);

	(void)state;
	for (int i = 0; i < 200; i++) {
		CHECK_OK(slu_choice_sample(s, UINT64_MAX, out, 100));
		for (size_t k = 0; k < 100; k++)
			counts[out[k] >> 60]++;
	}
	CHECK(chi_uniform(counts, 16));
	slu_stream_free(s);
}

static void
a_sample_of_more_than_there_is_is_misuse(void **state)
{
	uint64_t out[3] = { 7, 7, 7 };

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_choice_sample(NULL, 2, out, 3));
	CHECK_WORDS("choice: a sample of 3 from 2");
	CHECK_IS(SLU_ERR_USAGE, slu_choice_sample(NULL, 0, out, 1));
	CHECK(out[0] == 7);
	CHECK_OK(slu_choice_sample(NULL, 0, NULL, 0));
	CHECK_OK(slu_choice_sample(NULL, 5, out, 0));
	CHECK(out[0] == 7);
}

static void
a_sample_without_memory_says_so(void **state)
{
	uint64_t out[3];

	(void)state;
	CHECK_OK(slu_choice_sample(NULL, 5, out, 3)); /* the generator is up */
	oom_arm(0);
	CHECK_IS(SLU_ERR_MEMORY, slu_choice_sample(NULL, 5, out, 3));
	CHECK(oom_disarm() == OOM_OURS);
	CHECK_IS(SLU_ERR_MEMORY,
	    slu_choice_sample(NULL, UINT64_MAX, out, SIZE_MAX / 2));
	CHECK_WORDS("choice: out of memory");
}

static void
check_weighted(slu_stream *s, const double *weights, size_t n)
{
	int draws = check_slow("2000 draws") ? 2000 : 50000;
	uint64_t counts[8] = { 0 }, kept[8];
	double shares[8];
	size_t i, used = 0;

	for (int k = 0; k < draws; k++) {
		CHECK_OK(slu_choice_weighted(s, weights, n, &i));
		CHECK(i < n && weights[i] > 0);
		counts[i]++;
	}
	for (i = 0; i < n; i++)
		if (weights[i] > 0) {
			kept[used] = counts[i];
			shares[used++] = weights[i] * 0x1p-40;
		}
	CHECK(chi_shares(kept, shares, used));
}

static void
things_are_chosen_as_often_as_they_weigh(void **state)
{
	static const double some[] = { 1, 2, 3, 4, 10 },
			    with_zeros[] = { 0, 5, 0, 0, 1, 0 },
			    fractions[] = { 0.1, 0.2, 0.3, 0.4 },
			    alike[] = { 7, 7, 7, 7, 7, 7, 7 };

	(void)state;
	for (int i = 0; i < SOURCES; i++) {
		slu_stream *s = source(i);

		check_weighted(s, some, 5);
		check_weighted(s, with_zeros, 6);
		check_weighted(s, fractions, 4);
		check_weighted(s, alike, 7);
		slu_stream_free(s);
	}
}

static void
weights_may_be_as_large_and_as_small_as_numbers_are(void **state)
{
	static const double large[] = { DBL_MAX, DBL_MAX / 2, DBL_MAX },
			    small[] = { 3 * 0x1p-1074, 0x1p-1074, 0x1p-1073 };
	static const double shares[] = { 3, 1, 2 };
	uint64_t counts[3] = { 0 };
	slu_stream *s = seeded(5);
	size_t out;

	(void)state;
	check_weighted(s, large, 3);
	for (int i = 0; i < 6000; i++) {
		CHECK_OK(slu_choice_weighted(s, small, 3, &out));
		counts[out]++;
	}
	CHECK(chi_shares(counts, shares, 3));
	slu_stream_free(s);
}

static void
many_light_things_weigh_as_much_as_a_heavy_one(void **state)
{
	enum { LIGHT = 1 << 14 };
	static double weights[LIGHT + 1];
	slu_stream *s = seeded(6);
	uint64_t counts[2] = { 0 };
	int draws = check_slow("20 draws") ? 20 : 1000;
	size_t out;

	(void)state;
	weights[0] = LIGHT;
	for (size_t i = 1; i <= LIGHT; i++)
		weights[i] = 1;
	for (int i = 0; i < draws; i++) {
		CHECK_OK(slu_choice_weighted(s, weights, LIGHT + 1, &out));
		counts[out > 0]++;
	}
	CHECK(chi_uniform(counts, 2));
	slu_stream_free(s);
}

static void
the_only_thing_that_weighs_is_always_chosen(void **state)
{
	static const double only[] = { 0, 0, 0x1p-1074, 0 };
	size_t out;

	(void)state;
	for (int i = 0; i < 100; i++) {
		CHECK_OK(slu_choice_weighted(NULL, only, 4, &out));
		CHECK(out == 2);
		CHECK_OK(slu_choice_weighted(NULL, only + 2, 1, &out));
		CHECK(out == 0);
	}
}

static void
weights_that_are_none_are_misuse(void **state)
{
	const double bad[][3] = { { 1, -1, 1 }, { 1, INFINITY, 1 },
		{ NAN, 1, 1 }, { 1, 1, -INFINITY }, { 0, 0, 0 },
		{ 0, -0x1p-1074, 1 } };
	static const double minus_zero[] = { -0.0, 1 };
	size_t out = 9;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_IS(
		    SLU_ERR_USAGE, slu_choice_weighted(NULL, bad[i], 3, &out));
	CHECK_IS(SLU_ERR_USAGE, slu_choice_weighted(NULL, bad[0], 3, &out));
	CHECK_WORDS("choice: weight 1 is -1");
	CHECK_IS(SLU_ERR_USAGE, slu_choice_weighted(NULL, NULL, 0, &out));
	CHECK_WORDS("choice: nothing weighs more than 0");
	CHECK(out == 9);
	CHECK_OK(slu_choice_weighted(NULL, minus_zero, 2, &out));
	CHECK(out == 1);
}

/* Who has a seed noted down wants the same results from later versions. */
static void
a_seed_gives_the_same_choices_each_time(void **state)
{
	static const uint64_t permutation[] = { 5, 1, 0, 4, 2, 6, 3, 7 },
			      sample[] = { 742, 561, 284, 432, 508, 612, 59,
				      233 };
	static const double weights[] = { 1, 2, 3, 4 };
	char letters[] = "abcdefgh";
	uint64_t out[8];
	slu_stream *s = seeded(7);
	size_t i;

	(void)state;
	slu_choice_permutation(s, out, 8);
	CHECK_BYTES(permutation, sizeof(permutation), out, sizeof(out));
	CHECK_OK(slu_choice_sample(s, 1000, out, 8));
	CHECK_BYTES(sample, sizeof(sample), out, sizeof(out));
	slu_choice_shuffle(s, letters, 8, 1);
	assert_string_equal(letters, "eghadfcb");
	CHECK_OK(slu_choice_weighted(s, weights, 4, &i));
	CHECK(i == 3);
	slu_stream_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_order_of_a_shuffle_is_equally_likely),
		cmocka_unit_test(elements_of_any_size_are_moved_whole),
		cmocka_unit_test(nothing_beside_what_is_shuffled_is_touched),
		cmocka_unit_test(each_permutation_is_equally_likely),
		cmocka_unit_test(each_sample_in_each_order_is_equally_likely),
		cmocka_unit_test(large_samples_hold_no_number_twice),
		cmocka_unit_test(
		    samples_cover_all_of_a_large_population_evenly),
		cmocka_unit_test(a_sample_of_more_than_there_is_is_misuse),
		cmocka_unit_test(a_sample_without_memory_says_so),
		cmocka_unit_test(things_are_chosen_as_often_as_they_weigh),
		cmocka_unit_test(
		    weights_may_be_as_large_and_as_small_as_numbers_are),
		cmocka_unit_test(
		    many_light_things_weigh_as_much_as_a_heavy_one),
		cmocka_unit_test(the_only_thing_that_weighs_is_always_chosen),
		cmocka_unit_test(weights_that_are_none_are_misuse),
		cmocka_unit_test(a_seed_gives_the_same_choices_each_time),
	};

	return cmocka_run_group_tests_name("choice", tests, NULL, NULL);
}
