/* SPDX-License-Identifier: ISC */
#include "raw64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a character, or 64. */
static uint32_t
value_of(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0' + 52);
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool
slu_raw64_is(unsigned char c)
{
	return value_of(c) < 64;
}

void
slu_raw64_encode(char *out, const void *data, size_t len)
{
	const unsigned char *in = data;
	uint32_t bits = 0;
	unsigned n = 0;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | in[i];
		for (n += 8; n >= 6; n -= 6)
			*out++ = alphabet[bits >> (n - 6) & 63];
	}
	if (n > 0)
		*out = alphabet[bits << (6 - n) & 63];
}

bool
slu_raw64_decode(void *out, const char *text, size_t len)
{
	unsigned char *o = out;
	uint32_t bits = 0, v;
	unsigned n = 0;

	if (len % 4 == 1)
		return false;
	for (size_t i = 0; i < len; i++) {
		v = value_of((unsigned char)text[i]);
		if (v == 64)
			return false;
		bits = bits << 6 | v;
		n += 6;
		if (n >= 8) {
			n -= 8;
			*o++ = (unsigned char)(bits >> n);
		}
	}
	/* Bits behind the last byte could hide a second spelling of it. */
	return (bits & ((1u << n) - 1)) == 0;
}
