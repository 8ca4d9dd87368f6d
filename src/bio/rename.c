/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* renameat2 */
#include "rename.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#ifdef RENAME_NOREPLACE
static int
rename_in_one_step(int folder, const char *from, const char *to)
{
	return renameat2(folder, from, folder, to, RENAME_NOREPLACE);
}
#else
static int
rename_in_one_step(int folder, const char *from, const char *to)
{
	(void)folder, (void)from, (void)to;
	errno = ENOSYS;
	return -1;
}
#endif

/* Fail as `errno` says, having let go of a name that was taken. */
static bool
let_go(int folder, const char *name)
{
	int saved = errno;

	unlinkat(folder, name, 0);
	errno = saved;
	return false;
}

/*
 * Where a file cannot have two names either, take the name with an empty
 * file, and put the whole one in its place.  A process that is killed in
 * between leaves the empty one; a plain rename could replace a file that
 * somebody made since we looked, which would be worse.
 */
static bool
rename_to_taken(int folder, const char *from, const char *to)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd;

	fd = openat(folder, to, flags, 0600);
	if (fd < 0)
		return false;
	close(fd);
	if (renameat(folder, from, folder, to) == 0)
		return true;
	return let_go(folder, to);
}

/*
 * To look whether the name is free and then rename would leave a moment for
 * somebody else to take it.  renameat2 does both in one step, but not every
 * file system knows it (NFS and many in user space answer EINVAL).  link(2)
 * never replaces anything either, and hardly any lacks it.
 */
bool
slu_rename_to_free(int folder, const char *from, const char *to)
{
	if (rename_in_one_step(folder, from, to) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
		return false;
	if (linkat(folder, from, folder, to, 0) == 0)
		return unlinkat(folder, from, 0) == 0 || let_go(folder, to);
	if (errno != EPERM && errno != ENOSYS && errno != ENOTSUP)
		return false;
	return rename_to_taken(folder, from, to);
}
