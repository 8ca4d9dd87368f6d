/* SPDX-License-Identifier: ISC */
#include "cdf.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define POINTS 1000 /* the draws that are held to the distribution, at most */

double
cdf_normal(double x, const double *p)
{
	return erfc((p[0] - x) / p[1] / sqrt(2)) / 2;
}

/* The incomplete gamma function: a series left of the mean, ... */
static double
gamma_series(double a, double x)
{
	double term = 1 / a, sum = term;

	for (double n = a + 1; term > sum * 1e-16; n++) {
		term *= x / n;
		sum += term;
	}
	return sum * exp(a * log(x) - x - lgamma(a));
}

/* ... and a continued fraction, by Lentz's method, right of it. */
static double
gamma_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1e300, d = 1 / b, h = d, step = 0, an;

	for (double i = 1; fabs(step - 1) > 1e-15; i++) {
		an = -i * (i - a);
		b += 2;
		d = 1 / (an * d + b);
		c = b + an / c;
		step = c * d;
		h *= step;
	}
	return h * exp(a * log(x) - x - lgamma(a));
}

double
cdf_gamma(double x, const double *p)
{
	double a = p[0];

	x /= p[1];
	if (x <= 0)
		return 0;
	return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}

/* The incomplete beta function's continued fraction, left of the mean. */
static double
beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), h = d, step = 0, k;

	for (double m = 1; fabs(step - 1) > 1e-15 && m < 10000; m++) {
		k = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / (1 + k * d);
		c = 1 + k / c;
		h *= c * d;
		k = -(a + m) * (a + b + m) * x /
		    ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / (1 + k * d);
		c = 1 + k / c;
		step = c * d;
		h *= step;
	}
	return h / a *
	       exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) +
		   b * log1p(-x));
}

double
cdf_beta(double x, const double *p)
{
	if (x <= 0 || x >= 1)
		return x > 0;
	if (x < (p[0] + 1) / (p[0] + p[1] + 2))
		return beta_fraction(p[0], p[1], x);
	return 1 - beta_fraction(p[1], p[0], 1 - x);
}

/* The integral of the density from the mean on, by Simpson's rule. */
static double
von_mises_area(double kappa, double x)
{
	enum { STEPS = 80 };
	/* Beyond this many standard deviations there is next to nothing. */
	double far = fmin(PI, 12 / sqrt(kappa));
	double h = fmin(x, far) / STEPS, sum = 0, sine;

	for (int i = 0; i <= STEPS; i++) {
		sine = sin(h * i / 2);
		sum += exp(-2 * kappa * sine * sine) * (i == 0 || i == STEPS ? 1
							   : i % 2           ? 4
								   : 2);
	}
	return sum * h / 3;
}

double
cdf_von_mises(double x, const double *p)
{
	double off = remainder(x - p[0], 2 * PI);
	double share =
	    von_mises_area(p[1], fabs(off)) / von_mises_area(p[1], PI) / 2;

	return off < 0 ? 0.5 - share : 0.5 + share;
}

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

bool
cdf_fits(double *draws, size_t n, double (*cdf)(double x, const double *p),
    const double *p)
{
	size_t step = n / POINTS + 1;
	double most = 0, at;

	qsort(draws, n, sizeof(*draws), compare);
	for (size_t i = 0; i < n; i += step) {
		at = cdf(draws[i], p);
		most = fmax(most, at - (double)i / (double)n);
		most = fmax(most, (double)(i + 1) / (double)n - at);
	}
	/* 2 exp(-2 k^2) is 10^-5. */
	return most * sqrt((double)n) < 2.4704;
}

bool
cdf_moments(const double *draws, size_t n, double mean, double variance)
{
	double second = 0, fourth = 0, off = 0, square, count = (double)n;

	for (size_t i = 0; i < n; i++) {
		off += draws[i] - mean;
		square = (draws[i] - mean) * (draws[i] - mean);
		second += square / count;
		fourth += square * square / count;
	}
	return fabs(off / count) <= 5 * sqrt(variance / count) &&
	       fabs(second - variance) <=
		   5 * sqrt((fourth - second * second) / count);
}
