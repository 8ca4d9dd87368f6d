/* SPDX-License-Identifier: ISC */
/* hash_weigh.h: how much there is to read for lists of checksums. */
#ifndef SLUICE_CLI_HASH_WEIGH_H
#define SLUICE_CLI_HASH_WEIGH_H

#include <stdint.h>

#include "hash_line.h"

/*
 * The bytes of all files that the lists name, as they are now; 0 where
 * nobody can tell, since a list can be read only once.
 */
uint64_t hash_weigh(int n, char **lists, hash_end end);

#endif
