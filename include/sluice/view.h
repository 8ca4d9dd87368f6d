/* SPDX-License-Identifier: ISC */
/* view.h: the source that is a piece of memory. */
#ifndef SLUICE_VIEW_H
#define SLUICE_VIEW_H

#include <stddef.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * Read the `len` bytes at `data`, which is lent: it is not copied and must
 * stay as it is while the chain lives.  A view cannot be written.
 */
slu_status slu_view_open(
    slu_bio **top, const void *data, size_t len) SLU_CHECKED;

SLU_END_DECLS

#endif
