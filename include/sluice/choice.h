/* SPDX-License-Identifier: ISC */
/*
 * choice.h: orders, samples and choices made at random.
 *
 * Each of these draws from the stream `s`, so that it can be made again, or
 * where that is NULL from the secure generator of rand.h.  Numbers are drawn
 * as slu_rand_below draws them: no order, sample or choice is likelier than
 * it should be.
 */
#ifndef SLUICE_CHOICE_H
#define SLUICE_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include "sluice/stream.h"

SLU_BEGIN_DECLS

/*
 * Put the `n` elements of `size` bytes each at `base` into a random order:
 * each order is as likely as the others (Durstenfeld, 1964).
 */
void slu_choice_shuffle(slu_stream *s, void *base, size_t n, size_t size);

/* Fill `out` with the numbers from 0 to `n` - 1 in a random order. */
void slu_choice_permutation(slu_stream *s, uint64_t *out, size_t n);

/*
 * Fill `out` with `k` distinct numbers below `population`, each set of them,
 * and each order of it, as likely as the others.  It takes 16 to 32 bytes of
 * memory for each of the `k`, whatever the population (Floyd's algorithm,
 * Bentley and Floyd, 1987).  A `k` over the population is SLU_ERR_USAGE.
 */
slu_status slu_choice_sample(
    slu_stream *s, uint64_t population, uint64_t *out, size_t k) SLU_CHECKED;

/*
 * Choose one of `n` things, each with a probability in proportion to its
 * weight; `*out` is its number, from 0.  What weighs 0 is never chosen.
 * Weights that are negative, infinite or not numbers, or all 0, or none at
 * all, are SLU_ERR_USAGE.  They are added up in twice the precision of a
 * double, and held against a number of 106 bits: what a probability is off
 * by, in all, is less than `n` * 2^-100.
 */
slu_status slu_choice_weighted(
    slu_stream *s, const double *weights, size_t n, size_t *out) SLU_CHECKED;

SLU_END_DECLS

#endif
