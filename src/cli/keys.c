/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "keys.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core.h"
#include "input.h"
#include "readable.h"
#include "say.h"
#include "standard.h"
#include "sluice/file.h"
#include "sluice/identity_file.h"
#include "sluice/recipient_file.h"

exit_code
keys_set(keys_options *k, int id, const char *value)
{
	if (k->n == KEYS_MAX)
		return say_fail(
		    EXIT_MISUSED, "more than %d options -r, -R, -i", KEYS_MAX);
	k->each[k->n].id = id;
	k->each[k->n++].value = value;
	return EXIT_DONE;
}

static bool
is_file(const keys_options *k, size_t i)
{
	return k->each[i].id != KEYS_RECIPIENT;
}

size_t
keys_on_input(const keys_options *k)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++)
		n += is_file(k, i) && input_is_standard(k->each[i].value);
	return n;
}

exit_code
keys_note(const keys_options *k, ledger *l)
{
	exit_code code = EXIT_DONE;
	struct stat st;

	for (size_t i = 0; i < k->n && code == EXIT_DONE; i++)
		if (is_file(k, i) && input_stat(k->each[i].value, &st) == 0)
			code = ledger_reads(l, &st, LEDGER_KEYS, 0);
	return code;
}

static slu_status
open_file(slu_bio **in, const char *name)
{
	return input_is_standard(name) ? standard_open(in, STDIN_FILENO)
				       : slu_file_open(in, name);
}

void
keys_pass_over(const char *name, size_t line, const char *why)
{
	say_warning("%s: line %zu: passed over: %s", name, line, why);
}

/* What is meant to be secret is not repeated, wherever it was typed. */
static exit_code
say_recipient(slu_status st, const char *key)
{
	bool public =
	    strncmp(key, "age1", 4) == 0 || strncmp(key, "ssh-", 4) == 0;
	exit_code code = st == SLU_ERR_FORMAT ? EXIT_MISUSED : say_code(st);
	struct stat there;

	(void)say_fail(code, "%s: %s", public ? key : "-r", say_cause(st));
	if (stat(key, &there) == 0)
		say_hint("-R FILE seals for the keys in FILE");
	return code;
}

static slu_status
pass_over(size_t line, const char *why, void *name)
{
	keys_pass_over(name, line, why);
	return SLU_OK;
}

static exit_code
read_recipients(const char *name, slu_recipients *r)
{
	const slu_recipient_file_options options = { .passed_over = pass_over,
		.arg = (void *)input_name(name) };
	slu_bio *in = NULL;
	exit_code code;
	slu_status st;

	st = open_file(&in, name);
	if (st == SLU_OK)
		st = slu_recipients_read(r, in, &options);
	code = say_status(st, input_name(name));
	slu_bio_free(in);
	return code;
}

exit_code
keys_recipients(const keys_options *k, slu_recipients *r)
{
	exit_code code = EXIT_DONE;
	const char *value;
	slu_status st;

	for (size_t i = 0; i < k->n && code == EXIT_DONE; i++) {
		value = k->each[i].value;
		if (is_file(k, i)) {
			code = read_recipients(value, r);
			continue;
		}
		st = slu_recipients_key(r, value, strlen(value));
		if (st)
			code = say_recipient(st, value);
	}
	return code;
}

/* Whether it is the key itself, typed where its file is to stand. */
static bool
is_secret(const char *name)
{
	static const char begin[] = "AGE-SECRET-KEY-";
	struct stat st;

	return strncasecmp(name, begin, sizeof(begin) - 1) == 0 &&
	       input_stat(name, &st) != 0;
}

static exit_code
say_secret(void)
{
	(void)say_fail(EXIT_MISUSED, "a secret key where its file is to stand");
	say_hint("others can see a command line: put the key into a file, or "
		 "on standard input (-)");
	return EXIT_MISUSED;
}

exit_code
keys_read(const char *name, slu_identities *ids,
    const slu_identity_file_options *options)
{
	slu_bio *in = NULL;
	exit_code code;
	slu_status st;

	if (is_secret(name))
		return say_secret();
	core_forbid();
	if (!input_is_sealed(name))
		readable_check(name);
	st = open_file(&in, name);
	if (st == SLU_OK)
		st = slu_identities_read(ids, in, options);
	code = say_status(st, input_name(name));
	slu_bio_free(in);
	return code;
}
