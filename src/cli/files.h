/* SPDX-License-Identifier: ISC */
/*
 * files.h: seal and unseal, as far as they are the same.
 *
 * Each takes some files and makes one of each.  All that can be found wrong
 * is found before anybody is asked for a passphrase; then file after file is
 * done or reported, whatever became of the others (flows.h).
 */
#ifndef SLUICE_CLI_FILES_H
#define SLUICE_CLI_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "args.h"
#include "exit.h"
#include "keys.h"
#include "output.h"
#include "passphrase.h"

enum {
	FILES_OUTPUT = 600,
	FILES_FOLDER,
	FILES_STDOUT,
	FILES_FORCE,
	FILES_PRESERVE,
	FILES_THREADS,
};

/* Their rows in the table of a command's options. */
/* clang-format off */
#define FILES_OPTIONS \
	{ FILES_OUTPUT, 'o', "output", "FILE", 0, \
	    "write to FILE; - is standard output, even if that\n" \
	    "is a terminal" }, \
	{ FILES_FOLDER, 'O', "output-dir", "DIR", 0, \
	    "write into the folder DIR" }, \
	{ FILES_STDOUT, 'c', "stdout", NULL, 0, \
	    "write to standard output" }, \
	{ FILES_FORCE, 'f', "force", NULL, 0, \
	    "overwrite files that exist" }, \
	{ FILES_PRESERVE, 0, "preserve", NULL, 0, \
	    "give the output the input's permissions and time" }, \
	{ FILES_THREADS, 'j', "threads", "N", 0, \
	    "1 to 64; as many as there are processors unless told" }
/* clang-format on */

/* What these options said. */
typedef struct files_options {
	const char *output;
	const char *folder;
	bool to_stdout;
	bool preserve;
	bool text;        /* what is sealed is to be text */
	unsigned threads; /* 0: as many as there are processors */
	output_existing existing;
} files_options;

exit_code files_set(files_options *o, int id, const char *value);

/* Whether "-o -" was given: standard output, whatever that is. */
bool files_forced(const files_options *o);

/* Which of the two it is, and where its results go. */
typedef enum files_kind {
	FILES_SEAL,   /* FILE to FILE.age */
	FILES_UNSEAL, /* FILE.age to FILE */
	FILES_TEST,   /* FILE.age to nowhere */
} files_kind;

/* What is to be done for one file. */
typedef struct files_job {
	const char *name; /* the operand */
	char *target;     /* owned; NULL: standard output, or nowhere */
	exit_code code;
} files_job;

typedef struct files_jobs {
	files_kind kind;
	const files_options *options;
	const passphrase_source *source;
	const keys_options *keys;
	files_job *jobs; /* owned */
	size_t n;
	ledger ledger;
} files_jobs;

/*
 * Plan a job for each operand, or for standard input where there is none,
 * and check each: none may destroy what another reads or writes.  What fails
 * its check is said, keeps its code and is not done.  A failure here
 * concerns them all: options that make no sense, or a
 * `source` of the passphrase or `keys` that are read as data.
 */
exit_code files_plan(files_jobs *j, files_kind kind,
    const files_options *options, const passphrase_source *source,
    const keys_options *keys, int n, char **operands);

/* How many jobs are still to be done. */
size_t files_left(const files_jobs *j);

/*
 * What the passphrase is for, in the words of a prompt: a name, a number of
 * files, or NULL.  `room` is for the words.
 */
const char *files_about(const files_jobs *j, char *room, size_t cap);

/* How many threads are to work on a file. */
unsigned files_threads(const files_jobs *j);

void files_free(files_jobs *j);

#endif
