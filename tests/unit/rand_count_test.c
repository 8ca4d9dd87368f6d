/* SPDX-License-Identifier: ISC */
/* The distributions of rand_dist.h whose results are whole numbers. */
#include "check.h"

#include <math.h>

#include "cdf.h"
#include "chi.h"
#include "rand/stirling.h"
#include "seeded.h"
#include "sluice/rand_dist.h"

#define DRAWS 40000
#define MANY_DRAWS 1000000 /* to see constants that are slightly off */
#define CELLS 60

/* Parameters: trials or a mean, and a probability. */
typedef slu_status drawer(slu_stream *s, const double *p, uint64_t *out);
typedef double log_mass(const double *p, double k);

static slu_status
binomial(slu_stream *s, const double *p, uint64_t *out)
{
	return slu_rand_binomial(s, (uint64_t)p[0], p[1], out);
}

static slu_status
poisson(slu_stream *s, const double *p, uint64_t *out)
{
	return slu_rand_poisson(s, p[0], out);
}

static slu_status
geometric(slu_stream *s, const double *p, uint64_t *out)
{
	return slu_rand_geometric(s, p[1], out);
}

static double
binomial_mass(const double *p, double k)
{
	if (k > p[0])
		return -INFINITY;
	return lgamma(p[0] + 1) - lgamma(k + 1) - lgamma(p[0] - k + 1) +
	       k * log(p[1]) + (p[0] - k) * log1p(-p[1]);
}

static double
poisson_mass(const double *p, double k)
{
	return k * log(p[0]) - p[0] - lgamma(k + 1);
}

static double
geometric_mass(const double *p, double k)
{
	return log(p[1]) + k * log1p(-p[1]);
}

/* Numbers from 0 on, cut into cells that are about equally likely. */
struct cells {
	double ends[CELLS]; /* the first number beyond each but the last */
	double shares[CELLS];
	size_t n;
};

static void
make_cells(struct cells *c, log_mass *mass, const double *p)
{
	double left = 1, here = 0;

	memset(c, 0, sizeof(*c));
	for (double k = 0; c->n < CELLS - 1 && left > 1.5 / CELLS; k++) {
		here += exp(mass(p, k));
		if (here < 1.0 / CELLS)
			continue;
		c->ends[c->n] = k + 1;
		c->shares[c->n++] = here;
		left -= here;
		here = 0;
	}
	if (left > 0.5 / CELLS)
		c->shares[c->n++] = left;
	else
		c->shares[c->n - 1] += left;
}

static size_t
cell_of(const struct cells *c, double k)
{
	size_t i = 0;

	while (i + 1 < c->n && k >= c->ends[i])
		i++;
	return i;
}

struct kind {
	drawer *draw;
	log_mass *mass;
};

/* Hold draws to their probabilities, and to their mean. */
static void
check_counts(const struct kind *kind, const double p[2], double mean,
    double variance, size_t draws)
{
	size_t n = check_slow("3000 draws") ? 3000 : draws;
	slu_stream *s = seeded((unsigned char)(50 + p[1] * 40));
	uint64_t counts[CELLS] = { 0 }, k;
	struct cells c;
	double off = 0;

	make_cells(&c, kind->mass, p);
	for (size_t i = 0; i < n; i++) {
		CHECK_OK(kind->draw(s, p, &k));
		counts[cell_of(&c, (double)k)]++;
		off += (double)k - mean;
	}
	if (!chi_shares(counts, c.shares, c.n) ||
	    fabs(off) > 5 * sqrt(variance * (double)n))
		fail_msg("with %g, %g", p[0], p[1]);
	slu_stream_free(s);
}

static void
check_binomial(double n, double probability, size_t draws)
{
	static const struct kind kind = { binomial, binomial_mass };
	const double p[] = { n, probability };
	double mean = n * probability;

	check_counts(&kind, p, mean, mean * (1 - probability), draws);
}

static void
binomial_numbers_follow_their_distribution(void **state)
{
	static const double n[] = { 1, 2, 10, 19, 20, 21, 100, 1000, 30000 };
	static const double p[] = { 0.5, 0.1, 0.3, 0.501, 0.9, 0.99 };

	(void)state;
	for (size_t i = 0; i < sizeof(n) / sizeof(*n); i++)
		for (size_t k = 0; k < sizeof(p) / sizeof(*p); k++)
			check_binomial(n[i], p[k], DRAWS);
	check_binomial(1e6, 9.99e-6, DRAWS);
	check_binomial(1e6, 1.01e-5, DRAWS);
	check_binomial(1e12, 4e-12, DRAWS);
	check_binomial(20, 0.5, MANY_DRAWS);
	check_binomial(101, 0.1, MANY_DRAWS);
	check_binomial(40, 0.3, MANY_DRAWS);
}

