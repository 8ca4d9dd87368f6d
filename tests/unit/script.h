/* SPDX-License-Identifier: ISC */
/*
 * script.h: a filter that plays the far end of a handshake word for word,
 * and then lets bytes pass: what is above it believes to have met a proxy.
 *
 * Whoever does not say what the script has it say fails with SLU_ERR_USAGE,
 * and so does who asks for an answer without a flush, or for more bytes than
 * are left of an answer that is as it should be.
 */
#ifndef SLUICE_TESTS_SCRIPT_H
#define SLUICE_TESTS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/bio.h"

#define SCRIPT_LINES 8

typedef struct script_line {
	enum { SCRIPT_END = 0, SCRIPT_HEARS, SCRIPT_SAYS } kind;
	const char *bytes; /* lent */
	size_t len;
} script_line;

/* The two kinds of line, of a string that may hold NULs. */
#define HEARS(text) \
	{ \
		SCRIPT_HEARS, text, sizeof(text) - 1 \
	}
#define SAYS(text) \
	{ \
		SCRIPT_SAYS, text, sizeof(text) - 1 \
	}

/* What is wrong with the answers; the zero state says nothing is. */
typedef struct script_fault {
	enum { FAULT_NONE = 0, FAULT_CUT, FAULT_WRONG, FAULT_LATE } kind;
	size_t at;          /* the byte of all answers that it befalls */
	unsigned char byte; /* for FAULT_WRONG: it is this one instead */
	const int *go;      /* for FAULT_LATE: it waits for this to be set */
} script_fault;

/* `lines` ends with a SCRIPT_END, or has SCRIPT_LINES; both are copied. */
slu_status script_push(slu_bio **top, const script_line *lines,
    const script_fault *fault) SLU_CHECKED;

/* How many bytes all the answers of a script have. */
size_t script_said(const script_line *lines);

#endif
