/* SPDX-License-Identifier: ISC */
/*
 * The path of 64-bit ARM, where every processor has NEON.  Its loads and
 * stores deal a group's bytes and characters out to a register each, and
 * look-ups have 64 entries: an alphabet is one, the values of ASCII are two.
 */
#include "base64_path.h"

#if defined(__GNUC__) && defined(__AARCH64EL__)

#include <arm_neon.h>

#include "base64_block.h"
#include "base64_table.h"

#define GROUPS 16 /* of a step: one in each lane */
#define BYTES (GROUPS * SLU_BASE64_GROUP)
#define CHARACTERS (GROUPS * SLU_BASE64_TEXT)

static bool
usable(void)
{
	return true;
}

static inline uint8x16x4_t
load_table(const void *table)
{
	return vld1q_u8_x4(table);
}

static inline void
encode_step(
    unsigned char *out, const unsigned char *in, uint8x16x4_t characters)
{
	const uint8x16_t six = vdupq_n_u8(63);
	uint8x16x3_t bytes = vld3q_u8(in);
	uint8x16x4_t text;

	text.val[0] = vshrq_n_u8(bytes.val[0], 2);
	text.val[1] = vandq_u8(
	    vsliq_n_u8(vshrq_n_u8(bytes.val[1], 4), bytes.val[0], 4), six);
	text.val[2] = vandq_u8(
	    vsliq_n_u8(vshrq_n_u8(bytes.val[2], 6), bytes.val[1], 2), six);
	text.val[3] = vandq_u8(bytes.val[2], six);
	for (int i = 0; i < 4; i++)
		text.val[i] = vqtbl4q_u8(characters, text.val[i]);
	vst4q_u8(out, text);
}

static void
encode(unsigned char *out, const unsigned char *in, size_t groups,
    slu_base64_alphabet alphabet)
{
	uint8x16x4_t characters = load_table(slu_base64_characters[alphabet]);

	for (; groups >= GROUPS; groups -= GROUPS) {
		encode_step(out, in, characters);
		in += BYTES;
		out += CHARACTERS;
	}
	slu_base64_block_encode(out, in, groups, alphabet);
}

/*
 * What a line's last step encodes too much is overwritten by the next one,
 * so long as there is as much still to come.
 */
static void
encode_lines(unsigned char *out, const unsigned char *in, size_t groups,
    size_t lines, slu_base64_alphabet alphabet)
{
	const size_t bytes = groups * SLU_BASE64_GROUP;
	uint8x16x4_t characters = load_table(slu_base64_characters[alphabet]);

	for (; lines > 0 && bytes * (lines - 1) >= BYTES; lines--) {
		for (size_t n = 0; n < groups; n += GROUPS)
			encode_step(out + n * SLU_BASE64_TEXT,
			    in + n * SLU_BASE64_GROUP, characters);
		in += bytes;
		out += groups * SLU_BASE64_TEXT;
		*out++ = '\n';
	}
	for (; lines > 0; lines--) {
		encode(out, in, groups, alphabet);
		in += bytes;
		out += groups * SLU_BASE64_TEXT;
		*out++ = '\n';
	}
}

/* Decode a step; a group that is bad has the top bit of its lane set. */
static inline uint8x16_t
decode_step(unsigned char *out, const unsigned char *in, uint8x16x4_t low,
    uint8x16x4_t high)
{
	uint8x16x4_t text = vld4q_u8(in), v;
	uint8x16_t bad = vdupq_n_u8(0);
	uint8x16x3_t bytes;

	for (int i = 0; i < 4; i++) {
		v.val[i] = vqtbl4q_u8(low, text.val[i]);
		v.val[i] = vqtbx4q_u8(
		    v.val[i], high, vsubq_u8(text.val[i], vdupq_n_u8(64)));
		bad = vorrq_u8(bad, vorrq_u8(text.val[i], v.val[i]));
	}
	bytes.val[0] = vsliq_n_u8(vshrq_n_u8(v.val[1], 4), v.val[0], 2);
	bytes.val[1] = vsliq_n_u8(vshrq_n_u8(v.val[2], 2), v.val[1], 4);
	bytes.val[2] = vsliq_n_u8(v.val[3], v.val[2], 6);
	vst3q_u8(out, bytes);
	return bad;
}

/* Four bits for each lane whose top bit is set: one for each character. */
static inline uint64_t
bits_of(uint8x16_t bad)
{
	bad = vcltq_s8(vreinterpretq_s8_u8(bad), vdupq_n_s8(0));
	return vget_lane_u64(
	    vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(bad), 4)), 0);
}

/* Decode `n` characters, and tell whether all of them were good. */
static inline bool
decode_run(unsigned char *out, const unsigned char *in, size_t n,
    uint8x16x4_t low, uint8x16x4_t high)
{
	uint8x16_t bad = vdupq_n_u8(0), last;

	for (; n > CHARACTERS; n -= CHARACTERS) {
		bad = vorrq_u8(bad, decode_step(out, in, low, high));
		in += CHARACTERS;
		out += BYTES;
	}
	last = decode_step(out, in, low, high);
	return (bits_of(bad) | bits_of(last) << (CHARACTERS - n)) == 0;
}

/* Decode lines as they are expected, up to one that is not so. */
static inline void
decode_lines(
    slu_base64_run *r, slu_base64_line *l, uint8x16x4_t low, uint8x16x4_t high)
{
	const slu_base64_line next = slu_base64_line_next(l);
	const size_t most = slu_base64_line_fit(&next, r, CHARACTERS);
	const unsigned char *in = r->in;
	unsigned char *out = r->out;
	size_t n;

	for (n = 0; n < most; n++) {
		if (!decode_run(out, in, next.chars, low, high) ||
		    !slu_base64_line_ends(&next, in))
			break;
		in += next.chars + next.ending;
		out += next.chars / SLU_BASE64_TEXT * SLU_BASE64_GROUP;
	}
	slu_base64_line_on(l, &next, r, n);
}

static void
decode(slu_base64_run *r, slu_base64_alphabet alphabet)
{
	const unsigned char *of = slu_base64_values[alphabet];
	uint8x16x4_t low = load_table(of), high = load_table(of + 64);
	slu_base64_line line = { 0 };
	slu_base64_run at = *r;
	uint64_t bad;
	size_t n;

	for (;;) {
		decode_lines(&at, &line, low, high);
		if (at.in_len < CHARACTERS || at.out_cap < BYTES)
			break;
		bad = bits_of(decode_step(at.out, at.in, low, high));
		n = bad == 0 ? CHARACTERS : (size_t)__builtin_ctzll(bad);
		if (!slu_base64_line_step(&line, &at, n, CHARACTERS))
			break;
	}
	*r = at;
	slu_base64_block_decode(r, alphabet);
}

const slu_base64_path slu_base64_neon = {
	.name = "neon",
	.usable = usable,
	.encode = encode,
	.encode_lines = encode_lines,
	.decode = decode,
};

#endif
