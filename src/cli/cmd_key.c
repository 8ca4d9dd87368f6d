/* SPDX-License-Identifier: ISC */
/* sluice key new|public: keys to seal files for. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "core.h"
#include "input.h"
#include "ledger.h"
#include "number.h"
#include "output.h"
#include "readable.h"
#include "say.h"
#include "unlock.h"
#include "sluice/key.h"

#define TEXT_MAX ((size_t)4 * 1024 * 1024) /* bytes: of very many keys */

enum { OUTPUT = 1, FORCE, MAX_WORK_FACTOR };

struct settings {
	const char *output;
	output_existing existing;
	passphrase_source passphrase;
	unsigned max_work_factor; /* 0: the library's */
};

static const args_option options[] = {
	{ OUTPUT, 'o', "output", "FILE", 0, "write to FILE" },
	{ FORCE, 'f', "force", NULL, 0, "overwrite a file that exists" },
	PASSPHRASE_OPTIONS,
	{ MAX_WORK_FACTOR, 0, "max-work-factor", "N", 0,
	    "as sluice unseal has it" },
	{ 0 },
};

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	switch (id) {
	case OUTPUT: s->output = value; return EXIT_DONE;
	case FORCE: s->existing = OUTPUT_REPLACE; return EXIT_DONE;
	case MAX_WORK_FACTOR:
		return number_value("--max-work-factor", value, 1,
		    SLU_WORK_FACTOR_CEILING, &s->max_work_factor);
	default: return passphrase_set(&s->passphrase, id, value);
	}
}

/* Standard output, where there is no -o. */
static const char *
path_of(const struct settings *s)
{
	return s->output == NULL || input_is_standard(s->output) ? NULL
								 : s->output;
}

static exit_code
print(const struct settings *s, const slu_buf *text, mode_t mode)
{
	output out = { 0 };
	exit_code code;
	slu_status st;
	size_t n;

	code = output_open(&out, path_of(s), mode, s->existing);
	if (code == EXIT_DONE) {
		st = slu_bio_write_all(
		    out.bio, slu_buf_front(text), text->len, &n);
		code = output_failed(&out, st, out.name);
	}
	if (code == EXIT_DONE)
		code = output_finish(&out);
	output_free(&out);
	return code;
}

/* The public half of the only key in a text; ends in a newline. */
static slu_status
name_key(const slu_buf *secret, slu_buf *public)
{
	slu_identities *ids = NULL;
	slu_status st;

	st = slu_identities_new(&ids);
	if (st == SLU_OK)
		st = slu_identities_key(
		    ids, (const char *)slu_buf_front(secret), secret->len);
	if (st == SLU_OK)
		st = slu_identities_recipients(ids, public);
	slu_identities_free(ids);
	return st;
}

/* In the form of age-keygen, which other programs read as it is. */
static slu_status
describe(slu_buf *text, const slu_buf *secret, const slu_buf *public)
{
	char line[100];
	struct tm now;
	time_t t = time(NULL);
	size_t n = 0;
	slu_status st;

	if (gmtime_r(&t, &now) != NULL)
		n = strftime(line, sizeof(line),
		    "# created: %Y-%m-%dT%H:%M:%SZ\n", &now);
	st = slu_buf_add(text, line, n);
	n = (size_t)snprintf(line, sizeof(line), "# public key: %.*s",
	    (int)public->len, (const char *)slu_buf_front(public));
	if (st == SLU_OK)
		st = slu_buf_add(text, line, n);
	if (st == SLU_OK)
		st = slu_buf_add(text, slu_buf_front(secret), secret->len);
	return st ? st : slu_buf_add(text, "\n", 1);
}

static exit_code
make_new(const struct settings *s)
{
	slu_buf secret = { .limit = 100 }, public = { .limit = 100 };
	slu_buf text = { .limit = 1000 };
	exit_code code;
	slu_status st;

	core_forbid();
	st = slu_key_new(&secret);
	if (st == SLU_OK)
		st = name_key(&secret, &public);
	if (st == SLU_OK)
		st = describe(&text, &secret, &public);
	code = say_status(st, "key");
	if (code == EXIT_DONE && path_of(s) == NULL)
		readable_check_fd(STDOUT_FILENO, "standard output");
	if (code == EXIT_DONE)
		code = print(s, &text, 0600);
	if (code == EXIT_DONE && path_of(s) != NULL)
		say_note("public key: %.*s", (int)public.len - 1,
		    (const char *)slu_buf_front(&public));
	slu_buf_free(&secret);
	slu_buf_free(&public);
	slu_buf_free(&text);
	return code;
}

