/* SPDX-License-Identifier: ISC */
/* chi.h: whether counts could come from draws that are all alike. */
#ifndef SLUICE_TESTS_CHI_H
#define SLUICE_TESTS_CHI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Pearson's chi-square for `n` values of which each is drawn with its share
 * of probability; shares need not add up to 1, and NULL stands for equal
 * ones.  False for less than one in 10^9 of fair sets of counts in each
 * direction, too uneven or too even, by the bounds of Laurent and Massart
 * (2000): P(X >= k + 2 sqrt(kx) + 2x) and P(X <= k - 2 sqrt(kx)) are at most
 * e^-x with k degrees of freedom.
 */
static inline bool
chi_shares(const uint64_t *counts, const double *shares, size_t n)
{
	double k = (double)n - 1, x = 20.73 /* ln 10^9 */;
	double total = 0, whole = 0, chi = 0, want, off;

	for (size_t i = 0; i < n; i++) {
		total += (double)counts[i];
		whole += shares != NULL ? shares[i] : 1;
	}
	for (size_t i = 0; i < n; i++) {
		want = total * (shares != NULL ? shares[i] : 1) / whole;
		off = (double)counts[i] - want;
		chi += off * off / want;
	}
	off = chi - k;
	if (off > 0)
		off = off > 2 * x ? off - 2 * x : 0;
	return off * off <= 4 * k * x;
}

/* The same for values that should be equally frequent. */
static inline bool
chi_uniform(const uint64_t *counts, size_t n)
{
	return chi_shares(counts, NULL, n);
}

#endif
