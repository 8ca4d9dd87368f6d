/* SPDX-License-Identifier: ISC */
#include "utf8.h"

#include <string.h>

/* The second byte's range is what keeps out overlong forms and surrogates. */
static const struct {
	unsigned char first, last; /* of the leading byte */
	size_t size;
	unsigned char low, high; /* of the second byte */
} forms[] = {
	{ 0x00, 0x7f, 1, 0, 0 },
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

size_t
utf8_char(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t size, i = 0;

	if (len == 0)
		return 0;
	while (i < sizeof(forms) / sizeof(forms[0]) && p[0] > forms[i].last)
		i++;
	if (i == sizeof(forms) / sizeof(forms[0]) || p[0] < forms[i].first)
		return 0;
	size = forms[i].size;
	if (size > len)
		return 0;
	if (size > 1 && (p[1] < forms[i].low || p[1] > forms[i].high))
		return 0;
	for (i = 2; i < size; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return size;
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
