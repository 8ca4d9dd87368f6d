/* SPDX-License-Identifier: ISC */
/* hash_sum.h: the digests of the files that are named. */
#ifndef SLUICE_CLI_HASH_SUM_H
#define SLUICE_CLI_HASH_SUM_H

#include <stdbool.h>

#include "hash_print.h"

typedef struct hash_sum_options {
	const digests *all;   /* lent: those that each file gets */
	hash_printer printer; /* how they are told */
	unsigned threads;
	bool recursive;    /* folders stand for the files in them */
	const char *names; /* a list of more files, or NULL */
} hash_sum_options;

/* Digest the operands, or standard input where there is nothing. */
exit_code hash_sum(const hash_sum_options *o, int n, char **operands);

/*
 * Copy one file, "-" being standard input, to standard output, and tell its
 * digests on standard error.
 */
exit_code hash_sum_through(const hash_sum_options *o, const char *name);

#endif
