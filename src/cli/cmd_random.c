/* SPDX-License-Identifier: ISC */
/* sluice random [SIZE]: random bytes, passphrases, numbers. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "gather.h"
#include "input.h"
#include "number.h"
#include "output.h"
#include "progress.h"
#include "random_form.h"
#include "random_lines.h"
#include "random_source.h"
#include "say.h"
#include "sluice/words.h"

#define DEFAULT_SIZE 32 /* bytes, or characters */
#define DEFAULT_WORDS 8
#define SEPARATOR_MAX 64 /* bytes */

enum {
	HEX = 1,
	BASE64,
	BASE64URL,
	WORDS,
	CHARS,
	INT,
	UUID,
	SHUFFLE,
	SEPARATOR,
	COUNT,
	OUTPUT,
};

struct settings {
	int form; /* HEX to SHUFFLE; 0: raw */
	uint64_t size;
	const char *words; /* the value of --words; NULL: none */
	unsigned nwords;
	const char *separator; /* NULL: - */
	random_set set;
	int64_t from, to;
	const char *lines; /* the file to shuffle; NULL: standard input */
	unsigned count;    /* 0: one item, or all lines */
	const char *output;
};

static const args_option options[] = {
	{ HEX, 'x', "hex", NULL, 0, "in hex" },
	{ BASE64, 'b', "base64", NULL, 0, "in base64" },
	{ BASE64URL, 0, "base64url", NULL, 0, "in base64 for URLs, unpadded" },
	{ WORDS, 'w', "words", "N", ARGS_MAY,
	    "a passphrase of N words, or else 8" },
	{ SEPARATOR, 0, "separator", "TEXT", 0,
	    "between the words, or else -" },
	{ CHARS, 0, "chars", "SET", 0,
	    "SIZE characters of alnum, alpha, digits, lower, safe\n"
	    "(none that look alike), printable, or =CHARACTERS" },
	{ INT, 0, "int", "A-B", 0, "a whole number from A to B, such as 1-6" },
	{ UUID, 0, "uuid", NULL, 0, "a UUID" },
	{ SHUFFLE, 0, "shuffle", "FILE", ARGS_MAY,
	    "the lines of FILE, or of standard input, in a random order" },
	{ COUNT, 'n', "count", "COUNT", 0,
	    "so many of them, each on a line; so many lines of FILE" },
	{ OUTPUT, 'o', "output", "FILE", 0,
	    "write to FILE, which is new and its owner's only;\n"
	    "- is standard output, even if that is a terminal" },
	{ 0 },
};

/* Read a number that may have a sign; `*end` is behind it. */
static bool
read_int(const char *text, int64_t *out, const char **end)
{
	const char *digits = text[0] == '-' ? text + 1 : text;
	char *rest;

	errno = 0;
	if (digits[0] < '0' || digits[0] > '9')
		return false;
	*out = strtoimax(text, &rest, 10);
	*end = rest;
	return errno == 0;
}

static exit_code
set_range(struct settings *s, const char *value)
{
	const char *end;

	if (!read_int(value, &s->from, &end) || *end != '-' ||
	    !read_int(end + 1, &s->to, &end) || *end != '\0')
		return errno == ERANGE
			   ? say_fail(EXIT_MISUSED,
				 "--int: '%s' goes beyond numbers of 64 bits",
				 value)
			   : say_fail(EXIT_MISUSED,
				 "--int: '%s' is not two numbers, such as 1-6",
				 value);
	if (s->from > s->to)
		return say_fail(EXIT_MISUSED,
		    "--int: %" PRId64 " is more than %" PRId64, s->from, s->to);
	return EXIT_DONE;
}

static exit_code
set_form(struct settings *s, int id, const char *value)
{
	if (s->form != 0 && s->form != id)
		return say_fail(
		    EXIT_MISUSED, "only one form of output can be given");
	s->form = id;
	switch (id) {
	case WORDS: s->words = value; return EXIT_DONE;
	case CHARS: s->set.n = 0; return random_set_find(&s->set, value);
	case INT: return set_range(s, value);
	case SHUFFLE: s->lines = value; return EXIT_DONE;
	default: return EXIT_DONE;
	}
}

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	switch (id) {
	case SEPARATOR:
		s->separator = value;
		if (strlen(value) > SEPARATOR_MAX)
			return say_fail(EXIT_MISUSED,
			    "--separator: longer than %d bytes", SEPARATOR_MAX);
		return EXIT_DONE;
	case COUNT:
		return number_value("--count", value, 1, 1000000000, &s->count);
	case OUTPUT: s->output = value; return EXIT_DONE;
	default: return set_form(s, id, value);
	}
}

