/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <sodium.h>

#include "chi.h"
#include "oom.h"
#include "sluice/rand.h"
#include "sluice/stream.h"

#define LEN 20000 /* bytes */

static const unsigned char seed[SLU_STREAM_SEED] = { 0, 1, 2, 3, 4, 5, 6, 7, 8,
	9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
	27, 28, 29, 30, 31 };

/* What libsodium 1.0.18 gives for that seed, at 0 and at 4032. */
static const unsigned char first[32] = { 0x0d, 0x8e, 0x6c, 0xc6, 0x87, 0x15,
	0x64, 0x89, 0x26, 0x73, 0x2e, 0x7e, 0xa7, 0x32, 0x50, 0xcf, 0xaf, 0x2d,
	0x58, 0x42, 0x20, 0x83, 0x90, 0x4c, 0x84, 0x1a, 0x8b, 0xa3, 0x3b, 0x98,
	0x61, 0x11 };
static const unsigned char at_4032[32] = { 0x90, 0xea, 0x5b, 0x8e, 0x3b, 0xf1,
	0x43, 0xcf, 0x21, 0x92, 0xbe, 0x73, 0xc0, 0xfb, 0x24, 0x1a, 0x62, 0x36,
	0xb9, 0x11, 0xc9, 0x67, 0x53, 0x95, 0x3b, 0x2f, 0x6d, 0xdf, 0x7b, 0xc4,
	0x98, 0x54 };

static slu_stream *
begin(void)
{
	slu_stream *s = NULL;

	CHECK_OK(slu_stream_new(&s, seed));
	return s;
}

static void
the_bytes_of_a_seed_are_known(void **state)
{
	unsigned char bytes[4064];
	slu_stream *s = begin();

	(void)state;
	slu_stream_bytes(s, bytes, sizeof(bytes));
	CHECK_BYTES(first, 32, bytes, 32);
	CHECK_BYTES(at_4032, 32, bytes + 4032, 32);
	slu_stream_free(s);
}

static void
the_bytes_are_those_of_libsodium(void **state)
{
	static unsigned char ours[LEN], theirs[LEN];
	unsigned char any[SLU_STREAM_SEED];
	slu_stream *s;

	(void)state;
	CHECK(sodium_init() >= 0);
	for (size_t i = 0; i < 20; i++) {
		s = NULL;
		slu_rand_bytes(any, sizeof(any));
		CHECK_OK(slu_stream_new(&s, any));
		slu_stream_bytes(s, ours, sizeof(ours));
		randombytes_buf_deterministic(theirs, sizeof(theirs), any);
		CHECK_BYTES(theirs, LEN, ours, LEN);
		slu_stream_free(s);
	}
}

static void
any_pieces_are_the_same_stream(void **state)
{
	static const size_t sizes[] = { 1, 3, 7, 8, 63, 64, 65, 1000, 1023,
		1024, 1025, 5000 };
	static unsigned char whole[LEN], pieces[LEN];
	slu_stream *s = begin();
	size_t n, at;

	(void)state;
	slu_stream_bytes(s, whole, LEN);
	slu_stream_free(s);
	for (size_t i = 0; i < 40; i++) {
		s = begin();
		at = 0;
		for (size_t k = i; at < LEN; k += 1 + i / 12) {
			n = sizes[k % (sizeof(sizes) / sizeof(sizes[0]))];
			n = n < LEN - at ? n : LEN - at;
			slu_stream_bytes(s, pieces + at, n);
			at += n;
		}
		CHECK_BYTES(whole, LEN, pieces, LEN);
		slu_stream_free(s);
	}
}

static void
no_byte_is_written_that_was_not_asked_for(void **state)
{
	static unsigned char buf[3000];
	slu_stream *s = begin();

	(void)state;
	slu_stream_bytes(s, NULL, 0);
	for (size_t len = 0; len < 2500; len += 83) {
		memset(buf, 0xa5, sizeof(buf));
		slu_stream_bytes(s, buf + 1, len);
		CHECK(buf[0] == 0xa5 && buf[len + 1] == 0xa5);
	}
	slu_stream_free(s);
}

