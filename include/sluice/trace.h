/* SPDX-License-Identifier: ISC */
/* trace.h: the filter that tells what passes. */
#ifndef SLUICE_TRACE_H
#define SLUICE_TRACE_H

#include <stddef.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/* The longest line that a trace tells, its NUL included. */
#define SLU_TRACE_LINE_MAX 640

typedef struct slu_trace_options {
	/* Begins each line; copied, up to 63 bytes of it.  NULL: "trace". */
	const char *label;
	/*
	 * Is given each line, without a newline; NULL writes it to standard
	 * error.  It must leave this chain alone; `arg`, which is lent, must
	 * outlive it.
	 */
	void (*line)(const char *line, void *arg);
	void *arg;
	/*
	 * Bytes to show of what each call moves, 16 a line, in hexadecimal
	 * and in ASCII, from the position in the stream that the line names.
	 * 0 shows none; SIZE_MAX shows all, secrets too.
	 */
	size_t payload;
} slu_trace_options;

/*
 * Tell in a line each what is asked of the chain below and what it answers:
 *
 *     trace: read 517 of 65536
 *     trace: read of 65536: want read
 *     trace: write of 100: input/output failed: fd: descriptor 5: Broken pipe
 *     trace: flush
 *     trace: finish: ok
 *     trace: free after 517 read, 0 written
 *
 * Bytes pass through as they are, in both directions, none of them copied or
 * kept, and datagrams stay whole.  A flush is told as it comes by; what it
 * does below is not told, but a flush that waits comes by again.  Control
 * characters in a line are told as "?".  `options` may be NULL.
 */
slu_status slu_trace(
    slu_bio **top, const slu_trace_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
