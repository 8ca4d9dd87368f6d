/* SPDX-License-Identifier: ISC */
#include "seal/agree.h"

#include "check.h"
#include "packed.h"
#include "vectors.h"

#include <openssl/err.h>

#include "sluice/rand.h"

/* One test of Wycheproof's; those that are "acceptable" are computed too. */
static void
agree_on(const json *test, size_t *zero)
{
	unsigned char *public, *secret, *want, shared[SLU_POINT];
	size_t public_len, secret_len, want_len;
	static const unsigned char none[SLU_POINT];

	public = json_hex(test, "public", &public_len);
	secret = json_hex(test, "private", &secret_len);
	want = json_hex(test, "shared", &want_len);
	CHECK(public_len == SLU_POINT && secret_len == SLU_POINT &&
	      want_len == SLU_POINT);
	if (memcmp(want, none, sizeof(none)) == 0) {
		CHECK_IS(SLU_ERR_FORMAT, slu_agree(shared, secret, public));
		CHECK_WORDS("low order");
		CHECK(ERR_peek_error() == 0);
		++*zero;
	} else {
		CHECK_OK(slu_agree(shared, secret, public));
		CHECK_BYTES(want, want_len, shared, sizeof(shared));
	}
	free(public);
	free(secret);
	free(want);
}

static void
two_keys_agree_as_wycheproof_says_and_never_on_zero(void **state)
{
	json *all = vectors_json("wycheproof/x25519_test.json");
	size_t n = 0, zero = 0;

	(void)state;
	for (const json *g = json_get(all, "testGroups")->first; g != NULL;
	     g = g->next)
		for (const json *t = json_get(g, "tests")->first; t != NULL;
		     t = t->next, n++)
			agree_on(t, &zero);
	json_free(all);
	print_message("%zu agreements, %zu of them on zero\n", n, zero);
	CHECK(n >= 518 && zero >= 20);
}

/* The secret key of the age kit. */
static void
a_public_key_is_what_age_keygen_makes_of_the_secret_one(void **state)
{
	unsigned char secret[SLU_POINT], want[SLU_POINT], point[SLU_POINT];

	(void)state;
	packed_unhex(secret,
	    "ca1626252c53cf1a4dc46695e7fcc46594cb4ccadedb6712dfda0753f3ae355e");
	packed_unhex(want,
	    "36dcec3f5f24739a0c8b36cbb4ffa25729a94a51d41fb205a37419fe7f5adb2a");
	CHECK_OK(slu_agree_public(point, secret));
	CHECK_BYTES(want, sizeof(want), point, sizeof(point));
}

static void
a_wrapped_key_opens_under_the_same_keys_and_label_only(void **state)
{
	unsigned char shared[SLU_POINT], share[SLU_POINT], point[SLU_POINT];
	unsigned char key[SLU_FILE_KEY], got[SLU_FILE_KEY], body[SLU_WRAPPED];
	slu_agree_salt salt = { "a label", share, point };
	unsigned char *const parts[] = { shared, share, point, body };

	(void)state;
	slu_rand_bytes(shared, sizeof(shared));
	slu_rand_bytes(share, sizeof(share));
	slu_rand_bytes(point, sizeof(point));
	slu_rand_bytes(key, sizeof(key));
	CHECK_OK(slu_agree_wrap(body, shared, &salt, key));
	CHECK_OK(slu_agree_unwrap(got, shared, &salt, body));
	CHECK_BYTES(key, sizeof(key), got, sizeof(got));
	for (size_t i = 0; i < 4; i++) {
		parts[i][7] ^= 1;
		CHECK_IS(SLU_ERR_NO_MATCH,
		    slu_agree_unwrap(got, shared, &salt, body));
		parts[i][7] ^= 1;
	}
	salt.label = "another";
	CHECK_IS(SLU_ERR_NO_MATCH, slu_agree_unwrap(got, shared, &salt, body));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    two_keys_agree_as_wycheproof_says_and_never_on_zero),
		cmocka_unit_test(
		    a_public_key_is_what_age_keygen_makes_of_the_secret_one),
		cmocka_unit_test(
		    a_wrapped_key_opens_under_the_same_keys_and_label_only),
	};

	return cmocka_run_group_tests_name("agree", tests, NULL, NULL);
}