/* Numbers of the same stream, reckoned from its bytes by another program. */
static void
the_numbers_of_a_seed_are_known(void **state)
{
	static const uint64_t dice[] = { 4, 1, 0, 4, 5, 2, 1, 1, 1, 3 };
	/* Of these 9 draws were needed for 5 numbers. */
	static const uint64_t large[] = { 0x1de508047fb864d2,
		0x1cc252ca893f0ebc, 0x19f25c8025634815, 0x270bbf564ef83ef6,
		0x5d572e0cdfb5c2e7 };
	static const int64_t small[] = { 3, -1, -2, -2, 1, 0, -2, 3 };
	slu_stream *s = begin();

	(void)state;
	CHECK(slu_stream_u64(s) == 0x89641587c66c8e0d);
	for (size_t i = 0; i < 10; i++)
		CHECK(slu_stream_below(s, 6) == dice[i]);
	for (size_t i = 0; i < 5; i++)
		CHECK(slu_stream_below(s, (UINT64_C(1) << 63) + 1) == large[i]);
	for (size_t i = 0; i < 8; i++)
		CHECK(slu_stream_between(s, -3, 3) == small[i]);
	CHECK(slu_stream_between(s, INT64_MAX, INT64_MIN) ==
	      -2695795830708835405);
	CHECK(
	    slu_stream_between(s, INT64_MIN, INT64_MAX) == 5280911020302913298);
	CHECK(slu_stream_real(s) == 0x1.f7a3cc2e821f8p-3);
	CHECK(slu_stream_real(s) == 0x1.65b7346eed880p-3);
	CHECK(slu_stream_real(s) == 0x1.13899cb4f7d4ep-1);
	CHECK(slu_stream_bits(s, 0) == 0);
	CHECK(slu_stream_bits(s, 1) == 0);
	CHECK(slu_stream_bits(s, 7) == 0x1e);
	CHECK(slu_stream_bits(s, 33) == 0xb08c3a49);
	CHECK(slu_stream_bits(s, 64) == 0x8e18a36bae3a594d);
	slu_stream_free(s);
}

static void
large_numbers_of_a_seed_are_known(void **state)
{
	static const unsigned char bound[5] = { 0, 0, 0x81, 0xff, 0 };
	static const unsigned char want[4][5] = {
		{ 0, 0, 0x21, 0xbe, 0x66 },
		{ 0, 0, 0x57, 0x4e, 0x70 },
		{ 0, 0, 0x0e, 0x94, 0x4b },
		{ 0, 0, 0x49, 0xcc, 0x21 },
	};
	unsigned char skipped[296], v[5];
	slu_stream *s = begin();

	(void)state;
	slu_stream_bytes(s, skipped, sizeof(skipped));
	for (size_t i = 0; i < 4; i++) {
		slu_stream_big(s, v, bound, sizeof(v));
		CHECK_BYTES(want[i], 5, v, 5);
	}
	/* And then an odd place to take a number from. */
	slu_stream_bytes(s, v, sizeof(v));
	CHECK(slu_stream_u64(s) == 0x573e1117cabc9bf1);
	slu_stream_free(s);
}

static void
a_number_across_the_border_of_the_pool_is_whole(void **state)
{
	unsigned char bytes[1040];
	slu_stream *s;
	uint64_t want;

	(void)state;
	s = begin();
	slu_stream_bytes(s, bytes, sizeof(bytes));
	slu_stream_free(s);
	for (size_t at = 1010; at < 1030; at++) {
		want = 0;
		for (size_t i = 0; i < 8; i++)
			want |= (uint64_t)bytes[at + i] << 8 * i;
		s = begin();
		for (size_t i = 0; i < at; i++)
			slu_stream_bytes(s, &(unsigned char){ 0 }, 1);
		CHECK(slu_stream_u64(s) == want);
		slu_stream_free(s);
	}
}

static void
numbers_below_a_bound_are_equally_likely(void **state)
{
	static const uint64_t bounds[] = { 2, 3, 10, 96, 7776,
		(UINT64_C(1) << 32) + 1, UINT64_C(3) << 62,
		(UINT64_C(1) << 63) + 1, UINT64_MAX };
	static const size_t buckets[] = { 2, 3, 10, 96, 96, 16, 96, 16, 16 };
	slu_stream *s = begin();
	uint64_t counts[97];

	(void)state;
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		memset(counts, 0, sizeof(counts));
		for (int k = 0; k < 50000; k++)
			counts[slu_stream_below(s, bounds[i]) /
			       (bounds[i] / buckets[i])]++;
		CHECK(counts[buckets[i]] <= 1);
		CHECK(chi_uniform(counts, buckets[i]));
	}
	slu_stream_free(s);
}

