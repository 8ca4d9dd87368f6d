/* SPDX-License-Identifier: ISC */
#include "suggest.h"

#include "../base/near.h"

void
suggest(suggestion *best, const char *typed, const char *known)
{
	size_t slips = slu_near(typed, known);

	if (slips == SLU_NEAR_NONE)
		return;
	if (best->word == NULL || slips < best->slips)
		*best = (suggestion){ .word = known, .slips = slips };
}
