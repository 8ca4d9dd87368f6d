/* SPDX-License-Identifier: ISC */
/* sluice hash [FILE...]: digests of files, and lists of them checked. */
#define _POSIX_C_SOURCE 200809L
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "cores.h"
#include "crew.h"
#include "digests.h"
#include "hash_check.h"
#include "hash_sum.h"
#include "hmac_key.h"
#include "input.h"
#include "number.h"
#include "out.h"
#include "output.h"
#include "say.h"

enum {
	ALGORITHM = 1,
	ZERO,
	TAG, /* from here on: only without -c */
	RAW,
	BASE64,
	SRI,
	JSON,
	TEE,
	RECURSIVE,
	NAMES,
	LENGTH,
	CHECK,
	THREADS,
	HMAC_KEY,
	NO_STRICT, /* from here on: only with -c */
	STATUS,
	IGNORE_MISSING,
	NO_EXTRA,
	WARN,
};

struct settings {
	const char *algorithms[DIGESTS_MAX]; /* lists of names */
	size_t nalgorithms;
	hash_style style;
	bool raw, base64, sri, json; /* other forms */
	bool tee, recursive;
	const char *names; /* a list of them, or NULL */
	unsigned bits;     /* 0: what the digest has */
	unsigned threads;  /* 0: as many as there are cores */
	bool check;
	hash_check_options list;
	const char *hmac_key; /* the file that it is in, or NULL */
	slu_buf key;          /* what was in it */
	int only_printing;    /* an option without meaning with -c; or 0 */
	int only_checking;    /* one without meaning otherwise; or 0 */
};

static const args_option options[] = {
	{ ALGORITHM, 'a', "algorithm", "LIST", 0,
	    "digests, with commas between them, or else sha256;\n"
	    "'list' lists all there are" },
	{ TAG, 0, "tag", NULL, 0,
	    "lines that name the digest, as BSD has them" },
	{ ZERO, 'z', "zero", NULL, 0,
	    "end lines with NUL, and escape no name; with -c,\n"
	    "read lists of such lines" },
	{ RAW, 0, "raw", NULL, 0, "the bytes of the digest, and nothing else" },
	{ BASE64, 0, "base64", NULL, 0, "digests in base64, not in hex" },
	{ SRI, 0, "sri", NULL, 0, "digests as HTML has them: sha384-..." },
	{ JSON, 0, "json", NULL, 0,
	    "an array, with name, size and digests of each file" },
	{ RECURSIVE, 'r', "recursive", NULL, 0,
	    "for a folder, all files in it and below, sorted;\n"
	    "symbolic links are left out" },
	{ NAMES, 0, "files0-from", "LIST", 0,
	    "the files that LIST names, with a NUL behind each" },
	{ TEE, 0, "tee", NULL, 0,
	    "copy the file to standard output, and print the\n"
	    "digests on standard error" },
	{ LENGTH, 'l', "length", "BITS", 0,
	    "how much of shake128 or shake256" },
	{ THREADS, 'j', "threads", "N", 0,
	    "as many threads, or else as there are cores" },
	{ HMAC_KEY, 0, "hmac-key-file", "FILE", 0,
	    "HMACs in place of digests, with all that is in FILE\n"
	    "as the key; - is standard input" },
	{ CHECK, 'c', "check", NULL, 0, "check the files of each LIST" },
	{ NO_STRICT, 0, "no-strict", NULL, 0,
	    "with -c, let lines pass that are no checksums" },
	{ STATUS, 0, "status", NULL, 0, "with -c, only set the exit code" },
	{ IGNORE_MISSING, 0, "ignore-missing", NULL, 0,
	    "with -c, let files be missing" },
	{ NO_EXTRA, 0, "no-extra", "DIR", 0,
	    "with -c, let no file be in DIR that is in no list" },
	{ WARN, 'w', "warn", NULL, 0,
	    "with -c --no-strict, tell of lines that pass" },
	{ 0 },
};

static exit_code
set_length(struct settings *s, const char *value)
{
	exit_code code;

	code = number_value("--length", value, 8, DIGESTS_BITS_MAX, &s->bits);
	if (code == EXIT_DONE && s->bits % 8 != 0)
		code = say_fail(EXIT_MISUSED,
		    "--length: %u bits are no whole bytes", s->bits);
	return code;
}

