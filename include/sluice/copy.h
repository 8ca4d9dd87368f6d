/* SPDX-License-Identifier: ISC */
/* copy.h: one chain poured into another. */
#ifndef SLUICE_COPY_H
#define SLUICE_COPY_H

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * Read `src` to its end and write it all to `dst`, which is not finished:
 * that stays the caller's decision, to be made once the source is known to
 * be good.  Where either answers a WANT, this waits (slu_bio_wait) for as long
 * as it takes; a WANT with nothing to wait for is SLU_ERR_USAGE, and bytes
 * under way are lost.
 *
 * From a regular file to another, with no BIO in between that has a part in
 * it, the kernel copies by itself, where it can.
 */
slu_status slu_bio_copy(slu_bio *dst, slu_bio *src) SLU_CHECKED;

SLU_END_DECLS

#endif