static void
check_poisson(double mean, size_t draws)
{
	static const struct kind kind = { poisson, poisson_mass };
	const double p[] = { mean, 0 };

	check_counts(&kind, p, mean, mean, draws);
}

static void
poisson_numbers_follow_their_distribution(void **state)
{
	static const double means[] = { 0.01, 0.5, 1, 3, 9.99, 10.5, 47, 200,
		5000 };

	(void)state;
	for (size_t i = 0; i < sizeof(means) / sizeof(*means); i++)
		check_poisson(means[i], DRAWS);
	check_poisson(10, MANY_DRAWS);
	check_poisson(12, MANY_DRAWS);
	check_poisson(20, MANY_DRAWS);
}

static void
geometric_numbers_follow_their_distribution(void **state)
{
	static const struct kind kind = { geometric, geometric_mass };
	static const double each[] = { 0.5, 0.1, 0.9, 0.999, 0.01, 0.0001 };

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++) {
		const double p[] = { 0, each[i] };
		double q = 1 - each[i];

		check_counts(
		    &kind, p, q / each[i], q / (each[i] * each[i]), DRAWS);
	}
}

/*
 * Hold draws of a mean so large that the normal distribution is theirs, to
 * within far less than this can see.
 */
static void
check_nearly_normal(
    drawer *draw, double a, double b, double mean, double variance)
{
	static double draws[DRAWS];
	size_t n = check_slow("3000 draws") ? 3000 : DRAWS;
	const double p[] = { a, b }, fit[] = { 0, sqrt(variance) };
	slu_stream *s = seeded(40);
	uint64_t k;

	for (size_t i = 0; i < n; i++) {
		CHECK_OK(draw(s, p, &k));
		draws[i] = (double)k - mean;
	}
	if (!cdf_fits(draws, n, cdf_normal, fit) ||
	    !cdf_moments(draws, n, 0, variance))
		fail_msg("with %g, %g", a, b);
	slu_stream_free(s);
}

static void
large_counts_are_normal(void **state)
{
	const double most = (double)SLU_RAND_COUNT_MAX;

	(void)state;
	check_nearly_normal(poisson, 1e10, 0, 1e10, 1e10);
	check_nearly_normal(poisson, most, 0, most, most);
	check_nearly_normal(binomial, 1e12, 0.25, 0.25e12, 0.1875e12);
	check_nearly_normal(binomial, most, 0.5, most / 2, most / 4);
	check_nearly_normal(binomial, most, 0.75, most * 0.75, most * 0.1875);
	check_nearly_normal(binomial, most, 0x1p-16, most * 0x1p-16,
	    most * 0x1p-16 * (1 - 0x1p-16));
}

/* Of a tiny p, geometric numbers are exponential ones, rounded down. */
static void
long_waits_are_exponential(void **state)
{
	static double draws[DRAWS];
	size_t n = check_slow("3000 draws") ? 3000 : DRAWS;
	const double half = log(2);
	slu_stream *s = seeded(41);
	size_t over = 0;
	uint64_t k;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		CHECK_OK(slu_rand_geometric(s, 0x1p-56, &k));
		draws[i] = (double)k * 0x1p-56;
		over += draws[i] > half;
	}
	CHECK(cdf_moments(draws, n, 1, 1));
	CHECK(fabs((double)over - (double)n / 2) < 5 * sqrt((double)n) / 2);
	slu_stream_free(s);
}

static void
what_is_certain_is_certain(void **state)
{
	const uint64_t most = SLU_RAND_COUNT_MAX;
	uint64_t k = 7;

	(void)state;
	for (int i = 0; i < 100; i++) {
		CHECK_OK(slu_rand_binomial(NULL, 0, 0.5, &k));
		CHECK(k == 0);
		CHECK_OK(slu_rand_binomial(NULL, most, 0, &k));
		CHECK(k == 0);
		CHECK_OK(slu_rand_binomial(NULL, most, 1, &k));
		CHECK(k == most);
		CHECK_OK(slu_rand_binomial(NULL, most, 0x1p-1074, &k));
		CHECK(k == 0);
		CHECK_OK(slu_rand_poisson(NULL, 0, &k));
		CHECK(k == 0);
		CHECK_OK(slu_rand_poisson(NULL, 0x1p-1074, &k));
		CHECK(k == 0);
		CHECK_OK(slu_rand_geometric(NULL, 1, &k));
		CHECK(k == 0);
		CHECK_OK(slu_rand_geometric(NULL, 1e-300, &k));
		CHECK(k == UINT64_MAX);
		CHECK_OK(slu_rand_geometric(NULL, 0x1p-1074, &k));
		CHECK(k == UINT64_MAX);
	}
}