static exit_code
add_algorithms(struct settings *s, const char *list)
{
	if (s->nalgorithms == DIGESTS_MAX)
		return say_fail(
		    EXIT_MISUSED, "more than %d digests", DIGESTS_MAX);
	s->algorithms[s->nalgorithms++] = list;
	return EXIT_DONE;
}

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	if (id >= NO_STRICT)
		s->only_checking = id;
	else if (id >= TAG && id < CHECK)
		s->only_printing = id;
	switch (id) {
	case ALGORITHM: return add_algorithms(s, value);
	case TAG: s->style.form = HASH_TAGGED; break;
	case ZERO: s->style.end = s->list.end = HASH_NUL; break;
	case RAW: s->raw = true; break;
	case BASE64: s->base64 = true; break;
	case SRI: s->sri = true; break;
	case JSON: s->json = true; break;
	case TEE: s->tee = true; break;
	case RECURSIVE: s->recursive = true; break;
	case NAMES: s->names = value; break;
	case THREADS:
		return number_value(
		    "--threads", value, 1, CREW_THREADS_MAX, &s->threads);
	case LENGTH: return set_length(s, value);
	case HMAC_KEY: s->hmac_key = value; break;
	case CHECK: s->check = true; break;
	case NO_STRICT: s->list.lenient = true; break;
	case STATUS: s->list.status = true; break;
	case NO_EXTRA: s->list.no_extra = value; break;
	case IGNORE_MISSING: s->list.ignore_missing = true; break;
	default: s->list.warn = true; break;
	}
	return EXIT_DONE;
}

/* An option was given that has no meaning with or without -c. */
static exit_code
meaningless(int id, const char *where)
{
	const args_option *o = options;

	while (o->id != id)
		o++;
	return say_fail(
	    EXIT_MISUSED, "--%s has no meaning %s -c", o->name, where);
}

/* Print the name of a digest, and crc32, which is none, in its place. */
static void
print_name(const char *name, void *arg)
{
	const char **other = arg;

	if (*other != NULL && strcmp(*other, name) < 0) {
		out("%s\n", *other);
		*other = NULL;
	}
	out("%s\n", name);
}

/* Have the key, unless digests are wanted; standard input is read once. */
static exit_code
read_key(struct settings *s, int n, char **operands)
{
	bool standard;

	if (s->hmac_key == NULL)
		return EXIT_DONE;
	if (s->names != NULL)
		standard = input_is_standard(s->names);
	else
		standard = n == 0;
	for (int i = 0; i < n; i++)
		standard = standard || input_is_standard(operands[i]);
	if (standard && input_is_standard(s->hmac_key))
		return say_fail(EXIT_MISUSED,
		    "standard input cannot be both the data and the key");
	return hmac_key_read(&s->key, s->hmac_key);
}

static exit_code
run_check(struct settings *s, int n, char **operands)
{
	digests known = { .key = s->list.key };
	exit_code code;

	if (s->only_printing != 0)
		return meaningless(s->only_printing, "with");
	if (s->nalgorithms == 0)
		return hash_check(&s->list, n, operands);
	/* The lists name their digests; this one is for where they do not. */
	code = digests_add(&known, s->algorithms[0]);
	if (code == EXIT_DONE && (s->nalgorithms > 1 || known.n > 1))
		code = say_fail(EXIT_MISUSED, "-c takes one digest with -a");
	digests_free(&known);
	s->list.algorithm = s->algorithms[0];
	return code == EXIT_DONE ? hash_check(&s->list, n, operands) : code;
}

static exit_code
check_raw(const hash_sum_options *o, const digests *d, int n)
{
	if (o->recursive || o->names != NULL || n > 1 || d->n > 1)
		return say_fail(
		    EXIT_MISUSED, "--raw is for one digest of one file");
	if (!isatty(STDOUT_FILENO))
		return EXIT_DONE;
	return output_refuse_binary(
	    "use --base64, or write it to a file or a pipe");
}

/* An integrity's digests are these three (SRI, section 3.2). */
static exit_code
check_sri(const digests *d)
{
	const char *name;

	for (size_t i = 0; i < d->n; i++) {
		name = slu_hash_name(d->each[i].h);
		if (strcmp(name, "sha256") != 0 &&
		    strcmp(name, "sha384") != 0 && strcmp(name, "sha512") != 0)
			return say_fail(EXIT_MISUSED,
			    "--sri is of sha256, sha384 and sha512, not of %s",
			    name);
	}
	return EXIT_DONE;
}

/* Each of these is a form of its own, or a part of one, and fits no other. */
static exit_code
check_forms(const struct settings *s)
{
	const hash_style *style = &s->style;
	bool plain = style->form == HASH_PLAIN && style->end == HASH_NEWLINE;

	if (s->raw && (!plain || s->base64 || s->sri || s->json || s->tee))
		return say_fail(EXIT_MISUSED,
		    "--raw is bytes only: leave out --tag, --base64, --sri, "
		    "--json, --tee and -z");
	if (s->sri && (style->form != HASH_PLAIN || s->base64 || s->json))
		return say_fail(EXIT_MISUSED,
		    "--sri is a form of its own: leave out --tag, --base64 "
		    "and --json");
	if (s->json && !plain)
		return say_fail(EXIT_MISUSED,
		    "--json is a form of its own: leave out --tag and -z");
	return EXIT_DONE;
}

