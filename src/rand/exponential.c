/* SPDX-License-Identifier: ISC */
#include "exponential.h"

#include <math.h>

/* A draw that rounding would make 1 is the number before it. */
double
slu_exponential(slu_draw *d)
{
	double u = (double)slu_draw_u64(d) * 0x1p-64;

	return -log1p(-(u < 1 ? u : 1 - 0x1p-53));
}
