/* SPDX-License-Identifier: ISC */
#include "raw64.h"

#include <stdint.h>
#include <string.h>

#include "../bio/base64_block.h"
#include "../bio/base64_table.h"

bool
slu_raw64_is(unsigned char c)
{
	return slu_base64_value(c, SLU_BASE64_STANDARD) >= 0;
}

void
slu_raw64_encode(char *out, const void *data, size_t len)
{
	const char *alphabet = slu_base64_characters[SLU_BASE64_STANDARD];
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
	uint32_t bits = 0;
	unsigned n = 0;
	int v;

	if (len % 4 == 1)
		return false;
	for (size_t i = 0; i < len; i++) {
		v = slu_base64_value(
		    (unsigned char)text[i], SLU_BASE64_STANDARD);
		if (v < 0)
			return false;
		bits = bits << 6 | (uint32_t)v;
		n += 6;
		if (n >= 8) {
			n -= 8;
			*o++ = (unsigned char)(bits >> n);
		}
	}
	/* Bits behind the last byte could hide a second spelling of it. */
	return (bits & ((1u << n) - 1)) == 0;
}

bool
slu_raw64_decode_all(void *out, size_t len, const char *text)
{
	return strlen(text) == SLU_RAW64_CHARS(len) &&
	       slu_raw64_decode(out, text, SLU_RAW64_CHARS(len));
}
