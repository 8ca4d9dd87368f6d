/* SPDX-License-Identifier: ISC */
/* unseal_internal.h: the filter of unseal.h, and how much a thread does. */
#ifndef SLUICE_SEAL_UNSEAL_INTERNAL_H
#define SLUICE_SEAL_UNSEAL_INTERNAL_H

#include <stddef.h>

#include "sluice/unseal.h"

/* Push it; each thread opens `chunks` chunks at a time, if there are any. */
slu_status slu_unseal_runs(slu_bio **top, slu_identities *ids,
    const slu_unseal_options *options, size_t chunks) SLU_CHECKED;

#endif
