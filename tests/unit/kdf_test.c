/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "oom.h"
#include "sluice/hash.h"
#include "sluice/kdf.h"

#define KEY "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
#define KEY_22 KEY KEY

static size_t
unhex(unsigned char *out, const char *text)
{
	size_t len = strlen(text) / 2;
	unsigned byte;

	for (size_t i = 0; i < len; i++) {
		CHECK(sscanf(text + 2 * i, "%2x", &byte) == 1);
		out[i] = (unsigned char)byte;
	}
	return len;
}

static void
check_hex(const char *want, const unsigned char *got, size_t len)
{
	unsigned char bytes[256];

	CHECK(strlen(want) <= 2 * sizeof(bytes));
	CHECK_BYTES(bytes, unhex(bytes, want), got, len);
}

/* Appendix A.1 and A.4. */
static void
hkdf_and_its_steps_give_what_rfc_5869_says(void **state)
{
	static const struct {
		const char *digest;
		size_t key_len;
		const char *prk, *okm;
	} cases[] = {
		{ "sha256", 22,
		    "077709362c2e32df0ddc3f0dc47bba63"
		    "90b6c73bb50f9c3122ec844ad7c2b3e5",
		    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56"
		    "ecc4c5bf34007208d5b887185865" },
		{ "SHA-1", 11, "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
		    "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4"
		    "f155fda2c22e422478d305f3f896" },
	};
	unsigned char salt[13], info[10], prk[SLU_HASH_MAX], okm[42];
	size_t n;

	(void)state;
	unhex(salt, "000102030405060708090a0b0c");
	unhex(info, "f0f1f2f3f4f5f6f7f8f9");
	for (size_t i = 0; i < 2; i++) {
		CHECK_OK(slu_hkdf(cases[i].digest, KEY_22, cases[i].key_len,
		    salt, sizeof(salt), info, sizeof(info), okm, sizeof(okm)));
		check_hex(cases[i].okm, okm, sizeof(okm));
		CHECK_OK(
		    slu_hkdf_extract(cases[i].digest, KEY_22, cases[i].key_len,
			salt, sizeof(salt), prk, sizeof(prk), &n));
		check_hex(cases[i].prk, prk, n);
		memset(okm, 0, sizeof(okm));
		CHECK_OK(slu_hkdf_expand(cases[i].digest, prk, n, info,
		    sizeof(info), okm, sizeof(okm)));
		check_hex(cases[i].okm, okm, sizeof(okm));
	}
}

/* What the two steps give is what both in one give, of every digest. */
static void
check_steps(const char *name, void *arg)
{
	unsigned char prk[SLU_HASH_MAX], one[100], two[100];
	slu_hash *h = NULL;
	size_t n, size;
	bool xof;

	CHECK_OK(slu_hash_new(&h, name));
	size = slu_hash_size(h);
	xof = slu_hash_is_xof(h);
	slu_hash_free(h);
	if (xof) {
		CHECK_IS(SLU_ERR_USAGE,
		    slu_hkdf(name, "k", 1, NULL, 0, NULL, 0, one, 10));
		CHECK_WORDS("hash: HKDF needs a digest of a fixed size");
		CHECK_IS(SLU_ERR_USAGE,
		    slu_pbkdf2(name, "k", 1, NULL, 0, 1, one, 10));
		CHECK_WORDS("hash: PBKDF2 needs a digest of a fixed size");
		return;
	}
	CHECK_OK(
	    slu_hkdf(name, "key", 3, "salt", 4, "info", 4, one, sizeof(one)));
	CHECK_OK(
	    slu_hkdf_extract(name, "key", 3, "salt", 4, prk, sizeof(prk), &n));
	CHECK(n == size);
	CHECK_OK(slu_hkdf_expand(name, prk, n, "info", 4, two, sizeof(two)));
	CHECK_BYTES(one, sizeof(one), two, sizeof(two));
	CHECK_OK(slu_pbkdf2(name, "key", 3, "salt", 4, 2, one, sizeof(one)));
	++*(size_t *)arg;
}

