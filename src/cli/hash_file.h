/* SPDX-License-Identifier: ISC */
/* hash_file.h: a file, read into its digests. */
#ifndef SLUICE_CLI_HASH_FILE_H
#define SLUICE_CLI_HASH_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "digests.h"
#include "exit.h"
#include "output.h"

/* A file to be read, and what came of it; zero at first. */
typedef struct hash_file {
	char *name;      /* owned */
	char *algorithm; /* owned; NULL: all digests of the run */
	bool found;      /* in a folder, where it was no symbolic link */
	void *note;      /* owned: whatever is known of it, from malloc */
	uint64_t expect; /* bytes that it had, where it was found */

	exit_code code;
	char *why;     /* owned; NULL: it was said, or there is no memory */
	uint64_t size; /* bytes that were read */
	unsigned char *out; /* owned: one digest after the other */
	size_t len;         /* bytes; those that `algorithm` is asked for */
} hash_file;

/* What a thread has for itself to read files with; zero at first. */
typedef struct hash_hand {
	digests digests; /* owned */
	char *algorithm; /* owned: the one of them, if it is one of a file's */
	unsigned char *buf; /* owned */
} hash_hand;

/*
 * Read a regular file, on any thread, into copies of the digests of `all`,
 * or into the digest that it names, with the key of `all`.  Nothing is said.
 * `moved` counts bytes as they are read.
 */
void hash_file_read(hash_file *f, hash_hand *hand, const digests *all,
    atomic_uint_least64_t *moved);

/*
 * Read what `f` is, whatever that is, with all that `threads` can do for one
 * file, and copy it to `tee` unless that is NULL.  Tells how far it is, and
 * says what goes wrong.
 */
void hash_file_read_alone(hash_file *f, hash_hand *hand, const digests *all,
    unsigned threads, output *tee);

/* Say why hash_file_read did not read a file, if it did not. */
void hash_file_say(const hash_file *f);

void hash_file_free(hash_file *f);
void hash_hand_free(hash_hand *hand);

#endif
