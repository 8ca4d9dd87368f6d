/* SPDX-License-Identifier: ISC */
/* utf8.h: where one character of UTF-8 (RFC 3629) ends. */
#ifndef SLUICE_CLI_UTF8_H
#define SLUICE_CLI_UTF8_H

#include <stddef.h>

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

#endif