static void
hkdf_and_pbkdf2_work_with_every_digest_of_a_fixed_size(void **state)
{
	size_t digests = 0;

	(void)state;
	CHECK_OK(slu_hash_names(check_steps, &digests));
	CHECK(digests >= 14);
}

static void
hkdf_is_held_to_its_limits(void **state)
{
	static unsigned char info[SLU_HKDF_INFO_MAX + 1], out[256 * 32];
	unsigned char prk[32] = { 0 };
	size_t n = 7;

	(void)state;
	CHECK_OK(slu_hkdf("sha256", NULL, 0, NULL, 0, NULL, 0, out, 255 * 32));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_hkdf("sha256", NULL, 0, NULL, 0, NULL, 0, out, 255 * 32 + 1));
	CHECK_WORDS("kdf: bytes of output of 8161; limit is 8160");
	CHECK_OK(slu_hkdf(
	    "sha256", "k", 1, NULL, 0, info, SLU_HKDF_INFO_MAX, out, 255 * 32));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_hkdf("sha256", "k", 1, NULL, 0, info, sizeof(info), out, 32));
	CHECK_WORDS("kdf: bytes of info of 1025; limit is 1024");
	CHECK_OK(slu_hkdf_expand("sha256", prk, 32, NULL, 0, out, 255 * 32));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_hkdf_expand("sha256", prk, 32, NULL, 0, out, 255 * 32 + 1));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_hkdf_expand("sha256", prk, 32, info, sizeof(info), out, 32));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_hkdf_expand("sha256", prk, 31, NULL, 0, out, 32));
	CHECK_WORDS("kdf: a key of 31 bytes, shorter than the digest");
	CHECK_IS(SLU_ERR_USAGE,
	    slu_hkdf("sha256", "k", 1, NULL, 0, NULL, 0, out, 0));
	CHECK_WORDS("kdf: no output asked for");
	CHECK_IS(SLU_ERR_USAGE,
	    slu_hkdf_extract("sha256", "k", 1, NULL, 0, prk, 31, &n));
	CHECK_WORDS("kdf: a key of 32 bytes, there is room for 31");
	CHECK(n == 0);
	CHECK_IS(SLU_ERR_USAGE,
	    slu_hkdf("sha265", "k", 1, NULL, 0, NULL, 0, out, 32));
	CHECK_WORDS("hash: unknown digest 'sha265'; did you mean 'sha256'?");
}

static void
inputs_and_outputs_are_held_to_their_limits(void **state)
{
	static unsigned char in[SLU_KDF_INPUT_MAX + 1], out[SLU_KDF_MAX + 1];
	size_t most = SLU_KDF_INPUT_MAX;

	(void)state;
	CHECK_OK(slu_hkdf("sha256", in, most, in, most, NULL, 0, out, 32));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_hkdf("sha256", in, most + 1, NULL, 0, NULL, 0, out, 32));
	CHECK_WORDS("kdf: bytes of a key of 1048577; limit is 1048576");
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_hkdf("sha256", NULL, 0, in, most + 1, NULL, 0, out, 32));
	CHECK_WORDS("kdf: bytes of a salt of 1048577; limit is 1048576");
	CHECK_OK(slu_pbkdf2("sha1", in, most, in, most, 1, out, 20));
	CHECK_OK(slu_pbkdf2("sha1", NULL, 0, NULL, 0, 1, out, SLU_KDF_MAX));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_pbkdf2("sha1", NULL, 0, NULL, 0, 1, out, SLU_KDF_MAX + 1));
	CHECK_WORDS("kdf: bytes of output of 65537; limit is 65536");
	CHECK_IS(
	    SLU_ERR_LIMIT, slu_scrypt(in, most + 1, NULL, 0, NULL, out, 32));
	CHECK_IS(SLU_ERR_USAGE, slu_scrypt(NULL, 0, NULL, 0, NULL, out, 0));
}

