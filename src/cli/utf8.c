/* SPDX-License-Identifier: ISC */
#include "utf8.h"

#include <string.h>

/* The second byte's range is what keeps out overlong forms and surrogates. */
static const struct {
	unsigned char first, last; /* of the leading byte */
	unsigned char more;        /* bytes behind it */
	unsigned char low, high;   /* of the second byte */
} forms[] = {
	{ 0x00, 0x7f, 0, 0, 0 },
	{ 0xc2, 0xdf, 1, 0x80, 0xbf },
	{ 0xe0, 0xe0, 2, 0xa0, 0xbf },
	{ 0xe1, 0xec, 2, 0x80, 0xbf },
	{ 0xed, 0xed, 2, 0x80, 0x9f },
	{ 0xee, 0xef, 2, 0x80, 0xbf },
	{ 0xf0, 0xf0, 3, 0x90, 0xbf },
	{ 0xf1, 0xf3, 3, 0x80, 0xbf },
	{ 0xf4, 0xf4, 3, 0x80, 0x8f },
};

#define NFORMS (sizeof(forms) / sizeof(forms[0]))

bool
utf8_next(utf8_place *at, unsigned char c)
{
	size_t i = 0;

	if (at->left > 0 && c >= at->low && c <= at->high) {
		*at = (utf8_place){ (unsigned char)(at->left - 1), 0x80, 0xbf };
		return true;
	}
	*at = (utf8_place){ 0 };
	while (i < NFORMS && c > forms[i].last)
		i++;
	if (i == NFORMS || c < forms[i].first)
		return false;
	*at = (utf8_place){ forms[i].more, forms[i].low, forms[i].high };
	return true;
}

size_t
utf8_char(const char *s, size_t len)
{
	utf8_place at = { 0 };
	size_t n = 0;

	do {
		if (n == len || (n > 0 && ((unsigned char)s[n] & 0xc0) != 0x80))
			return 0;
		if (!utf8_next(&at, (unsigned char)s[n]))
			return 0;
		n++;
	} while (at.left > 0);
	return n;
}

void
utf8_cut(char *out, const char *s, size_t max)
{
	size_t left = strlen(s), n = 0, size;

	while (left > 0) {
		size = utf8_char(s + n, left);
		size = size == 0 ? 1 : size;
		if (n + size > max)
			break;
		n += size;
		left -= size;
	}
	memmove(out, s, n);
	out[n] = '\0';
}

void
utf8_shorten(char *out, const char *s, size_t max)
{
	static const char between[] = "...";
	size_t len = strlen(s), half = (max - strlen(between)) / 2;
	const char *end = s + len - half;

	if (len <= max) {
		memcpy(out, s, len + 1);
		return;
	}
	/* Not from within a character. */
	while (((unsigned char)*end & 0xc0) == 0x80)
		end++;
	utf8_cut(out, s, half);
	strcat(out, between);
	strcat(out, end);
}
