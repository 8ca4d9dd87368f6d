/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "readable.h"

#include <sys/stat.h>

#include "input.h"
#include "say.h"

/* What is not a regular file has no bytes that wait for somebody to read. */
static void
check(const struct stat *st, const char *name)
{
	if (S_ISREG(st->st_mode) && (st->st_mode & (S_IRGRP | S_IROTH)) != 0)
		say_warning("%s: others can read it (its mode is %03o)", name,
		    (unsigned)(st->st_mode & 0777));
}

void
readable_check(const char *name)
{
	struct stat st;

	if (input_stat(name, &st) == 0)
		check(&st, input_name(name));
}

void
readable_check_fd(int fd, const char *name)
{
	struct stat st;

	if (fstat(fd, &st) == 0)
		check(&st, name);
}
