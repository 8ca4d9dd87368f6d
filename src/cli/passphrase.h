/* SPDX-License-Identifier: ISC */
/*
 * passphrase.h: where the passphrase comes from.
 *
 * From the terminal, unless an option names a file, a descriptor or a
 * variable of the environment; never from the command line, which every
 * process of the machine can read.
 */
#ifndef SLUICE_CLI_PASSPHRASE_H
#define SLUICE_CLI_PASSPHRASE_H

#include <stdbool.h>

#include "args.h"
#include "exit.h"
#include "ledger.h"
#include "sluice/buf.h"
#include "sluice/recipient.h"

#define PASSPHRASE_WORDS 8 /* of a passphrase that is made here */

enum {
	PASSPHRASE_FILE = 500,
	PASSPHRASE_FD,
	PASSPHRASE_ENV,
	PASSPHRASE_GENERATE,
	PASSPHRASE_HABIT,
};

/* The options of a command that needs one, for its table. */
/* clang-format off */
#define PASSPHRASE_OPTIONS \
	{ PASSPHRASE_FILE, 0, "passphrase-file", "FILE", 0, \
	    "take the first line of FILE as the passphrase;\n" \
	    "- is standard input" }, \
	{ PASSPHRASE_FD, 0, "passphrase-fd", "N", 0, \
	    "take a line from file descriptor N" }, \
	{ PASSPHRASE_ENV, 0, "passphrase-env", "NAME", 0, \
	    "take the environment variable NAME" }, \
	{ PASSPHRASE_HABIT, 'p', NULL, NULL, 0, \
	    "ask for the passphrase, as is done anyway" }

/* And of one that can make a new one. */
#define PASSPHRASE_GENERATE_OPTION \
	{ PASSPHRASE_GENERATE, 'g', "generate", "WORDS", ARGS_MAY, \
	    "make a passphrase of 8 words, or as many as said,\n" \
	    "and show it on the terminal" }
/* clang-format on */

/* What the options said; zero is: ask. */
typedef struct passphrase_source {
	int option;            /* PASSPHRASE_FILE and so on; 0: none */
	const char *from;      /* its value */
	unsigned number;       /* its value: a descriptor, or words */
	bool habit;            /* -p was there */
	const char *fd_option; /* lent: what PASSPHRASE_FD is called; NULL: as
				* above */
	const char *instead;   /* lent: the options to name where nobody can be
				* asked; NULL: those above */
} passphrase_source;

typedef enum passphrase_use {
	PASSPHRASE_KNOWN,   /* it opens something */
	PASSPHRASE_NEW,     /* it will: typed twice, or made here */
	PASSPHRASE_CHANGED, /* the same, in the place of one that is known */
} passphrase_use;

/* The queue that a passphrase is collected in. */
#define PASSPHRASE_BUF ((slu_buf){ .limit = SLU_PASSPHRASE_MAX + 2 })

/* Take in one of the options above. */
exit_code passphrase_set(passphrase_source *s, int id, const char *value);

/*
 * Standard input is taken by `other`, such as "data": fail where the passphrase
 * is to come from there too.
 */
exit_code passphrase_without_input(
    const passphrase_source *s, const char *other);

/* Note the file that it is read from, if there is one. */
exit_code passphrase_note(const passphrase_source *s, ledger *l);

/*
 * Get the passphrase into `out`: 1 to SLU_PASSPHRASE_MAX bytes, or say why
 * there is none.  `about` is what the terminal is told that it is for; NULL
 * leaves that out.
 */
exit_code passphrase_get(const passphrase_source *s, passphrase_use use,
    const char *about, slu_buf *out);

/*
 * A file called `name` is not there: say how the words of a passphrase are
 * counted, if that is what it was meant for.
 */
void passphrase_hint_words(const passphrase_source *s, const char *name);

/*
 * Say what the library says of its failure to seal, which befell `name`.
 * There the cost is ours, not the input's: what is missing is memory.
 */
exit_code passphrase_too_dear(const char *name);

#endif
