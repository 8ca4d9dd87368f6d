/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "core.h"

#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>

/* A core_pattern that is a pipe gets the memory whatever the limit is. */
static void
close_memory(void)
{
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
#else
static void
close_memory(void)
{
}
#endif

void
core_forbid(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	close_memory();
}
