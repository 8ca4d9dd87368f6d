/* SPDX-License-Identifier: ISC */
/* armored.h: a sealed file in armor, read at offsets as if it had none. */
#ifndef SLUICE_SEAL_ARMORED_H
#define SLUICE_SEAL_ARMORED_H

#include <stdbool.h>

#include "sluice/sealed.h"

typedef struct slu_armored slu_armored;

/*
 * Make a source of the sealed file that `text` reads, in armor or not: `*bare`
 * is `*text` where there is no armor; else it reads from `*out`, which is to
 * be freed behind it.  `*text` is copied, but for its `arg`.
 *
 * It is as strict as slu_dearmor about what is read: both ends of the armor
 * and its last line now, other lines when bytes of them are wanted.  Lines
 * that differ in how they end, which slu_dearmor takes, are SLU_ERR_FORMAT.
 */
slu_status slu_armored_open(slu_armored **out, const slu_sealed_source *text,
    slu_sealed_source *bare) SLU_CHECKED;

/*
 * The same for what was damaged, all of which is looked through: nothing but
 * the line that the file begins with is needed.  Lines that do not decode are
 * zeros, and one that became longer or shorter moves no other.
 */
slu_status slu_armored_rescue(slu_armored **out, const slu_sealed_source *text,
    slu_sealed_source *bare) SLU_CHECKED;

/*
 * Whether what was rescued is anything but what slu_dearmor takes, whatever
 * that cost.  NULL is fine.
 */
bool slu_armored_is_damaged(const slu_armored *a);

/* NULL is fine. */
void slu_armored_free(slu_armored *a);

#endif
