/* SPDX-License-Identifier: ISC */
/* copy_internal.h: what the two ways of copying a chain have in common. */
#ifndef SLUICE_BIO_COPY_INTERNAL_H
#define SLUICE_BIO_COPY_INTERNAL_H

#include <stdint.h>

#include "sluice/bio.h"

/*
 * Copy until more than `most` bytes have passed, and at most a batch more;
 * SLU_OK says so.  Anything else is what a chain answered: SLU_EOF is the
 * end of `src`.
 */
slu_status slu_copy_some(slu_bio *dst, slu_bio *src, uint64_t most) SLU_CHECKED;

/*
 * What a copy answers where a chain answered `st`: the end is a success, and
 * a WANT is misuse.
 */
slu_status slu_copy_ended(slu_status st) SLU_CHECKED;

#endif
