/* SPDX-License-Identifier: ISC */
/*
 * ziggurat.h: the normal distribution of mean 0 and standard deviation 1.
 *
 * Marsaglia and Tsang, The Ziggurat Method for Generating Random Variables,
 * 2000: the half of the density right of 0 is cut into layers of one area.
 * The layer, the side and the place in the layer are bits of one draw that
 * have nothing to do with each other (Doornik, 2005).  Mostly that place is
 * under the density whatever its height; the rest of a layer, and the tail,
 * take more draws.
 */
#ifndef SLUICE_RAND_ZIGGURAT_H
#define SLUICE_RAND_ZIGGURAT_H

#include "draw.h"

#define SLU_ZIGGURAT_LAYERS 256

typedef struct slu_ziggurat_layer {
	uint64_t sure; /* places below this one are under the density */
	double step;   /* from one of the 2^53 places to the next */
	double low;    /* the density at the layer's right edge, below it */
	double rise;   /* and how much higher it is at the left edge */
} slu_ziggurat_layer;

/* From the lowest layer, which has the tail, to the top. */
extern const slu_ziggurat_layer slu_ziggurat[SLU_ZIGGURAT_LAYERS];

/* What becomes of a draw whose place is not a sure one. */
double slu_normal_unsure(slu_draw *d, uint64_t draw);

/* Give `x` the sign that a draw has chosen. */
static inline double
slu_normal_side(double x, uint64_t draw)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	bits ^= (draw & SLU_ZIGGURAT_LAYERS) << (63 - 8);
	memcpy(&x, &bits, sizeof(x));
	return x;
}

static inline double
slu_normal(slu_draw *d)
{
	uint64_t draw = slu_draw_u64(d), place = draw >> 11;
	const slu_ziggurat_layer *l = &slu_ziggurat[draw % SLU_ZIGGURAT_LAYERS];

	if (place >= l->sure)
		return slu_normal_unsure(d, draw);
	return slu_normal_side((double)place * l->step, draw);
}

#endif
