/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "ledger.h"

#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../bio/target.h"
#include "say.h"

struct line {
	dev_t dev; /* of a file, or of the folder of a free name */
	ino_t ino;
	ledger_use use;
	size_t by;
	char name[]; /* the free name; empty: it is a file */
};

static int
in_order(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return strcmp(x->name, y->name);
}

/*
 * Make a line for what `st` and `name` are; `*other` is the one that is
 * there already, or else NULL.
 */
static exit_code
enter(ledger *l, const struct stat *st, const char *name, ledger_use use,
    size_t by, const struct line **other)
{
	struct line *mine, **found = NULL;

	mine = malloc(sizeof(*mine) + strlen(name) + 1);
	if (mine != NULL) {
		*mine = (struct line){ st->st_dev, st->st_ino, use, by };
		strcpy(mine->name, name);
		found = tsearch(mine, &l->tree, in_order);
	}
	*other = found == NULL || *found == mine ? NULL : *found;
	if (found == NULL || *other != NULL)
		free(mine);
	return found == NULL ? say_fail(EXIT_IO, "out of memory") : EXIT_DONE;
}

exit_code
ledger_reads(ledger *l, const struct stat *st, ledger_use use, size_t by)
{
	const struct line *other;

	/* To read and write a device, such as a terminal, is no harm. */
	if (S_ISCHR(st->st_mode))
		return EXIT_DONE;
	return enter(l, st, "", use, by, &other);
}

static exit_code
refuse(const struct line *other, const char *name, size_t by)
{
	const char *why = "would be written twice";

	if (other->use == LEDGER_PASSPHRASE)
		why = "the output would overwrite the passphrase's file";
	else if (other->use == LEDGER_KEYS)
		why = "the output would overwrite a file of keys";
	else if (other->use == LEDGER_INPUT && other->by != by)
		why = "the output would overwrite another input";
	else if (other->use == LEDGER_INPUT)
		why = "input and output are the same file";
	return say_fail(EXIT_REFUSED, "%s: %s", name, why);
}

/* Cut the path at its last slash: the folder, and the name in it. */
static bool
folder_of(slu_target *target, struct stat *folder, const char **name)
{
	char *slash = strrchr(target->path, '/');

	*name = slash == NULL ? target->path : slash + 1;
	if (slash == NULL || slash == target->path)
		return stat(slash == NULL ? "." : "/", folder) == 0;
	*slash = '\0';
	return stat(target->path, folder) == 0;
}

exit_code
ledger_writes(ledger *l, const char *path, const struct stat *there, size_t by)
{
	const struct line *other = NULL;
	exit_code code = EXIT_DONE;
	struct stat folder;
	slu_target target;
	const char *name;

	if (there != NULL && S_ISCHR(there->st_mode))
		return EXIT_DONE;
	if (there != NULL) {
		code = enter(l, there, "", LEDGER_OUTPUT, by, &other);
	} else {
		/* What fails here will fail again when it is opened. */
		if (slu_target_find(&target, path) != SLU_OK ||
		    !folder_of(&target, &folder, &name))
			return EXIT_DONE;
		code = enter(l, &folder, name, LEDGER_OUTPUT, by, &other);
	}
	return other != NULL ? refuse(other, path, by) : code;
}

exit_code
ledger_writes_standard(ledger *l, const char *name, size_t by)
{
	const struct line *other = NULL;
	exit_code code;
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) != 0 || !S_ISREG(st.st_mode))
		return EXIT_DONE;
	code = enter(l, &st, "", LEDGER_STANDARD_OUTPUT, by, &other);
	if (other == NULL || other->use == LEDGER_STANDARD_OUTPUT)
		return code;
	return refuse(other, name, by);
}

void
ledger_free(ledger *l)
{
	tdestroy(l->tree, free);
	*l = (ledger){ 0 };
}
