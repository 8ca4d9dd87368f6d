/* SPDX-License-Identifier: ISC */
/*
 * args.h: the words of the command line, one by one.
 *
 * What the options are is said once, in tables that the parser reads and
 * that the help prints.  Options and operands come in any order; "--" ends
 * the options; letters may be joined (-fo FILE); names are written out.
 */
#ifndef SLUICE_CLI_ARGS_H
#define SLUICE_CLI_ARGS_H

#include <stdbool.h>

/* An option; tables of them end with an empty one. */
typedef struct args_option {
	int id;            /* what args_next answers for it, over 0 */
	int letter;        /* 0: has none */
	const char *name;  /* NULL: has none */
	const char *value; /* what the help calls its value; NULL: has none */
	enum {
		ARGS_NEEDS = 0, /* the value follows, or is joined by = */
		ARGS_MAY,       /* the value may be there, joined by = */
	} kind;
	const char *help; /* lines break at \n */
} args_option;

/* What args_next answers beside the id of an option. */
enum {
	ARGS_END = 0,
	ARGS_OPERAND = -1, /* at `value` */
	ARGS_BAD = -2,     /* said on standard error */
};

typedef struct args {
	int argc;
	char **argv;
	int at; /* the next word */

	const args_option *general; /* options that stand anywhere */
	const args_option *special; /* those of the command; may be NULL */

	const char *value; /* of the latest option, or NULL; or the operand */

	const char *letters; /* joined letters that are left, or NULL */
	bool all_operands;   /* "--" was there */
} args;

/* Look at the next option or operand. */
int args_next(args *a);

#endif
