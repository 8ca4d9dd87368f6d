/* SPDX-License-Identifier: ISC */
/*
 * The path of x86-64 processors with AVX2.  Its look-ups have 16 entries,
 * so characters and values are told apart by ranges: what must be added to
 * a value of a range gives its character, and the other way round.
 */
#include "base64_path.h"

#if defined(__GNUC__) && defined(__x86_64__)

#include <immintrin.h>

#include "base64_block.h"

#define AVX2 __attribute__((target("avx2")))

#define CHARACTERS 32 /* of a vector */
#define GROUPS (CHARACTERS / SLU_BASE64_TEXT)
#define LANE 12 /* bytes that each half of a vector encodes */
#define READ 28 /* bytes that are read to encode a vector */

struct tables {
	/*
	 * What to add to a value: the first range is 0 to 25, the second 26
	 * to 51, and each value from 52 on is a range of its own.
	 */
	signed char encode[16];
	/*
	 * A character has a value unless the entries of its two halves of 4
	 * bits share a bit: each upper half that has values has a bit, but
	 * that 4 and 6 are alike, and a lower half has those of the upper
	 * ones with which it makes no character of the alphabet.
	 */
	unsigned char lower[16], upper[16];
	/* What to add to a character, by its upper half, */
	signed char decode[16];
	/* and what more to one that differs from its neighbours. */
	signed char other, more;
};

#define DIGITS -4, -4, -4, -4, -4, -4, -4, -4, -4, -4
#define UPPER \
	{ \
		32, 32, 1, 2, 4, 8, 4, 16, 32, 32, 32, 32, 32, 32, 32, 32 \
	}

static const struct tables tables[] = {
	[SLU_BASE64_STANDARD] = {
		.encode = { 65, 71, DIGITS, '+' - 62, '/' - 63 },
		.lower = { 0x25, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21,
		    0x21, 0x23, 0x3a, 0x3b, 0x3b, 0x3b, 0x3a },
		.upper = UPPER,
		.decode = { 0, 0, 62 - '+', 4, -65, -65, -71, -71 },
		.other = '/',
		.more = (63 - '/') - (62 - '+'),
	},
	[SLU_BASE64_URL] = {
		.encode = { 65, 71, DIGITS, '-' - 62, '_' - 63 },
		.lower = { 0x25, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21, 0x21,
		    0x21, 0x23, 0x3b, 0x3b, 0x3a, 0x3b, 0x33 },
		.upper = UPPER,
		.decode = { 0, 0, 62 - '-', 4, -65, -65, -71, -71 },
		.other = '_',
		.more = (63 - '_') - -65,
	},
};

static bool
usable(void)
{
	return __builtin_cpu_supports("avx2");
}

/* The same 16 entries for both halves of a vector. */
AVX2 static inline __m256i
both(const void *entries)
{
	return _mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const __m128i *)entries));
}

/* Read LANE bytes for each half, and four more behind them. */
AVX2 static inline __m256i
load_lanes(const unsigned char *in)
{
	__m128i first = _mm_loadu_si128((const __m128i *)in);
	__m128i second = _mm_loadu_si128((const __m128i *)(in + LANE));

	return _mm256_inserti128_si256(
	    _mm256_castsi128_si256(first), second, 1);
}

AVX2 static inline __m256i
encode_vector(__m256i in, __m256i shifts)
{
	/* Of each group, the bytes b a c b: then every field lies whole. */
	const __m256i spread =
	    _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,
		1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
	__m256i v, even, odd, range;

	v = _mm256_shuffle_epi8(in, spread);
	/* Multiplication shifts each half of a group by its own distance. */
	even = _mm256_and_si256(v, _mm256_set1_epi32(0x0fc0fc00));
	even = _mm256_mulhi_epu16(even, _mm256_set1_epi32(0x04000040));
	odd = _mm256_and_si256(v, _mm256_set1_epi32(0x003f03f0));
	odd = _mm256_mullo_epi16(odd, _mm256_set1_epi32(0x01000010));
	v = _mm256_or_si256(even, odd);
	range = _mm256_subs_epu8(v, _mm256_set1_epi8(51));
	range =
	    _mm256_sub_epi8(range, _mm256_cmpgt_epi8(v, _mm256_set1_epi8(25)));
	return _mm256_add_epi8(v, _mm256_shuffle_epi8(shifts, range));
}

/*
 * Encode vectors, up to the last one that there are READ bytes for; returns
 * how many groups, which may be more than were asked for.
 */
AVX2 static inline size_t
encode_run(unsigned char *out, const unsigned char *in, size_t groups,
    size_t readable, __m256i shifts)
{
	size_t n;
	__m256i v;

	for (n = 0; n < groups && readable >= READ; n += GROUPS) {
		v = encode_vector(load_lanes(in), shifts);
		_mm256_storeu_si256((__m256i *)out, v);
		in += GROUPS * SLU_BASE64_GROUP;
		out += CHARACTERS;
		readable -= GROUPS * SLU_BASE64_GROUP;
	}
	return n;
}

AVX2 static void
encode(unsigned char *out, const unsigned char *in, size_t groups,
    slu_base64_alphabet alphabet)
{
	size_t n = encode_run(out, in, groups, groups * SLU_BASE64_GROUP,
	    both(tables[alphabet].encode));

	slu_base64_block_encode(out + n * SLU_BASE64_TEXT,
	    in + n * SLU_BASE64_GROUP, groups - n, alphabet);
}

