/* SPDX-License-Identifier: ISC */
/* output.h: where results go: a file that appears whole, or standard output. */
#ifndef SLUICE_CLI_OUTPUT_H
#define SLUICE_CLI_OUTPUT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "exit.h"
#include "ledger.h"
#include "sluice/bio.h"
#include "sluice/file.h"

/* What becomes of a file that exists. */
typedef enum output_existing {
	OUTPUT_KEEP = 0,    /* it stays, unless -f is given */
	OUTPUT_KEEP_ALWAYS, /* it stays: there is no -f */
	OUTPUT_REPLACE,     /* -f was given */
} output_existing;

/* An output under way; zero at first. */
typedef struct output {
	slu_bio *bio;              /* owned; push filters here, write here */
	const char *name;          /* lent; for messages */
	slu_file_pending *pending; /* its place in signals.h, or NULL */
	output_existing existing;
	bool written; /* some of it */
	bool direct;  /* what is written is there at once, not at the finish */
	bool alone;   /* nothing lies on the file, its own mark neither */
	bool failed;  /* it could not be written */
	bool refused; /* it was not fit for the terminal */
	bool taken;   /* somebody was quicker: there is such a file now */
} output;

/*
 * See whether a file could be written to `path`, or standard output where
 * that is NULL, before any work is done: whether its name is free or may be
 * taken, its folder may be written, and it destroys nothing that is in the
 * ledger, where it is noted for `by`.  Says what stands against it.
 */
exit_code output_check(
    ledger *l, const char *path, output_existing existing, size_t by);

/*
 * Open `path`, or standard output where it is NULL.  A new file gets the
 * permissions `mode` once it is finished.  The output must stay where it is
 * in memory.
 */
exit_code output_open(
    output *o, const char *path, mode_t mode, output_existing existing);

/*
 * Have a new file alone in its chain, where that is what it is: it can then be
 * written by threads, and nothing may be pushed on it any more.
 */
void output_alone(output *o);

/* Refuse, from now on, what would disturb the terminal that it goes to. */
exit_code output_text_only(output *o);

/*
 * Say that binary data is not for terminals, and what to do: `hint`, or what
 * helps where there is -o, for NULL.
 */
exit_code output_refuse_binary(const char *hint);

/*
 * Say what the library says of `st`, which befell the output, or else what
 * is called `name`.
 */
exit_code output_failed(const output *o, slu_status st, const char *name);

/* Finish; a file appears now. */
exit_code output_finish(output *o);

/* Let go; what is not finished is taken back.  The zero state is fine. */
void output_free(output *o);

/* The permissions that a new file has where nothing says otherwise. */
mode_t output_mode(void);

#endif
