/* SPDX-License-Identifier: ISC */
/* bench_group.h: what sluice bench times, a group for each floor. */
#ifndef SLUICE_CLI_BENCH_GROUP_H
#define SLUICE_CLI_BENCH_GROUP_H

#include <stddef.h>

#include "sluice/status.h"

typedef struct bench_job {
	const char *name;
	slu_status (*run)(void *state);
	double bytes; /* that a run moves, or */
	double calls; /* that it makes; neither: its time is what counts */

	/* Who does the same, and stands beside it; NULL: nobody. */
	const char *beside;
	slu_status (*run_beside)(void *state);
} bench_job;

typedef struct bench_group {
	const char *name;
	const bench_job *jobs;
	size_t n;

	size_t size; /* bytes of state, all zero at first */
	slu_status (*begin)(void *state);
	void (*end)(void *state); /* also where the beginning failed */
} bench_group;

#define BENCH_MIB (1024 * 1024)

extern const bench_group bench_bio;
extern const bench_group bench_seal;
extern const bench_group bench_hash;
extern const bench_group bench_random;
extern const bench_group bench_tls;

#endif
