/* SPDX-License-Identifier: ISC */
/*
 * rand_dist.h: random numbers of many distributions, for simulations.
 *
 * Each of these draws one number from the stream `s`, or where that is NULL
 * from the secure generator of rand.h, into `*out`.  A parameter outside its
 * range, infinite or not a number, is SLU_ERR_USAGE, and nothing is drawn.
 *
 * How many bytes of the stream a number takes depends on what they are.  The
 * same seed gives the same numbers wherever libm rounds alike.  Results that
 * are too large for a double are infinite, those too small are 0.  How long it
 * takes may tell what was drawn: this is nothing to make a secret of.
 */
#ifndef SLUICE_RAND_DIST_H
#define SLUICE_RAND_DIST_H

#include <stdint.h>

#include "sluice/stream.h"

SLU_BEGIN_DECLS

/* The most trials, and events on average, that can be counted: 2^52. */
#define SLU_RAND_COUNT_MAX (UINT64_C(1) << 52)

/*
 * Uniform from `low` on, below `high`, or `low` where they are equal: low +
 * (high - low) U, drawn anew where that is rounded up to `high`.
 * `low` <= `high`, and their distance is finite.
 */
slu_status slu_rand_uniform(
    slu_stream *s, double low, double high, double *out) SLU_CHECKED;

/*
 * Triangular from `low` to `high`, likeliest at `mode`, by inversion (Devroye,
 * Non-Uniform Random Variate Generation, 1986, II.2).  `low` <= `mode` <=
 * `high`, the outer distance finite; where all are equal, so is the result.
 */
slu_status slu_rand_triangular(slu_stream *s, double low, double mode,
    double high, double *out) SLU_CHECKED;

/*
 * Normal of a mean and a standard deviation `sd` >= 0, which may be 0: the
 * mean then.  By a ziggurat of 256 layers (Marsaglia and Tsang, The Ziggurat
 * Method for Generating Random Variables, 2000), whose layers and places are
 * drawn independently (Doornik, 2005), and Marsaglia's tail (1964).
 */
slu_status slu_rand_normal(
    slu_stream *s, double mean, double sd, double *out) SLU_CHECKED;

/*
 * Log-normal: e to the power of what is normal of mean `mu` and standard
 * deviation `sigma` >= 0.
 */
slu_status slu_rand_lognormal(
    slu_stream *s, double mu, double sigma, double *out) SLU_CHECKED;

/*
 * Exponential of a `mean` > 0, from 0 on: by inversion (Devroye, 1986, II.2)
 * of 64 bits, so never more than 36.8 times the mean.
 */
slu_status slu_rand_exponential(
    slu_stream *s, double mean, double *out) SLU_CHECKED;

/*
 * Gamma of a `shape` from 1e-300 to 1e300 and a `scale` > 0; the mean is their
 * product.  By Marsaglia and Tsang, A Simple Method for Generating Gamma
 * Variables, 2000; for a shape below 1, of that of shape + 1, as they say.
 */
slu_status slu_rand_gamma(
    slu_stream *s, double shape, double scale, double *out) SLU_CHECKED;

/*
 * Beta of `a` and `b`, both from 1e-300 to 1e300; from 0 to 1, and either end
 * where the parameters leave little else.  X / (X + Y) of two gamma numbers
 * (Devroye, 1986, IX.4.1), in logarithms where a parameter is below 1.
 */
slu_status slu_rand_beta(
    slu_stream *s, double a, double b, double *out) SLU_CHECKED;

/*
 * Pareto of a `shape` > 0, from `scale` > 0 on: P(X > x) = (scale / x)^shape.
 * By inversion, as the exponential.
 */
slu_status slu_rand_pareto(
    slu_stream *s, double shape, double scale, double *out) SLU_CHECKED;

/*
 * Weibull of a `shape` > 0 and a `scale` > 0: P(X > x) = exp(-(x / scale)^
 * shape).  By inversion, as the exponential, which it is for a shape of 1.
 */
slu_status slu_rand_weibull(
    slu_stream *s, double shape, double scale, double *out) SLU_CHECKED;

/*
 * Von Mises of a mean direction `mean` and a concentration `kappa` >= 0: an
 * angle in radians from -pi to pi; of a kappa of 0, uniform.  By rejection
 * (von Neumann, 1951) from the normal distribution that Jordan's inequality,
 * sin x >= 2 x / pi, puts above its density, or for a kappa below 1/2 from the
 * uniform one.  It is exact for every kappa, and of three draws it takes two.
 */
slu_status slu_rand_von_mises(
    slu_stream *s, double mean, double kappa, double *out) SLU_CHECKED;

/*
 * Binomial: how many of `n` trials, at most SLU_RAND_COUNT_MAX, succeed if each
 * does with probability `p`, from 0 to 1.  By Hormann's BTRS (The Generation of
 * Binomial Random Variates, 1993), or where fewer than 10 successes, or
 * failures, are expected, by a search (BINV of Kachitvichyanukul and
 * Schmeiser, Binomial Random Variate Generation, 1988).
 */
slu_status slu_rand_binomial(
    slu_stream *s, uint64_t n, double p, uint64_t *out) SLU_CHECKED;

/*
 * Poisson of a `mean` from 0 to SLU_RAND_COUNT_MAX; of a mean of 0, 0.  By
 * Hormann's PTRS (The Transformed Rejection Method for Generating Poisson
 * Random Variables, 1993), or below a mean of 10 by a search (Devroye, 1986,
 * X.3.3).
 */
slu_status slu_rand_poisson(
    slu_stream *s, double mean, uint64_t *out) SLU_CHECKED;

/*
 * Geometric: how many trials fail before the first one that succeeds, as each
 * does with probability `p` > 0, up to 1.  By inversion (Devroye, 1986,
 * X.2.1).  What is over UINT64_MAX is UINT64_MAX: below a p of 2^-58 only.
 */
slu_status slu_rand_geometric(
    slu_stream *s, double p, uint64_t *out) SLU_CHECKED;

SLU_END_DECLS

#endif
