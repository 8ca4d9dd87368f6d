/* SPDX-License-Identifier: ISC */
/* null.h: the sink that keeps nothing. */
#ifndef SLUICE_NULL_H
#define SLUICE_NULL_H

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/* Take every byte and forget it; reading is at its end at once. */
slu_status slu_null_open(slu_bio **top) SLU_CHECKED;

SLU_END_DECLS

#endif
