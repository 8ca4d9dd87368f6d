/* SPDX-License-Identifier: ISC */
/*
 * visible.h: text from elsewhere, fit for a terminal.
 *
 * A file may bear any name, and a name that is shown must neither command
 * the terminal nor pass for a line of ours.
 */
#ifndef SLUICE_CLI_VISIBLE_H
#define SLUICE_CLI_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>

#include "utf8.h"

/* What `visible` needs at the most for `len` bytes, its NUL included. */
#define VISIBLE_MAX(len) (4 * (len) + 1)

/*
 * Write `text` to `out`, which has room for VISIBLE_MAX of its length:
 * control characters, marks that turn the direction of writing, and bytes
 * that are no UTF-8 become \n, \t, \r or \xHH.  Returns `out`.
 */
char *visible(char *out, const char *text);

/* Where in a stream we are; zero at first. */
typedef struct visible_place {
	utf8_place character;
	unsigned char last; /* byte */
} visible_place;

/*
 * Whether the next `len` bytes of a stream are what a terminal should not be
 * sent: they hold, or complete, a control character that does not lay out a
 * text.  Bytes from 0x80 to 0x9f are such ones, unless they are of a
 * character of UTF-8 that is none.
 */
bool visible_binary(visible_place *at, const unsigned char *data, size_t len);

#endif
