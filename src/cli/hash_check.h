/* SPDX-License-Identifier: ISC */
/* hash_check.h: files against lists of their checksums. */
#ifndef SLUICE_CLI_HASH_CHECK_H
#define SLUICE_CLI_HASH_CHECK_H

#include <stdbool.h>

#include "exit.h"
#include "hash_line.h"
#include "sluice/buf.h"

typedef struct hash_check_options {
	const char *algorithm; /* of lines that do not say; NULL: by length */
	bool lenient;          /* lines that are none do not count */
	bool warn;             /* but are told of */
	bool status;           /* no word but the exit code's */
	bool ignore_missing;   /* files that are not there do not count */
	const char *no_extra;  /* a folder without other files, or NULL */
	hash_end end;          /* what ends the lines of the lists */
	unsigned threads;
	const slu_buf *key; /* lent: digests are HMACs with it, or NULL */
} hash_check_options;

/*
 * Check the files of each list, "-" being standard input, and say how each
 * one fared and how many did; then which files of a folder no list names, and
 * that is no list.  EXIT_NO: not all is as the lists say.
 */
exit_code hash_check(const hash_check_options *o, int n, char **lists);

#endif
