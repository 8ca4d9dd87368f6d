/* SPDX-License-Identifier: ISC */
#include "sluice/rand_dist.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "binomial.h"
#include "exponential.h"
#include "gamma.h"
#include "poisson.h"
#include "stream_internal.h"
#include "von_mises.h"
#include "ziggurat.h"

static slu_status
misuse(const char *name, const char *parameter, double value)
{
	return slu_fail(SLU_ERR_USAGE, "%s: %s is %g", name, parameter, value);
}

/* These are false for what is no number. */
static bool
is_positive(double x)
{
	return x > 0 && isfinite(x);
}

static bool
is_spread(double x)
{
	return x >= 0 && isfinite(x);
}

static bool
is_shape(double x)
{
	return x >= SLU_GAMMA_MIN && x <= SLU_GAMMA_MAX;
}

slu_status
slu_rand_uniform(slu_stream *s, double low, double high, double *out)
{
	slu_draw *d;
	double x;

	if (!is_spread(high - low))
		return slu_fail(
		    SLU_ERR_USAGE, "uniform: from %g to %g", low, high);
	d = slu_stream_draw(s);
	do
		x = low + (high - low) * slu_draw_real(d);
	while (x >= high && low < high);
	*out = x;
	return SLU_OK;
}

slu_status
slu_rand_triangular(
    slu_stream *s, double low, double mode, double high, double *out)
{
	double width = high - low, left, u;

	if (!is_spread(width) || !is_spread(mode - low) ||
	    !is_spread(high - mode))
		return slu_fail(SLU_ERR_USAGE,
		    "triangular: from %g to %g, likeliest at %g", low, high,
		    mode);
	left = width > 0 ? (mode - low) / width : 0;
	u = slu_draw_real(slu_stream_draw(s));
	if (u < left)
		*out = low + width * sqrt(u * left);
	else
		*out = fmax(low, high - width * sqrt((1 - u) * (1 - left)));
	return SLU_OK;
}

slu_status
slu_rand_normal(slu_stream *s, double mean, double sd, double *out)
{
	if (!isfinite(mean))
		return misuse("normal", "the mean", mean);
	if (!is_spread(sd))
		return misuse("normal", "the standard deviation", sd);
	*out = mean + sd * slu_normal(slu_stream_draw(s));
	return SLU_OK;
}

slu_status
slu_rand_lognormal(slu_stream *s, double mu, double sigma, double *out)
{
	if (!isfinite(mu))
		return misuse("lognormal", "mu", mu);
	if (!is_spread(sigma))
		return misuse("lognormal", "sigma", sigma);
	*out = exp(mu + sigma * slu_normal(slu_stream_draw(s)));
	return SLU_OK;
}

slu_status
slu_rand_exponential(slu_stream *s, double mean, double *out)
{
	if (!is_positive(mean))
		return misuse("exponential", "the mean", mean);
	*out = mean * slu_exponential(slu_stream_draw(s));
	return SLU_OK;
}

slu_status
slu_rand_gamma(slu_stream *s, double shape, double scale, double *out)
{
	slu_draw *d;

	if (!is_shape(shape))
		return misuse("gamma", "the shape", shape);
	if (!is_positive(scale))
		return misuse("gamma", "the scale", scale);
	d = slu_stream_draw(s);
	if (shape < 1)
		*out = exp(log(scale) + slu_gamma_log(d, shape));
	else
		*out = scale * slu_gamma(d, shape);
	return SLU_OK;
}

slu_status
slu_rand_beta(slu_stream *s, double a, double b, double *out)
{
	double x, y;
	slu_draw *d;

	if (!is_shape(a))
		return misuse("beta", "a", a);
	if (!is_shape(b))
		return misuse("beta", "b", b);
	d = slu_stream_draw(s);
	if (a < 1 || b < 1) {
		x = slu_gamma_log(d, a);
		y = slu_gamma_log(d, b);
		*out = 1 / (1 + exp(y - x));
	} else {
		x = slu_gamma(d, a);
		y = slu_gamma(d, b);
		*out = x / (x + y);
	}
	return SLU_OK;
}

slu_status
slu_rand_pareto(slu_stream *s, double shape, double scale, double *out)
{
	if (!is_positive(shape))
		return misuse("pareto", "the shape", shape);
	if (!is_positive(scale))
		return misuse("pareto", "the scale", scale);
	*out = scale * exp(slu_exponential(slu_stream_draw(s)) / shape);
	return SLU_OK;
}

slu_status
slu_rand_weibull(slu_stream *s, double shape, double scale, double *out)
{
	if (!is_positive(shape))
		return misuse("weibull", "the shape", shape);
	if (!is_positive(scale))
		return misuse("weibull", "the scale", scale);
	*out = scale * pow(slu_exponential(slu_stream_draw(s)), 1 / shape);
	return SLU_OK;
}

slu_status
slu_rand_von_mises(slu_stream *s, double mean, double kappa, double *out)
{
	if (!isfinite(mean))
		return misuse("von mises", "the mean", mean);
	if (!is_spread(kappa))
		return misuse("von mises", "kappa", kappa);
	*out = slu_von_mises(slu_stream_draw(s), mean, kappa);
	return SLU_OK;
}

slu_status
slu_rand_binomial(slu_stream *s, uint64_t n, double p, uint64_t *out)
{
	if (n > SLU_RAND_COUNT_MAX)
		return slu_fail(
		    SLU_ERR_USAGE, "binomial: %" PRIu64 " trials", n);
	if (!(p >= 0 && p <= 1))
		return misuse("binomial", "p", p);
	*out = slu_binomial(slu_stream_draw(s), n, p);
	return SLU_OK;
}

slu_status
slu_rand_poisson(slu_stream *s, double mean, uint64_t *out)
{
	if (!(mean >= 0 && mean <= (double)SLU_RAND_COUNT_MAX))
		return misuse("poisson", "the mean", mean);
	*out = slu_poisson(slu_stream_draw(s), mean);
	return SLU_OK;
}

slu_status
slu_rand_geometric(slu_stream *s, double p, uint64_t *out)
{
	double x;

	if (!(p > 0 && p <= 1))
		return misuse("geometric", "p", p);
	x = slu_exponential(slu_stream_draw(s)) / -log1p(-p);
	*out = x < 0x1p64 ? (uint64_t)x : UINT64_MAX;
	return SLU_OK;
}