static exit_code
check_operands(const struct settings *s, int n, char **operands)
{
	int standard = 0;

	for (int i = 0; i < n; i++)
		standard += input_is_standard(operands[i]);
	if (s->names != NULL && n > 0)
		return say_fail(EXIT_MISUSED,
		    "--files0-from has the names: no FILE beside it");
	if (s->recursive && s->names == NULL && n == 0)
		return say_fail(EXIT_MISUSED, "-r wants a folder");
	if (s->tee && (n > 1 || s->recursive || s->names != NULL))
		return say_fail(EXIT_MISUSED, "--tee is for one file");
	return standard > 1 ? say_fail(EXIT_MISUSED,
				  "standard input can be read only once")
			    : EXIT_DONE;
}

static exit_code
prepare(struct settings *s, digests *d)
{
	exit_code code = EXIT_DONE;

	if (s->only_checking != 0)
		return meaningless(s->only_checking, "without");
	if (s->nalgorithms == 0)
		s->algorithms[s->nalgorithms++] = "sha256";
	for (size_t i = 0; i < s->nalgorithms && code == EXIT_DONE; i++)
		code = digests_add(d, s->algorithms[i]);
	if (code == EXIT_DONE && s->bits > 0)
		code = digests_set_bits(d, s->bits);
	if (code == EXIT_DONE && s->sri)
		code = check_sri(d);
	if (s->base64)
		s->style.digits = HASH_BASE64;
	if (s->sri)
		s->style.digits = HASH_SRI;
	/* Plain lines would not tell one digest from another. */
	else if (d->n > 1)
		s->style.form = HASH_TAGGED;
	return code;
}

static exit_code
run_print(struct settings *s, int n, char **operands)
{
	digests d = { .key = s->list.key };
	hash_sum_options o = {
		.all = &d,
		.threads = s->threads,
		.recursive = s->recursive,
		.names = s->names,
	};
	exit_code code;

	code = check_forms(s);
	if (code == EXIT_DONE)
		code = check_operands(s, n, operands);
	if (code == EXIT_DONE)
		code = prepare(s, &d);
	if (code == EXIT_DONE && s->raw)
		code = check_raw(&o, &d, n);
	o.printer = (hash_printer){ .all = &d, .style = s->style };
	if (s->raw)
		o.printer.as = HASH_RAW;
	else if (s->json)
		o.printer.as = HASH_JSON;
	if (code == EXIT_DONE)
		code = s->tee ? hash_sum_through(&o, n > 0 ? operands[0] : "-")
			      : hash_sum(&o, n, operands);
	digests_free(&d);
	return code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	struct settings *s = settings;
	const char *other = "crc32";
	exit_code code;

	if (s->nalgorithms == 1 && strcmp(s->algorithms[0], "list") == 0)
		return say_status(slu_hash_names(print_name, &other), "hash");
	if (s->threads == 0)
		s->threads = cores_count();
	if (s->threads > CREW_THREADS_MAX)
		s->threads = CREW_THREADS_MAX;
	s->list.threads = s->threads;
	s->list.key = s->hmac_key != NULL ? &s->key : NULL;
	code = read_key(s, n, operands);
	if (code == EXIT_DONE)
		code = s->check ? run_check(s, n, operands)
				: run_print(s, n, operands);
	slu_buf_free(&s->key);
	return code;
}

const command command_hash = {
	.name = "hash",
	.summary = "print digests of files, or check lists of them",
	.usage = "[-a LIST] [-r] [FILE...]\n-c [LIST...]",
	.about =
	    "Prints the digest of each FILE, or of standard input, in lines\n"
	    "that sha256sum and its kin read.  Several digests, each in a "
	    "line\n"
	    "that names it, take one reading of the file.\n"
	    "\n"
	    "With -c it reads LISTs of digests, whoever wrote them: sha256sum\n"
	    "and its kin, BSD, OpenSSL, RHash.  Lines that name no digest are\n"
	    "judged by their length, 64 digits being sha256, or by -a.  Any\n"
	    "file that is missing or different, and any line that is no\n"
	    "checksum, makes the exit code 1.",
	.options = options,
	.examples =
	    "sluice hash notes.txt\n"
	    "# three digests in one reading\n"
	    "sluice hash -a sha256,sha3-256,blake2b512 notes.txt\n"
	    "# the digests of some files, and later: are they the same?\n"
	    "sluice hash notes.txt todo.txt >SHA256SUMS\n"
	    "sluice hash -c SHA256SUMS\n"
	    "# all files of a folder\n"
	    "sluice hash -r photos\n"
	    "# a digest on the way\n"
	    "tar c photos | sluice hash --tee >photos.tar\n"
	    "# 128 bits of an extendable-output function\n"
	    "sluice hash -a shake128 -l 128 notes.txt",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
