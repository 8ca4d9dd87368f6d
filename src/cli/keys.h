/* SPDX-License-Identifier: ISC */
/* keys.h: the keys that options name, and what is read from their files. */
#ifndef SLUICE_CLI_KEYS_H
#define SLUICE_CLI_KEYS_H

#include <stddef.h>

#include "args.h"
#include "exit.h"
#include "ledger.h"
#include "sluice/identity_file.h"
#include "sluice/recipient.h"

#define KEYS_MAX 256 /* such options in one command */

enum {
	KEYS_RECIPIENT = 700,
	KEYS_RECIPIENTS_FILE,
	KEYS_IDENTITY,
	KEYS_END,
};

/* Their rows in the tables of what seals, and of what opens. */
/* clang-format off */
#define KEYS_RECIPIENT_OPTIONS \
	{ KEYS_RECIPIENT, 'r', "recipient", "KEY", 0, \
	    "seal for the holder of KEY, age1... or ssh-...;\n" \
	    "several times for several holders" }, \
	{ KEYS_RECIPIENTS_FILE, 'R', "recipients-file", "FILE", 0, \
	    "seal for each key in FILE, but for ssh keys of types\n" \
	    "that are not supported; - is standard input" }

#define KEYS_IDENTITY_OPTION \
	{ KEYS_IDENTITY, 'i', "identity", "FILE", 0, \
	    "open with the secret keys in FILE, or with ssh's,\n" \
	    "whose passphrase is asked for when it is needed;\n" \
	    "- is standard input; may be given several times" }
/* clang-format on */

/* What these options said; zero at first. */
typedef struct keys_options {
	struct {
		int id;
		const char *value; /* lent */
	} each[KEYS_MAX];
	size_t n;
} keys_options;

/* Take in one of the options above. */
exit_code keys_set(keys_options *k, int id, const char *value);

/* How many of their files are standard input. */
size_t keys_on_input(const keys_options *k);

/* Note the files that are read. */
exit_code keys_note(const keys_options *k, ledger *l);

/* Add the keys that -r and -R name, or say what is wrong with one. */
exit_code keys_recipients(const keys_options *k, slu_recipients *r);

/* Warn that a line of a file has a key that is of no use, and why. */
void keys_pass_over(const char *name, size_t line, const char *why);

/*
 * Add the secret keys in a file, as slu_identities_read has it.  A file that
 * others can read is warned of.
 */
exit_code keys_read(const char *name, slu_identities *ids,
    const slu_identity_file_options *options);

#endif
