/* SPDX-License-Identifier: ISC */
#include "suggest.h"

#include <string.h>

#include "../base/near.h"

#define BEGINNING 4 /* letters that tell which word it is */

void
suggest(suggestion *best, const char *typed, const char *known)
{
	size_t slips = slu_near(typed, known), len = strlen(typed);

	/* The beginning of a word is no slip: the rest was left out. */
	if (len >= BEGINNING && strncmp(typed, known, len) == 0)
		slips = 0;

	if (slips == SLU_NEAR_NONE)
		return;
	if (best->word == NULL || slips < best->slips)
		*best = (suggestion){ .word = known, .slips = slips };
}
