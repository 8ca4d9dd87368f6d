/* SPDX-License-Identifier: ISC */
/*
 * signals.h: what a signal finds to clean up.
 *
 * A signal that ends the program first takes away the temporary files, gives
 * the terminal its echo back and clears the line of progress, and then ends
 * it as it would have: whoever waits sees a death by that signal.
 */
#ifndef SLUICE_CLI_SIGNALS_H
#define SLUICE_CLI_SIGNALS_H

#include <stdbool.h>
#include <termios.h>

#include "sluice/file.h"

/* The output files that can be under way at a time. */
#define SIGNALS_FILES 33

/* Begin to clean up on signals; those that are ignored stay ignored. */
void signals_catch(void);

/* A place for a temporary name that signals find; NULL if all are taken. */
slu_file_pending *signals_file(void);

/* Give the place back, once there is no such file any more.  NULL is fine. */
void signals_file_done(slu_file_pending *pending);

/* The terminal at `fd` is to get `saved` back, until signals_terminal_done. */
void signals_terminal(int fd, const struct termios *saved);
void signals_terminal_done(void);

/* A line that is to be cleared stands on standard error. */
void signals_line(void);

/* Clear that line, if it is there. */
void signals_line_clear(void);

/* Whether SIGUSR1 came since this was asked last. */
bool signals_asked(void);

#endif
