/* SPDX-License-Identifier: ISC */
/*
 * say.h: how the program speaks to people, on standard error.
 *
 * Lower case, no full stop, one line each, "sluice: " in front.  Whatever is
 * printed here is made visible first, and shortened in its middle if it is
 * very long, so names need no care.
 */
#ifndef SLUICE_CLI_SAY_H
#define SLUICE_CLI_SAY_H

#include <stdbool.h>

#include "exit.h"
#include "sluice/buf.h"
#include "sluice/status.h"

typedef enum say_loudness {
	SAY_NORMAL = 0,
	SAY_QUIET,   /* -q: no hints, warnings and notes */
	SAY_VERBOSE, /* -v: details too */
} say_loudness;

typedef enum say_color {
	SAY_COLOR_AUTO = 0, /* on a terminal, if it wants any */
	SAY_COLOR_ALWAYS,
	SAY_COLOR_NEVER,
} say_color;

/* How to speak from now on. */
void say_setup(say_loudness loudness, say_color color);

/* Whether -q or -v were given. */
say_loudness say_how_loud(void);

/* Whether what goes to the descriptor is to be coloured. */
bool say_in_color(int fd);

/* Whether the descriptor is a terminal that knows more than line feeds. */
bool say_on_screen(int fd);

/*
 * Keep what this thread says in `lines`, which is lent, until it is its turn;
 * NULL: say it again.  And: say what was kept, and empty `lines`.
 */
void say_keep(slu_buf *lines);
void say_kept(slu_buf *lines);

/* The queue for that. */
#define SAY_LINES ((slu_buf){ .limit = (size_t)256 * 1024 })

/* What was asked for, whatever -q says. */
void say(const char *fmt, ...) SLU_PRINTF(1, 2);

void say_note(const char *fmt, ...) SLU_PRINTF(1, 2);
void say_hint(const char *fmt, ...) SLU_PRINTF(1, 2);
void say_warning(const char *fmt, ...) SLU_PRINTF(1, 2);

/* Only with -v. */
void say_detail(const char *fmt, ...) SLU_PRINTF(1, 2);

/* Say why something failed, and return `code`. */
exit_code say_fail(exit_code code, const char *fmt, ...) SLU_PRINTF(2, 3);

/*
 * Say what the library says of its latest failure `st`, which befell `name`,
 * and return the exit code that stands for it.  SLU_OK is EXIT_DONE, in
 * silence.
 */
exit_code say_status(slu_status st, const char *name);

/* The exit code that stands for `st`. */
exit_code say_code(slu_status st);

/*
 * The cause that the library tells of its latest failure `st`: its words
 * without the room that found it.  Where the system failed, without what it
 * failed on either, since the library cuts long names.
 */
const char *say_cause(slu_status st);

/* A name as messages have it: an empty one is '', to be seen. */
const char *say_name(const char *name);

/*
 * Show a line that the next one, of whatever kind, takes the place of.  For
 * terminals, and never wider than the terminal is.
 */
void say_passing(const char *line);

/* Take the passing line away, if there is one. */
void say_passing_gone(void);

#endif
