/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "cores.h"

#include <sched.h>
#include <unistd.h>

unsigned
cores_count(void)
{
	cpu_set_t set;
	long n;

	/* More of them than a set holds are counted whole. */
	n = sched_getaffinity(0, sizeof(set), &set) == 0
		? CPU_COUNT(&set)
		: sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}
