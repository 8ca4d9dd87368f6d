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
#define BYTES (GROUPS * SLU_BASE64_GROUP)

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

/*
 * A whole vector is read for the 48 bytes that it encodes, and where a few
 * are left of a line, a quarter of one for 12: masks would cost more.
 */
VBMI static inline void
encode_whole(unsigned char *out, const unsigned char *in, __m512i chars)
{
	__m512i v = encode_vector(_mm512_loadu_si512(in), chars);

	_mm512_storeu_si512(out, v);
}

VBMI static inline void
encode_quarter(unsigned char *out, const unsigned char *in, __m512i chars)
{
	__m128i quarter = _mm_loadu_si128((const __m128i *)in);
	__m512i v = encode_vector(_mm512_castsi128_si512(quarter), chars);

	_mm_storeu_si128((__m128i *)out, _mm512_castsi512_si128(v));
}

/* Encode as many groups as a vector holds, or fewer, and touch no more. */
VBMI static inline void
encode_masked(
    unsigned char *out, const unsigned char *in, size_t groups, __m512i chars)
{
	__m512i v = _mm512_maskz_loadu_epi8(lowest(3 * groups), in);

	v = encode_vector(v, chars);
	if (groups < GROUPS)
		_mm512_mask_storeu_epi8(out, lowest(4 * groups), v);
	else
		_mm512_storeu_si512(out, v);
}

VBMI static void
encode(unsigned char *out, const unsigned char *in, size_t groups,
    slu_base64_alphabet alphabet)
{
	__m512i chars = _mm512_loadu_si512(slu_base64_characters[alphabet]);
	size_t n;

	for (; groups * SLU_BASE64_GROUP >= CHARACTERS; groups -= GROUPS) {
		encode_whole(out, in, chars);
		in += BYTES;
		out += CHARACTERS;
	}
	for (; groups > 0; groups -= n) {
		n = groups < GROUPS ? groups : GROUPS;
		encode_masked(out, in, n, chars);
		in += n * SLU_BASE64_GROUP;
		out += n * SLU_BASE64_TEXT;
	}
}

/*
 * What a line's last vector encodes too much is overwritten by the next one,
 * so long as there is as much still to come.
 */
VBMI static void
encode_lines(unsigned char *out, const unsigned char *in, size_t groups,
    size_t lines, slu_base64_alphabet alphabet)
{
	__m512i chars = _mm512_loadu_si512(slu_base64_characters[alphabet]);
	const size_t rest = groups % GROUPS, bytes = groups * SLU_BASE64_GROUP;

	for (; lines > 0 && bytes * (lines - 1) >= CHARACTERS; lines--) {
		for (size_t n = groups / GROUPS; n > 0; n--) {
			encode_whole(out, in, chars);
			in += BYTES;
			out += CHARACTERS;
		}
		if (rest > GROUPS / 4)
			encode_whole(out, in, chars);
		else if (rest > 0)
			encode_quarter(out, in, chars);
		in += rest * SLU_BASE64_GROUP;
		out += rest * SLU_BASE64_TEXT;
		*out++ = '\n';
	}
	for (; lines > 0; lines--) {
		encode(out, in, groups, alphabet);
		in += bytes;
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

/* Which characters are bad: their top bits are set. */
VBMI static inline __m512i
find_bad(__m512i text, __m512i values)
{
	return _mm512_or_si512(text, values);
}

/* Decode one vector, and give what of it is bad. */
VBMI static inline __m512i
decode_whole(
    unsigned char *out, const unsigned char *in, __m512i low, __m512i high)
{
	__m512i text = _mm512_loadu_si512(in);
	__m512i values = _mm512_permutex2var_epi8(low, text, high);

	_mm512_storeu_si512(out, join(values));
	return find_bad(text, values);
}

/* The same for a quarter of one; what is not there is bad. */
VBMI static inline __m512i
decode_quarter(
    unsigned char *out, const unsigned char *in, __m512i low, __m512i high)
{
	__m128i quarter = _mm_loadu_si128((const __m128i *)in);
	__m512i text = _mm512_zextsi128_si512(quarter);
	__m512i values = _mm512_permutex2var_epi8(low, text, high);

	_mm_storeu_si128((__m128i *)out, _mm512_castsi512_si128(join(values)));
	return find_bad(text, values);
}

/* Decode `n` characters, and tell whether all of them were good. */
VBMI static inline bool
decode_run(unsigned char *out, const unsigned char *in, size_t n, __m512i low,
    __m512i high)
{
	__m512i bad = _mm512_setzero_si512(), last;

	for (; n > CHARACTERS; n -= CHARACTERS) {
		bad = _mm512_or_si512(bad, decode_whole(out, in, low, high));
		in += CHARACTERS;
		out += BYTES;
	}
	if (n > CHARACTERS / 4)
		last = decode_whole(out, in, low, high);
	else
		last = decode_quarter(out, in, low, high);
	return (_mm512_movepi8_mask(bad) | _mm512_movepi8_mask(last)
					       << (CHARACTERS - n)) == 0;
}

/* Decode lines as they are expected, up to one that is not so. */
VBMI static inline void
decode_lines(slu_base64_run *r, slu_base64_line *l, __m512i low, __m512i high)
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

VBMI static void
decode(slu_base64_run *r, slu_base64_alphabet alphabet)
{
	const unsigned char *of = slu_base64_values[alphabet];
	__m512i low = _mm512_loadu_si512(of);
	__m512i high = _mm512_loadu_si512(of + CHARACTERS);
	slu_base64_line line = { 0 };
	slu_base64_run at = *r;
	__mmask64 bad;
	size_t n;

	for (;;) {
		decode_lines(&at, &line, low, high);
		if (at.in_len < CHARACTERS || at.out_cap < CHARACTERS)
			break;
		bad =
		    _mm512_movepi8_mask(decode_whole(at.out, at.in, low, high));
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
