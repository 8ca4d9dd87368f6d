/* SPDX-License-Identifier: ISC */
#include "binomial.h"

#include <math.h>

#include "stirling.h"

#define MANY 10 /* successes on average, from which on rejection works */
#define FAR 110 /* no fewer than MANY on average come to that: 10^-70 */

/* Sequential search from 0 on: Kachitvichyanukul and Schmeiser, 1988, BINV. */
static double
few(slu_draw *d, double n, double p)
{
	const double none = exp(n * log1p(-p)), odds = p / (1 - p);
	double k, u, here;

	for (;;) {
		u = slu_draw_real(d);
		here = none;
		for (k = 0; k <= FAR; k++) {
			if (u < here)
				return k;
			u -= here;
			here *= (n - k) / (k + 1) * odds;
		}
	}
}

/* What the test of BTRS is made of. */
struct peak {
	double n, most;  /* trials; the likeliest number of successes */
	double slope;    /* log of the odds of one more success there */
	double constant; /* Stirling's rests there */
};

/*
 * The logarithm of how much likelier `k` is than the peak, by Stirling's
 * formula.  In differences of whole numbers, which are exact, and log1p of
 * them, it loses no more than the square root of `n` times a rounding.
 */
static double
log_ratio(const struct peak *at, double k)
{
	double off = k - at->most, rest = at->n - k;

	return off * at->slope + (rest + 0.5) * log1p(off / (rest + 1)) +
	       (k + 0.5) * log1p(-off / (k + 1)) + at->constant -
	       slu_stirling(k) - slu_stirling(rest);
}

/* Hormann, The Generation of Binomial Random Variates, 1993: BTRS. */
static double
many(slu_draw *d, double n, double p)
{
	const double q = 1 - p, sd = sqrt(n * p * q);
	const double b = 1.15 + 2.53 * sd, a = -0.0873 + 0.0248 * b + 0.01 * p;
	const double c = n * p + 0.5, sure = 0.92 - 4.2 / b;
	const double alpha = (2.83 + 5.1 / b) * sd, mean = (n + 1) * p;
	struct peak at = { .n = n, .most = floor(mean) };
	double u, v, us, k;

	at.slope = log1p((mean - at.most - q) / (q * (at.most + 1)));
	at.constant = slu_stirling(at.most) + slu_stirling(n - at.most);
	for (;;) {
		u = slu_draw_real(d) - 0.5;
		v = 1 - slu_draw_real(d);
		us = 0.5 - fabs(u);
		k = floor((2 * a / us + b) * u + c);
		if (us >= 0.07 && v <= sure)
			return k;
		if (!(k >= 0 && k <= n))
			continue;
		if (log(v * alpha / (a / (us * us) + b)) <= log_ratio(&at, k))
			return k;
	}
}

uint64_t
slu_binomial(slu_draw *d, uint64_t n, double p)
{
	const double trials = (double)n, less = p <= 0.5 ? p : 1 - p;
	uint64_t k;

	k = (uint64_t)(trials * less < MANY ? few(d, trials, less)
					    : many(d, trials, less));
	return p <= 0.5 ? k : n - k;
}
