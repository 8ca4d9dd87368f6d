/* SPDX-License-Identifier: ISC */
/*
 * generator.h: a secure generator for each thread, with fast key erasure.
 *
 * Its key makes the next key and 1 KiB for the pool, and is wiped; before
 * that, entropy of the system's is mixed in, each time.  So who sees its
 * memory learns nothing of what was drawn before, and of what is drawn later
 * only what is in the pool.  All that is secret lies in pages of its own that
 * a child of fork finds empty, and that no core dump has.
 */
#ifndef SLUICE_RAND_GENERATOR_H
#define SLUICE_RAND_GENERATOR_H

#include "draw.h"

/* This thread's, which lasts as long as the thread. */
slu_draw *slu_generator(void);

#endif
