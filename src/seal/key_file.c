/* SPDX-License-Identifier: ISC */
#include "key_file.h"

#include <stdio.h>
#include <string.h>

#include "sluice/copy.h"
#include "sluice/mem.h"

slu_status
slu_key_file_read(slu_buf *text, slu_bio *src)
{
	slu_bio *dst = NULL;
	slu_status st;

	st = slu_mem_open(&dst, text);
	if (st == SLU_OK)
		st = slu_bio_copy(dst, src);
	slu_bio_free(dst);
	return st;
}

bool
slu_key_file_next(const slu_buf *text, slu_key_line *line)
{
	const char *front = (const char *)slu_buf_front(text), *end;
	size_t left;

	while (line->behind < text->len) {
		line->text = front + line->behind;
		left = text->len - line->behind;
		end = memchr(line->text, '\n', left);
		line->len = end == NULL ? left : (size_t)(end - line->text);
		line->behind += line->len + (end != NULL);
		line->number++;
		if (line->len > 0 && line->text[line->len - 1] == '\r')
			line->len--;
		if (line->len > 0 && line->text[0] != '#')
			return true;
	}
	return false;
}

slu_status
slu_key_file_check(const slu_key_line *line)
{
	if (line->len > SLU_KEY_LINE_MAX)
		return slu_fail(SLU_ERR_LIMIT, "keys: longer than %d bytes",
		    SLU_KEY_LINE_MAX);
	return SLU_OK;
}

slu_status
slu_key_file_pass(const slu_key_line *line, const slu_key *key,
    slu_status (*passed_over)(size_t line, const char *why, void *arg),
    void *arg)
{
	char why[SLU_ERROR_MAX];

	snprintf(why, sizeof(why), "%.*s", (int)key->bytes.len,
	    (const char *)slu_buf_front(&key->bytes));
	return passed_over(line->number, why, arg);
}

slu_status
slu_key_file_blame(const slu_key_line *line, slu_status st)
{
	char why[SLU_ERROR_MAX];
	const char *cause;

	snprintf(why, sizeof(why), "%s", slu_error());
	cause = strstr(why, ": ");
	return slu_fail(st, "keys: line %zu: %s", line->number,
	    cause == NULL ? why : cause + 2);
}
