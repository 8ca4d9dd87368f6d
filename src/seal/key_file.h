/* SPDX-License-Identifier: ISC */
/*
 * key_file.h: files of keys, a key a line.
 *
 * Lines that are empty or begin with # are passed over, and a carriage
 * return before the newline is not of the line.
 */
#ifndef SLUICE_SEAL_KEY_FILE_H
#define SLUICE_SEAL_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "key_text.h"
#include "sluice/bio.h"
#include "sluice/buf.h"

#define SLU_KEY_FILE_MAX ((size_t)1024 * 1024) /* bytes */
#define SLU_KEY_LINE_MAX 8192                  /* bytes */

/* The text of such a file, to be freed. */
#define SLU_KEY_FILE ((slu_buf){ .limit = SLU_KEY_FILE_MAX })

/* Read all of `src` into SLU_KEY_FILE; SLU_ERR_LIMIT where it is longer. */
slu_status slu_key_file_read(slu_buf *text, slu_bio *src) SLU_CHECKED;

/* A line; zero at first. */
typedef struct slu_key_line {
	const char *text; /* lent, without its end */
	size_t len;
	size_t number;
	size_t behind; /* where the next one begins */
} slu_key_line;

/* Go to the next line that is to be a key; false where there is none. */
bool slu_key_file_next(const slu_buf *text, slu_key_line *line);

/* Hold a line to SLU_KEY_LINE_MAX. */
slu_status slu_key_file_check(const slu_key_line *line) SLU_CHECKED;

/* Say that a line has a key, which has no kind, that is of no use. */
slu_status slu_key_file_pass(const slu_key_line *line, const slu_key *key,
    slu_status (*passed_over)(size_t line, const char *why, void *arg),
    void *arg) SLU_CHECKED;

/* Fail once more with `st`, naming the line before what was said of it. */
slu_status slu_key_file_blame(const slu_key_line *line, slu_status st);

#endif
