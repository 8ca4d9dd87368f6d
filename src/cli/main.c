/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "command.h"
#include "help.h"
#include "out.h"
#include "progress.h"
#include "say.h"
#include "signals.h"
#include "standard.h"
#include "suggest.h"
#include "sluice/version.h"

enum { HELP = 1000, VERSION, QUIET, VERBOSE, COLOR, PROGRESS, NO_PROGRESS };

static const args_option general[] = {
	{ HELP, 'h', "help", NULL, 0, "explain, and do nothing else" },
	{ VERSION, 'V', "version", NULL, 0, "print the version" },
	{ QUIET, 'q', "quiet", NULL, 0, "no hints, warnings and summaries" },
	{ VERBOSE, 'v', "verbose", NULL, 0, "say more" },
	{ COLOR, 0, "color", "WHEN", 0, "auto, always or never" },
	{ PROGRESS, 0, "progress", NULL, 0,
	    "a line about progress every second, wherever\n"
	    "standard error goes" },
	{ NO_PROGRESS, 0, "no-progress", NULL, 0, "no word about progress" },
	{ 0 },
};

static exit_code run_help(void *settings, int n, char **operands);

static const command command_help = {
	.name = "help",
	.summary = "explain the program, or one of its commands",
	.usage = "[COMMAND]",
	.about = "Explains the program, or COMMAND.",
	.options = (const args_option[]){ { 0 } },
	.examples = "sluice help\n"
		    "sluice help seal",
	.size = 1,
	.run = run_help,
};

static const command *const commands[] = {
	&command_seal,
	&command_unseal,
	&command_inspect,
	&command_rekey,
	&command_key,
	&command_hash,
	&command_random,
	&command_pipe,
	&command_connect,
	&command_listen,
	&command_bench,
	&command_help,
	NULL,
};

/* Find a command, or say that there is no such one. */
static const command *
find(const char *name)
{
	suggestion best = { 0 };

	for (size_t i = 0; commands[i] != NULL; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
		suggest(&best, name, commands[i]->name);
		if (commands[i]->alias == NULL)
			continue;
		if (strcmp(commands[i]->alias, name) == 0)
			return commands[i];
		suggest(&best, name, commands[i]->alias);
	}
	if (best.word != NULL)
		(void)say_fail(EXIT_MISUSED,
		    "unknown command '%s'; did you mean '%s'?", name,
		    best.word);
	else
		(void)say_fail(EXIT_MISUSED, "unknown command '%s'", name);
	say_hint("sluice help lists the commands");
	return NULL;
}

static exit_code
run_help(void *settings, int n, char **operands)
{
	const command *c;

	(void)settings;
	if (n > 1)
		return say_fail(EXIT_MISUSED, "help: one command at a time");
	if (n == 0) {
		help_program(commands, general);
		return EXIT_DONE;
	}
	c = find(operands[0]);
	if (c == NULL)
		return EXIT_MISUSED;
	help_command(c, general);
	return EXIT_DONE;
}

/* What was typed so far, and what it asks for. */
typedef struct request {
	const command *command;
	void *settings;  /* owned; the command's */
	char **operands; /* in argv */
	int n;
	say_loudness loudness;
	say_color color;
	enum { RUN = 0, EXPLAIN, TELL_VERSION } what;
} request;

static exit_code
set_color(request *r, const char *when)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (size_t i = 0; i < 3; i++)
		if (strcmp(when, names[i]) == 0) {
			r->color = (say_color)i;
			return EXIT_DONE;
		}
	return say_fail(
	    EXIT_MISUSED, "--color: '%s' is not auto, always or never", when);
}

static exit_code
set_general(request *r, int id, const char *value)
{
	exit_code code = EXIT_DONE;

	switch (id) {
	case HELP: r->what = EXPLAIN; break;
	case VERSION: r->what = TELL_VERSION; break;
	case QUIET: r->loudness = SAY_QUIET; break;
	case VERBOSE: r->loudness = SAY_VERBOSE; break;
	case COLOR: code = set_color(r, value); break;
	case PROGRESS: progress_setup(PROGRESS_LINES); break;
	default: progress_setup(PROGRESS_NEVER); break;
	}
	say_setup(r->loudness, r->color);
	return code;
}

static exit_code
choose(request *r, const char *name)
{
	r->command = find(name);
	if (r->command == NULL)
		return EXIT_MISUSED;
	r->settings = calloc(1, r->command->size);
	if (r->settings == NULL)
		return say_fail(EXIT_IO, "out of memory");
	return EXIT_DONE;
}

static exit_code
parse(request *r, int argc, char **argv)
{
	args a = { .argc = argc, .argv = argv, .at = 1, .general = general };
	exit_code code = EXIT_DONE;
	int id;

	r->operands = argv;
	while (code == EXIT_DONE && (id = args_next(&a)) != ARGS_END) {
		if (id == ARGS_BAD)
			code = EXIT_MISUSED;
		else if (id >= HELP)
			code = set_general(r, id, a.value);
		else if (id != ARGS_OPERAND)
			code = r->command->set(r->settings, id, a.value);
		else if (r->command != NULL)
			r->operands[r->n++] = argv[a.at - 1];
		else
			code = choose(r, a.value);
		if (r->command != NULL)
			a.special = r->command->options;
	}
	if (code == EXIT_MISUSED && r->command != NULL)
		say_hint(
		    "sluice help %s explains the options", r->command->name);
	return code;
}

static exit_code
obey(const request *r)
{
	if (r->what == TELL_VERSION) {
		out("sluice %s\n", slu_version());
		return EXIT_DONE;
	}
	if (r->what == EXPLAIN && r->command != NULL) {
		help_command(r->command, general);
		return EXIT_DONE;
	}
	if (r->what == EXPLAIN) {
		help_program(commands, general);
		return EXIT_DONE;
	}
	if (r->command == NULL) {
		help_short(commands);
		return EXIT_MISUSED;
	}
	/* What OpenSSL has in memory goes with the process, and faster so. */
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
	return r->command->run(r->settings, r->n, r->operands);
}

int
main(int argc, char **argv)
{
	request r = { 0 };
	exit_code code, closed;

	standard_make_safe();
	signals_catch();
	code = parse(&r, argc, argv);
	if (code == EXIT_DONE)
		code = obey(&r);
	free(r.settings);
	closed = out_close();
	/* An answer that did not get through is none. */
	if (code == EXIT_DONE || code == EXIT_NO)
		code = closed == EXIT_DONE ? code : closed;
	return (int)code;
}
