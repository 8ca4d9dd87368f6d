/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "core.h"
#include "input.h"
#include "number.h"
#include "readable.h"
#include "say.h"
#include "standard.h"
#include "utf8.h"
#include "visible.h"
#include "sluice/file.h"
#include "sluice/identity.h"
#include "sluice/secret.h"
#include "sluice/words.h"

/* Fewer words than this can be guessed, more are over the limit. */
#define WORDS_MIN 4
#define WORDS_MAX 64

#define ABOUT_MAX 1000 /* bytes of a name in the prompt */

exit_code
passphrase_set(passphrase_source *s, int id, const char *value)
{
	if (id == PASSPHRASE_HABIT) {
		s->habit = true;
		return EXIT_DONE;
	}
	if (s->option != 0)
		return say_fail(EXIT_MISUSED,
		    "there is more than one source of the passphrase");
	s->option = id;
	s->from = value;
	s->number = PASSPHRASE_WORDS;
	if (id == PASSPHRASE_FD)
		return number_value(
		    s->fd_option != NULL ? s->fd_option : "--passphrase-fd",
		    value, 0, INT_MAX, &s->number);
	if (id == PASSPHRASE_GENERATE && value != NULL)
		return number_value(
		    "--generate", value, WORDS_MIN, WORDS_MAX, &s->number);
	return EXIT_DONE;
}

static bool
is_input(const passphrase_source *s)
{
	return (s->option == PASSPHRASE_FD && s->number == STDIN_FILENO) ||
	       (s->option == PASSPHRASE_FILE && strcmp(s->from, "-") == 0);
}

exit_code
passphrase_without_input(const passphrase_source *s, const char *other)
{
	if (!is_input(s))
		return EXIT_DONE;
	return say_fail(EXIT_MISUSED,
	    "standard input cannot be both the %s and the passphrase", other);
}

exit_code
passphrase_note(const passphrase_source *s, ledger *l)
{
	struct stat st;
	int failed = -1;

	if (s->option == PASSPHRASE_FD)
		failed = fstat((int)s->number, &st);
	else if (s->option == PASSPHRASE_FILE)
		failed = input_stat(s->from, &st);
	/* What is not there is said when it is read. */
	return failed ? EXIT_DONE : ledger_reads(l, &st, LEDGER_PASSPHRASE, 0);
}

/* Hold a passphrase to its limits; `from` is where it came from. */
static exit_code
check(const slu_buf *out, const char *from)
{
	if (out->len == 0)
		return say_fail(
		    EXIT_MISUSED, "%s: the passphrase is empty", from);
	if (out->len > SLU_PASSPHRASE_MAX)
		return say_fail(EXIT_MISUSED,
		    "%s: the passphrase is longer than %d bytes", from,
		    SLU_PASSPHRASE_MAX);
	return EXIT_DONE;
}

/*
 * Read the first line byte by byte: what is behind it may be for another
 * reader of the same descriptor.
 */
static exit_code
read_line(slu_bio *in, const char *from, slu_buf *out)
{
	slu_status st = SLU_OK;
	char c = '\0';
	size_t n;

	while (st == SLU_OK && c != '\n' && out->len < out->limit) {
		st = slu_bio_read(in, &c, 1, &n);
		if (st == SLU_OK && c != '\n')
			st = slu_buf_add(out, &c, 1);
	}
	slu_wipe(&c, 1);
	if (slu_failed(st))
		return say_status(st, from);
	if (st == SLU_OK && out->len < out->limit && out->len > 0 &&
	    slu_buf_front(out)[out->len - 1] == '\r')
		out->len--;
	return check(out, from);
}

static exit_code
from_file(const passphrase_source *s, slu_buf *out)
{
	const char *name = is_input(s) ? "standard input" : say_name(s->from);
	exit_code code;
	slu_bio *in = NULL;
	slu_status st;

	if (is_input(s)) {
		readable_check_fd(STDIN_FILENO, name);
		st = standard_open(&in, STDIN_FILENO);
	} else {
		readable_check(s->from);
		st = slu_file_open(&in, s->from);
	}
	code = st ? say_status(st, name) : read_line(in, name, out);
	slu_bio_free(in);
	return code;
}

static exit_code
from_fd(const passphrase_source *s, slu_buf *out)
{
	char name[40];
	exit_code code;
	slu_bio *in = NULL;
	slu_status st;

	snprintf(name, sizeof(name), "file descriptor %u", s->number);
	if (fcntl((int)s->number, F_GETFD) < 0)
		return say_fail(EXIT_MISUSED, "%s: %s", name, strerror(errno));
	readable_check_fd((int)s->number, name);
	st = standard_open(&in, (int)s->number);
	code = st ? say_status(st, name) : read_line(in, name, out);
	slu_bio_free(in);
	return code;
}

