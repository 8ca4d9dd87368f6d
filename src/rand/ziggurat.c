/* SPDX-License-Identifier: ISC */
#include "ziggurat.h"

#include <math.h>

#include "exponential.h"

/* Marsaglia, Generating a Variable from the Tail of the Normal, 1964. */
static double
tail(slu_draw *d)
{
	/* Where it begins: the last sure place of the lowest layer. */
	double begin = (double)slu_ziggurat[0].sure * slu_ziggurat[0].step;
	double x, y;

	do {
		x = slu_exponential(d) / begin;
		y = slu_exponential(d);
	} while (2 * y < x * x);
	return begin + x;
}

double
slu_normal_unsure(slu_draw *d, uint64_t draw)
{
	const slu_ziggurat_layer *l = &slu_ziggurat[draw % SLU_ZIGGURAT_LAYERS];
	double x = (double)(draw >> 11) * l->step;

	if (l == slu_ziggurat)
		return slu_normal_side(tail(d), draw);
	if (l->low + slu_draw_real(d) * l->rise < exp(-x * x / 2))
		return slu_normal_side(x, draw);
	return slu_normal(d);
}
