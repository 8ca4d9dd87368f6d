/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "hash_weigh.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "hash_list.h"
#include "input.h"
#include "sluice/file.h"
#include "sluice/lines.h"

static bool
add_file(uint64_t *total, const char *name)
{
	struct stat st;

	if (stat(name, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	*total += (uint64_t)st.st_size;
	return true;
}

static void
add_line(
    uint64_t *total, hash_entry *e, const char *line, size_t len, hash_end end)
{
	if (hash_list_skips(line, len))
		return;
	if (hash_list_parse(e, line, len, end) && add_file(total, e->name))
		return;
	if (hash_list_parse_sfv(e, line, len))
		(void)add_file(total, e->name);
}

/* What is wrong with a list is said when it is checked. */
static void
add_list(uint64_t *total, hash_entry *e, const char *list, hash_end end)
{
	slu_lines *lines = NULL;
	slu_bio *in = NULL;
	const char *line;
	slu_status st;
	size_t len;

	st = slu_file_open(&in, list);
	if (st == SLU_OK)
		st = slu_lines_new(&lines, in, HASH_LIST_LINE);
	if (st == SLU_OK && end == HASH_NUL)
		slu_lines_end_with(lines, '\0');
	while (st == SLU_OK) {
		st = slu_lines_next(lines, &line, &len);
		if (st == SLU_OK)
			add_line(total, e, line, len, end);
		else if (st == SLU_ERR_LIMIT)
			st = slu_lines_skip(lines);
	}
	slu_lines_free(lines);
	slu_bio_free(in);
}

static bool
can_be_read_again(const char *list)
{
	struct stat st;

	return !input_is_standard(list) && stat(list, &st) == 0 &&
	       S_ISREG(st.st_mode);
}

uint64_t
hash_weigh(int n, char **lists, hash_end end)
{
	hash_entry *e = NULL;
	uint64_t total = 0;

	for (int i = 0; i < n; i++)
		if (!can_be_read_again(lists[i]))
			return 0;
	e = malloc(sizeof(*e));
	for (int i = 0; i < n && e != NULL; i++)
		add_list(&total, e, lists[i], end);
	free(e);
	return total;
}
