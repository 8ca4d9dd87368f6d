/* SPDX-License-Identifier: ISC */
/* entropy.h: unpredictable bytes of the system's, or the process ends. */
#ifndef SLUICE_RAND_ENTROPY_H
#define SLUICE_RAND_ENTROPY_H

#include <stddef.h>

/* Fill `buf`; waits where the system, just started, has none to give yet. */
void slu_entropy(void *buf, size_t len);

/*
 * Say that random numbers cannot be made, since `what` failed and why, and
 * abort.
 */
_Noreturn void slu_entropy_abort(const char *what, const char *why);

#endif
