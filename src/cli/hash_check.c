/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "hash_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digests.h"
#include "hash_line.h"
#include "hash_list.h"
#include "input.h"
#include "out.h"
#include "say.h"
#include "tally.h"
#include "visible.h"
#include "sluice/base64.h"
#include "sluice/file.h"
#include "sluice/lines.h"
#include "sluice/secret.h"
#include "sluice/view.h"

#define DIGEST_MAX (HASH_LIST_LINE / 2) /* bytes, of an extendable output */

struct counts {
	unsigned long ok, failed, unread, missing, malformed;
};

struct checker {
	const hash_check_options *o;
	const char *list;   /* lent: the name of the list */
	unsigned long line; /* its current line */
	struct counts here; /* in this list */
	struct counts all;  /* in all lists */
	digests digest;     /* owned: the latest one that was needed */
	char algorithm[64]; /* as that was asked for */
	hash_entry entry;
	unsigned char want[DIGEST_MAX];
	unsigned char have[DIGEST_MAX];
};

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Whether `text` is hex digits, two for each of *len bytes of `out`. */
static bool
decode_hex(const char *text, unsigned char *out, size_t *len)
{
	size_t n = strlen(text);

	if (n % 2 != 0 || n / 2 > DIGEST_MAX)
		return false;
	for (size_t i = 0; i < n; i += 2) {
		if (hex_digit(text[i]) < 0 || hex_digit(text[i + 1]) < 0)
			return false;
		out[i / 2] = (unsigned char)(hex_digit(text[i]) * 16 +
					     hex_digit(text[i + 1]));
	}
	*len = n / 2;
	return true;
}

static bool
decode_base64(const char *text, unsigned char *out, size_t *len)
{
	slu_bio *in = NULL;
	slu_status st;
	size_t n;

	*len = 0;
	st = slu_view_open(&in, text, strlen(text));
	if (st == SLU_OK)
		st = slu_base64_decode(&in);
	while (st == SLU_OK && *len < DIGEST_MAX) {
		st = slu_bio_read(in, out + *len, DIGEST_MAX - *len, &n);
		*len += n;
	}
	slu_bio_free(in);
	return st == SLU_EOF;
}

/* Which digest has so many bytes, of those that lists leave unnamed. */
static const char *
by_size(size_t len)
{
	switch (len) {
	case 16: return "md5";
	case 20: return "sha1";
	case 28: return "sha224";
	case 32: return "sha256";
	case 48: return "sha384";
	case 64: return "sha512";
	default: return NULL;
	}
}

/* By what name the library knows what a list's tag names. */
static const char *
by_tag(const char *tag)
{
	if (strcasecmp(tag, "BLAKE2b") == 0)
		return "blake2b512";
	if (strcasecmp(tag, "BLAKE2s") == 0)
		return "blake2s256";
	return tag;
}

/* Have the digest of that name ready; it was likely the last line's too. */
static bool
have_digest(struct checker *c, const char *name)
{
	struct digest *d = &c->digest.each[0];

	if (c->digest.n > 0 && strcmp(name, c->algorithm) == 0)
		return true;
	digests_free(&c->digest);
	if (strlen(name) >= sizeof(c->algorithm) || slu_hash_new(&d->h, name))
		return false;
	d->size = slu_hash_size(d->h);
	c->digest.n = 1;
	strcpy(c->algorithm, name);
	return true;
}

/* Whether so many bytes can be what the digest gives. */
static bool
fits(const struct checker *c, size_t len)
{
	const struct digest *d = &c->digest.each[0];

	return slu_hash_is_xof(d->h) ? len > 0 : len == d->size;
}

/*
 * Find out which digest an entry means, and decode it: hex, which is what
 * all programs write, or else base64.
 */
static bool
understand(struct checker *c, size_t *len)
{
	static bool (*const decoders[])(
	    const char *, unsigned char *, size_t *) = {
		decode_hex,
		decode_base64,
	};
	const char *name =
	    c->entry.tag != NULL ? by_tag(c->entry.tag) : c->o->algorithm;
	size_t n = 2;

	if (name != NULL && !have_digest(c, name))
		return false;
	/* A slip of the pen does not make base64 of hex. */
	if (name == NULL && by_size(strlen(c->entry.digest) / 2) != NULL)
		n = 1;
	for (size_t i = 0; i < n; i++) {
		if (!decoders[i](c->entry.digest, c->want, len))
			continue;
		if (name != NULL && fits(c, *len))
			return true;
		if (name == NULL && by_size(*len) != NULL)
			return have_digest(c, by_size(*len));
	}
	return false;
}

