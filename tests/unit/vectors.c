/* SPDX-License-Identifier: ISC */
#include "vectors.h"

#include <stdlib.h>

#include "check.h"

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

char *
vectors_read(const char *name, size_t *len)
{
	const char *root = getenv("SLUICE_VECTORS");
	char path[1024], *mem;
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s",
	    root != NULL ? root : "../shared/vectors", name);
	f = fopen(path, "rb");
	if (f == NULL) {
		print_message("no vectors at %s\n", path);
		skip();
	}
	mem = read_all(f, &n);
	fclose(f);
	if (mem == NULL)
		fail_msg("%s cannot be read", path);
	if (len != NULL)
		*len = n;
	return mem;
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
