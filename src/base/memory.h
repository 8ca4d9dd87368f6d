/* SPDX-License-Identifier: ISC */
/*
 * memory.h: how much memory the machine can still give to this process.
 *
 * Whoever is about to take hundreds of megabytes at a stranger's word asks
 * here first: a process that takes more than there is does not see its
 * malloc fail, it is killed, or drags the whole machine into swapping.
 */
#ifndef SLUICE_BASE_MEMORY_H
#define SLUICE_BASE_MEMORY_H

#include <stdint.h>

#define SLU_MEMORY_UNKNOWN UINT64_MAX

/*
 * The bytes this process may still take: the least that is left by the
 * system (MemAvailable), by its control groups (version 2) all the way up,
 * and by RLIMIT_AS and RLIMIT_DATA.  Page cache that can be dropped counts
 * as left.  SLU_MEMORY_UNKNOWN where none of them has an opinion.
 */
uint64_t slu_memory_available(void);

/* The same as told by the files of a tree below `root`: how it is tested. */
uint64_t slu_memory_available_in(const char *root);

#endif
