/* SPDX-License-Identifier: ISC */
/* random_source.h: random bytes by all processors, where many are wanted. */
#ifndef SLUICE_CLI_RANDOM_SOURCE_H
#define SLUICE_CLI_RANDOM_SOURCE_H

#include <stdint.h>

#include "sluice/bio.h"

/*
 * A source of random bytes, of which `total` will be read, or 0 where there
 * is no end to it.
 */
slu_status random_source_open(slu_bio **top, uint64_t total) SLU_CHECKED;

#endif