static void
no_more_trials_succeed_than_there_are(void **state)
{
	static const uint64_t n[] = { 1, 5, 25, 1000, SLU_RAND_COUNT_MAX };
	static const double p[] = { 0x1p-1022, 1e-15, 0.02, 0.5, 0.98,
		1 - 0x1p-53 };
	slu_stream *s = seeded(42);
	uint64_t k;

	(void)state;
	for (size_t i = 0; i < sizeof(n) / sizeof(*n); i++)
		for (size_t j = 0; j < sizeof(p) / sizeof(*p); j++)
			for (int t = 0; t < 1000; t++) {
				CHECK_OK(slu_rand_binomial(s, n[i], p[j], &k));
				CHECK(k <= n[i]);
			}
	slu_stream_free(s);
}

static void
parameters_out_of_range_are_misuse(void **state)
{
	static const double none[] = { NAN, INFINITY, -INFINITY, -1,
		-0x1p-1074 };
	const double most = (double)SLU_RAND_COUNT_MAX;
	slu_stream *s = seeded(43), *fresh = seeded(43);
	uint64_t k = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		CHECK_IS(SLU_ERR_USAGE, slu_rand_binomial(s, 9, none[i], &k));
		CHECK_WORDS("binomial: p is");
		CHECK_IS(SLU_ERR_USAGE, slu_rand_poisson(s, none[i], &k));
		CHECK_WORDS("poisson: the mean is");
		CHECK_IS(SLU_ERR_USAGE, slu_rand_geometric(s, none[i], &k));
		CHECK_WORDS("geometric: p is");
	}
	CHECK_IS(SLU_ERR_USAGE,
	    slu_rand_binomial(s, SLU_RAND_COUNT_MAX + 1, 0.5, &k));
	CHECK_WORDS("binomial: 4503599627370497 trials");
	CHECK_IS(SLU_ERR_USAGE, slu_rand_binomial(s, 9, 1 + 0x1p-52, &k));
	CHECK_IS(SLU_ERR_USAGE, slu_rand_poisson(s, most + 1, &k));
	CHECK_IS(SLU_ERR_USAGE, slu_rand_geometric(s, 0, &k));
	CHECK_IS(SLU_ERR_USAGE, slu_rand_geometric(s, 1 + 0x1p-52, &k));
	CHECK(k == 7 && slu_stream_u64(s) == slu_stream_u64(fresh));
	slu_stream_free(s);
	slu_stream_free(fresh);
}

static void
a_seed_gives_the_same_numbers_each_time(void **state)
{
	static const uint64_t want[] = { 6, 308, 3, 965, 126 };
	slu_stream *s = seeded(44);
	uint64_t k[5];

	(void)state;
	CHECK_OK(slu_rand_binomial(s, 20, 0.3, &k[0]));
	CHECK_OK(slu_rand_binomial(s, 1000, 0.3, &k[1]));
	CHECK_OK(slu_rand_poisson(s, 3, &k[2]));
	CHECK_OK(slu_rand_poisson(s, 1000, &k[3]));
	CHECK_OK(slu_rand_geometric(s, 0.001, &k[4]));
	CHECK_BYTES(want, sizeof(want), k, sizeof(k));
	slu_stream_free(s);
}

/* To 10^-11: neither this nor what follows from it is more exact. */
static void
stirling_rests_give_factorials(void **state)
{
	(void)state;
	for (double k = 0; k < 300; k++) {
		double want = lgamma(k + 1), made;

		made = log(8 * atan(1)) / 2 + (k + 0.5) * log(k + 1) - (k + 1) +
		       slu_stirling(k);
		CHECK(fabs(made - want) < 1e-9 / (k + 1) + want * 1e-14);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binomial_numbers_follow_their_distribution),
		cmocka_unit_test(poisson_numbers_follow_their_distribution),
		cmocka_unit_test(geometric_numbers_follow_their_distribution),
		cmocka_unit_test(large_counts_are_normal),
		cmocka_unit_test(long_waits_are_exponential),
		cmocka_unit_test(what_is_certain_is_certain),
		cmocka_unit_test(no_more_trials_succeed_than_there_are),
		cmocka_unit_test(parameters_out_of_range_are_misuse),
		cmocka_unit_test(a_seed_gives_the_same_numbers_each_time),
		cmocka_unit_test(stirling_rests_give_factorials),
	};

	return cmocka_run_group_tests_name("rand_count", tests, NULL, NULL);
}
