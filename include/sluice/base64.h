/* SPDX-License-Identifier: ISC */
/* base64.h: text that carries bytes (RFC 4648, section 4). */
#ifndef SLUICE_BASE64_H
#define SLUICE_BASE64_H

#include <stddef.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

typedef struct slu_base64_options {
	/*
	 * Characters a line, after each of which, the last one included, a
	 * newline is written.  0 means one line without a newline.  When
	 * decoding, lines may have any length, whatever this says.
	 */
	size_t columns;
} slu_base64_options;

/*
 * Encode what is written above as padded base64 below.  Up to two bytes
 * wait for their group to fill; a flush leaves them waiting, since padding
 * would end the text, and a finish pads them out.  Nothing written gives an
 * empty text.  `options` may be NULL.
 */
slu_status slu_base64_encode(
    slu_bio **top, const slu_base64_options *options) SLU_CHECKED;

/*
 * Decode what is read from below.  Line breaks (LF or CRLF) may stand
 * anywhere, between groups and within them, and lines may have any length;
 * a text of nothing else, or of nothing at all, is no bytes and SLU_EOF.
 * All else is strict, so that no two texts decode to the same bytes but for
 * their line breaks: a character outside the alphabet, a lone CR, padding
 * that is misplaced or too long, bits behind the last byte that are not
 * zero, and data after the padding are SLU_ERR_FORMAT; a text that ends
 * within a group, for want of padding too, is SLU_ERR_TRUNCATED.  The
 * reason says which, and at which byte of the text, counted from 0.  Bytes
 * from before the fault may have been given out already.  `options` may be
 * NULL.
 */
slu_status slu_base64_decode(
    slu_bio **top, const slu_base64_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
