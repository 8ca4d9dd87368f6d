/* SPDX-License-Identifier: ISC */
#include "gamma.h"

#include <math.h>

#include "exponential.h"
#include "ziggurat.h"

double
slu_gamma(slu_draw *d, double shape)
{
	double most = shape - 1.0 / 3, c = 1 / (3 * sqrt(most));
	double x, v, u;

	for (;;) {
		do {
			x = slu_normal(d);
			v = 1 + c * x;
		} while (v <= 0);
		v = v * v * v;
		u = 1 - slu_draw_real(d);
		/* What the authors call the squeeze spares most logarithms. */
		if (u < 1 - 0.0331 * (x * x) * (x * x) ||
		    log(u) < x * x / 2 + most * (1 - v + log(v)))
			return most * v;
	}
}

/* X of shape a + 1, times the a-th root of a uniform number, has shape a. */
double
slu_gamma_log(slu_draw *d, double shape)
{
	double x;

	if (shape >= 1)
		return log(slu_gamma(d, shape));
	x = log(slu_gamma(d, shape + 1));
	return x - slu_exponential(d) / shape;
}
