/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "signals.h"
#include "utf8.h"
#include "visible.h"

#define LINE_MAX_SAID 9000 /* two names of a path's length, and some words */

static struct {
	say_loudness loudness;
	say_color color;
} how;

/* Where this thread's lines go; NULL: to standard error. */
static _Thread_local slu_buf *keeping;

void
say_setup(say_loudness loudness, say_color color)
{
	how.loudness = loudness;
	how.color = color;
}

say_loudness
say_how_loud(void)
{
	return how.loudness;
}

bool
say_on_screen(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && (term == NULL || strcmp(term, "dumb") != 0);
}

bool
say_in_color(int fd)
{
	const char *no_color = getenv("NO_COLOR");

	if (how.color != SAY_COLOR_AUTO)
		return how.color == SAY_COLOR_ALWAYS;
	if (no_color != NULL && no_color[0] != '\0')
		return false;
	return say_on_screen(fd);
}

/*
 * Names come first and reasons last: what is too long loses its middle.
 * Without memory for all of it, it loses its end.
 */
static void
form(char words[LINE_MAX_SAID + 1], const char *fmt, va_list ap)
{
	va_list again;
	char *all;
	int n;

	va_copy(again, ap);
	n = vsnprintf(words, LINE_MAX_SAID + 1, fmt, ap);
	if (n < 0)
		words[0] = '\0';
	all = n > LINE_MAX_SAID ? malloc((size_t)n + 1) : NULL;
	if (all != NULL) {
		(void)vsnprintf(all, (size_t)n + 1, fmt, again);
		utf8_shorten(words, all, LINE_MAX_SAID);
	}
	va_end(again);
	free(all);
}

/* One line in one write, so that the lines of two processes do not mix. */
static void
print(const char *color, const char *kind, const char *fmt, va_list ap)
{
	static const char off[] = "\033[0m";
	bool colored = color != NULL && say_in_color(STDERR_FILENO);
	char words[LINE_MAX_SAID + 1];
	char shown[VISIBLE_MAX(LINE_MAX_SAID)];
	char line[sizeof(shown) + 64];
	int n;

	form(words, fmt, ap);
	n = snprintf(line, sizeof(line), "%ssluice:%s %s%s\n",
	    colored ? color : "", colored ? off : "", kind,
	    visible(shown, words));
	/* What there is no room for is said too early, rather than never. */
	if (n <= 0 || (keeping != NULL &&
			  slu_buf_add(keeping, line, (size_t)n) == SLU_OK))
		return;
	say_passing_gone();
	fwrite(line, 1, (size_t)n, stderr);
}

void
say_keep(slu_buf *lines)
{
	keeping = lines;
}

void
say_kept(slu_buf *lines)
{
	if (lines->len > 0) {
		say_passing_gone();
		fwrite(slu_buf_front(lines), 1, lines->len, stderr);
	}
	slu_buf_free(lines);
}

void
say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(NULL, "", fmt, ap);
	va_end(ap);
}

void
say_note(const char *fmt, ...)
{
	va_list ap;

	if (how.loudness == SAY_QUIET)
		return;
	va_start(ap, fmt);
	print(NULL, "", fmt, ap);
	va_end(ap);
}

void
say_hint(const char *fmt, ...)
{
	va_list ap;

	if (how.loudness == SAY_QUIET)
		return;
	va_start(ap, fmt);
	print("\033[36m", "hint: ", fmt, ap);
	va_end(ap);
}

void
say_warning(const char *fmt, ...)
{
	va_list ap;

	if (how.loudness == SAY_QUIET)
		return;
	va_start(ap, fmt);
	print("\033[33m", "warning: ", fmt, ap);
	va_end(ap);
}

void
say_detail(const char *fmt, ...)
{
	va_list ap;

	if (how.loudness != SAY_VERBOSE)
		return;
	va_start(ap, fmt);
	print(NULL, "", fmt, ap);
	va_end(ap);
}

exit_code
say_fail(exit_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print("\033[31m", "", fmt, ap);
	va_end(ap);
	return code;
}

exit_code
say_code(slu_status st)
{
	switch (st) {
	case SLU_OK: return EXIT_DONE;
	case SLU_ERR_IO:
	case SLU_ERR_MEMORY: return EXIT_IO;
	case SLU_ERR_NO_MATCH: return EXIT_NO_MATCH;
	case SLU_ERR_TRUNCATED:
	case SLU_ERR_FORMAT:
	case SLU_ERR_LIMIT:
	case SLU_ERR_AUTH: return EXIT_BAD_INPUT;
	default: return EXIT_FAULT;
	}
}

const char *
say_cause(slu_status st)
{
	const char *cause = slu_error(), *colon;

	do {
		colon = strstr(cause, ": ");
		if (colon != NULL)
			cause = colon + 2;
	} while (colon != NULL && st == SLU_ERR_IO);
	return cause;
}

exit_code
say_status(slu_status st, const char *name)
{
	if (st == SLU_OK)
		return EXIT_DONE;
	return say_fail(say_code(st), "%s: %s", name, say_cause(st));
}

const char *
say_name(const char *name)
{
	return name[0] != '\0' ? name : "''";
}

void
say_passing(const char *line)
{
	signals_line();
	fprintf(stderr, "\r\033[K%s", line);
}

void
say_passing_gone(void)
{
	signals_line_clear();
}
