/* SPDX-License-Identifier: ISC */
/* folder.h: a folder of a test's own, and what lies in it. */
#ifndef SLUICE_TESTS_FOLDER_H
#define SLUICE_TESTS_FOLDER_H

#include <stddef.h>

/* Make an empty folder and go there; the umask is 022. */
void folder_enter(void);

/* Go back, and remove the folder with all that is in it. */
void folder_leave(void);

/* How many names there are in the folder `path`. */
size_t folder_count(const char *path);

/* Write a file plainly, and check plainly what is in one. */
void folder_put(const char *path, const void *data, size_t len);
void folder_check(const char *path, const void *data, size_t len);

#endif
