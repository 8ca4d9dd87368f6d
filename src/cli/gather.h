/* SPDX-License-Identifier: ISC */
/* gather.h: many small writes, made into few large ones. */
#ifndef SLUICE_CLI_GATHER_H
#define SLUICE_CLI_GATHER_H

#include "sluice/bio.h"

/* What is written waits until there is much of it, or the finish. */
slu_status gather_push(slu_bio **top) SLU_CHECKED;

#endif
