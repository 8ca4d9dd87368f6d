/* SPDX-License-Identifier: ISC */
/*
 * oom.h: memory that runs out where a test wants it to.
 *
 * The linker hands malloc, calloc and realloc, as our own objects call
 * them, to this room (--wrap), and OpenSSL is given its allocator from here.
 * Other libraries keep the system's.
 */
#ifndef SLUICE_TESTS_OOM_H
#define SLUICE_TESTS_OOM_H

#include <stddef.h>

typedef enum oom_hit { OOM_NONE = 0, OOM_OURS, OOM_OPENSSL } oom_hit;

/* Let `k` allocations go well from now on, and the one after them fail. */
void oom_arm(size_t k);

/* Spare the allocations in between, which are the test's own. */
void oom_hold(void);
void oom_release(void);

/* Let all go well again; says whose allocation failed, if one did. */
oom_hit oom_disarm(void);

#endif
