/* SPDX-License-Identifier: ISC */
/* input.h: what is read: a file or standard input. */
#ifndef SLUICE_CLI_INPUT_H
#define SLUICE_CLI_INPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "exit.h"
#include "sluice/bio.h"

/* An input that is open; zero at first. */
typedef struct input {
	slu_bio *bio;     /* owned; push filters here, read here */
	const char *name; /* lent; for messages, "standard input" for "-" */
	struct stat st;
	uint64_t start; /* where a regular file stood when it was opened */
	int fd;         /* owned unless it is 0 */
	bool no_link;   /* set before: a symbolic link is none */
} input;

/* How `name` is called in messages. */
const char *input_name(const char *name);

/* Whether `name` stands for standard input. */
bool input_is_standard(const char *name);

/* Look at it without opening it, which might wait; as stat(2). */
int input_stat(const char *name, struct stat *st);

/*
 * Open `name`, "-" being standard input.  What cannot be opened is said; so
 * is a directory, which is EXIT_REFUSED.
 */
exit_code input_open(input *in, const char *name);

/* Tell how far the reading is, from now on. */
exit_code input_tell(input *in);

/*
 * Whether a regular file is as it was when it was opened, as far as its size
 * and the time of its last change tell.
 */
bool input_is_unchanged(int fd, const struct stat *before);
/* How many bytes are ahead, or 0 where nobody knows. */
uint64_t input_ahead(const input *in);

/*
 * Whether `name` begins as a sealed file does, in armor or not.  Only a regular
 * file can be looked into beforehand.
 */
bool input_is_sealed(const char *name);

/* Close it; the zero state is fine. */
void input_free(input *in);

#endif
