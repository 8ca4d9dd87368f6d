/* SPDX-License-Identifier: ISC */
/* progress.h: how far it is, for who waits. */
#ifndef SLUICE_CLI_PROGRESS_H
#define SLUICE_CLI_PROGRESS_H

#include <stdint.h>

#include "sluice/bio.h"

typedef enum progress_mode {
	PROGRESS_AUTO = 0, /* one line on a terminal, after a second */
	PROGRESS_LINES,    /* a line every second, and one at the end */
	PROGRESS_NEVER,
} progress_mode;

void progress_setup(progress_mode mode);

/* The terminal is about to show the data itself: no line between them. */
void progress_off_screen(void);

/*
 * Tell of what is read through here: `total` bytes, or 0 where nobody knows,
 * of `name`, which is lent.  Whatever the mode, a SIGUSR1 is answered with
 * one line.
 */
slu_status progress_push(
    slu_bio **top, const char *name, uint64_t total) SLU_CHECKED;

#endif
