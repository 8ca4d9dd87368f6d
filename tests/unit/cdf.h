/* SPDX-License-Identifier: ISC */
/*
 * cdf.h: distributions as tables have them, computed otherwise than by the
 * code under test, and whether draws follow one.
 */
#ifndef SLUICE_TESTS_CDF_H
#define SLUICE_TESTS_CDF_H

#include <stdbool.h>
#include <stddef.h>

/* The probability of what is at most `x`; parameters as in rand_dist.h. */
double cdf_normal(double x, const double *mean_sd);
double cdf_gamma(double x, const double *shape_scale);
double cdf_beta(double x, const double *a_b);
double cdf_von_mises(double x, const double *mean_kappa);

/*
 * Kolmogorov and Smirnov's test of `n` draws, which it sorts, at a thousand
 * of them: false for fewer than one in 10^5 of fair sets.  Seeds are fixed:
 * what passes once passes again.
 */
bool cdf_fits(double *draws, size_t n, double (*cdf)(double x, const double *p),
    const double *p);

/*
 * Whether draws have a mean and a variance: both lie within 5 of their
 * standard errors, as the draws themselves tell these.
 */
bool cdf_moments(const double *draws, size_t n, double mean, double variance);

#endif
