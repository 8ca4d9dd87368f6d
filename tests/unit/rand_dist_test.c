/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <float.h>
#include <math.h>

#include "cdf.h"
#include "seeded.h"
#include "sluice/rand_dist.h"

#define PI 3.14159265358979323846
#define DRAWS 100000

/* Draw with parameters in a row. */
typedef slu_status drawer(slu_stream *s, const double *p, double *out);

static slu_status
uniform(slu_stream *s, const double *p, double *out)
{
	return slu_rand_uniform(s, p[0], p[1], out);
}

static slu_status
triangular(slu_stream *s, const double *p, double *out)
{
	return slu_rand_triangular(s, p[0], p[1], p[2], out);
}

static slu_status
normal(slu_stream *s, const double *p, double *out)
{
	return slu_rand_normal(s, p[0], p[1], out);
}

static slu_status
lognormal(slu_stream *s, const double *p, double *out)
{
	return slu_rand_lognormal(s, p[0], p[1], out);
}

static slu_status
exponential(slu_stream *s, const double *p, double *out)
{
	return slu_rand_exponential(s, p[0], out);
}

static slu_status
gamma_(slu_stream *s, const double *p, double *out)
{
	return slu_rand_gamma(s, p[0], p[1], out);
}

static slu_status
beta(slu_stream *s, const double *p, double *out)
{
	return slu_rand_beta(s, p[0], p[1], out);
}

static slu_status
pareto(slu_stream *s, const double *p, double *out)
{
	return slu_rand_pareto(s, p[0], p[1], out);
}

static slu_status
weibull(slu_stream *s, const double *p, double *out)
{
	return slu_rand_weibull(s, p[0], p[1], out);
}

static slu_status
von_mises(slu_stream *s, const double *p, double *out)
{
	return slu_rand_von_mises(s, p[0], p[1], out);
}

static double
cdf_uniform(double x, const double *p)
{
	return (x - p[0]) / (p[1] - p[0]);
}

static double
cdf_triangular(double x, const double *p)
{
	double width = p[2] - p[0], left = (x - p[0]) / width;
	double right = (p[2] - x) / width;

	if (x < p[1])
		return left * ((x - p[0]) / (p[1] - p[0]));
	return x < p[2] ? 1 - right * ((p[2] - x) / (p[2] - p[1])) : 1;
}

static double
cdf_lognormal(double x, const double *p)
{
	return cdf_normal(log(x), p);
}

static double
cdf_exponential(double x, const double *p)
{
	return -expm1(-x / p[0]);
}

static double
cdf_pareto(double x, const double *p)
{
	return 1 - pow(p[1] / x, p[0]);
}

static double
cdf_weibull(double x, const double *p)
{
	return -expm1(-pow(x / p[1], p[0]));
}

/*
 * Draw with `p`, and hold the draws to their distribution, and to its mean
 * and variance unless that is NAN.
 */
static void
check_draws(drawer *draw, double (*cdf)(double x, const double *p),
    const double *p, double mean, double variance)
{
	static double draws[DRAWS];
	size_t n = check_slow("1000 draws") ? 1000 : DRAWS;
	slu_stream *s = seeded((unsigned char)fmod(20 + fabs(p[0]), 256));

	for (size_t i = 0; i < n; i++)
		CHECK_OK(draw(s, p, &draws[i]));
	if (!cdf_fits(draws, n, cdf, p) ||
	    (!isnan(variance) && !cdf_moments(draws, n, mean, variance)))
		fail_msg("with %g, %g, %g", p[0], p[1], p[2]);
	slu_stream_free(s);
}

