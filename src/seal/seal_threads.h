/* SPDX-License-Identifier: ISC */
/* seal_threads.h: the filter of seal.h, where several threads seal. */
#ifndef SLUICE_SEAL_SEAL_THREADS_H
#define SLUICE_SEAL_SEAL_THREADS_H

#include <stddef.h>

#include "sluice/bio.h"
#include "sluice/recipient.h"

/*
 * Push it: `threads` of them, 2 to SLU_POOL_THREADS, each of which seals
 * `chunks` chunks at a time.  Else it is as slu_seal has it.
 */
slu_status slu_seal_threads(slu_bio **top, const slu_recipients *r,
    unsigned threads, size_t chunks) SLU_CHECKED;

#endif
