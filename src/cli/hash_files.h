/* SPDX-License-Identifier: ISC */
/* hash_files.h: files that are digested, several at a time, in order. */
#ifndef SLUICE_CLI_HASH_FILES_H
#define SLUICE_CLI_HASH_FILES_H

#include "hash_file.h"
#include "progress.h"

typedef struct hash_files_options {
	const digests *all; /* lent: those of files that name none */
	unsigned threads;

	/* Told of each file in order, when it was read or said to be not. */
	void (*told)(hash_file *f, void *arg);
	void *arg;

	/* Of all of them together; a NULL name: nothing is to be told. */
	progress_line progress;
} hash_files_options;

typedef struct hash_files hash_files;

exit_code hash_files_new(hash_files **out, const hash_files_options *o);

/*
 * Have a file read, which is taken over.  It may be told of at once, or while
 * others are added.  The first waits for a second one: who is alone gets all
 * the threads.
 */
void hash_files_add(hash_files *h, hash_file *f);

/* Wait until all are told of: what is said from here on comes behind them. */
void hash_files_settle(hash_files *h);

/* Drop what was not told of; NULL is fine. */
void hash_files_free(hash_files *h);

#endif
