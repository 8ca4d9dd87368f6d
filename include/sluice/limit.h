/* SPDX-License-Identifier: ISC */
/* limit.h: the filter that lets only so much pass. */
#ifndef SLUICE_LIMIT_H
#define SLUICE_LIMIT_H

#include <stdint.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * Let at most `max` bytes pass in each direction; one more is
 * SLU_ERR_LIMIT.  A stream of exactly `max` bytes passes and ends.
 */
slu_status slu_limit(slu_bio **top, uint64_t max) SLU_CHECKED;

SLU_END_DECLS

#endif
