/* SPDX-License-Identifier: ISC */
/* readable.h: files that hold a secret, and that others can read. */
#ifndef SLUICE_CLI_READABLE_H
#define SLUICE_CLI_READABLE_H

/* Warn if `name` is a file that users beside its owner can read. */
void readable_check(const char *name);

/* The same for an open descriptor. */
void readable_check_fd(int fd, const char *name);

#endif
