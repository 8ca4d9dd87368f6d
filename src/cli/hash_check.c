/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "hash_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digests.h"
#include "hash_files.h"
#include "hash_line.h"
#include "hash_list.h"
#include "hash_want.h"
#include "hash_weigh.h"
#include "input.h"
#include "out.h"
#include "say.h"
#include "seen.h"
#include "tally.h"
#include "sluice/lines.h"
#include "sluice/secret.h"

struct counts {
	unsigned long ok, failed, unread, missing, malformed, extra;
	unsigned long judged;   /* that failed, and did not name their digest */
	unsigned long overlong; /* malformed: what they say is not known */
	bool has_nul;           /* in a line, which may have been several */
};

struct checker {
	const hash_check_options *o;
	const char *list;   /* lent: the name of the list */
	unsigned long line; /* its current line */
	struct counts here; /* in this list */
	struct counts all;  /* in all lists */
	exit_code code;     /* of what befell the program */
	hash_entry entry;
	hash_want want;    /* owned */
	hash_files *files; /* owned */
	seen names;        /* that the lists have, and theirs */
};

/* What is known of a file that is being read. */
struct wanted {
	bool judged; /* by its length: nothing else names the digest */
	unsigned char bytes[];
};

static void
print_verdict(const struct checker *c, const char *name, const char *verdict)
{
	bool colored =
	    strcmp(verdict, "OK") != 0 && say_in_color(STDOUT_FILENO);
	slu_buf line = { .limit = HASH_LIST_LINE * 8 };
	char *shown;

	if (c->o->status)
		return;
	shown = out_name(name);
	if (shown != NULL && hash_line_name(&line, shown) == SLU_OK) {
		out_bytes(slu_buf_front(&line), line.len);
		out(": %s%s%s\n", colored ? "\033[31m" : "", verdict,
		    colored ? "\033[0m" : "");
	}
	free(shown);
	slu_buf_free(&line);
}

static void
tell_unread(struct checker *c, const char *name)
{
	c->here.unread++;
	print_verdict(c, name, "FAILED open or read");
}

/* A file was read. */
static void
told(hash_file *f, void *arg)
{
	const struct wanted *w = f->note;
	struct checker *c = arg;

	if (f->code != EXIT_DONE) {
		tell_unread(c, f->name);
	} else if (!slu_equal(w->bytes, f->out, f->len)) {
		c->here.failed++;
		c->here.judged += w->judged;
		print_verdict(c, f->name, "FAILED");
	} else {
		c->here.ok++;
		if (say_how_loud() != SAY_QUIET)
			print_verdict(c, f->name, "OK");
	}
}

/* What an entry asks for, so that the next line may be read. */
static bool
note_entry(const struct checker *c, hash_file *f)
{
	struct wanted *w = malloc(sizeof(*w) + c->want.len);

	f->name = strdup(c->entry.name);
	f->algorithm = strdup(c->want.algorithm);
	f->len = c->want.len;
	f->note = w;
	if (w == NULL)
		return false;
	w->judged = c->want.judged;
	memcpy(w->bytes, c->want.bytes, c->want.len);
	return f->name != NULL && f->algorithm != NULL;
}

static void
check_entry(struct checker *c)
{
	bool standard = input_is_standard(c->entry.name);
	hash_file f = { .code = EXIT_DONE };
	struct stat st;

	if (c->o->no_extra != NULL && c->code == EXIT_DONE)
		c->code = seen_add(&c->names, c->entry.name);
	if (c->o->ignore_missing && !standard &&
	    stat(c->entry.name, &st) != 0 && errno == ENOENT) {
		c->here.missing++;
		return;
	}
	if (standard && input_is_standard(c->list)) {
		hash_files_settle(c->files);
		(void)say_fail(EXIT_IO,
		    "standard input is the list, and not to be checked");
		tell_unread(c, c->entry.name);
		return;
	}
	if (note_entry(c, &f))
		hash_files_add(c->files, &f);
	else
		c->code = say_fail(EXIT_IO, "out of memory");
	hash_file_free(&f);
}

