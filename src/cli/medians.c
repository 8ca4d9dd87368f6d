/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "medians.h"

#include <stdlib.h>
#include <time.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

bool
medians_take(double *medians, size_t n, unsigned rounds,
    bool (*run)(void *arg, size_t job), void *arg)
{
	double *seconds = calloc(n * rounds, sizeof(*seconds)), began;
	bool well = seconds != NULL;

	for (unsigned round = 0; well && round < rounds; round++) {
		for (size_t k = 0; well && k < n; k++) {
			size_t i = round % 2 == 0 ? k : n - 1 - k;

			began = now();
			well = run(arg, i);
			seconds[i * rounds + round] = now() - began;
		}
	}
	for (size_t i = 0; well && i < n; i++) {
		double *of = seconds + i * rounds;

		qsort(of, rounds, sizeof(*of), by_size);
		medians[i] = of[rounds / 2];
	}
	free(seconds);
	return well;
}
