/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "seen.h"

#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "say.h"
#include "tree.h"

static int
in_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
forget_folder(seen *s)
{
	free(s->folder);
	free(s->real);
	s->folder = s->real = NULL;
}

/* Know where the folder of a name is; it was likely the last one's too. */
static exit_code
find_folder(seen *s, const char *name, size_t len)
{
	if (s->folder != NULL && strlen(s->folder) == len &&
	    memcmp(s->folder, name, len) == 0)
		return EXIT_DONE;
	forget_folder(s);
	s->folder = strndup(name, len);
	if (s->folder == NULL)
		return say_fail(EXIT_IO, "out of memory");
	s->real = realpath(len > 0 ? s->folder : ".", NULL);
	return EXIT_DONE;
}

/* Make the whole name, NULL where there is no such folder. */
static exit_code
whole(seen *s, const char *name, char **out)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash == NULL ? name : slash + 1;
	exit_code code;

	*out = NULL;
	code = find_folder(s, name, (size_t)(base - name));
	if (code != EXIT_DONE || s->real == NULL)
		return code;
	*out = malloc(strlen(s->real) + strlen(base) + 2);
	if (*out == NULL)
		return say_fail(EXIT_IO, "out of memory");
	strcpy(*out, s->real);
	strcat(*out, "/");
	strcat(*out, base);
	return EXIT_DONE;
}

exit_code
seen_add(seen *s, const char *name)
{
	exit_code code;
	char **found;
	char *mine;

	code = whole(s, name, &mine);
	if (mine == NULL)
		return code;
	found = tsearch(mine, &s->names, in_order);
	if (found == NULL)
		code = say_fail(EXIT_IO, "out of memory");
	if (found == NULL || *found != mine)
		free(mine);
	return code;
}

struct search {
	seen *s;
	void (*other)(const char *path, void *arg);
	void *arg;
	exit_code code;
};

static bool
look_up(const char *path, uint64_t size, void *arg)
{
	struct search *search = arg;
	exit_code code;
	char *mine;

	(void)size;
	code = whole(search->s, path, &mine);
	if (code != EXIT_DONE)
		search->code = code;
	else if (mine == NULL ||
		 tfind(mine, &search->s->names, in_order) == NULL)
		search->other(path, search->arg);
	free(mine);
	return code == EXIT_DONE && !out_failed();
}

static void
tell_failure(const char *path, int error, void *arg)
{
	struct search *search = arg;

	search->code =
	    say_fail(EXIT_IO, "%s: %s", say_name(path), strerror(error));
}

exit_code
seen_others(seen *s, const char *folder,
    void (*other)(const char *path, void *arg), void *arg)
{
	struct search search = { s, other, arg, EXIT_DONE };
	const tree_visitor visitor = { look_up, tell_failure, &search };

	(void)tree_walk(folder, &visitor);
	return search.code;
}

void
seen_free(seen *s)
{
	tdestroy(s->names, free);
	forget_folder(s);
	*s = (seen){ 0 };
}
