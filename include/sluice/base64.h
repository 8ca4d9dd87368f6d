/* SPDX-License-Identifier: ISC */
/*
 * base64.h: text that carries bytes (RFC 4648, sections 4 and 5).
 *
 * Where the processor has vector instructions for it, they are used.  The
 * time taken, and what of the cache is touched, may depend on the bytes:
 * for a secret key that an attacker can time, this is not the place.
 */
#ifndef SLUICE_BASE64_H
#define SLUICE_BASE64_H

#include <stddef.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

typedef enum slu_base64_alphabet {
	SLU_BASE64_STANDARD = 0, /* with + and / (section 4) */
	SLU_BASE64_URL,          /* with - and _ (section 5) */
} slu_base64_alphabet;

typedef enum slu_base64_padding {
	SLU_BASE64_PADDED = 0, /* = fills up the last group, and must */
	SLU_BASE64_MAY_PAD,    /* written, and read where it is there */
	SLU_BASE64_UNPADDED,   /* neither written nor read */
	SLU_BASE64_FLUSHED,    /* a flush pads, and more may follow */
} slu_base64_padding;

typedef struct slu_base64_options {
	/*
	 * Characters a line, after each of which, the last one included, a
	 * newline is written.  0 means one line without a newline.  When
	 * decoding, lines may have any length, whatever this says.
	 */
	size_t columns;
	slu_base64_alphabet alphabet;
	slu_base64_padding padding;
} slu_base64_options;

/*
 * Encode what is written above as base64 below.  Up to two bytes wait for
 * their group to fill; a flush leaves them waiting, since what is shorter
 * than a group would end the text, and a finish writes them out.  With
 * SLU_BASE64_FLUSHED, which a conversation needs and other decoders may not
 * take, a flush fills their group up with padding.  Nothing written gives an
 * empty text.  `options` may be NULL; an alphabet or a
 * padding that is none is SLU_ERR_USAGE.
 */
slu_status slu_base64_encode(
    slu_bio **top, const slu_base64_options *options) SLU_CHECKED;

/*
 * Decode what is read from below.  Line breaks (LF or CRLF) may stand
 * anywhere, between groups and within them, and lines may have any length;
 * a text of nothing else, or of nothing at all, is no bytes and SLU_EOF.
 * All else is strict, so that no two texts decode to the same bytes but for
 * their line breaks, and their padding if that may be absent: a character
 * outside the alphabet, a lone CR, padding that is misplaced or too long,
 * bits behind the last byte that are not zero, and data after the padding
 * are SLU_ERR_FORMAT; a text that ends within a group, for want of padding
 * too, is SLU_ERR_TRUNCATED.  Without padding, a last group of two or three
 * characters is whole; padding where there is to be none is SLU_ERR_FORMAT.
 * With SLU_BASE64_FLUSHED any group may be padded, not just the last one.
 * The reason says which, and at which byte of the text, counted from 0.
 *
 * Bytes from before the fault may have been given out already.  The buffer
 * that a read is given may be used as scratch space; what lies there beyond
 * `*got` means nothing.  `options` may be NULL; an alphabet or a padding
 * that is none is SLU_ERR_USAGE.
 */
slu_status slu_base64_decode(
    slu_bio **top, const slu_base64_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
