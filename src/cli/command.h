/* SPDX-License-Identifier: ISC */
/*
 * command.h: what a command of the program is.
 *
 * All that is said of a command is said in one constant: its options are
 * what the parser takes, and the same lines are what the help prints.
 */
#ifndef SLUICE_CLI_COMMAND_H
#define SLUICE_CLI_COMMAND_H

#include <stddef.h>

#include "args.h"
#include "exit.h"

typedef struct command {
	const char *name;
	const char *alias;          /* another name; may be NULL */
	const char *summary;        /* for the list of all commands */
	const char *usage;          /* lines, without "sluice NAME" */
	const char *about;          /* lines, for people who never used it */
	const args_option *options; /* ends with an empty one */
	const char *examples;       /* lines that can be run as they are */

	size_t size; /* bytes of its settings, all zero at first */

	/* Take in an option; `value` as in args.h. */
	exit_code (*set)(void *settings, int id, const char *value);

	/* Do it. */
	exit_code (*run)(void *settings, int n, char **operands);
} command;

extern const command command_seal;
extern const command command_unseal;
extern const command command_inspect;
extern const command command_key;
extern const command command_rekey;
extern const command command_hash;
extern const command command_random;
extern const command command_pipe;
extern const command command_connect;
extern const command command_listen;
extern const command command_bench;

#endif
