/* SPDX-License-Identifier: ISC */
/* utf8.h: where one character of UTF-8 (RFC 3629) ends. */
#ifndef SLUICE_CLI_UTF8_H
#define SLUICE_CLI_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Where in a character a stream is; zero at first. */
typedef struct utf8_place {
	unsigned char left;      /* bytes that are still to come */
	unsigned char low, high; /* between which the next of them is */
} utf8_place;

/*
 * Move on by a byte.  False where it is of no valid character: it neither
 * goes on with one nor begins one.
 */
bool utf8_next(utf8_place *at, unsigned char c);

/*
 * How many of the `len` bytes at `s` are its first character, or 0 where
 * they do not begin with a whole and valid one.
 */
size_t utf8_char(const char *s, size_t len);

/*
 * Copy of `s` what fits `max` bytes, without cutting a character in two;
 * `out` has room for one more, its NUL, and may be `s`.
 */
void utf8_cut(char *out, const char *s, size_t max);

/*
 * Copy `s`, or as much of its beginning and its end as fits `max` bytes, at
 * least 3, with "..." between them.  `out` has room for one more, its NUL.
 */
void utf8_shorten(char *out, const char *s, size_t max);

#endif
