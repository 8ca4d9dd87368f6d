/* SPDX-License-Identifier: ISC */
/* lines.h: a chain read line by line. */
#ifndef SLUICE_LINES_H
#define SLUICE_LINES_H

#include <stddef.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

typedef struct slu_lines slu_lines;

/*
 * Read lines of at most `limit` bytes, their newline not counted, from
 * `src`, which stays the caller's and must outlive the reader.  The reader
 * reads ahead: what it took from `src` and did not give out is lost when it
 * is freed.  A chain that moves datagrams is SLU_ERR_USAGE.
 */
slu_status slu_lines_new(
    slu_lines **out, slu_bio *src, size_t limit) SLU_CHECKED;

/*
 * Let the lines that come end in `end`, such as NUL, in place of a newline,
 * which is a byte like any other then.
 */
void slu_lines_end_with(slu_lines *lines, char end);

/*
 * Give the next line: `*len` bytes at `*line`, valid until the next call,
 * without the newline that ends it and followed by a NUL.  Other bytes, NUL
 * and carriage return among them, are kept.  The last line need not end in
 * a newline; after it comes SLU_EOF.  A longer line is SLU_ERR_LIMIT, for
 * good unless slu_lines_skip passes over it.  After a WANT, call again.
 */
slu_status slu_lines_next(
    slu_lines *lines, const char **line, size_t *len) SLU_CHECKED;

/*
 * Pass over the line that was longer than the limit, however long it is,
 * so that slu_lines_next gives the one behind it, or SLU_EOF.  After a WANT,
 * call again.  Where no line was too long, it is SLU_ERR_USAGE, and nothing
 * changes.
 */
slu_status slu_lines_skip(slu_lines *lines) SLU_CHECKED;

/* Wipe and free the reader; the chain is left alone.  NULL is fine. */
void slu_lines_free(slu_lines *lines);

SLU_END_DECLS

#endif
