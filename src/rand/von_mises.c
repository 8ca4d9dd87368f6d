/* SPDX-License-Identifier: ISC */
#include "von_mises.h"

#include <math.h>

#include "exponential.h"
#include "ziggurat.h"

#define PI 3.14159265358979323846

/* Below this, a uniform angle is accepted more often than a normal one. */
#define NEARLY_UNIFORM 0.5

static double
spread_out(slu_draw *d, double kappa)
{
	double x;

	do
		x = PI * (2 * slu_draw_real(d) - 1);
	while (slu_exponential(d) < kappa * (1 - cos(x)));
	return x;
}

/*
 * The density is exp(-2 kappa sin^2(x/2)), the normal one above it
 * exp(-2 kappa (x/pi)^2): accept in proportion, by the difference of their
 * exponents, of which the root is taken first lest a large kappa be too large.
 */
static double
gathered(slu_draw *d, double kappa)
{
	const double root = sqrt(kappa), sd = PI / (2 * root);
	double x, sine, line;

	do {
		x = sd * slu_normal(d);
		sine = root * sin(x / 2);
		line = root * (x / PI);
	} while (fabs(x) > PI ||
		 slu_exponential(d) < 2 * (sine * sine - line * line));
	return x;
}

double
slu_von_mises(slu_draw *d, double mean, double kappa)
{
	double x;

	x = kappa < NEARLY_UNIFORM ? spread_out(d, kappa) : gathered(d, kappa);
	return remainder(remainder(mean, 2 * PI) + x, 2 * PI);
}
