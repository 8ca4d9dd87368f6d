/* SPDX-License-Identifier: ISC */
/* sealed_name.h: what a sealed file is called, and what it was. */
#ifndef SLUICE_CLI_SEALED_NAME_H
#define SLUICE_CLI_SEALED_NAME_H

#include "exit.h"

/*
 * Derive the name of the sealed file from that of the plain one: FILE.age,
 * in `folder` if that is not NULL.  `*out` is the caller's, to be freed.
 */
exit_code sealed_name(char **out, const char *name, const char *folder);

/* The other way round; what is not called FILE.age is EXIT_MISUSED. */
exit_code unsealed_name(char **out, const char *name, const char *folder);

#endif
