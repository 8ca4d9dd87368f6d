/* SPDX-License-Identifier: ISC */
/* suggest.h: the one of several known words that was meant. */
#ifndef SLUICE_CLI_SUGGEST_H
#define SLUICE_CLI_SUGGEST_H

#include <stddef.h>

/* The best so far; zero at first. */
typedef struct suggestion {
	const char *word; /* NULL: none is near */
	size_t slips;
} suggestion;

/* Take `known` into the choice of what `typed` was meant to be. */
void suggest(suggestion *best, const char *typed, const char *known);

#endif
