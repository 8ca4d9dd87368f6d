/* SPDX-License-Identifier: ISC */
/* poisson.h: how often what is rare happens. */
#ifndef SLUICE_RAND_POISSON_H
#define SLUICE_RAND_POISSON_H

#include "draw.h"

/* So often on average: `mean` is from 0 to 2^52. */
uint64_t slu_poisson(slu_draw *d, double mean);

#endif
