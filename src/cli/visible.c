/* SPDX-License-Identifier: ISC */
#include "visible.h"

#include <stdio.h>
#include <string.h>

/* Whether a character of `size` bytes shows as itself, and as itself only. */
static bool
is_plain(const unsigned char *p, size_t size)
{
	switch (size) {
	case 0: return false;
	case 1: return p[0] >= 0x20 && p[0] != 0x7f;
	case 2:
		/* C1 controls, U+061C */
		return !(p[0] == 0xc2 && p[1] < 0xa0) &&
		       !(p[0] == 0xd8 && p[1] == 0x9c);
	case 3:
		/* U+200E and U+200F, U+2028 to U+202E, U+2066 to U+2069 */
		return p[0] != 0xe2 ||
		       !((p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f)) ||
			   (p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) ||
			   (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
	default: return true;
	}
}

static size_t
escape(char *out, unsigned char c)
{
	static const char named[] = "\nn\tt\rr";

	for (size_t i = 0; named[i] != '\0'; i += 2)
		if (c == (unsigned char)named[i]) {
			out[0] = '\\';
			out[1] = named[i + 1];
			return 2;
		}
	return (size_t)sprintf(out, "\\x%02x", c);
}

char *
visible(char *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t left = strlen(text), size, n = 0;

	while (left > 0) {
		size = utf8_char((const char *)p, left);
		if (is_plain(p, size)) {
			memcpy(out + n, p, size);
			n += size;
		} else {
			size = size == 0 ? 1 : size;
			for (size_t i = 0; i < size; i++)
				n += escape(out + n, p[i]);
		}
		p += size;
		left -= size;
	}
	out[n] = '\0';
	return out;
}

/* Those of 8 bits (C1) come as they are, or in UTF-8 behind 0xc2. */
static bool
is_control(unsigned char c, unsigned char last, bool in_character)
{
	if (c < 0x20)
		return memchr("\t\n\f\r", c, 4) == NULL;
	if (c >= 0x80 && c < 0xa0)
		return !in_character || last == 0xc2;
	return c == 0x7f;
}

bool
visible_binary(visible_place *at, const unsigned char *data, size_t len)
{
	bool in_character;

	for (size_t i = 0; i < len; i++) {
		in_character = utf8_next(&at->character, data[i]);
		if (is_control(data[i], at->last, in_character))
			return true;
		at->last = data[i];
	}
	return false;
}
