/* SPDX-License-Identifier: ISC */
/* progress.h: how far it is, for who waits. */
#ifndef SLUICE_CLI_PROGRESS_H
#define SLUICE_CLI_PROGRESS_H

#include <stdbool.h>
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

/* How far several files are, together; zero at first. */
typedef struct progress_line {
	const char *name; /* lent by the caller */
	uint64_t total;   /* bytes, or 0 where nobody knows */
	uint64_t done;    /* bytes */
	uint64_t began;   /* milliseconds; 0 before the first word of it */
	uint64_t due;     /* milliseconds */
} progress_line;

/* Whether anybody will see how far it is, so that a total is worth while. */
bool progress_shown(void);

/* It is at `done` now: tell, if it is time.  And: it has come to its end. */
void progress_at(progress_line *p, uint64_t done);
void progress_end(progress_line *p);

/*
 * Tell of what is read through here: `total` bytes, or 0 where nobody knows,
 * of `name`, which is lent.  Whatever the mode, a SIGUSR1 is answered with
 * one line.
 */
slu_status progress_push(
    slu_bio **top, const char *name, uint64_t total) SLU_CHECKED;

#endif
