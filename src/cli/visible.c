/* SPDX-License-Identifier: ISC */
#include "visible.h"

#include <stdio.h>
#include <string.h>

#include "utf8.h"

/* Whether a character of `size` bytes shows as itself, and as itself only. */
static bool
is_plain(const unsigned char *p, size_t size)
{
	switch (size) {
	case 0: return false;
	case 1: return p[0] >= 0x20 && p[0] != 0x7f;
	case 2: return p[0] != 0xc2 || p[1] >= 0xa0; /* C1 controls */
	case 3:
		/* U+2028 to U+202E, U+2066 to U+2069 */
		return p[0] != 0xe2 ||
		       !((p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) ||
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

bool
visible_binary(const unsigned char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == 0x7f)
			return true;
		if (data[i] < 0x20 && memchr("\t\n\f\r", data[i], 4) == NULL)
			return true;
		if (data[i] == 0xc2 && i + 1 < len && data[i + 1] >= 0x80 &&
		    data[i + 1] < 0xa0)
			return true;
	}
	return false;
}
