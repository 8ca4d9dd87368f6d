/* SPDX-License-Identifier: ISC */
/* unseal_copy.h: all of a chain opened into another one. */
#ifndef SLUICE_UNSEAL_COPY_H
#define SLUICE_UNSEAL_COPY_H

#include "sluice/seal_copy.h"
#include "sluice/unseal.h"

SLU_BEGIN_DECLS

/*
 * Open all that `src` gives into `dst`, with the identities in `ids`, and
 * finish `dst`: slu_unseal, slu_bio_copy and slu_bio_finish in one, in less
 * time where `options` ask for threads, in the way of slu_seal_copy.
 *
 * It fails as slu_unseal does, and leaves `dst` unfinished then: a new file
 * never appears, while another chain has been given all that is intact before
 * the fault.  What is not authentic never gets to either.
 */
slu_status slu_unseal_copy(slu_bio *dst, slu_bio *src, slu_identities *ids,
    const slu_unseal_options *options, slu_seal_watch *watch) SLU_CHECKED;

SLU_END_DECLS

#endif
