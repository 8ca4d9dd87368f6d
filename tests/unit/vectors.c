/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L

#include "vectors.h"

#include <dirent.h>
#include <stdlib.h>

#include "check.h"

#define PATH_ROOM 1024
#define PACKAGE "cryptography_vectors/" /* python3-cryptography-vectors */
#define PACKAGES "/usr/lib/python3/dist-packages"
#define MOST (64L * 1024 * 1024) /* bytes of the largest file we read */

/* The bytes of an open file, to its end; NULL where it cannot be read. */
static char *
read_all(FILE *f, size_t *len)
{
	char *mem = NULL, *whole = NULL;
	long size;

	if (fseek(f, 0, SEEK_END) != 0)
		goto out;
	size = ftell(f);
	if (size < 0 || size > MOST || fseek(f, 0, SEEK_SET) != 0)
		goto out;
	*len = (size_t)size;
	mem = malloc(*len + 1);
	if (mem == NULL || fread(mem, 1, *len, f) != *len)
		goto out;
	mem[*len] = '\0';
	whole = mem;
	mem = NULL;
out:
	free(mem);
	return whole;
}

static void
make_path(char path[PATH_ROOM], const char *name)
{
	const char *root = getenv("SLUICE_VECTORS");

	if (strncmp(name, PACKAGE, sizeof(PACKAGE) - 1) == 0)
		root = PACKAGES;
	snprintf(path, PATH_ROOM, "%s/%s",
	    root != NULL ? root : "../shared/vectors", name);
}

static void
skip_without(const char *path)
{
	print_message("no vectors at %s\n", path);
	skip();
}

char *
vectors_read(const char *name, size_t *len)
{
	char path[PATH_ROOM], *mem;
	size_t n = 0;
	FILE *f;

	make_path(path, name);
	f = fopen(path, "rb");
	if (f == NULL)
		skip_without(path);
	mem = read_all(f, &n);
	fclose(f);
	if (mem == NULL)
		fail_msg("%s cannot be read", path);
	if (len != NULL)
		*len = n;
	return mem;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

size_t
vectors_each(
    const char *folder, void (*each)(const char *name, void *arg), void *arg)
{
	struct dirent **entries;
	char path[PATH_ROOM];
	int n;

	make_path(path, folder);
	n = scandir(path, &entries, is_visible, alphasort);
	if (n < 0)
		skip_without(path);
	for (int i = 0; i < n; i++) {
		each(entries[i]->d_name, arg);
		free(entries[i]);
	}
	free(entries);
	return (size_t)n;
}

json *
vectors_json(const char *name)
{
	size_t len;
	char *text = vectors_read(name, &len);
	json *root = json_parse(text, len);

	free(text);
	if (root == NULL)
		fail_msg("%s is not JSON", name);
	return root;
}
