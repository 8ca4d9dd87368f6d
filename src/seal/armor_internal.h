/* SPDX-License-Identifier: ISC */
/* armor_internal.h: what armor looks like, and how opening meets it. */
#ifndef SLUICE_SEAL_ARMOR_INTERNAL_H
#define SLUICE_SEAL_ARMOR_INTERNAL_H

#include <stdbool.h>

#include "sluice/armor.h"

#define SLU_ARMOR_BEGIN "-----BEGIN AGE ENCRYPTED FILE-----"
#define SLU_ARMOR_END "-----END AGE ENCRYPTED FILE-----"
#define SLU_ARMOR_COLUMNS 64 /* characters of a full line */

/*
 * Take the armor off if there is any; else let everything through.  A file
 * that begins with white space or a dash can only be one in armor, or is none
 * of ours.  `*armored` is lent, and told once it is known; may be NULL.
 */
slu_status slu_dearmor_if(slu_bio **top, bool *armored) SLU_CHECKED;

#endif