static void
uniform_numbers_are_uniform(void **state)
{
	static const double p[][3] = { { 0, 1 }, { -3, 5 }, { 1e-300, 3e-300 },
		{ -DBL_MAX / 2, DBL_MAX / 2 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++)
		check_draws(uniform, cdf_uniform, p[i], (p[i][0] + p[i][1]) / 2,
		    i < 2 ? (p[i][1] - p[i][0]) * (p[i][1] - p[i][0]) / 12
			  : NAN);
}

static void
triangular_numbers_follow_their_density(void **state)
{
	static const double p[][3] = { { 0, 0.5, 1 }, { -3, -2, 5 },
		{ 0, 0, 1 }, { 2, 7, 7 }, { 0.1, 0.1, 0.7 },
		{ 0, 1e300, 1.5e308 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++) {
		double a = p[i][0], c = p[i][1], b = p[i][2];

		check_draws(triangular, cdf_triangular, p[i], (a + b + c) / 3,
		    i < 5 ? (a * a + b * b + c * c - a * b - a * c - b * c) / 18
			  : NAN);
	}
}

static void
normal_numbers_are_normal(void **state)
{
	static const double p[][3] = { { 0, 1 }, { -5, 0.01 }, { 3, 1e6 },
		{ 0, 1e300 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++)
		check_draws(normal, cdf_normal, p[i], p[i][0],
		    i < 3 ? p[i][1] * p[i][1] : NAN);
}

static void
lognormal_numbers_are_powers_of_normal_ones(void **state)
{
	static const double p[][3] = { { 0, 0.25 }, { 2, 0.5 }, { 0, 10 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++) {
		double v = p[i][1] * p[i][1];

		check_draws(lognormal, cdf_lognormal, p[i],
		    exp(p[i][0] + v / 2),
		    i < 2 ? expm1(v) * exp(2 * p[i][0] + v) : NAN);
	}
}

static void
exponential_numbers_are_exponential(void **state)
{
	static const double p[][3] = { { 1 }, { 50 }, { 1e-9 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++)
		check_draws(exponential, cdf_exponential, p[i], p[i][0],
		    p[i][0] * p[i][0]);
}

static void
gamma_numbers_follow_their_distribution(void **state)
{
	static const double p[][3] = { { 1, 1 }, { 0.5, 2 }, { 0.01, 1 },
		{ 0.999, 3 }, { 1.001, 3 }, { 2.5, 0.1 }, { 10, 1 }, { 100, 7 },
		{ 3000, 1e-3 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++)
		check_draws(gamma_, cdf_gamma, p[i], p[i][0] * p[i][1],
		    i == 2 ? NAN : p[i][0] * p[i][1] * p[i][1]);
}

static void
beta_numbers_follow_their_distribution(void **state)
{
	static const double p[][3] = { { 1, 1 }, { 0.5, 0.5 }, { 2, 3 },
		{ 0.2, 5 }, { 7, 0.9 }, { 0.01, 0.8 }, { 100, 300 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++) {
		double a = p[i][0], b = p[i][1], sum = a + b;

		check_draws(beta, cdf_beta, p[i], a / sum,
		    a * b / (sum * sum * (sum + 1)));
	}
}

static void
pareto_numbers_follow_their_distribution(void **state)
{
	static const double p[][3] = { { 12, 1 }, { 1, 5 }, { 0.1, 2 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++) {
		double a = p[i][0], m = p[i][1];

		check_draws(pareto, cdf_pareto, p[i], a * m / (a - 1),
		    i < 1 ? m * m * a / ((a - 1) * (a - 1) * (a - 2)) : NAN);
	}
}

static void
weibull_numbers_follow_their_distribution(void **state)
{
	static const double p[][3] = { { 1, 1 }, { 2, 3 }, { 5, 0.1 },
		{ 0.1, 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++) {
		double k = p[i][0], m = p[i][1], g = tgamma(1 + 1 / k);

		check_draws(weibull, cdf_weibull, p[i], m * g,
		    i < 3 ? m * m * (tgamma(1 + 2 / k) - g * g) : NAN);
	}
}

static void
von_mises_angles_follow_their_density(void **state)
{
	static const double p[][3] = { { 0, 0.001 }, { 0, 0.2 }, { 0, 0.499 },
		{ 0, 0.501 }, { 0, 1 }, { 0, 3 }, { 0, 30 }, { 0, 1e4 },
		{ 0, 1e12 } };

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(*p); i++)
		check_draws(von_mises, cdf_von_mises, p[i], 0, NAN);
}

static double
cdf_circle(double x, const double *p)
{
	(void)p;
	return (x + PI) / (2 * PI);
}

static void
von_mises_angles_of_kappa_0_are_uniform(void **state)
{
	static const double p[][3] = { { 0, 0 }, { 2, 0 }, { 1e15, 0 } };

	(void)state;
	for (size_t i = 0; i < 2; i++)
		check_draws(von_mises, cdf_circle, p[i], 0, PI * PI / 3);
}

static void
angles_lie_around_their_mean_on_the_circle(void **state)
{
	static const double means[] = { 0, 1, 3, -3, PI, 7, -100, 1e6 };
	slu_stream *s = seeded(8);
	double x, off, sum;

	(void)state;
	for (size_t i = 0; i < sizeof(means) / sizeof(*means); i++) {
		sum = 0;
		for (int k = 0; k < 500; k++) {
			CHECK_OK(slu_rand_von_mises(s, means[i], 100, &x));
			CHECK(x >= -PI && x <= PI);
			off = remainder(x - means[i], 2 * PI);
			CHECK(fabs(off) < 0.8);
			sum += off;
		}
		CHECK(fabs(sum / 500) < 6 * 0.1 / sqrt(500));
	}
	slu_stream_free(s);
}

/* The bytes of a stream that were not drawn yet are those of a new one. */
static void
check_untouched(slu_stream *s, unsigned char seed)
{
	slu_stream *fresh = seeded(seed);

	CHECK(slu_stream_u64(s) == slu_stream_u64(fresh));
	slu_stream_free(fresh);
	slu_stream_free(s);
}

struct range {
	drawer *draw;
	const char *name;
	double p[3];
};

static void
parameters_out_of_range_are_misuse(void **state)
{
	static const struct range bad[] = {
		{ uniform, "uniform", { 1, 0 } },
		{ uniform, "uniform", { -DBL_MAX, DBL_MAX } },
		{ triangular, "triangular", { 0, -0.1, 1 } },
		{ triangular, "triangular", { 0, 1.1, 1 } },
		{ triangular, "triangular", { 1, 0.5, 0 } },
		{ triangular, "triangular", { -DBL_MAX, 0, DBL_MAX } },
		{ normal, "normal", { 0, -1 } },
		{ lognormal, "lognormal", { 0, -1 } },
		{ exponential, "exponential", { 0 } },
		{ exponential, "exponential", { -1 } },
		{ gamma_, "gamma", { 0, 1 } },
		{ gamma_, "gamma", { 1, 0 } },
		{ gamma_, "gamma", { -1, 1 } },
		{ gamma_, "gamma", { 1, -1 } },
		{ gamma_, "gamma", { 1e-301, 1 } },
		{ gamma_, "gamma", { 1.1e300, 1 } },
		{ beta, "beta", { 0, 1 } },
		{ beta, "beta", { 1, 0 } },
		{ beta, "beta", { -1, 1 } },
		{ beta, "beta", { 1, -1 } },
		{ beta, "beta", { 1e301, 1 } },
		{ beta, "beta", { 1, 1e-301 } },
		{ pareto, "pareto", { 0, 1 } },
		{ pareto, "pareto", { 1, 0 } },
		{ pareto, "pareto", { 1, -1 } },
		{ weibull, "weibull", { 0, 1 } },
		{ weibull, "weibull", { 1, 0 } },
		{ weibull, "weibull", { -1, 1 } },
		{ von_mises, "von mises", { 0, -1 } },
	};
	slu_stream *s = seeded(9);
	double out = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		CHECK_IS(SLU_ERR_USAGE, bad[i].draw(s, bad[i].p, &out));
		CHECK_WORDS(bad[i].name);
	}
	CHECK(out == 7);
	check_untouched(s, 9);
}

static void
parameters_that_are_no_finite_numbers_are_misuse(void **state)
{
	static const struct range good[] = {
		{ uniform, "uniform", { 0, 1 } },
		{ triangular, "triangular", { 0, 1, 2 } },
		{ normal, "normal", { 0, 1 } },
		{ lognormal, "lognormal", { 0, 1 } },
		{ exponential, "exponential", { 1 } },
		{ gamma_, "gamma", { 1, 1 } },
		{ beta, "beta", { 1, 1 } },
		{ pareto, "pareto", { 1, 1 } },
		{ weibull, "weibull", { 1, 1 } },
		{ von_mises, "von mises", { 0, 1 } },
	};
	static const double none[] = { NAN, INFINITY, -INFINITY };
	slu_stream *s = seeded(10);
	double out = 7, p[3];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		size_t count = good[i].draw == triangular    ? 3
			       : good[i].draw == exponential ? 1
							     : 2;

		for (size_t k = 0; k < 3 * count; k++) {
			memcpy(p, good[i].p, sizeof(p));
			p[k % count] = none[k / count];
			CHECK_IS(SLU_ERR_USAGE, good[i].draw(s, p, &out));
			CHECK_WORDS(good[i].name);
		}
	}
	CHECK(out == 7);
	check_untouched(s, 10);
}

/* With these parameters all draws are one number. */
static void
what_has_no_spread_is_one_number(void **state)
{
	static const struct range fixed[] = {
		{ uniform, "3", { 3, 3 } },
		{ triangular, "3", { 3, 3, 3 } },
		{ normal, "3", { 3, 0 } },
		{ lognormal, "1", { 0, 0 } },
		{ gamma_, "1e300", { 1e300, 1 } },
		{ beta, "0.5", { 1e300, 1e300 } },
		{ beta, "1", { 1e300, 1 } },
		{ beta, "0", { 1, 1e300 } },
		{ pareto, "3", { 1e300, 3 } },
		{ weibull, "3", { 1e300, 3 } },
		{ von_mises, "1", { 1, DBL_MAX } },
		{ von_mises, "1", { 1, 1e300 } },
	};
	slu_stream *s = seeded(11);
	double out;

	(void)state;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		for (int k = 0; k < 100; k++) {
			double want = strtod(fixed[i].name, NULL);

			CHECK_OK(fixed[i].draw(s, fixed[i].p, &out));
			CHECK(fabs(out - want) <= want * 1e-15 + 1e-200);
		}
	slu_stream_free(s);
}

/* However far parameters go, what comes lies where the header says. */
static void
extreme_parameters_give_numbers_in_range(void **state)
{
	static const struct {
		struct range of;
		double low, high;
	} far[] = {
		{ { uniform, "", { 1, 1 + DBL_EPSILON } }, 1, 1 },
		{ { uniform, "", { 0, 0x1p-1074 } }, 0, 0 },
		{ { uniform, "", { 1e300, DBL_MAX } }, 1e300, DBL_MAX },
		{ { triangular, "", { 0.1, 0.1, 0.7 } }, 0.1, 0.7 },
		{ { triangular, "", { 0, 0, 0x1p-1074 } }, 0, 0x1p-1074 },
		{ { normal, "", { DBL_MAX, DBL_MAX } }, -INFINITY, INFINITY },
		{ { lognormal, "", { 0, 1e10 } }, 0, INFINITY },
		{ { exponential, "", { DBL_MAX } }, 0, INFINITY },
		{ { exponential, "", { 0x1p-1074 } }, 0, 0x1p-1068 },
		{ { gamma_, "", { 1e-300, DBL_MAX } }, 0, INFINITY },
		{ { gamma_, "", { 1e300, DBL_MAX } }, INFINITY, INFINITY },
		{ { gamma_, "", { 1e-300, 1 } }, 0, 0 },
		{ { beta, "", { 1e-300, 1e-300 } }, 0, 1 },
		{ { beta, "", { 1e-300, 1e300 } }, 0, 0 },
		{ { pareto, "", { 0x1p-1074, 1 } }, 1, INFINITY },
		{ { pareto, "", { DBL_MAX, 0x1p-1074 } }, 0, 0x1p-1073 },
		{ { weibull, "", { 0x1p-1074, 1 } }, 0, INFINITY },
		{ { weibull, "", { DBL_MAX, DBL_MAX } }, 0, DBL_MAX },
		{ { von_mises, "", { DBL_MAX, 0x1p-1074 } }, -PI, PI },
	};
	slu_stream *s = seeded(12);
	double out;

	(void)state;
	for (size_t i = 0; i < sizeof(far) / sizeof(*far); i++)
		for (int k = 0; k < 1000; k++) {
			CHECK_OK(far[i].of.draw(s, far[i].of.p, &out));
			CHECK(out >= far[i].low && out <= far[i].high);
		}
	slu_stream_free(s);
}

static void
a_beta_of_tiny_parameters_is_at_either_end_as_often_as_due(void **state)
{
	static const double p[] = { 1e-300, 3e-300 };
	slu_stream *s = seeded(13);
	int ones = 0;
	double out;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		CHECK_OK(beta(s, p, &out));
		CHECK(out == 0 || out == 1);
		ones += out == 1;
	}
	CHECK(abs(ones - 1000) < 5 * 28);
	slu_stream_free(s);
}

static void
the_secure_generator_serves_as_well(void **state)
{
	double x, sum = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		CHECK_OK(slu_rand_normal(NULL, 5, 1, &x));
		sum += x;
	}
	/* Ten standard errors: no chance, and no other mean. */
	CHECK(fabs(sum / 10000 - 5) < 0.1);
}

/* libm may round otherwise elsewhere, but not by that much. */
static void
a_seed_gives_the_same_numbers_each_time(void **state)
{
	static const struct {
		struct range of;
		double want;
	} each[] = {
		{ { uniform, "", { 2, 5 } }, 3.18911711327719 },
		{ { triangular, "", { 2, 3, 5 } }, 3.00617555062306 },
		{ { normal, "", { 2, 3 } }, 1.24589483863911 },
		{ { lognormal, "", { 2, 3 } }, 0.138751682885007 },
		{ { exponential, "", { 2 } }, 1.3761860570494 },
		{ { gamma_, "", { 2, 3 } }, 3.88229229656082 },
		{ { gamma_, "", { 0.5, 3 } }, 0.114471574266375 },
		{ { beta, "", { 2, 3 } }, 0.236119726898136 },
		{ { beta, "", { 0.5, 3 } }, 0.0140058124461155 },
		{ { pareto, "", { 2, 3 } }, 3.88777904038596 },
		{ { weibull, "", { 2, 3 } }, 2.37292866490395 },
		{ { von_mises, "", { 2, 0.3 } }, 2.14119522954824 },
		{ { von_mises, "", { 2, 3 } }, 3.06986728359843 },
	};
	slu_stream *s = seeded(14);
	double out;

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(*each); i++) {
		CHECK_OK(each[i].of.draw(s, each[i].of.p, &out));
		CHECK(fabs(out / each[i].want - 1) < 1e-12);
	}
	slu_stream_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uniform_numbers_are_uniform),
		cmocka_unit_test(triangular_numbers_follow_their_density),
		cmocka_unit_test(normal_numbers_are_normal),
		cmocka_unit_test(lognormal_numbers_are_powers_of_normal_ones),
		cmocka_unit_test(exponential_numbers_are_exponential),
		cmocka_unit_test(gamma_numbers_follow_their_distribution),
		cmocka_unit_test(beta_numbers_follow_their_distribution),
		cmocka_unit_test(pareto_numbers_follow_their_distribution),
		cmocka_unit_test(weibull_numbers_follow_their_distribution),
		cmocka_unit_test(von_mises_angles_follow_their_density),
		cmocka_unit_test(von_mises_angles_of_kappa_0_are_uniform),
		cmocka_unit_test(angles_lie_around_their_mean_on_the_circle),
		cmocka_unit_test(parameters_out_of_range_are_misuse),
		cmocka_unit_test(
		    parameters_that_are_no_finite_numbers_are_misuse),
		cmocka_unit_test(what_has_no_spread_is_one_number),
		cmocka_unit_test(extreme_parameters_give_numbers_in_range),
		cmocka_unit_test(
		    a_beta_of_tiny_parameters_is_at_either_end_as_often_as_due),
		cmocka_unit_test(the_secure_generator_serves_as_well),
		cmocka_unit_test(a_seed_gives_the_same_numbers_each_time),
	};

	return cmocka_run_group_tests_name("rand_dist", tests, NULL, NULL);
}
