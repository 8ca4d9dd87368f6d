/* SPDX-License-Identifier: ISC */
/* watch.h: how far a copy is, for chains that are read in order. */
#ifndef SLUICE_SEAL_WATCH_H
#define SLUICE_SEAL_WATCH_H

#include "sluice/seal_copy.h"

/* Tell `watch`, which is lent and may be NULL, of what is read through here. */
slu_status slu_watch(slu_bio **top, slu_seal_watch *watch) SLU_CHECKED;

#endif
