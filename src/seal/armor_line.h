/* SPDX-License-Identifier: ISC */
/*
 * armor_line.h: a line of armor, and what is wrong with one, for whoever
 * reads armor, in order or not.
 */
#ifndef SLUICE_SEAL_ARMOR_LINE_H
#define SLUICE_SEAL_ARMOR_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "armor_internal.h"
#include "raw64.h"

#define SLU_ARMOR_GROUP 3 /* bytes that four characters give */
#define SLU_ARMOR_LINE_BYTES SLU_RAW64_BYTES(SLU_ARMOR_COLUMNS)
#define SLU_ARMOR_LINE_MOST (SLU_ARMOR_COLUMNS + 2) /* its CRLF included */

/* Whether it is white space, as may be around armor. */
bool slu_armor_is_blank(unsigned char c);

/* How many of the bytes are a line end: 1 or 2, or 0 if it is none. */
size_t slu_armor_line_end(const unsigned char *text, size_t len);

/*
 * Decode the `len` characters of a line, at most SLU_ARMOR_COLUMNS, with the
 * padding that the last line may have: up to SLU_ARMOR_LINE_BYTES bytes.  `at`
 * is where in the text the line is, for words.
 */
slu_status slu_armor_line(unsigned char *out, const unsigned char *text,
    size_t len, uint64_t at, size_t *got) SLU_CHECKED;

/*
 * Decode a group of four characters, padding included: how many bytes it
 * gives, none where it is no group.  Bits behind the last byte are passed over.
 */
size_t slu_armor_group(
    unsigned char out[SLU_ARMOR_GROUP], const unsigned char text[4]);

/*
 * Decode full lines of `width` bytes each, line ends included, and say how
 * many: `n`, or fewer if one is no such line, none perhaps.  Behind what these
 * give, as far as `n` would have, `out` may be overwritten.
 */
size_t slu_armor_lines(
    unsigned char *out, const unsigned char *text, size_t n, size_t width);

/* Fail: at this byte of the text; after so many; at too many blanks. */
slu_status slu_armor_fault(uint64_t at, const char *what);
slu_status slu_armor_cut(uint64_t len);
slu_status slu_armor_too_blank(void);

#endif
