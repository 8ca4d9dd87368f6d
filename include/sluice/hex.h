/* SPDX-License-Identifier: ISC */
/* hex.h: text of two digits for each byte (RFC 4648, section 8). */
#ifndef SLUICE_HEX_H
#define SLUICE_HEX_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

typedef struct slu_hex_options {
	/* Write the digits A to F; they are a to f otherwise. */
	bool upper;
	/*
	 * Digits a line, after each of which, the last one included, a
	 * newline is written.  0 means one line without a newline.
	 */
	size_t columns;
} slu_hex_options;

/*
 * Encode what is written above as hexadecimal digits below.  Nothing written
 * gives an empty text.  `options` may be NULL.
 */
slu_status slu_hex_encode(
    slu_bio **top, const slu_hex_options *options) SLU_CHECKED;

/*
 * Decode what is read from below.  Digits may be of either case, whatever
 * the options say, and line breaks (LF or CRLF) may stand anywhere, between
 * pairs and within them; lines may have any length.  A text of nothing else,
 * or of nothing at all, is no bytes and SLU_EOF.  Any other character, and a
 * lone CR, is SLU_ERR_FORMAT; a text with an odd number of digits is
 * SLU_ERR_TRUNCATED.  The reason says which, and at which byte of the text,
 * counted from 0.  Bytes from before the fault may have been given out
 * already.  `options` may be NULL.
 */
slu_status slu_hex_decode(
    slu_bio **top, const slu_hex_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
