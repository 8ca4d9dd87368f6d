/* SPDX-License-Identifier: ISC */
/*
 * pool.h: jobs that go in in order, are done by several threads, and come
 * out in order.
 *
 * A pool is a ring of slots, two for each thread.  Its owner fills the slot
 * that is next and puts it in, waits for the oldest one, uses it and takes
 * it out.  What a slot holds is the owner's affair: here it is a number.
 *
 *     while (slu_pool_is_full(p)) {
 *             st = slu_pool_wait(p, &slot);
 *             ... use what was made of slot `slot` ...
 *             slu_pool_take(p);
 *     }
 *     ... fill slot slu_pool_next(p) ...
 *     slu_pool_put(p);
 *
 * The threads are started as there are jobs that nobody would begin at once,
 * each by a put.  Where none can be had, there are fewer, and if need be none:
 * the owner does a job itself that it waits for and that nobody has begun.  A
 * job should be worth waking a thread for: 100 microseconds at least.
 */
#ifndef SLUICE_BASE_POOL_H
#define SLUICE_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/status.h"

#define SLU_POOL_THREADS 64 /* at most */

/* The slots of a pool of so many threads, numbered from 0. */
#define SLU_POOL_SLOTS(threads) (2 * (size_t)(threads))

typedef struct slu_pool slu_pool;

/*
 * Make a pool of `threads`, from 1 to SLU_POOL_THREADS, beside the owner's.
 * `run` does the job in a slot, on any thread, several at a time for different
 * slots; `arg` is lent.  A thread's slu_error is its own: `run` leaves what
 * went wrong in the slot.  SLU_ERR_MEMORY.
 */
slu_status slu_pool_new(slu_pool **out, unsigned threads,
    void (*run)(void *arg, size_t slot), void *arg) SLU_CHECKED;

/* Whether no slot is free, or no job is there. */
bool slu_pool_is_full(const slu_pool *p);
bool slu_pool_is_empty(const slu_pool *p);

/* The slot to fill, unless the pool is full; and put it in. */
size_t slu_pool_next(const slu_pool *p);
void slu_pool_put(slu_pool *p);

/*
 * Wait until the oldest job is done; the pool is not empty.  In a child of
 * fork the threads are missing, and jobs with them: SLU_ERR_USAGE if any was
 * started before.
 */
slu_status slu_pool_wait(slu_pool *p, size_t *slot) SLU_CHECKED;

/* Take the oldest job out, which was waited for: its slot is free. */
void slu_pool_take(slu_pool *p);

/*
 * Wait for the jobs that were begun, drop the others, end the threads and
 * free the pool, in a child of fork as well; NULL is fine.
 */
void slu_pool_free(slu_pool *p);

#endif
