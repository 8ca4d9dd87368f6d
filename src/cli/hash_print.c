/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "hash_print.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"
#include "say.h"
#include "text.h"
#include "visible.h"

static exit_code
put(const hash_printer *p, const slu_buf *text)
{
	if (!p->to_stderr) {
		out_bytes(slu_buf_front(text), text->len);
		return out_failed() ? EXIT_IO : EXIT_DONE;
	}
	say_passing_gone();
	return fwrite(slu_buf_front(text), 1, text->len, stderr) == text->len
		   ? EXIT_DONE
		   : EXIT_IO;
}

static slu_status
add_text(slu_buf *to, const char *text)
{
	return slu_buf_add(to, text, strlen(text));
}

/* The name fit for where it goes. */
static slu_status
add_lines(slu_buf *to, const hash_printer *p, const hash_file *f)
{
	bool screen = isatty(p->to_stderr ? STDERR_FILENO : STDOUT_FILENO);
	char *shown = malloc(VISIBLE_MAX(strlen(f->name)));
	const unsigned char *md = f->out;
	slu_status st = SLU_OK;

	if (shown == NULL)
		return slu_fail(SLU_ERR_MEMORY, "hash: out of memory");
	if (screen)
		(void)visible(shown, f->name);
	else
		strcpy(shown, f->name);
	for (size_t i = 0; i < p->all->n && st == SLU_OK; i++) {
		st = hash_line(to, &p->style, slu_hash_name(p->all->each[i].h),
		    md, p->all->each[i].size, shown);
		md += p->all->each[i].size;
	}
	free(shown);
	return st;
}

static slu_status
add_member(slu_buf *to, const char *before, const char *name, const char *value)
{
	slu_status st = add_text(to, before);

	st = st ? st : text_json(to, name);
	st = st ? st : add_text(to, ": ");
	return st ? st : add_text(to, value);
}

/* The bytes of a name that is no text are told as well, or else lost. */
static slu_status
add_name(slu_buf *to, const char *name)
{
	slu_status st;

	st = add_member(to, "", "name", "");
	st = st ? st : text_json(to, name);
	if (st || text_is_utf8(name))
		return st;
	st = add_member(to, ", ", "name_base64", "\"");
	st = st ? st : text_base64(to, name, strlen(name));
	return st ? st : add_text(to, "\"");
}

static slu_status
add_object(slu_buf *to, hash_printer *p, const hash_file *f)
{
	const unsigned char *md = f->out;
	char size[32];
	slu_status st;

	snprintf(size, sizeof(size), "%" PRIu64, f->size);
	st = add_text(to, p->begun ? ",\n{" : "[\n{");
	st = st ? st : add_name(to, f->name);
	st = st ? st : add_member(to, ", ", "size", size);
	st = st ? st : add_member(to, ", ", "digests", "{");
	for (size_t i = 0; i < p->all->n && st == SLU_OK; i++) {
		st = add_member(to, i == 0 ? "" : ", ",
		    slu_hash_name(p->all->each[i].h), "\"");
		st = st ? st
			: hash_line_digits(to, &p->style,
			      slu_hash_name(p->all->each[i].h), md,
			      p->all->each[i].size);
		st = st ? st : add_text(to, "\"");
		md += p->all->each[i].size;
	}
	return st ? st : add_text(to, "}}");
}

exit_code
hash_print(hash_printer *p, const hash_file *f)
{
	slu_buf text = { .limit = p->all->n * HASH_LINE_MAX(DIGESTS_BITS_MAX) };
	exit_code code;
	slu_status st;

	if (p->as == HASH_RAW)
		st = slu_buf_add(&text, f->out, f->len);
	else if (p->as == HASH_JSON)
		st = add_object(&text, p, f);
	else
		st = add_lines(&text, p, f);
	p->begun = true;
	code = st ? say_status(st, f->name) : put(p, &text);
	slu_buf_free(&text);
	return code;
}

exit_code
hash_print_end(hash_printer *p)
{
	slu_buf text = { .limit = 16 };
	exit_code code = EXIT_DONE;
	slu_status st;

	if (p->as != HASH_JSON)
		return EXIT_DONE;
	st = add_text(&text, p->begun ? "\n]\n" : "[]\n");
	code = st ? say_status(st, "hash") : put(p, &text);
	slu_buf_free(&text);
	return code;
}