/* The environment is open to this user's other programs: leave nothing. */
static exit_code
from_environment(const passphrase_source *s, slu_buf *out)
{
	char *value = getenv(s->from);
	exit_code code;
	size_t len;

	if (value == NULL)
		return say_fail(EXIT_MISUSED,
		    "there is no environment variable '%s'", s->from);
	len = strlen(value);
	code = say_status(
	    slu_buf_add(out, value, len < out->limit ? len : out->limit),
	    s->from);
	slu_wipe(value, len);
	(void)unsetenv(s->from);
	return code == EXIT_DONE ? check(out, s->from) : code;
}

static exit_code
make(unsigned words, slu_buf *out)
{
	static const char before[] = "passphrase: ";
	slu_buf shown = { .limit = sizeof(before) + out->limit };
	exit_code code;
	slu_status st;

	st = slu_words_append(out, words, "-");
	if (st == SLU_OK)
		st = slu_buf_add(&shown, before, sizeof(before) - 1);
	if (st == SLU_OK)
		st = slu_buf_add(&shown, slu_buf_front(out), out->len);
	if (st == SLU_OK)
		st = slu_buf_add(&shown, "\n", 1);
	code = say_status(st, "passphrase");
	if (code == EXIT_DONE)
		code = ask_show(slu_buf_front(&shown), shown.len);
	if (code == EXIT_DONE)
		say_hint("write it down: without it nobody can open "
			 "what it seals");
	slu_buf_free(&shown);
	return code;
}

static const char *
instead_of(const passphrase_source *s)
{
	return s->instead != NULL
		   ? s->instead
		   : "--passphrase-file, --passphrase-fd or --passphrase-env";
}

static exit_code
ask_again(const char *instead, const slu_buf *first)
{
	slu_buf second = PASSPHRASE_BUF;
	exit_code code;

	code = ask_secret("again: ", instead, &second);
	if (code == EXIT_DONE &&
	    (second.len != first->len || !slu_equal(slu_buf_front(&second),
					     slu_buf_front(first), first->len)))
		code = say_fail(EXIT_MISUSED, "passphrases do not match");
	slu_buf_free(&second);
	return code;
}

static exit_code
from_terminal(
    passphrase_use use, const char *about, const char *instead, slu_buf *out)
{
	static const char offer[] = "leave it empty, and one is made for you\n";
	char name[ABOUT_MAX + 1], shown[VISIBLE_MAX(ABOUT_MAX)];
	char prompt[sizeof(shown) + 100];
	bool offers = use != PASSPHRASE_KNOWN && say_how_loud() != SAY_QUIET;
	exit_code code;

	utf8_cut(name, about != NULL ? about : "", ABOUT_MAX);
	snprintf(prompt, sizeof(prompt),
	    "%s%spassphrase%s%s: ", offers ? offer : "",
	    use == PASSPHRASE_CHANGED ? "new " : "",
	    about != NULL ? " for " : "", visible(shown, name));
	code = ask_secret(prompt, instead, out);
	if (code != EXIT_DONE)
		return code;
	if (use == PASSPHRASE_KNOWN)
		return check(out, "terminal");
	return out->len == 0 ? make(PASSPHRASE_WORDS, out)
			     : ask_again(instead, out);
}

exit_code
passphrase_get(const passphrase_source *s, passphrase_use use,
    const char *about, slu_buf *out)
{
	/* From here on memory holds what no core file should. */
	core_forbid();
	switch (s->option) {
	case PASSPHRASE_FILE: return from_file(s, out);
	case PASSPHRASE_FD: return from_fd(s, out);
	case PASSPHRASE_ENV: return from_environment(s, out);
	case PASSPHRASE_GENERATE: return make(s->number, out);
	default: return from_terminal(use, about, instead_of(s), out);
	}
}

void
passphrase_hint_words(const passphrase_source *s, const char *name)
{
	const char *end;
	uint64_t n;

	if (s->option == PASSPHRASE_GENERATE && s->from == NULL &&
	    number_digits(name, &n, &end) && *end == '\0')
		say_hint(
		    "-g%s or --generate=%s makes so many words", name, name);
}

exit_code
passphrase_too_dear(const char *name)
{
	(void)say_fail(EXIT_IO, "%s: %s", name, say_cause(SLU_ERR_LIMIT));
	say_hint("a smaller --work-factor takes less");
	return EXIT_IO;
}
