/* SPDX-License-Identifier: ISC */
/* extent.h: how the size of a payload tells its chunks. */
#ifndef SLUICE_SEAL_EXTENT_H
#define SLUICE_SEAL_EXTENT_H

#include <stdint.h>

#include "sluice/status.h"

typedef struct slu_extent {
	uint64_t chunks; /* one at least */
	uint64_t last;   /* bytes of the last one, its tag included */
	uint64_t plain;  /* bytes of plaintext */
} slu_extent;

/*
 * Divide `len` bytes of payload, its nonce not counted.  SLU_ERR_TRUNCATED or
 * SLU_ERR_FORMAT where nothing that is whole has that size; `e` is then what
 * there would be with a last chunk as long as it is.
 */
slu_status slu_extent_find(slu_extent *e, uint64_t len) SLU_CHECKED;

#endif
