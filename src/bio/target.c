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

/* Follow the links of a path that leads to `there`, or to nothing. */
static bool
follow_all(slu_target *t, const struct stat *there)
{
	struct stat at;

	for (int links = 0; links < LINKS_MOST; links++) {
		if (lstat(t->path, &at) != 0)
			return errno == ENOENT && t->kind != SLU_TARGET_REGULAR;
		if (!S_ISLNK(at.st_mode)) {
			/* A link in /proc need not say where it leads. */
			errno = ENOENT;
			return t->kind != SLU_TARGET_REGULAR ||
			       (at.st_dev == there->st_dev &&
				   at.st_ino == there->st_ino);
		}
		if (t->kind == SLU_TARGET_NOTHING)
			t->kind = SLU_TARGET_DANGLING;
		if (!follow(t->path))
			return false;
	}
	errno = ELOOP;
	return false;
}

static bool
find(slu_target *t, const char *path)
{
	size_t size = strlen(path) + 1;
	struct stat there;

	errno = ENAMETOOLONG;
	if (size > sizeof(t->path))
		return false;
	memcpy(t->path, path, size);
	t->kind = SLU_TARGET_NOTHING;
	if (stat(path, &there) == 0) {
		errno = EISDIR;
		if (S_ISDIR(there.st_mode))
			return false;
		t->kind = SLU_TARGET_OTHER;
		if (!S_ISREG(there.st_mode))
			return true;
		t->kind = SLU_TARGET_REGULAR;
	} else if (errno != ENOENT || size == 1) {
		return false;
	}
	return follow_all(t, &there);
}

slu_status
slu_target_find(slu_target *t, const char *path)
{
	return find(t, path) ? SLU_OK : slu_raw_failed("file", path);
}
