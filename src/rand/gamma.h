/* SPDX-License-Identifier: ISC */
/* gamma.h: the gamma distribution whose scale is 1. */
#ifndef SLUICE_RAND_GAMMA_H
#define SLUICE_RAND_GAMMA_H

#include "draw.h"

#define SLU_GAMMA_MIN 1e-300 /* of a shape */
#define SLU_GAMMA_MAX 1e300

/*
 * Marsaglia and Tsang, A Simple Method for Generating Gamma Variables, 2000,
 * for a `shape` from 1 to SLU_GAMMA_MAX.
 */
double slu_gamma(slu_draw *d, double shape);

/*
 * The logarithm of what has a `shape` from SLU_GAMMA_MIN on: small shapes
 * give what is too small for a double.
 */
double slu_gamma_log(slu_draw *d, double shape);

#endif
