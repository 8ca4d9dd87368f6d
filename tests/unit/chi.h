/* SPDX-License-Identifier: ISC */
/* chi.h: whether counts could come from draws that are all alike. */
#ifndef SLUICE_TESTS_CHI_H
#define SLUICE_TESTS_CHI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Pearson's chi-square for `n` values that should be equally frequent.
 * False for less than one in 10^9 of fair sets of counts in each direction,
 * too uneven or too even, by the bounds of Laurent and Massart (2000):
 * P(X >= k + 2 sqrt(kx) + 2x) and P(X <= k - 2 sqrt(kx)) are at most e^-x
 * with k degrees of freedom.
 */
static inline bool
chi_uniform(const uint64_t *counts, size_t n)
{
	double k = (double)n - 1, x = 20.73 /* ln 10^9 */;
	double total = 0, chi = 0, off;

	for (size_t i = 0; i < n; i++)
		total += (double)counts[i];
	for (size_t i = 0; i < n; i++) {
		off = (double)counts[i] - total / (double)n;
		chi += off * off / (total / (double)n);
	}
	off = chi - k;
	if (off > 0)
		off = off > 2 * x ? off - 2 * x : 0;
	return off * off <= 4 * k * x;
}

#endif
