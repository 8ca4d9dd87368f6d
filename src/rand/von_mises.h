/* SPDX-License-Identifier: ISC */
/* von_mises.h: angles around a mean one. */
#ifndef SLUICE_RAND_VON_MISES_H
#define SLUICE_RAND_VON_MISES_H

#include "draw.h"

/* An angle from -pi to pi; `kappa` is not negative. */
double slu_von_mises(slu_draw *d, double mean, double kappa);

#endif
