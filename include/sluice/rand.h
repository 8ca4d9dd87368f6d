/* SPDX-License-Identifier: ISC */
/*
 * rand.h: unpredictable bytes and numbers.
 *
 * None of these can fail.  Where the system has no entropy to give, there
 * is nothing safe left to do: the process says so and aborts.  All of them
 * are fit for secrets, and safe in any thread and after a fork.  A signal
 * handler may neither call them nor fork and then return into one of them.
 *
 * Each thread has a generator of its own, and so waits for no other one.  It
 * takes entropy from the system for every KiB, keeps what was not drawn yet in
 * memory that a child of fork finds empty, and nothing of what was drawn.
 */
#ifndef SLUICE_RAND_H
#define SLUICE_RAND_H

#include <stddef.h>
#include <stdint.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/* Fill `buf` with `len` unpredictable bytes, for a salt, a nonce, a name. */
void slu_rand_bytes(void *buf, size_t len);

/*
 * Fill `key` with `len` unpredictable bytes that will be kept secret for
 * long.  They come straight from the system and were never anywhere else:
 * even a virtual machine that is started twice from one snapshot does not
 * give them twice, if the system itself takes note of that.
 */
void slu_rand_key(void *key, size_t len);

/* A number from 0 to UINT64_MAX. */
uint64_t slu_rand_u64(void);

/* A number of `n` bits, at most 64. */
uint64_t slu_rand_bits(unsigned n);

/*
 * A number from 0 to `bound` - 1, each exactly as likely as the others
 * (rejection, no modulo bias).  Bounds 0 and 1 leave only 0.
 */
uint64_t slu_rand_below(uint64_t bound);

/*
 * A number from `a` to `b`, both included, each as likely as the others;
 * `a` and `b` may come in either order and be as far apart as they can.
 */
int64_t slu_rand_between(int64_t a, int64_t b);

/* A real number from 0 on, below 1: a multiple of 2^-53, each as likely. */
double slu_rand_real(void);

/*
 * A number below `bound`, each as likely as the others, in a time that tells
 * nothing of it.  Both are big-endian and have `len` bytes; they do not
 * overlap.  A bound of 0 leaves only 0.
 */
void slu_rand_big(void *out, const void *bound, size_t len);

/* A source to read unpredictable bytes from, without end. */
slu_status slu_rand_open(slu_bio **top) SLU_CHECKED;

SLU_END_DECLS

#endif