/* RFC 6070: NULs count, and so does each iteration. */
static void
pbkdf2_gives_what_rfc_6070_says(void **state)
{
	unsigned char key[25];

	(void)state;
	CHECK_OK(slu_pbkdf2("sha1", "password", 8, "salt", 4, 1, key, 20));
	check_hex("0c60c80f961f0e71f3a9b524af6012062fe037a6", key, 20);
	CHECK_OK(slu_pbkdf2("sha1", "password", 8, "salt", 4, 4096, key, 20));
	check_hex("4b007901b765489abead49d926f721d065a429c1", key, 20);
	CHECK_OK(slu_pbkdf2("sha1", "passwordPASSWORDpassword", 24,
	    "saltSALTsaltSALTsaltSALTsaltSALTsalt", 36, 4096, key, 25));
	check_hex(
	    "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038", key, 25);
	CHECK_OK(
	    slu_pbkdf2("sha1", "pass\0word", 9, "sa\0lt", 5, 4096, key, 16));
	check_hex("56fa6aa75548099dcc37d7f03425e0c3", key, 16);
}

static void
iterations_are_held_to_their_limit(void **state)
{
	unsigned char key[33];

	(void)state;
	CHECK_IS(
	    SLU_ERR_USAGE, slu_pbkdf2("sha256", "p", 1, "s", 1, 0, key, 32));
	CHECK_WORDS("kdf: PBKDF2 takes one iteration or more");
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_pbkdf2("sha256", "p", 1, "s", 1, SLU_PBKDF2_MAX + 1, key, 32));
	CHECK_WORDS("kdf: 268435457 iterations for each of 1 blocks; limit is "
		    "268435456 in all");
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_pbkdf2("sha256", "p", 1, "s", 1, SLU_PBKDF2_MAX, key, 33));
	CHECK_WORDS("iterations for each of 2 blocks");
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_pbkdf2("sha256", "p", 1, "s", 1, UINT64_MAX, key, 32));
}

/* RFC 7914, section 12: but for those that take long or much. */
static void
scrypt_gives_what_rfc_7914_says(void **state)
{
	static const slu_scrypt_cost small = { 4, 1, 1, 0 };
	static const slu_scrypt_cost wide = { 10, 8, 16, 0 };
	unsigned char key[64];

	(void)state;
	CHECK_OK(slu_scrypt("", 0, NULL, 0, &small, key, 64));
	check_hex("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede2"
		  "1442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c"
		  "38d18906",
	    key, 64);
	CHECK_OK(slu_scrypt("password", 8, "NaCl", 4, &wide, key, 64));
	check_hex("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b37"
		  "31622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdf"
		  "a2cc0640",
	    key, 64);
}

/* By an implementation other than OpenSSL's; section 2 allows N = 2 as well. */
static void
scrypt_s_defaults_are_those_of_its_header(void **state)
{
	static const slu_scrypt_cost said = { 18, 8, 1, SLU_KDF_MEMORY };
	unsigned char key[32], again[32];

	(void)state;
	CHECK_OK(slu_scrypt(
	    "x", 1, "salt", 4, &(slu_scrypt_cost){ 1, 0, 0, 0 }, key, 32));
	check_hex("7002a5b9b8ba6ca4c959634158a806f8"
		  "03124194ad8d96ce6cb1a29efff96f42",
	    key, 32);
	if (check_slow("no scrypt of 256 MiB"))
		return;
	CHECK_OK(slu_scrypt("x", 1, "salt", 4, &said, key, 32));
	CHECK_OK(slu_scrypt("x", 1, "salt", 4, NULL, again, 32));
	CHECK_BYTES(key, 32, again, 32);
}

