/* SPDX-License-Identifier: ISC */
#define _XOPEN_SOURCE 700
#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char made[PATH_MAX];
static int before = -1;

void
folder_enter(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(made, sizeof(made), "%s/sluice-test-XXXXXX",
	    base != NULL && base[0] != '\0' ? base : "/tmp");
	before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(before >= 0);
	CHECK(mkdtemp(made) != NULL);
	CHECK(chdir(made) == 0);
	umask(022);
}

/* Name by name, since a path from here may be longer than paths can be. */
static void
empty(int folder)
{
	DIR *dir = fdopendir(folder);
	struct dirent *e;

	CHECK(dir != NULL);
	while ((e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(folder, e->d_name, 0) == 0)
			continue;
		empty(openat(folder, e->d_name, O_RDONLY | O_DIRECTORY));
		CHECK(unlinkat(folder, e->d_name, AT_REMOVEDIR) == 0);
	}
	closedir(dir);
}

void
folder_leave(void)
{
	empty(open(made, O_RDONLY | O_DIRECTORY));
	CHECK(fchdir(before) == 0);
	close(before);
	CHECK(rmdir(made) == 0);
}

size_t
folder_count(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	size_t n = 0;

	CHECK(dir != NULL);
	while ((e = readdir(dir)) != NULL)
		n +=
		    strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(dir);
	return n;
}

void
folder_put(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "wb");

	CHECK(f != NULL);
	CHECK(fwrite(data, 1, len, f) == len);
	CHECK(fclose(f) == 0);
}

void
folder_check(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "rb");
	char *found = malloc(len + 1);
	size_t n;

	CHECK(f != NULL && found != NULL);
	n = fread(found, 1, len + 1, f);
	CHECK_BYTES(data, len, found, n);
	fclose(f);
	free(found);
}
