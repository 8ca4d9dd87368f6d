/* SPDX-License-Identifier: ISC */
/* endless.h: a far end that takes whatever it is told, and never stops. */
#ifndef SLUICE_TESTS_ENDLESS_H
#define SLUICE_TESTS_ENDLESS_H

#include <stddef.h>

#include "sluice/bio.h"

/*
 * Give `first`, then `again` over and over, `len` bytes of it each time; both
 * are lent.  `*given` counts the bytes.
 */
slu_status endless_open(slu_bio **top, const char *first, const char *again,
    size_t len, size_t *given) SLU_CHECKED;

#endif
