/* SPDX-License-Identifier: ISC */
#include "names0.h"

#include <string.h>

#include "input.h"
#include "say.h"
#include "sluice/buf.h"
#include "sluice/file.h"

/* Hand on the names that are whole; false: that was enough. */
static bool
hand_on(slu_buf *text, bool (*each)(const char *name, void *arg), void *arg)
{
	const char *front, *end;
	bool more = true;

	while (more && text->len > 0) {
		front = (const char *)slu_buf_front(text);
		end = memchr(front, '\0', text->len);
		if (end == NULL)
			break;
		more = each(front, arg);
		slu_buf_skip(text, (size_t)(end - front) + 1);
	}
	return more;
}

exit_code
names0_each(
    const char *list, bool (*each)(const char *name, void *arg), void *arg)
{
	slu_buf text = { .limit = 2 * SLU_PATH_MAX };
	char piece[SLU_PATH_MAX];
	input in = { 0 };
	slu_status st = SLU_OK;
	exit_code code;
	bool more = true;
	size_t n;

	code = input_open(&in, list);
	while (code == EXIT_DONE && more && st == SLU_OK) {
		st = slu_bio_read(in.bio, piece, sizeof(piece), &n);
		if (st == SLU_OK)
			st = slu_buf_add(&text, piece, n);
		else if (st == SLU_EOF && text.len > 0)
			st = slu_buf_add(&text, "", 1);
		if (st == SLU_OK)
			more = hand_on(&text, each, arg);
		if (text.len >= SLU_PATH_MAX)
			code = say_fail(EXIT_BAD_INPUT,
			    "%s: a name of more than %d bytes", in.name,
			    SLU_PATH_MAX - 1);
	}
	if (code == EXIT_DONE && slu_failed(st))
		code = say_status(st, in.name);
	slu_buf_free(&text);
	input_free(&in);
	return code;
}
