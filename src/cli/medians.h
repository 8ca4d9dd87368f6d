/* SPDX-License-Identifier: ISC */
/* medians.h: jobs that are timed side by side. */
#ifndef SLUICE_CLI_MEDIANS_H
#define SLUICE_CLI_MEDIANS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Have `run` do each of `n` jobs once a round, every other round in reverse,
 * so that what else the machine does, and what a job leaves in caches and
 * free memory, meets them all alike.  `medians` is told the seconds of each,
 * in the middle of those it took.  False where a run said so, which ends it,
 * or without memory.
 */
bool medians_take(double *medians, size_t n, unsigned rounds,
    bool (*run)(void *arg, size_t job), void *arg);

#endif