static void
scrypt_is_held_to_its_limits(void **state)
{
	static const struct {
		slu_scrypt_cost cost;
		slu_status st;
		const char *words;
	} cases[] = {
		{ { 41, 8, 1, 0 }, SLU_ERR_LIMIT,
		    "kdf: a work factor of 41; limit is 40" },
		{ { 10, 1025, 1, 0 }, SLU_ERR_LIMIT,
		    "kdf: scrypt's r of 1025; limit is 1024" },
		{ { 10, 8, 65, 0 }, SLU_ERR_LIMIT,
		    "kdf: scrypt's p of 65; limit is 64" },
		{ { 16, 1, 1, 0 }, SLU_ERR_USAGE,
		    "kdf: a work factor of 16 is too high for r = 1" },
		{ { 20, 8, 1, 0 }, SLU_ERR_LIMIT,
		    "kdf: scrypt needs 1048579 KiB of memory; limit is "
		    "1048576" },
		{ { 10, 8, 1, 1 << 20 }, SLU_ERR_LIMIT,
		    "kdf: scrypt needs 1027 KiB of memory; limit is 1024" },
		{ { 40, 1024, 64, UINT64_MAX }, SLU_ERR_LIMIT, "available" },
	};
	unsigned char key[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CHECK_IS(cases[i].st,
		    slu_scrypt("x", 1, "salt", 4, &cases[i].cost, key, 32));
		CHECK_WORDS(cases[i].words);
	}
	CHECK_OK(slu_scrypt("x", 1, "salt", 4,
	    &(slu_scrypt_cost){ 10, 8, 1, 1027 << 10 }, key, 32));
	CHECK_OK(slu_scrypt(
	    "x", 1, "salt", 4, &(slu_scrypt_cost){ 1, 1024, 64, 0 }, key, 32));
}

static bool
has_argon2(void)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "ARGON2ID", NULL);

	EVP_KDF_free(kdf);
	ERR_clear_error();
	return kdf != NULL;
}

/* By the reference implementation. */
static void
argon2id_is_that_of_its_reference(void **state)
{
	static const struct {
		slu_argon2id_cost cost;
		size_t len;
		const char *key;
	} cases[] = {
		{ { 65536, 2, 1, 0 }, 32,
		    "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f"
		    "61913cf7" },
		{ { 64, 3, 4, 0 }, 32,
		    "4f87cd309b72ccf982e3a0be0c36a2e8517923ca3eeaf28c6efc676d"
		    "092fb6d5" },
		{ { 1024, 1, 2, 0 }, 100,
		    "d3fd2867347e86a22a12843b774b2607a29fb039f56d3d99dfc427b8"
		    "b3f0eb7f01fea4a6f8bd04d5cd1cb5a966e442fbcb969e4d303e6432"
		    "1f2854edd041259a3c135de462785f812f03717cb4f638ccd7c3589a"
		    "2692071432b3874f4bfe770fd63a21d1" },
	};
	unsigned char key[100];

	(void)state;
	if (!has_argon2()) {
		print_message("this OpenSSL has no Argon2\n");
		skip();
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CHECK_OK(slu_argon2id("password", 8, "somesalt", 8,
		    &cases[i].cost, key, cases[i].len));
		check_hex(cases[i].key, key, cases[i].len);
	}
}

static void
an_openssl_without_argon2_is_told_of(void **state)
{
	slu_argon2id_cost cost = { 64, 1, 1, 0 };
	unsigned char key[32];

	(void)state;
	if (has_argon2()) {
		CHECK_OK(slu_argon2id("x", 1, "somesalt", 8, &cost, key, 32));
		return;
	}
	CHECK_IS(SLU_ERR_CRYPTO,
	    slu_argon2id("x", 1, "somesalt", 8, &cost, key, 32));
	assert_string_equal(slu_error(),
	    "kdf: this OpenSSL has no Argon2, as 3.2 and later have");
	CHECK(ERR_peek_error() == 0);
}

