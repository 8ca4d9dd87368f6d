/* SPDX-License-Identifier: ISC */
#include "seal/kdf.h"

#include <openssl/err.h>

#include "check.h"

#include "seal/crypto.h"

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
hkdf_gives_what_rfc_5869_says(void **state)
{
	/* Appendix A.1 and A.3: key, salt, info, output. */
	static const char *const cases[][4] = {
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		    "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
		    "3cb25f25faacd57a90434f64d0362f2a"
		    "2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
		    "34007208d5b887185865" },
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
		    "8da4e775a563c18f715f802a063c5a31"
		    "b8a11f5c5ee1879ec3454e5f3c738d2d"
		    "9d201395faa4b61a96c8" },
	};
	unsigned char key[80], salt[80], info[80], want[82], got[82];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t key_len = unhex(key, cases[i][0]);
		size_t salt_len = unhex(salt, cases[i][1]);
		size_t info_len = unhex(info, cases[i][2]);
		size_t len = unhex(want, cases[i][3]);

		CHECK_OK(slu_kdf_hkdf(
		    got, len, key, key_len, salt, salt_len, info, info_len));
		CHECK_BYTES(want, len, got, len);
	}
}

/*
 * Section 12 has one vector with our r and p that does not take a gigabyte.
 * Its output is 64 bytes long, whose first half is what 32 bytes would be.
 */
static void
scrypt_gives_what_rfc_7914_says(void **state)
{
	unsigned char want[32], got[32];

	(void)state;
	CHECK(unhex(want, "7023bdcb3afd7348461c06cd81fd38eb"
			  "fda8fbba904f8e3ea9b543f6545da1f2") == sizeof(want));
	CHECK_OK(
	    slu_kdf_scrypt(got, "pleaseletmein", 13, "SodiumChloride", 14, 14));
	CHECK_BYTES(want, sizeof(want), got, sizeof(got));
	CHECK(slu_kdf_scrypt_memory(14) == 16 * 1024 * 1024);
}

/* OpenSSL's own limit is 32 MiB unless it is told of more. */
static void
scrypt_goes_past_the_memory_that_openssl_thinks_enough(void **state)
{
	unsigned char key[32];

	(void)state;
	CHECK_OK(slu_kdf_scrypt(key, "x", 1, "salt", 4, 16));
}

/* A program may have left failures of its own in OpenSSL's queue. */
static void
want_of_memory_is_told_behind_what_others_left(void **state)
{
	(void)state;
	ERR_raise(ERR_LIB_USER, 1);
	ERR_raise(ERR_LIB_USER, ERR_R_MALLOC_FAILURE);
	CHECK_IS(SLU_ERR_MEMORY, slu_crypto_failed("kdf"));
	CHECK(ERR_peek_error() == 0);
	ERR_raise(ERR_LIB_USER, 1);
	CHECK_IS(SLU_ERR_CRYPTO, slu_crypto_failed("kdf"));
	CHECK(ERR_peek_error() == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hkdf_gives_what_rfc_5869_says),
		cmocka_unit_test(scrypt_gives_what_rfc_7914_says),
		cmocka_unit_test(
		    scrypt_goes_past_the_memory_that_openssl_thinks_enough),
		cmocka_unit_test(
		    want_of_memory_is_told_behind_what_others_left),
	};

	return cmocka_run_group_tests_name("seal kdf", tests, NULL, NULL);
}
