/* SPDX-License-Identifier: ISC */
/*
 * measure.h: jobs that are timed side by side.
 *
 * Their medians (cli/medians.h) are told, as a table or as JSON, with how
 * many times as fast a job is as those that it stands beside.  What is worth
 * keeping of a run is these ratios: seconds are one machine's, on one day.
 */
#ifndef SLUICE_BENCH_MEASURE_H
#define SLUICE_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#define MEASURE_MIB ((size_t)1024 * 1024)
#define MEASURE_ROUNDS_MAX 1000
#define MEASURE_BESIDE 3

typedef struct measure_job {
	const char *name;
	void (*run)(void *arg);
	void *arg;
	/* Names of jobs whose times, added up, are divided by its own. */
	const char *beside[MEASURE_BESIDE];
	bool fixed; /* it takes as long whatever the size: no rate is told */
} measure_job;

typedef struct measure_settings {
	size_t size; /* bytes that a job moves: --size, in MiB */
	unsigned rounds;
	bool json;
} measure_settings;

/*
 * Take the option at `argv[*i]`, and its value, if it is one that every
 * benchmark has (--size, --rounds, --json); false where it is not.
 */
bool measure_option(measure_settings *s, int argc, char **argv, int *i);

/* The value after `argv[*i]` as a number; the program ends where it is none. */
unsigned long measure_number(
    int argc, char **argv, int *i, unsigned long least, unsigned long most);

/* Time the jobs, and tell. */
void measure(const measure_settings *s, const measure_job *jobs, size_t n);

/* End the program, saying why, unless `ok`. */
void measure_must(bool ok, const char *what);

/*
 * A file of `len` bytes in TMPDIR that has no name: nothing is left behind.
 * The descriptor is the caller's.
 */
int measure_scratch(const void *data, size_t len);

#endif