static exit_code
set_words(struct settings *s, const char *operand)
{
	if (operand != NULL && s->words != NULL)
		return say_fail(EXIT_MISUSED,
		    "'%s': the number of words was given already", operand);
	s->words = s->words != NULL ? s->words : operand;
	s->nwords = DEFAULT_WORDS;
	if (s->words == NULL)
		return EXIT_DONE;
	return number_value("--words", s->words, 1, SLU_WORDS_MAX, &s->nwords);
}

static exit_code
set_size(struct settings *s, const char *operand)
{
	if (operand != NULL && (s->form == INT || s->form == UUID)) {
		(void)say_fail(EXIT_MISUSED,
		    "'%s': numbers and UUIDs have no size", operand);
		say_hint("-n COUNT makes several");
		return EXIT_MISUSED;
	}
	s->size = DEFAULT_SIZE;
	if (operand != NULL && strcmp(operand, "inf") == 0)
		s->size = RANDOM_ENDLESS;
	else if (operand != NULL && !number_size(operand, &s->size)) {
		(void)say_fail(EXIT_MISUSED, "'%s' is not a size", operand);
		say_hint("sizes are such as 32, 4K, 10MB or inf");
		return EXIT_MISUSED;
	}
	return EXIT_DONE;
}

static exit_code
set_lines(struct settings *s, const char *operand)
{
	if (operand != NULL && s->lines != NULL)
		return say_fail(EXIT_MISUSED,
		    "'%s': the file to shuffle was given already", operand);
	s->lines = s->lines != NULL ? s->lines : operand;
	return EXIT_DONE;
}

static exit_code
check(struct settings *s, int n, char **operands)
{
	const char *operand = n > 0 ? operands[0] : NULL;

	if (n > 1)
		return say_fail(EXIT_MISUSED, "'%s': one %s is enough",
		    operands[1], s->form == SHUFFLE ? "file" : "size");
	if (s->separator != NULL && s->form != WORDS)
		return say_fail(
		    EXIT_MISUSED, "--separator goes with --words only");
	if (s->count > 0 && s->form == 0)
		return say_fail(EXIT_MISUSED,
		    "--count goes with a form of text only, such as --hex");
	switch (s->form) {
	case WORDS: return set_words(s, operand);
	case SHUFFLE: return set_lines(s, operand);
	default: return set_size(s, operand);
	}
}

/* Bits of entropy in an item, or 0 where it has no end. */
static double
entropy(const struct settings *s)
{
	if (s->form <= BASE64URL || s->form == CHARS)
		if (s->size == RANDOM_ENDLESS)
			return 0;
	switch (s->form) {
	case WORDS: return s->nwords * log2(SLU_WORDS_LIST);
	case CHARS: return (double)s->size * log2((double)s->set.n);
	case INT: return log2((double)s->to - (double)s->from + 1);
	case UUID: return 122;
	default: return 8 * (double)s->size;
	}
}

static slu_status
put_item(const struct settings *s, slu_bio *out, slu_bio *from)
{
	static const random_code codes[] = {
		[HEX] = RANDOM_HEX,
		[BASE64] = RANDOM_BASE64,
		[BASE64URL] = RANDOM_BASE64URL,
	};

	switch (s->form) {
	case 0: return random_bytes(out, from, RANDOM_RAW, s->size);
	case WORDS:
		return random_words(
		    out, s->nwords, s->separator != NULL ? s->separator : "-");
	case CHARS: return random_chars(out, &s->set, s->size);
	case INT: return random_int(out, s->from, s->to);
	case UUID: return random_uuid(out);
	default: return random_bytes(out, from, codes[s->form], s->size);
	}
}

static slu_status
put_items(const struct settings *s, slu_bio *out, slu_bio *from)
{
	slu_status st = SLU_OK;
	unsigned i = 0;
	size_t n;

	do {
		st = put_item(s, out, from);
		if (st == SLU_OK && s->form != 0)
			st = slu_bio_write_all(out, "\n", 1, &n);
	} while (st == SLU_OK && ++i < s->count);
	return st;
}

/* Bytes that all items take, or 0 where they have no end. */
static uint64_t
total(const struct settings *s)
{
	uint64_t count = s->count > 0 ? s->count : 1;

	if (s->size == RANDOM_ENDLESS || s->size > UINT64_MAX / count)
		return 0;
	return s->size * count;
}

static void
tell_entropy(const char *most, double bits, const char *each)
{
	if (bits > 0)
		say_detail("%s%.1f bits of entropy%s", most, bits, each);
}

static exit_code
generate(const struct settings *s, const char *path)
{
	output out = { 0 };
	slu_bio *from = NULL;
	exit_code code;
	slu_status st;

	code = output_open(&out, path, 0600, OUTPUT_KEEP_ALWAYS);
	if (code != EXIT_DONE)
		goto out;
	st = random_source_open(&from, total(s));
	if (st == SLU_OK && s->form != 0)
		st = gather_push(&out.bio);
	if (st == SLU_OK)
		st = progress_push(&from, out.name, total(s));
	if (st == SLU_OK)
		st = put_items(s, out.bio, from);
	code = output_failed(&out, st, out.name);
	if (code == EXIT_DONE)
		code = output_finish(&out);
	if (code == EXIT_DONE)
		tell_entropy("", entropy(s), s->count > 1 ? " each" : "");
out:
	slu_bio_free(from);
	output_free(&out);
	return code;
}

