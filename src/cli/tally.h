/* SPDX-License-Identifier: ISC */
/* tally.h: one exit code for what became of several files. */
#ifndef SLUICE_CLI_TALLY_H
#define SLUICE_CLI_TALLY_H

#include <stdbool.h>

#include "exit.h"

/* Zero at first. */
typedef struct tally {
	bool begun;
	exit_code code; /* theirs as long as they agree, then EXIT_SOME */
} tally;

static inline void
tally_add(tally *t, exit_code code)
{
	if (t->begun && code != t->code)
		code = EXIT_SOME;
	t->code = code;
	t->begun = true;
}

#endif
