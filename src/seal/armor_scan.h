/* SPDX-License-Identifier: ISC */
/* armor_scan.h: the lines of armor that was damaged, as far as they show. */
#ifndef SLUICE_SEAL_ARMOR_SCAN_H
#define SLUICE_SEAL_ARMOR_SCAN_H

#include "armor_map.h"

/*
 * Find where in the text the line of armor is that an age file begins with,
 * whatever is before it.  False where there is none, or no armor.
 */
bool slu_armor_scan_begin(const slu_sealed_source *text, uint64_t *body);

/*
 * Find the lines from there on, and how many were between them where some are
 * not as long as lines are.  What cannot be read is as good as damaged.
 */
slu_status slu_armor_scan(
    slu_armor_map *m, const slu_sealed_source *text, uint64_t body) SLU_CHECKED;

#endif
