/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <math.h>

#include "cdf.h"
#include "chi.h"
#include "rand/stream_internal.h"
#include "rand/ziggurat.h"
#include "seeded.h"

#define PLACES 0x1p53
#define LAST (SLU_ZIGGURAT_LAYERS - 1)

/* The right edge of a layer, and its left one: that of the next. */
static double
right_of(size_t layer)
{
	return slu_ziggurat[layer].step * PLACES;
}

static double
left_of(size_t layer)
{
	return layer == LAST ? 0 : right_of(layer + 1);
}

static void
layers_lie_on_each_other_under_the_density(void **state)
{
	(void)state;
	for (size_t i = 0; i < SLU_ZIGGURAT_LAYERS; i++) {
		const slu_ziggurat_layer *l = &slu_ziggurat[i];
		double left = left_of(i), right = right_of(i);

		CHECK(left < right);
		CHECK(fabs(l->low / exp(-right * right / 2) - 1) < 1e-13);
		CHECK(fabs((l->low + l->rise) / exp(-left * left / 2) - 1) <
		      1e-13);
		CHECK(fabs((double)l->sure / PLACES - left / right) < 1e-15);
	}
}

static void
layers_are_of_one_area(void **state)
{
	double begin = right_of(1);
	double tail = sqrt(atan(1) * 2) * erfc(begin / sqrt(2));
	double area = begin * exp(-begin * begin / 2) + tail;

	(void)state;
	/* The lowest one is as wide as if it were a rectangle. */
	CHECK(fabs(right_of(0) * exp(-begin * begin / 2) / area - 1) < 1e-13);
	for (size_t i = 1; i < SLU_ZIGGURAT_LAYERS; i++)
		CHECK(fabs(right_of(i) * slu_ziggurat[i].rise / area - 1) <
		      1e-12);
}

/* So many that wedges and the tail show: a thousand come of the tail. */
static size_t
draws_for_tails(void)
{
	return check_slow("40000 draws") ? 40000 : 4000000;
}

/* The part of the normal distribution beyond `p[0]`. */
static double
cdf_beyond(double x, const double *p)
{
	return 1 - erfc(x / sqrt(2)) / erfc(p[0] / sqrt(2));
}

static void
the_tail_is_drawn_as_often_as_it_should_be(void **state)
{
	slu_stream *s = seeded(30);
	slu_draw *d = slu_stream_draw(s);
	const double begin = right_of(1), share = erfc(begin / sqrt(2));
	size_t draws = draws_for_tails(), n = 0, right = 0;
	double x, want = (double)draws * share;

	(void)state;
	for (size_t i = 0; i < draws; i++) {
		x = slu_normal(d);
		n += fabs(x) > begin;
		right += x > begin;
	}
	CHECK(fabs((double)n - want) < 5 * sqrt(want));
	CHECK(fabs((double)right - (double)n / 2) < 5 * sqrt((double)n) / 2);
	slu_stream_free(s);
}

/* Places that are not sure ones of the lowest layer are the tail's. */
static void
the_tail_falls_off_as_it_should(void **state)
{
	enum { DRAWS = 200000, SLOW = 2000 };
	static double tail[DRAWS];
	size_t n = check_slow("2000 draws") ? SLOW : DRAWS;
	const uint64_t draw = slu_ziggurat[0].sure << 11;
	const double begin = right_of(1);
	slu_stream *s = seeded(32);
	slu_draw *d = slu_stream_draw(s);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		tail[i] = slu_normal_unsure(d, draw);
		CHECK(tail[i] >= begin - 1e-14);
	}
	CHECK(cdf_fits(tail, n, cdf_beyond, &begin));
	CHECK(slu_normal_unsure(d, draw | SLU_ZIGGURAT_LAYERS) < 0);
	slu_stream_free(s);
}

/*
 * Cells that are the layers' edges, on either side, where mistakes in a layer
 * and its wedge would be seen.
 */
static void
each_layer_is_drawn_as_often_as_the_density_is_wide_there(void **state)
{
	static uint64_t counts[2 * LAST];
	static double shares[2 * LAST];
	slu_stream *s = seeded(31);
	slu_draw *d = slu_stream_draw(s);
	size_t draws = draws_for_tails(), low, high, mid;
	double x;

	(void)state;
	for (size_t i = 0; i < LAST; i++)
		shares[i] = shares[LAST + i] =
		    erfc(i == LAST - 1 ? 0 : right_of(i + 2) / sqrt(2)) -
		    (i == 0 ? 0 : erfc(right_of(i + 1) / sqrt(2)));
	for (size_t i = 0; i < draws; i++) {
		x = slu_normal(d);
		/* The last layer whose right edge is not left of it. */
		for (low = 0, high = LAST - 1; low < high;) {
			mid = (low + high + 1) / 2;
			if (fabs(x) <= right_of(mid + 1))
				low = mid;
			else
				high = mid - 1;
		}
		counts[low + (x > 0 ? LAST : 0)]++;
	}
	CHECK(chi_shares(counts, shares, 2 * LAST));
	slu_stream_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_lie_on_each_other_under_the_density),
		cmocka_unit_test(layers_are_of_one_area),
		cmocka_unit_test(the_tail_is_drawn_as_often_as_it_should_be),
		cmocka_unit_test(the_tail_falls_off_as_it_should),
		cmocka_unit_test(
		    each_layer_is_drawn_as_often_as_the_density_is_wide_there),
	};

	return cmocka_run_group_tests_name("ziggurat", tests, NULL, NULL);
}
