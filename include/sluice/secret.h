/* SPDX-License-Identifier: ISC */
/* secret.h: the two things that are done to secrets everywhere. */
#ifndef SLUICE_SECRET_H
#define SLUICE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/status.h"

SLU_BEGIN_DECLS

/*
 * Overwrite `len` bytes at `p` with zeros; the compiler may not leave it
 * out.  NULL is fine where `len` is 0.
 */
void slu_wipe(void *p, size_t len);

/* Compare `len` bytes in a time that does not depend on their values. */
bool slu_equal(const void *a, const void *b, size_t len);

SLU_END_DECLS

#endif
