/* SPDX-License-Identifier: ISC */
/*
 * drip.h: a source whose bytes arrive in two parts, and the second late.
 */
#ifndef SLUICE_TESTS_DRIP_H
#define SLUICE_TESTS_DRIP_H

#include "sluice/bio.h"

/*
 * Give the first `cut` of the `len` bytes at `data`, which are lent; then
 * answer SLU_WANT_READ until `*go` is set, then give the others.
 */
slu_status drip_open(slu_bio **top, const void *data, size_t len, size_t cut,
    const int *go) SLU_CHECKED;

#endif