static void
malformed(struct checker *c, const char *why, const char *tag)
{
	hash_files_settle(c->files);
	c->here.malformed++;
	if (!c->o->status && (!c->o->lenient || c->o->warn))
		say("%s:%lu: %s%s", input_name(c->list), c->line, why, tag);
}

/* It may have been a checksum: no option lets it pass. */
static slu_status
pass_over(struct checker *c, slu_lines *lines)
{
	hash_files_settle(c->files);
	c->here.malformed++;
	c->here.overlong++;
	if (!c->o->status)
		say("%s:%lu: the line is too long", input_name(c->list),
		    c->line);
	return slu_lines_skip(lines);
}

/* Whether a line asks for a digest that we have. */
static bool
take_line(struct checker *c, const char *line, size_t len)
{
	hash_want *w = &c->want;

	w->unknown = NULL;
	if (hash_list_parse(&c->entry, line, len, c->o->end) &&
	    hash_want_take(w, &c->entry, c->o->algorithm))
		return true;
	/* A tag that nobody knows is the better answer. */
	return w->unknown == NULL && c->o->key == NULL &&
	       hash_list_parse_sfv(&c->entry, line, len) &&
	       hash_want_take(w, &c->entry, NULL);
}

static void
check_line(struct checker *c, const char *line, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	static const char not_one[] = "not a checksum line";

	if (c->line == 1 && len >= 3 && memcmp(line, bom, 3) == 0) {
		line += 3;
		len -= 3;
	}
	if (hash_list_skips(line, len))
		return;
	if (memchr(line, '\0', len) != NULL)
		c->here.has_nul = true;
	if (take_line(c, line, len))
		check_entry(c);
	else if (c->want.unknown != NULL)
		malformed(c,
		    c->o->key ? "no HMAC with a digest we know: "
			      : "unknown digest ",
		    c->want.unknown);
	else
		malformed(c, not_one, "");
}

static exit_code
check_lines(struct checker *c, slu_bio *in)
{
	slu_lines *lines = NULL;
	const char *line;
	slu_status st;
	size_t len;

	st = slu_lines_new(&lines, in, HASH_LIST_LINE);
	if (st == SLU_OK && c->o->end == HASH_NUL)
		slu_lines_end_with(lines, '\0');
	while (st == SLU_OK && c->code == EXIT_DONE && !out_failed()) {
		c->line++;
		st = slu_lines_next(lines, &line, &len);
		if (st == SLU_OK)
			check_line(c, line, len);
		else if (st == SLU_ERR_LIMIT)
			st = pass_over(c, lines);
	}
	slu_lines_free(lines);
	if (!out_failed())
		hash_files_settle(c->files);
	return slu_failed(st) ? say_status(st, input_name(c->list)) : c->code;
}

/*
 * Where all fails, the digest may be another one of that length, or lines
 * end in what was taken for a part of them.
 */
static void
hint(const struct checker *c)
{
	if (c->o->status || c->here.ok > 0)
		return;
	if (c->here.failed > 0 && c->here.judged == c->here.failed)
		say_hint(c->o->key == NULL
			     ? "judged by its length to be %s; -a names another"
			     : "judged by its length to be hmac-%s; without "
			       "--hmac-key-file it is a digest",
		    c->want.algorithm);
	if (c->here.has_nul)
		say_hint("-z reads lists whose lines end in NUL");
}

/* Whether all is as the list says, and it says something. */
static exit_code
judge(const struct checker *c)
{
	const struct counts *n = &c->here;
	const char *what = NULL;

	if (n->failed + n->unread + n->overlong > 0)
		return EXIT_NO;
	if (n->ok > 0)
		return n->malformed > 0 && !c->o->lenient ? EXIT_NO : EXIT_DONE;
	what =
	    n->missing > 0 ? "no file was verified" : "no checksum line in it";
	if (c->o->status)
		return EXIT_NO;
	return say_fail(EXIT_NO, "%s: %s", input_name(c->list), what);
}