static exit_code
name_public(const struct settings *s, int n, char **files)
{
	static const char *const standard = "-";
	const keys_options none = { 0 };
	slu_buf text = { .limit = TEXT_MAX };
	unlock u = { .names_keys = true };
	exit_code code;
	slu_status st;

	code =
	    unlock_begin(&u, &s->passphrase, NULL, &none, s->max_work_factor);
	if (n == 0 && code == EXIT_DONE)
		code = unlock_add(&u, standard, s->max_work_factor);
	for (int i = 0; i < n && code == EXIT_DONE; i++)
		code = unlock_add(&u, files[i], s->max_work_factor);
	if (code == EXIT_DONE) {
		st = slu_identities_recipients(u.ids, &text);
		code = u.code;
		/* The words begin with the file's name. */
		if (code == EXIT_DONE && st != SLU_OK)
			code = say_fail(say_code(st), "%s", say_cause(st));
	}
	if (code == EXIT_DONE)
		code = print(s, &text, output_mode());
	slu_buf_free(&text);
	unlock_free(&u);
	return code;
}

/* Nothing that is read may be overwritten, nor be standard input twice. */
static exit_code
check_files(const struct settings *s, int n, char **files)
{
	exit_code code;
	ledger l = { 0 };
	int inputs = n == 0;
	struct stat st;

	code = passphrase_note(&s->passphrase, &l);
	for (int i = 0; i < n && code == EXIT_DONE; i++) {
		inputs += input_is_standard(files[i]);
		if (input_stat(files[i], &st) == 0)
			code = ledger_reads(&l, &st, LEDGER_KEYS, 0);
	}
	if (code == EXIT_DONE && inputs > 1)
		code = say_fail(
		    EXIT_MISUSED, "standard input can be read only once");
	if (code == EXIT_DONE && inputs == 1)
		code = passphrase_without_input(&s->passphrase, "keys");
	if (code == EXIT_DONE)
		code = output_check(&l, path_of(s), s->existing, 0);
	ledger_free(&l);
	return code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	const struct settings *s = settings;
	exit_code code;

	if (n > 0 && strcmp(operands[0], "public") == 0) {
		code = check_files(s, n - 1, operands + 1);
		return code ? code : name_public(s, n - 1, operands + 1);
	}
	if (n == 0 || strcmp(operands[0], "new") != 0)
		return say_fail(EXIT_MISUSED, "key: is it new or public?");
	if (n > 1)
		return say_fail(
		    EXIT_MISUSED, "key new takes no file; -o FILE writes one");
	if (s->passphrase.option != 0 || s->max_work_factor != 0)
		return say_fail(
		    EXIT_MISUSED, "key new takes no passphrase: seal the key");
	code = check_files(s, 0, NULL);
	return code ? code : make_new(s);
}

const command command_key = {
	.name = "key",
	.summary = "make keys to seal files for, and name them",
	.usage = "new [-o FILE] [-f]\n"
		 "public [-o FILE] [-f] [FILE...]",
	.about =
	    "new makes a secret key (AGE-SECRET-KEY-1...) and the public one\n"
	    "that goes with it (age1...).  Whoever has the public one can "
	    "seal\n"
	    "files with sluice seal -r; only the secret one opens them, with\n"
	    "sluice unseal -i.  Keep it, and a copy: nobody can make it "
	    "again.\n"
	    "\n"
	    "public prints the public keys of the secret ones in each FILE, "
	    "or\n"
	    "on standard input.  FILE may be sealed with a passphrase.\n"
	    "\n"
	    "age and other programs for its format take the same files.",
	.options = options,
	.examples = "# a key in key.txt, which only you can read\n"
		    "sluice key new -o key.txt\n"
		    "# seal for its holder, and open again\n"
		    "sluice key public key.txt >key.pub\n"
		    "sluice seal -R key.pub notes.txt\n"
		    "sluice unseal -i key.txt -c notes.txt.age\n"
		    "# a key that is sealed with a passphrase itself\n"
		    "sluice key new | sluice seal -o key.age",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
