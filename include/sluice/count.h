/* SPDX-License-Identifier: ISC */
/* count.h: the filter that counts what passes. */
#ifndef SLUICE_COUNT_H
#define SLUICE_COUNT_H

#include <stdint.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * Add to `*n` the number of each byte that passes, in either direction.
 * `n` stays the caller's and must outlive the chain.
 */
slu_status slu_count(slu_bio **top, uint64_t *n) SLU_CHECKED;

SLU_END_DECLS

#endif
