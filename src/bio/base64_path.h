/* SPDX-License-Identifier: ISC */
/*
 * base64_path.h: the inner loops of base64, whole groups at a time.
 *
 * There is a set of them, a path, for each kind of vector instructions, and
 * one in plain C.  All of them give the same results; which one a processor
 * takes is a matter of speed alone.  What they know of the format is the
 * alphabet and where lines end; padding, faults and the end of the text are
 * base64.c's and unbase64.c's.
 */
#ifndef SLUICE_BIO_BASE64_PATH_H
#define SLUICE_BIO_BASE64_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base64_run.h"
#include "sluice/base64.h"

typedef struct slu_base64_path {
	const char *name;

	/* Whether this processor has the instructions. */
	bool (*usable)(void);

	/* Encode `groups` groups of 3 bytes as 4 characters each. */
	void (*encode)(unsigned char *out, const unsigned char *in,
	    size_t groups, slu_base64_alphabet alphabet);

	/* Encode `lines` lines of `groups` groups, a newline behind each. */
	void (*encode_lines)(unsigned char *out, const unsigned char *in,
	    size_t groups, size_t lines, slu_base64_alphabet alphabet);

	/*
	 * Decode whole groups, and step over the line breaks between them,
	 * as far as there is text and room: up to the first group that holds
	 * anything but characters of the alphabet.  What lies behind the
	 * last byte that was decoded, within the room, may be overwritten.
	 */
	void (*decode)(slu_base64_run *r, slu_base64_alphabet alphabet);
} slu_base64_path;

/* Those of the processors that have them, each in a file of its own. */
extern const slu_base64_path slu_base64_avx512;
extern const slu_base64_path slu_base64_avx2;
extern const slu_base64_path slu_base64_neon;

/*
 * The path at `i` of those that this processor can take, from the fastest
 * to the one in plain C; NULL past its end.
 */
const slu_base64_path *slu_base64_path_at(size_t i);

#endif
