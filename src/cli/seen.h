/* SPDX-License-Identifier: ISC */
/* seen.h: files that were named, and those of a folder that were not. */
#ifndef SLUICE_CLI_SEEN_H
#define SLUICE_CLI_SEEN_H

#include "exit.h"

/* Zero at first. */
typedef struct seen {
	void *names; /* owned: whole ones, that no symbolic link is in */
	char *folder, *real; /* owned: of the latest name; and where it is */
} seen;

/*
 * Note that a file was named, in whichever way: "a", "./a", "../here/a".  A
 * name in a folder that is not there is of no file, and need not be noted.
 */
exit_code seen_add(seen *s, const char *name);

/*
 * Tell of each regular file of a folder, and of those below it, that was not
 * named; sorted.  What cannot be looked at is said.
 */
exit_code seen_others(seen *s, const char *folder,
    void (*other)(const char *path, void *arg), void *arg);

void seen_free(seen *s);

#endif
