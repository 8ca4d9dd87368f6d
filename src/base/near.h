/* SPDX-License-Identifier: ISC */
/* near.h: which known word a misspelt one was meant to be. */
#ifndef SLUICE_BASE_NEAR_H
#define SLUICE_BASE_NEAR_H

#include <stddef.h>
#include <stdint.h>

#define SLU_NEAR_MAX 64        /* longer words, in bytes, are near none */
#define SLU_NEAR_NONE SIZE_MAX /* too far apart to be a slip */

/*
 * Count the slips that make `known` into `typed`: a letter left out, put in
 * or mistaken for another, or two neighbours swapped.  SLU_NEAR_NONE where
 * that is more than one slip for every three letters of `typed`, though one
 * is always allowed: such words have nothing to do with each other.
 */
size_t slu_near(const char *typed, const char *known);

#endif