static exit_code
check_list(struct checker *c, const char *list)
{
	input in = { 0 };
	exit_code code;

	c->list = list;
	c->line = 0;
	c->here = (struct counts){ 0 };
	code = input_open(&in, list);
	if (code == EXIT_DONE)
		code = check_lines(c, in.bio);
	if (code == EXIT_DONE) {
		hint(c);
		code = judge(c);
	}
	input_free(&in);
	c->all.ok += c->here.ok;
	c->all.failed += c->here.failed;
	c->all.unread += c->here.unread;
	c->all.malformed += c->here.malformed;
	return code;
}

static void
put_count(char *words, size_t cap, unsigned long n, const char *what)
{
	size_t len = strlen(words);

	if (n > 0)
		snprintf(words + len, cap - len, "%s%lu %s",
		    len > 0 ? ", " : "", n, what);
}

/* The last line: how many of which kind. */
static void
summarize(const struct checker *c)
{
	bool good =
	    c->all.failed + c->all.unread + c->all.malformed + c->all.extra ==
	    0;
	char words[200] = "";

	put_count(words, sizeof(words), c->all.ok, "OK");
	put_count(words, sizeof(words), c->all.failed, "FAILED");
	put_count(words, sizeof(words), c->all.unread, "not read");
	put_count(words, sizeof(words), c->all.malformed, "not understood");
	put_count(words, sizeof(words), c->all.extra, "not listed");
	if (c->o->status || words[0] == '\0')
		return;
	if (good)
		say_note("%s", words);
	else
		say("%s", words);
}

static void
tell_extra(const char *path, void *arg)
{
	struct checker *c = arg;

	c->all.extra++;
	print_verdict(c, path, "NOT LISTED");
}

/* Look for files that are in the folder and not in the lists. */
static exit_code
check_extra(struct checker *c, int n, char **lists)
{
	exit_code code = EXIT_DONE;

	for (int i = 0; i < n && code == EXIT_DONE; i++)
		code = seen_add(&c->names, lists[i]);
	if (code == EXIT_DONE)
		code = seen_others(&c->names, c->o->no_extra, tell_extra, c);
	return c->all.extra > 0 ? EXIT_NO : code;
}

/* Check the lists, one after the other. */
static exit_code
check_all(struct checker *c, int n, char **lists)
{
	bool no = false, all_read = true;
	tally all = { 0 };
	exit_code code;

	for (int i = 0; i < n || i == 0; i++) {
		code = check_list(c, n > 0 ? lists[i] : "-");
		no = no || code == EXIT_NO;
		all_read = all_read && (code == EXIT_DONE || code == EXIT_NO);
		tally_add(&all, code);
	}
	/* Without one of the lists, no file is known to be extra. */
	if (c->o->no_extra != NULL && all_read) {
		code = check_extra(c, n, lists);
		no = no || code == EXIT_NO;
		tally_add(&all, code);
	}
	return no ? EXIT_NO : all.code;
}

exit_code
hash_check(const hash_check_options *o, int n, char **lists)
{
	const digests none = { .key = o->key };
	hash_files_options options = {
		.all = &none,
		.threads = o->threads,
		.told = told,
		.progress.name = "all files",
	};
	struct checker *c;
	exit_code code;

	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return say_fail(EXIT_IO, "out of memory");
	c->o = o;
	c->want.key = o->key;
	if (progress_shown())
		options.progress.total = hash_weigh(n, lists, o->end);
	options.arg = c;
	code = hash_files_new(&c->files, &options);
	if (code == EXIT_DONE) {
		code = check_all(c, n, lists);
		summarize(c);
	}
	hash_files_free(c->files);
	hash_want_free(&c->want);
	seen_free(&c->names);
	free(c);
	return code;
}
