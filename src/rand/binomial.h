/* SPDX-License-Identifier: ISC */
/* binomial.h: how many of so many trials succeed. */
#ifndef SLUICE_RAND_BINOMIAL_H
#define SLUICE_RAND_BINOMIAL_H

#include "draw.h"

/* Of `n` trials, at most 2^52, of probability `p`, from 0 to 1. */
uint64_t slu_binomial(slu_draw *d, uint64_t n, double p);

#endif