static void
real_numbers_fill_the_unit_evenly_and_never_reach_1(void **state)
{
	slu_stream *s = begin();
	uint64_t upper[64] = { 0 }, lower[64] = { 0 };

	(void)state;
	for (int i = 0; i < 200000; i++) {
		double v = slu_stream_real(s);

		CHECK(v >= 0 && v < 1);
		upper[(size_t)(v * 64)]++;
		lower[(uint64_t)(v * 0x1p53) % 64]++;
	}
	CHECK(chi_uniform(upper, 64));
	CHECK(chi_uniform(lower, 64));
	slu_stream_free(s);
}

/* Where a stream goes on when the 32 bits of libsodium's counter are out. */
static void
behind_256_gib_the_counter_of_libcrypto_has_64_bits(void **state)
{
	unsigned char iv[17] = "\xff\xff\xff\xffLibsodiumDRG";
	unsigned char over[128] = { 0 }, next[64] = { 0 };
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "ChaCha20", NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	(void)state;
	CHECK(EVP_EncryptInit_ex2(ctx, cipher, seed, iv, NULL) == 1);
	CHECK(EVP_EncryptUpdate(ctx, over, &n, over, 128) == 1);
	memset(iv, 0, 4);
	iv[4]++;
	CHECK(EVP_EncryptInit_ex2(ctx, NULL, seed, iv, NULL) == 1);
	CHECK(EVP_EncryptUpdate(ctx, next, &n, next, 64) == 1);
	CHECK_BYTES(next, 64, over + 64, 64);
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
}

static void
streams_of_different_seeds_share_nothing(void **state)
{
	unsigned char other[SLU_STREAM_SEED] = { 0 }, a[16], b[16];
	slu_stream *s = begin(), *t = NULL;

	(void)state;
	CHECK_OK(slu_stream_new(&t, other));
	for (int i = 0; i < 200; i++) {
		slu_stream_bytes(s, a, sizeof(a));
		slu_stream_bytes(t, b, sizeof(b));
		CHECK(memcmp(a, b, sizeof(a)) != 0);
	}
	slu_stream_free(s);
	slu_stream_free(t);
}

static void
without_memory_there_is_no_stream(void **state)
{
	oom_hit hit = OOM_OURS;

	(void)state;
	slu_stream_free(begin()); /* OpenSSL's own preparations */
	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_stream *s = NULL;
		slu_status st;

		CHECK(k < 1000);
		oom_arm(k);
		st = slu_stream_new(&s, seed);
		hit = oom_disarm();
		CHECK((st == SLU_OK) == (s != NULL));
		CHECK(st == SLU_OK || st == SLU_ERR_MEMORY ||
		      st == SLU_ERR_CRYPTO);
		if (hit != OOM_OPENSSL)
			CHECK_IS(hit == OOM_NONE ? SLU_OK : SLU_ERR_MEMORY, st);
		CHECK(ERR_peek_error() == 0);
		slu_stream_free(s);
	}
}

static void
without_chacha20_there_is_no_stream(void **state)
{
	OSSL_LIB_CTX *bare = OSSL_LIB_CTX_new(), *before;
	OSSL_PROVIDER *null = OSSL_PROVIDER_load(bare, "null");
	slu_stream *s = NULL;

	(void)state;
	CHECK(null != NULL);
	before = OSSL_LIB_CTX_set0_default(bare);
	CHECK_IS(SLU_ERR_CRYPTO, slu_stream_new(&s, seed));
	OSSL_LIB_CTX_set0_default(before);
	CHECK_WORDS("stream: OpenSSL cannot give ChaCha20");
	CHECK(s == NULL && ERR_peek_error() == 0);
	OSSL_PROVIDER_unload(null);
	OSSL_LIB_CTX_free(bare);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bytes_of_a_seed_are_known),
		cmocka_unit_test(the_bytes_are_those_of_libsodium),
		cmocka_unit_test(any_pieces_are_the_same_stream),
		cmocka_unit_test(no_byte_is_written_that_was_not_asked_for),
		cmocka_unit_test(the_numbers_of_a_seed_are_known),
		cmocka_unit_test(large_numbers_of_a_seed_are_known),
		cmocka_unit_test(
		    a_number_across_the_border_of_the_pool_is_whole),
		cmocka_unit_test(numbers_below_a_bound_are_equally_likely),
		cmocka_unit_test(
		    real_numbers_fill_the_unit_evenly_and_never_reach_1),
		cmocka_unit_test(
		    behind_256_gib_the_counter_of_libcrypto_has_64_bits),
		cmocka_unit_test(streams_of_different_seeds_share_nothing),
		cmocka_unit_test(without_memory_there_is_no_stream),
		cmocka_unit_test(without_chacha20_there_is_no_stream),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