/*
 * What a line's last vector encodes too much is overwritten by the next one,
 * so long as there is as much still to come.
 */
AVX2 static void
encode_lines(unsigned char *out, const unsigned char *in, size_t groups,
    size_t lines, slu_base64_alphabet alphabet)
{
	const size_t bytes = groups * SLU_BASE64_GROUP;
	__m256i shifts = both(tables[alphabet].encode);

	for (; lines > 0; lines--) {
		if (bytes * (lines - 1) >= READ)
			(void)encode_run(
			    out, in, groups, bytes * lines, shifts);
		else
			encode(out, in, groups, alphabet);
		in += bytes;
		out += groups * SLU_BASE64_TEXT;
		*out++ = '\n';
	}
}

/* The tables for decoding, where a loop has them at hand. */
struct decoding {
	__m256i lower, upper, add, other, more;
};

AVX2 static inline struct decoding
load_tables(const struct tables *t)
{
	return (struct decoding){
		.lower = both(t->lower),
		.upper = both(t->upper),
		.add = both(t->decode),
		.other = _mm256_set1_epi8(t->other),
		.more = _mm256_set1_epi8(t->more),
	};
}

/* The values of a vector of characters, joined to 24 bytes. */
AVX2 static inline __m256i
join(__m256i values)
{
	const __m256i pack =
	    _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1,
		-1, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);

	values = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
	values = _mm256_madd_epi16(values, _mm256_set1_epi32(0x00011000));
	values = _mm256_shuffle_epi8(values, pack);
	return _mm256_permutevar8x32_epi32(
	    values, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

/* Decode one vector; what of it is bad is not zero. */
AVX2 static inline __m256i
decode_vector(
    unsigned char *out, const unsigned char *in, const struct decoding *d)
{
	const __m256i half = _mm256_set1_epi8(15);
	__m256i text = _mm256_loadu_si256((const __m256i *)in);
	__m256i lower = _mm256_and_si256(text, half);
	__m256i upper = _mm256_and_si256(_mm256_srli_epi16(text, 4), half);
	__m256i add = _mm256_shuffle_epi8(d->add, upper);
	__m256i more = _mm256_cmpeq_epi8(text, d->other);

	lower = _mm256_shuffle_epi8(d->lower, lower);
	upper = _mm256_shuffle_epi8(d->upper, upper);
	add = _mm256_add_epi8(add, _mm256_and_si256(more, d->more));
	_mm256_storeu_si256((__m256i *)out, join(_mm256_add_epi8(text, add)));
	return _mm256_and_si256(lower, upper);
}

/* A bit for each byte that is not zero. */
AVX2 static inline unsigned
bits_of(__m256i bad)
{
	bad = _mm256_cmpeq_epi8(bad, _mm256_setzero_si256());
	return ~(unsigned)_mm256_movemask_epi8(bad);
}

/* Decode `n` characters, and tell whether all of them were good. */
AVX2 static inline bool
decode_run(unsigned char *out, const unsigned char *in, size_t n,
    const struct decoding *d)
{
	__m256i bad = _mm256_setzero_si256(), last;

	for (; n > CHARACTERS; n -= CHARACTERS) {
		bad = _mm256_or_si256(bad, decode_vector(out, in, d));
		in += CHARACTERS;
		out += GROUPS * SLU_BASE64_GROUP;
	}
	last = decode_vector(out, in, d);
	return (bits_of(bad) | bits_of(last) << (CHARACTERS - n)) == 0;
}

/* Decode lines as they are expected, up to one that is not so. */
AVX2 static inline void
decode_lines(slu_base64_run *r, slu_base64_line *l, const struct decoding *d)
{
	const slu_base64_line next = slu_base64_line_next(l);
	const size_t most = slu_base64_line_fit(&next, r, CHARACTERS);
	const unsigned char *in = r->in;
	unsigned char *out = r->out;
	size_t n;

	for (n = 0; n < most; n++) {
		if (!decode_run(out, in, next.chars, d) ||
		    !slu_base64_line_ends(&next, in))
			break;
		in += next.chars + next.ending;
		out += next.chars / SLU_BASE64_TEXT * SLU_BASE64_GROUP;
	}
	slu_base64_line_on(l, &next, r, n);
}

AVX2 static void
decode(slu_base64_run *r, slu_base64_alphabet alphabet)
{
	const struct decoding d = load_tables(&tables[alphabet]);
	slu_base64_line line = { 0 };
	slu_base64_run at = *r;
	unsigned bad;
	size_t n;

	for (;;) {
		decode_lines(&at, &line, &d);
		if (at.in_len < CHARACTERS || at.out_cap < CHARACTERS)
			break;
		bad = bits_of(decode_vector(at.out, at.in, &d));
		n = bad == 0 ? CHARACTERS : (size_t)__builtin_ctz(bad);
		if (!slu_base64_line_step(&line, &at, n, CHARACTERS))
			break;
	}
	*r = at;
	slu_base64_block_decode(r, alphabet);
}

const slu_base64_path slu_base64_avx2 = {
	.name = "avx2",
	.usable = usable,
	.encode = encode,
	.encode_lines = encode_lines,
	.decode = decode,
};

#endif
