/* SPDX-License-Identifier: ISC */
/*
 * Eight digits are worked on at a time, as the bytes of one integer, the
 * first of them its lowest.
 */
#include "hex_block.h"

#include <stdint.h>

#define EACH UINT64_C(0x0101010101010101) /* times what each byte gets */
#define TOP (EACH * 0x80)
#define STEP 4 /* pairs */

static uint32_t
get_bytes(const unsigned char *in)
{
	return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 |
	       (uint32_t)in[3] << 24;
}

static void
put_bytes(unsigned char *out, uint32_t v)
{
	out[0] = (unsigned char)v;
	out[1] = (unsigned char)(v >> 8);
	out[2] = (unsigned char)(v >> 16);
	out[3] = (unsigned char)(v >> 24);
}

/* The digits of four bytes; `gap` lies between those of 9 and of 10. */
static uint64_t
digits_of(uint32_t bytes, unsigned gap)
{
	uint64_t v = bytes, above_9;

	v = (v | v << 16) & UINT64_C(0x0000ffff0000ffff);
	v = (v | v << 8) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v >> 4 | v << 8) & EACH * 0x0f;
	above_9 = (v + EACH * 6) >> 4 & EACH;
	return v + EACH * '0' + above_9 * gap;
}

void
slu_hex_block_encode(
    unsigned char *out, const unsigned char *in, size_t len, unsigned char ten)
{
	unsigned gap = (unsigned)(ten - '0' - 10);
	uint64_t digits;

	for (; len >= STEP; len -= STEP) {
		digits = digits_of(get_bytes(in), gap);
		put_bytes(out, (uint32_t)digits);
		put_bytes(out + STEP, (uint32_t)(digits >> 32));
		in += STEP;
		out += 2 * STEP;
	}
	for (; len > 0; len--) {
		digits = digits_of(*in++, gap);
		*out++ = (unsigned char)digits;
		*out++ = (unsigned char)(digits >> 8);
	}
}

/* The top bit of each byte that is at least `least`; all are below 128. */
static uint64_t
at_least(uint64_t v, unsigned char least)
{
	return (v + EACH * (0x80u - least)) & TOP;
}

/* The top bit of each byte that is a digit from 0 to 9. */
static uint64_t
figures(uint64_t v)
{
	return at_least(v, '0') & ~at_least(v, '9' + 1);
}

/* The top bit of each byte that is a digit from A to F, of either case. */
static uint64_t
letters(uint64_t v)
{
	v |= EACH * 0x20;
	return at_least(v, 'a') & ~at_least(v, 'f' + 1);
}

size_t
slu_hex_block_decode(unsigned char *out, const unsigned char *in, size_t pairs)
{
	uint64_t v, low, letter;
	size_t n;

	for (n = 0; pairs - n >= STEP; n += STEP) {
		v = get_bytes(in) | (uint64_t)get_bytes(in + STEP) << 32;
		low = v & ~TOP;
		letter = letters(low);
		if (((figures(low) | letter) & ~v & TOP) != TOP)
			break;
		v = (v & EACH * 0x0f) + (letter >> 7) * 9;
		v = v << 4 | v >> 8;
		out[0] = (unsigned char)v;
		out[1] = (unsigned char)(v >> 16);
		out[2] = (unsigned char)(v >> 32);
		out[3] = (unsigned char)(v >> 48);
		in += 2 * STEP;
		out += STEP;
	}
	return n;
}
