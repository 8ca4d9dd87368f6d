/* SPDX-License-Identifier: ISC */
#include "poisson.h"

#include <math.h>

#include "stirling.h"

#define MANY 10
#define FAR 110 /* a mean below MANY comes to that: 10^-70 */
#define LOG_ROOT_2PI 0.91893853320467274178

/* Sequential search from 0 on: Devroye, 1986, section X.3.3. */
static double
few(slu_draw *d, double mean)
{
	const double none = exp(-mean);
	double k, u, here;

	for (;;) {
		u = slu_draw_real(d);
		here = none;
		for (k = 0; k <= FAR; k++) {
			if (u < here)
				return k;
			u -= here;
			here *= mean / (k + 1);
		}
	}
}

/*
 * The logarithm of the probability of `k`, by Stirling's formula, put so that
 * it loses no more than the square root of the mean times a rounding.
 */
static double
log_probability(double mean, double k)
{
	double off = k + 1 - mean;

	return off - (k + 0.5) * log1p(off / mean) - 0.5 * log(mean) -
	       LOG_ROOT_2PI - slu_stirling(k);
}

/* Hormann, The Transformed Rejection Method for Poisson Variables, 1993. */
static double
many(slu_draw *d, double mean)
{
	const double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
	const double inverse = 1.1239 + 1.1328 / (b - 3.4);
	const double sure = 0.9277 - 3.6224 / (b - 2);
	double u, v, us, k;

	for (;;) {
		u = slu_draw_real(d) - 0.5;
		v = 1 - slu_draw_real(d);
		us = 0.5 - fabs(u);
		k = floor((2 * a / us + b) * u + mean + 0.43);
		if (us >= 0.07 && v <= sure)
			return k;
		if (!(k >= 0) || (us < 0.013 && v > us))
			continue;
		if (log(v * inverse / (a / (us * us) + b)) <=
		    log_probability(mean, k))
			return k;
	}
}

uint64_t
slu_poisson(slu_draw *d, double mean)
{
	return (uint64_t)(mean < MANY ? few(d, mean) : many(d, mean));
}
