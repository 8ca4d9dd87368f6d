/* SPDX-License-Identifier: ISC */
/*
 * The path of x86-64 processors with AVX-512 VBMI, whose instructions look
 * up 64 bytes at once: an alphabet is one register, and the values of all
 * ASCII characters are two.
 */
#include "base64_path.h"

#if defined(__GNUC__) && defined(__x86_64__)

#include <immintrin.h>

#include "base64_block.h"
#include "base64_table.h"

#define VBMI __attribute__((target("avx512f,avx512bw,avx512vbmi")))

#define CHARACTERS 64 /* of a vector */
#define GROUPS (CHARACTERS / SLU_BASE64_TEXT)

/* Of each group, the bytes b a c b: every field of 6 bits then lies whole. */
#define SPREAD(g) 3 * (g) + 1, 3 * (g), 3 * (g) + 2, 3 * (g) + 1
/* The three bytes of a number of 24 bits, from the top. */
#define PACK(g) 4 * (g) + 2, 4 * (g) + 1, 4 * (g)
#define EACH_GROUP(X) \
	X(0), X(1), X(2), X(3), X(4), X(5), X(6), X(7), X(8), X(9), X(10), \
	    X(11), X(12), X(13), X(14), X(15)

static const unsigned char spread[CHARACTERS] = { EACH_GROUP(SPREAD) };
static const unsigned char pack[CHARACTERS] = { EACH_GROUP(PACK) };

static bool
usable(void)
{
	return __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vbmi");
}

/* The lowest `n` bits, fewer than 64. */
static inline __mmask64
lowest(size_t n)
{
	return ((__mmask64)1 << n) - 1;
}

VBMI static inline __m512i
encode_vector(__m512i in, __m512i characters)
{
	/* Where the fields of b a c b begin; the look-up takes 6 bits. */
	const __m512i fields = _mm512_set1_epi64(0x3036242a1016040a);

	in = _mm512_permutexvar_epi8(_mm512_loadu_si512(spread), in);
	in = _mm512_multishift_epi64_epi8(fields, in);
	return _mm512_permutexvar_epi8(in, characters);
}

VBMI static inline void
encode_run(
    unsigned char *out, const unsigned char *in, size_t groups, __m512i chars)
{
	__m512i v;

	for (; groups >= GROUPS; groups -= GROUPS) {
		v = _mm512_maskz_loadu_epi8(lowest(3 * GROUPS), in);
		_mm512_storeu_si512(out, encode_vector(v, chars));
		in += 3 * GROUPS;
		out += CHARACTERS;
	}
	if (groups == 0)
		return;
	v = _mm512_maskz_loadu_epi8(lowest(3 * groups), in);
	_mm512_mask_storeu_epi8(
	    out, lowest(4 * groups), encode_vector(v, chars));
}

VBMI static void
encode(unsigned char *out, const unsigned char *in, size_t groups,
    slu_base64_alphabet alphabet)
{
	encode_run(out, in, groups,
	    _mm512_loadu_si512(slu_base64_characters[alphabet]));
}

VBMI static void
encode_lines(unsigned char *out, const unsigned char *in, size_t groups,
    size_t lines, slu_base64_alphabet alphabet)
{
	__m512i chars = _mm512_loadu_si512(slu_base64_characters[alphabet]);

	for (; lines > 0; lines--) {
		encode_run(out, in, groups, chars);
		in += groups * SLU_BASE64_GROUP;
		out += groups * SLU_BASE64_TEXT;
		*out++ = '\n';
	}
}

/* Join four values to 24 bits, and these to one row of bytes. */
VBMI static inline __m512i
join(__m512i values)
{
	values = _mm512_maddubs_epi16(values, _mm512_set1_epi32(0x01400140));
	values = _mm512_madd_epi16(values, _mm512_set1_epi32(0x00011000));
	return _mm512_permutexvar_epi8(_mm512_loadu_si512(pack), values);
}

/* Decode one vector; what of it is bad has its top bit set. */
VBMI static inline __m512i
decode_vector(
    unsigned char *out, const unsigned char *in, __m512i low, __m512i high)
{
	__m512i text = _mm512_loadu_si512(in);
	__m512i values = _mm512_permutex2var_epi8(low, text, high);

	_mm512_storeu_si512(out, join(values));
	return _mm512_or_si512(text, values);
}

/* Decode `n` characters, and tell whether all of them were good. */
VBMI static inline bool
decode_run(unsigned char *out, const unsigned char *in, size_t n, __m512i low,
    __m512i high)
{
	__m512i bad = _mm512_setzero_si512(), last;

	for (; n > CHARACTERS; n -= CHARACTERS) {
		bad = _mm512_or_si512(bad, decode_vector(out, in, low, high));
		in += CHARACTERS;
		out += CHARACTERS / 4 * 3;
	}
	last = decode_vector(out, in, low, high);
	return (_mm512_movepi8_mask(bad) | _mm512_movepi8_mask(last)
					       << (CHARACTERS - n)) == 0;
}

VBMI static void
decode(slu_base64_run *r, slu_base64_alphabet alphabet)
{
	const unsigned char *of = slu_base64_values[alphabet];
	__m512i low = _mm512_loadu_si512(of);
	__m512i high = _mm512_loadu_si512(of + CHARACTERS);
	slu_base64_line line = { .left = SIZE_MAX };
	slu_base64_run at = *r;
	__mmask64 bad;
	size_t n;

	while (at.in_len >= CHARACTERS && at.out_cap >= CHARACTERS) {
		n = slu_base64_line_try(&line, &at, CHARACTERS);
		if (n > 0 && decode_run(at.out, at.in, n, low, high)) {
			slu_base64_line_on(&line, &at, n);
			continue;
		}
		bad = _mm512_movepi8_mask(
		    decode_vector(at.out, at.in, low, high));
		n = bad == 0 ? CHARACTERS : (size_t)__builtin_ctzll(bad);
		if (!slu_base64_line_step(&line, &at, n, CHARACTERS))
			break;
	}
	*r = at;
	slu_base64_block_decode(r, alphabet);
}

const slu_base64_path slu_base64_avx512 = {
	.name = "avx512",
	.usable = usable,
	.encode = encode,
	.encode_lines = encode_lines,
	.decode = decode,
};

#endif
