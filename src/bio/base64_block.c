/* SPDX-License-Identifier: ISC */
/*
 * Tables make these loops: one that gives two characters for 12 bits, and
 * four that give the bits of a character at each place in its group.  The
 * compiler fills them in, so that there is nothing to set up at run time.
 */
#include "base64_block.h"

#include <stdint.h>
#include <string.h>

/* clang-format off */
#define EACH_CHARACTER(X) \
	X('A', 0) X('B', 1) X('C', 2) X('D', 3) X('E', 4) X('F', 5) \
	X('G', 6) X('H', 7) X('I', 8) X('J', 9) X('K', 10) X('L', 11) \
	X('M', 12) X('N', 13) X('O', 14) X('P', 15) X('Q', 16) X('R', 17) \
	X('S', 18) X('T', 19) X('U', 20) X('V', 21) X('W', 22) X('X', 23) \
	X('Y', 24) X('Z', 25) X('a', 26) X('b', 27) X('c', 28) X('d', 29) \
	X('e', 30) X('f', 31) X('g', 32) X('h', 33) X('i', 34) X('j', 35) \
	X('k', 36) X('l', 37) X('m', 38) X('n', 39) X('o', 40) X('p', 41) \
	X('q', 42) X('r', 43) X('s', 44) X('t', 45) X('u', 46) X('v', 47) \
	X('w', 48) X('x', 49) X('y', 50) X('z', 51) X('0', 52) X('1', 53) \
	X('2', 54) X('3', 55) X('4', 56) X('5', 57) X('6', 58) X('7', 59) \
	X('8', 60) X('9', 61)
#define STANDARD(X) EACH_CHARACTER(X) X('+', 62) X('/', 63)
#define URL(X) EACH_CHARACTER(X) X('-', 62) X('_', 63)

/* All pairs that begin with the character `c`. */
#define ROW(c, c62, c63) { \
	c,'A', c,'B', c,'C', c,'D', c,'E', c,'F', c,'G', c,'H', \
	c,'I', c,'J', c,'K', c,'L', c,'M', c,'N', c,'O', c,'P', \
	c,'Q', c,'R', c,'S', c,'T', c,'U', c,'V', c,'W', c,'X', \
	c,'Y', c,'Z', c,'a', c,'b', c,'c', c,'d', c,'e', c,'f', \
	c,'g', c,'h', c,'i', c,'j', c,'k', c,'l', c,'m', c,'n', \
	c,'o', c,'p', c,'q', c,'r', c,'s', c,'t', c,'u', c,'v', \
	c,'w', c,'x', c,'y', c,'z', c,'0', c,'1', c,'2', c,'3', \
	c,'4', c,'5', c,'6', c,'7', c,'8', c,'9', c,c62, c,c63 }
/* clang-format on */

#define STANDARD_PAIRS(c, value) [value] = ROW(c, '+', '/'),
#define URL_PAIRS(c, value) [value] = ROW(c, '-', '_'),
static const unsigned char pairs[][64][128] = {
	[SLU_BASE64_STANDARD] = { STANDARD(STANDARD_PAIRS) },
	[SLU_BASE64_URL] = { URL(URL_PAIRS) },
};

/*
 * The bits of a character at each place of its group, and above the 24 bits
 * of a group a mark, each place its own: only four characters of the
 * alphabet bring all four together.
 */
#define MARKS 0xfu
#define AT(place, value) \
	(1u << (24 + (place)) | (uint32_t)(value) << (18 - 6 * (place)))
#define AT_0(c, value) [c] = AT(0, value),
#define AT_1(c, value) [c] = AT(1, value),
#define AT_2(c, value) [c] = AT(2, value),
#define AT_3(c, value) [c] = AT(3, value),
#define EACH_PLACE(ALPHABET) \
	{ \
		{ ALPHABET(AT_0) }, { ALPHABET(AT_1) }, { ALPHABET(AT_2) }, \
		    { ALPHABET(AT_3) }, \
	}
static const uint32_t bits[][4][256] = {
	[SLU_BASE64_STANDARD] = EACH_PLACE(STANDARD),
	[SLU_BASE64_URL] = EACH_PLACE(URL),
};

static bool
usable(void)
{
	return true;
}

void
slu_base64_block_encode(unsigned char *out, const unsigned char *in,
    size_t groups, slu_base64_alphabet alphabet)
{
	const unsigned char(*pair)[128] = pairs[alphabet];
	uint32_t v;

	for (; groups > 0; groups--) {
		v = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
		memcpy(out, &pair[v >> 18][v >> 11 & 126], 2);
		memcpy(out + 2, &pair[v >> 6 & 63][v << 1 & 126], 2);
		in += SLU_BASE64_GROUP;
		out += SLU_BASE64_TEXT;
	}
}

static void
encode_lines(unsigned char *out, const unsigned char *in, size_t groups,
    size_t lines, slu_base64_alphabet alphabet)
{
	for (; lines > 0; lines--) {
		slu_base64_block_encode(out, in, groups, alphabet);
		in += groups * SLU_BASE64_GROUP;
		out += groups * SLU_BASE64_TEXT;
		*out++ = '\n';
	}
}

void
slu_base64_block_decode(slu_base64_run *r, slu_base64_alphabet alphabet)
{
	const uint32_t(*bit)[256] = bits[alphabet];
	slu_base64_run at = *r;
	uint32_t v;
	size_t n;

	while (at.in_len >= SLU_BASE64_TEXT && at.out_cap >= SLU_BASE64_GROUP) {
		v = bit[0][at.in[0]] | bit[1][at.in[1]] | bit[2][at.in[2]] |
		    bit[3][at.in[3]];
		if (v >> 24 == MARKS) {
			at.out[0] = (unsigned char)(v >> 16);
			at.out[1] = (unsigned char)(v >> 8);
			at.out[2] = (unsigned char)v;
			slu_base64_run_on(&at, 1);
			continue;
		}
		n = slu_base64_run_break(&at);
		if (n == 0)
			break;
		slu_base64_run_skip(&at, n);
	}
	*r = at;
}

int
slu_base64_value(unsigned char c, slu_base64_alphabet alphabet)
{
	uint32_t v = bits[alphabet][3][c];

	return v == 0 ? -1 : (int)(v & 63);
}

const slu_base64_path slu_base64_block = {
	.name = "plain",
	.usable = usable,
	.encode = slu_base64_block_encode,
	.encode_lines = encode_lines,
	.decode = slu_base64_block_decode,
};