static void
print_verdict(const struct checker *c, const char *verdict)
{
	bool colored = verdict[0] == 'F' && say_in_color(STDOUT_FILENO);
	slu_buf line = { .limit = HASH_LIST_LINE * 8 };
	char *shown;

	if (c->o->status)
		return;
	shown = out_name(c->entry.name);
	if (shown != NULL && hash_line_name(&line, shown) == SLU_OK) {
		out_bytes(slu_buf_front(&line), line.len);
		out(": %s%s%s\n", colored ? "\033[31m" : "", verdict,
		    colored ? "\033[0m" : "");
	}
	free(shown);
	slu_buf_free(&line);
}

static exit_code
read_entry(struct checker *c)
{
	if (input_is_standard(c->entry.name) && input_is_standard(c->list))
		return say_fail(EXIT_IO,
		    "standard input is the list, and not to be checked");
	return digests_read(&c->digest, c->entry.name);
}

static void
check_entry(struct checker *c, size_t len)
{
	struct digest *d = &c->digest.each[0];
	struct stat st;

	if (c->o->ignore_missing && !input_is_standard(c->entry.name) &&
	    stat(c->entry.name, &st) != 0 && errno == ENOENT) {
		c->here.missing++;
		return;
	}
	d->size = len;
	if (read_entry(c) != EXIT_DONE || digests_final(d, c->have)) {
		c->here.unread++;
		print_verdict(c, "FAILED open or read");
	} else if (!slu_equal(c->want, c->have, len)) {
		c->here.failed++;
		print_verdict(c, "FAILED");
	} else {
		c->here.ok++;
		if (say_how_loud() != SAY_QUIET)
			print_verdict(c, "OK");
	}
}

static void
malformed(struct checker *c, const char *why)
{
	c->here.malformed++;
	if (!c->o->status && (!c->o->lenient || c->o->warn))
		say("%s:%lu: %s", input_name(c->list), c->line, why);
}

static void
check_line(struct checker *c, const char *line, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t bytes;

	if (c->line == 1 && len >= 3 && memcmp(line, bom, 3) == 0) {
		line += 3;
		len -= 3;
	}
	if (hash_list_skips(line, len))
		return;
	if (hash_list_parse(&c->entry, line, len) && understand(c, &bytes))
		check_entry(c, bytes);
	else
		malformed(c, "not a checksum line");
}

static exit_code
check_lines(struct checker *c, slu_bio *in)
{
	slu_lines *lines = NULL;
	const char *line;
	slu_status st;
	size_t len;

	st = slu_lines_new(&lines, in, HASH_LIST_LINE);
	while (st == SLU_OK && !out_failed()) {
		c->line++;
		st = slu_lines_next(lines, &line, &len);
		if (st == SLU_OK)
			check_line(c, line, len);
	}
	slu_lines_free(lines);
	if (st == SLU_ERR_LIMIT) {
		malformed(c, "the line is too long");
		st = SLU_OK;
	}
	return slu_failed(st) ? say_status(st, input_name(c->list)) : EXIT_DONE;
}

/* Whether all is as the list says, and it says something. */
static exit_code
judge(const struct checker *c)
{
	const struct counts *n = &c->here;
	const char *what = NULL;

	if (n->ok + n->failed + n->unread > 0)
		return n->failed + n->unread > 0 ||
			       (n->malformed > 0 && !c->o->lenient)
			   ? EXIT_NO
			   : EXIT_DONE;
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
	if (code == EXIT_DONE)
		code = judge(c);
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
	bool good = c->all.failed + c->all.unread + c->all.malformed == 0;
	char words[200] = "";

	put_count(words, sizeof(words), c->all.ok, "OK");
	put_count(words, sizeof(words), c->all.failed, "FAILED");
	put_count(words, sizeof(words), c->all.unread, "not read");
	put_count(words, sizeof(words), c->all.malformed, "not understood");
	if (c->o->status || words[0] == '\0')
		return;
	if (good)
		say_note("%s", words);
	else
		say("%s", words);
}

exit_code
hash_check(const hash_check_options *o, int n, char **lists)
{
	struct checker *c;
	tally all = { 0 };
	exit_code code;
	bool no = false;

	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return say_fail(EXIT_IO, "out of memory");
	c->o = o;
	for (int i = 0; i < n || i == 0; i++) {
		code = check_list(c, n > 0 ? lists[i] : "-");
		no = no || code == EXIT_NO;
		tally_add(&all, code);
	}
	summarize(c);
	digests_free(&c->digest);
	free(c);
	return no ? EXIT_NO : all.code;
}
