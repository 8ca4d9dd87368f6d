/* SPDX-License-Identifier: ISC */
/* names0.h: a list of names with a NUL behind each, as find -print0 writes. */
#ifndef SLUICE_CLI_NAMES0_H
#define SLUICE_CLI_NAMES0_H

#include <stdbool.h>

#include "exit.h"

/*
 * Read names from `list`, "-" being standard input, and hand each one on,
 * until one was enough (false).  The last needs no NUL.  A name that no
 * path is as long as ends the reading, as an input that is no such list.
 */
exit_code names0_each(
    const char *list, bool (*each)(const char *name, void *arg), void *arg);

#endif
