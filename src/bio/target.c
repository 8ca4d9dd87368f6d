/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "target.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "raw.h"

#define LINKS_MOST 40 /* as many as Linux follows */

/*
 * Put in the place of the symbolic link at `path` what it says.  realpath(3)
 * would not do: it wants the file to be there.
 */
static bool
follow(char path[SLU_PATH_MAX])
{
	char link[SLU_PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
	ssize_t len;

	len = readlink(path, link, sizeof(link));
	if (len < 0)
		return false;
	if (len > 0 && link[0] == '/')
		folder = 0;
	if (folder + (size_t)len >= SLU_PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(path + folder, link, (size_t)len);
	path[folder + (size_t)len] = '\0';
	return true;
}

/* Follow the links of a path that leads to `there`, or to nothing (NULL). */
static bool
follow_all(slu_target *t, const struct stat *there)
{
	struct stat at;

	for (int links = 0; links < LINKS_MOST; links++) {
		if (lstat(t->path, &at) != 0)
			return there == NULL && errno == ENOENT;
		if (!S_ISLNK(at.st_mode)) {
			/* A link in /proc need not say where it leads. */
			errno = ENOENT;
			return there == NULL || (at.st_dev == there->st_dev &&
						    at.st_ino == there->st_ino);
		}
		if (there == NULL)
			t->kind = SLU_TARGET_DANGLING;
		if (!follow(t->path))
			return false;
	}
	errno = ELOOP;
	return false;
}

slu_status
slu_target_find(slu_target *t, const char *path)
{
	struct stat there;
	size_t len = strlen(path);
	bool exists;

	exists = stat(path, &there) == 0;
	if (!exists && errno != ENOENT)
		return slu_raw_failed("file", path);
	errno = exists && S_ISDIR(there.st_mode) ? EISDIR : 0;
	if (len >= SLU_PATH_MAX)
		errno = ENAMETOOLONG;
	if (len == 0)
		errno = ENOENT;
	if (errno != 0)
		return slu_raw_failed("file", path);
	memcpy(t->path, path, len + 1);
	t->kind = SLU_TARGET_NOTHING;
	if (exists)
		t->kind = S_ISREG(there.st_mode) ? SLU_TARGET_REGULAR
						 : SLU_TARGET_OTHER;
	if (t->kind == SLU_TARGET_OTHER ||
	    follow_all(t, exists ? &there : NULL))
		return SLU_OK;
	return slu_raw_failed("file", path);
}
