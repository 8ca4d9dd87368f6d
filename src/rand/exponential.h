/* SPDX-License-Identifier: ISC */
/* exponential.h: the exponential distribution whose mean is 1. */
#ifndef SLUICE_RAND_EXPONENTIAL_H
#define SLUICE_RAND_EXPONENTIAL_H

#include "draw.h"

/*
 * By inversion, of a number of 64 bits, so that small results are fine ones:
 * from 0 to 36.8.
 */
double slu_exponential(slu_draw *d);

#endif
