/* SPDX-License-Identifier: ISC */
/*
 * ledger.h: what a run reads and what it is to write.
 *
 * Whatever is to be written is held against all that is read and all else
 * that is written, before any of it is.  Files are known by what they are,
 * not by their names; a name that is free yet, by the folder that it is to
 * appear in, behind all symbolic links.
 */
#ifndef SLUICE_CLI_LEDGER_H
#define SLUICE_CLI_LEDGER_H

#include <stddef.h>
#include <sys/stat.h>

#include "exit.h"

/* Zero at first. */
typedef struct ledger {
	void *tree; /* owned */
} ledger;

typedef enum ledger_use {
	LEDGER_INPUT = 0,
	LEDGER_PASSPHRASE,
	LEDGER_KEYS,
	LEDGER_OUTPUT,
	LEDGER_STANDARD_OUTPUT, /* which several may share */
} ledger_use;

/* Note that the file `st` is read; `by` is the number of what reads it. */
exit_code ledger_reads(
    ledger *l, const struct stat *st, ledger_use use, size_t by);

/*
 * Note that `path` is to be written by `by`; `there` is what it leads to
 * now, or NULL.  Says what it would destroy, and is EXIT_REFUSED then.
 */
exit_code ledger_writes(
    ledger *l, const char *path, const struct stat *there, size_t by);

/* The same for standard output, which is called `name`. */
exit_code ledger_writes_standard(ledger *l, const char *name, size_t by);

void ledger_free(ledger *l);

#endif
