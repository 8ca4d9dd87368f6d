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
 * slu_bio_read and slu_bio_write_all that wait at each WANT, and never answer
 * one: SLU_ERR_USAGE where there is nothing to wait for.
 */
slu_status slu_copy_read(
    slu_bio *src, void *buf, size_t cap, size_t *got) SLU_CHECKED;
slu_status slu_copy_write(
    slu_bio *dst, const void *data, size_t len) SLU_CHECKED;

/* slu_bio_finish, in the same way. */
slu_status slu_copy_finish(slu_bio *dst) SLU_CHECKED;

/* What a copy answers where a chain answered `st`: the end is a success. */
slu_status slu_copy_ended(slu_status st) SLU_CHECKED;

#endif