static void
argon2id_is_held_to_its_limits(void **state)
{
	static const struct {
		slu_argon2id_cost cost;
		size_t salt_len, len;
		slu_status st;
		const char *words;
	} cases[] = {
		{ { 0 }, 7, 32, SLU_ERR_USAGE,
		    "kdf: Argon2 needs a salt of 8 bytes" },
		{ { 0 }, 8, 3, SLU_ERR_USAGE,
		    "kdf: Argon2 gives 4 bytes or more" },
		{ { 0 }, 8, 0, SLU_ERR_USAGE, "kdf: no output asked for" },
		{ { 31, 1, 4, 0 }, 8, 32, SLU_ERR_USAGE,
		    "kdf: Argon2 needs 32 KiB of memory for 4 lanes" },
		{ { 64, 1025, 1, 0 }, 8, 32, SLU_ERR_LIMIT,
		    "kdf: passes of Argon2 of 1025; limit is 1024" },
		{ { 65536, 1, 256, 0 }, 8, 32, SLU_ERR_LIMIT,
		    "kdf: lanes of Argon2 of 256; limit is 255" },
		{ { (1 << 20) + 1, 1, 1, 0 }, 8, 32, SLU_ERR_LIMIT,
		    "kdf: Argon2 needs 1048577 KiB of memory; limit is "
		    "1048576" },
		{ { 0, 0, 0, 65535 << 10 }, 8, 32, SLU_ERR_LIMIT,
		    "kdf: Argon2 needs 65536 KiB of memory; limit is 65535" },
		{ { UINT32_MAX, 1, 1, UINT64_MAX }, 8, 32, SLU_ERR_LIMIT,
		    "available" },
	};
	unsigned char key[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CHECK_IS(cases[i].st,
		    slu_argon2id("x", 1, "somesalt", cases[i].salt_len,
			&cases[i].cost, key, cases[i].len));
		CHECK_WORDS(cases[i].words);
	}
}

static slu_status
derive_all(void)
{
	static const slu_scrypt_cost cost = { 4, 1, 1, 0 };
	unsigned char key[32];
	slu_status st;
	size_t n;

	st = slu_hkdf("sha256", "k", 1, "s", 1, "i", 1, key, 32);
	if (st == SLU_OK)
		st = slu_hkdf_extract("sha256", "k", 1, "s", 1, key, 32, &n);
	if (st == SLU_OK)
		st = slu_hkdf_expand("sha256", key, 32, "i", 1, key, 32);
	if (st == SLU_OK)
		st = slu_pbkdf2("sha256", "p", 1, "s", 1, 2, key, 32);
	if (st == SLU_OK)
		st = slu_scrypt("p", 1, "s", 1, &cost, key, 32);
	return st;
}

/* OpenSSL does not survive its first fetch failing for want of memory. */
static int
warm_up(void **state)
{
	CHECK_OK(derive_all());
	(void)has_argon2();
	return *state != NULL;
}

static void
without_memory_every_call_fails_cleanly(void **state)
{
	oom_hit hit = OOM_OURS;

	(void)state;
	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_status st;

		CHECK(k < 100000);
		oom_arm(k);
		st = derive_all();
		hit = oom_disarm();
		if (hit == OOM_OURS)
			CHECK_IS(SLU_ERR_MEMORY, st);
		if (hit == OOM_NONE)
			CHECK_OK(st);
		CHECK(st == SLU_OK || st == SLU_ERR_MEMORY ||
		      st == SLU_ERR_CRYPTO);
		CHECK(ERR_peek_error() == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hkdf_and_its_steps_give_what_rfc_5869_says),
		cmocka_unit_test(
		    hkdf_and_pbkdf2_work_with_every_digest_of_a_fixed_size),
		cmocka_unit_test(hkdf_is_held_to_its_limits),
		cmocka_unit_test(inputs_and_outputs_are_held_to_their_limits),
		cmocka_unit_test(pbkdf2_gives_what_rfc_6070_says),
		cmocka_unit_test(iterations_are_held_to_their_limit),
		cmocka_unit_test(scrypt_gives_what_rfc_7914_says),
		cmocka_unit_test(scrypt_s_defaults_are_those_of_its_header),
		cmocka_unit_test(scrypt_is_held_to_its_limits),
		cmocka_unit_test(argon2id_is_that_of_its_reference),
		cmocka_unit_test(an_openssl_without_argon2_is_told_of),
		cmocka_unit_test(argon2id_is_held_to_its_limits),
		cmocka_unit_test(without_memory_every_call_fails_cleanly),
	};

	return cmocka_run_group_tests_name("kdf", tests, warm_up, NULL);
}