/* Bits of entropy in the choice and the order of `n` lines that differ. */
static double
entropy_of_lines(const struct settings *s, uint64_t n)
{
	uint64_t left = s->count > 0 && s->count < n ? n - s->count : 0;

	return (lgamma((double)n + 1) - lgamma((double)left + 1)) / log(2);
}

static exit_code
shuffle(const struct settings *s, const char *path, input *in)
{
	output out = { 0 };
	uint64_t lines = 0;
	exit_code code;
	slu_status st;

	code = input_tell(in);
	if (code == EXIT_DONE)
		code = output_open(&out, path, 0600, OUTPUT_KEEP_ALWAYS);
	if (code == EXIT_DONE && s->output == NULL && isatty(STDOUT_FILENO))
		code = output_text_only(&out);
	if (code != EXIT_DONE)
		goto out;
	st = gather_push(&out.bio);
	if (st == SLU_OK && s->count > 0)
		st = random_lines_sample(out.bio, in->bio, s->count, &lines);
	else if (st == SLU_OK)
		st = random_lines_shuffle(out.bio, in->bio, &lines);
	code = output_failed(&out, st, in->name);
	if (code == EXIT_DONE)
		code = output_finish(&out);
	if (code == EXIT_DONE)
		tell_entropy("at most ", entropy_of_lines(s, lines), "");
out:
	output_free(&out);
	return code;
}

/* What is read must be there before anything is written, and survive it. */
static exit_code
run_shuffle(const struct settings *s, const char *path)
{
	ledger files = { 0 };
	input in = { 0 };
	exit_code code;

	code = input_open(&in, s->lines != NULL ? s->lines : "-");
	if (code == EXIT_DONE)
		code = ledger_reads(&files, &in.st, LEDGER_INPUT, 0);
	if (code == EXIT_DONE)
		code = output_check(&files, path, OUTPUT_KEEP_ALWAYS, 0);
	if (code == EXIT_DONE)
		code = shuffle(s, path, &in);
	ledger_free(&files);
	input_free(&in);
	return code;
}

static exit_code
run_generate(const struct settings *s, const char *path)
{
	ledger nothing_read = { 0 };
	exit_code code = EXIT_DONE;

	if (path != NULL)
		code = output_check(&nothing_read, path, OUTPUT_KEEP_ALWAYS, 0);
	else if (s->form == 0 && s->output == NULL && isatty(STDOUT_FILENO)) {
		code = output_refuse_binary(NULL);
		say_hint("-x gives text");
	}
	ledger_free(&nothing_read);
	return code == EXIT_DONE ? generate(s, path) : code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	struct settings *s = settings;
	bool forced = s->output != NULL && strcmp(s->output, "-") == 0;
	const char *path = forced ? NULL : s->output;
	exit_code code;

	code = check(s, n, operands);
	if (code != EXIT_DONE)
		return code;
	return s->form == SHUFFLE ? run_shuffle(s, path)
				  : run_generate(s, path);
}

const command command_random = {
	.name = "random",
	.summary = "make random bytes, passphrases, numbers",
	.usage = "[SIZE] [-x | -b | --base64url | --chars SET] [OPTION...]\n"
		 "-w[N] [--separator TEXT] [OPTION...]\n"
		 "--int A-B | --uuid [OPTION...]\n"
		 "--shuffle [FILE] [OPTION...]",
	.about =
	    "Makes random data that is fit for secrets: SIZE bytes, or else\n"
	    "32; or characters, words, numbers, UUIDs, each on a line.  SIZE\n"
	    "takes K, M, G, T (of 1024), kB, MB, GB, TB (of 1000), or is inf.\n"
	    "The words are of the EFF's list of 7776.  -v tells the entropy.\n"
	    "\n"
	    "--shuffle gives out the lines of a file in a random order; with\n"
	    "-n, so many of them, and holds no more than these in memory.",
	.options = options,
	.examples = "# a passphrase of 6 words\n"
		    "sluice random --words 6\n"
		    "# a password of 20 characters\n"
		    "sluice random --chars safe 20\n"
		    "# 256 bits in hex\n"
		    "sluice random -x 32\n"
		    "# ten throws of a die\n"
		    "sluice random --int 1-6 -n 10\n"
		    "# the lines of a file in a random order\n"
		    "sluice random --shuffle notes.txt\n"
		    "# one of them\n"
		    "sluice random --shuffle todo.txt -n 1\n"
		    "# a mebibyte in a new file\n"
		    "sluice random 1M -o noise.bin",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
