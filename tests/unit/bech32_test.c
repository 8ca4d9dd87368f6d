/* SPDX-License-Identifier: ISC */
#include "seal/bech32.h"

#include "check.h"

#include "sluice/rand.h"

/* A pair of age-keygen's; the secret half is the one of the age kit. */
#define SECRET_TEXT \
	"AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40" \
	"Q2P2LM0"
#define PUBLIC_TEXT \
	"age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef"

static const struct {
	const char *name, *text;
	unsigned char bytes[32];
} known[] = {
	{ "AGE-SECRET-KEY-", SECRET_TEXT,
	    { 0xca, 0x16, 0x26, 0x25, 0x2c, 0x53, 0xcf, 0x1a, 0x4d, 0xc4, 0x66,
		0x95, 0xe7, 0xfc, 0xc4, 0x65, 0x94, 0xcb, 0x4c, 0xca, 0xde,
		0xdb, 0x67, 0x12, 0xdf, 0xda, 0x07, 0x53, 0xf3, 0xae, 0x35,
		0x5e } },
	{ "age", PUBLIC_TEXT,
	    { 0x36, 0xdc, 0xec, 0x3f, 0x5f, 0x24, 0x73, 0x9a, 0x0c, 0x8b, 0x36,
		0xcb, 0xb4, 0xff, 0xa2, 0x57, 0x29, 0xa9, 0x4a, 0x51, 0xd4,
		0x1f, 0xb2, 0x05, 0xa3, 0x74, 0x19, 0xfe, 0x7f, 0x5a, 0xdb,
		0x2a } },
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

static const char *
decode(size_t i, const char *text, size_t len)
{
	static const unsigned char zero[32];
	unsigned char out[32];
	const char *wrong;

	memset(out, 0xdd, sizeof(out));
	wrong = slu_bech32_decode(out, sizeof(out), known[i].name, text, len);
	if (wrong != NULL)
		CHECK_BYTES(zero, sizeof(zero), out, sizeof(out));
	return wrong;
}

static void
keys_are_spelt_as_age_spells_them(void **state)
{
	char text[SLU_BECH32_CHARS(15, 32) + 1];
	unsigned char out[32];

	(void)state;
	for (size_t i = 0; i < KNOWN; i++) {
		slu_bech32_encode(text, known[i].name, known[i].bytes, 32);
		assert_string_equal(known[i].text, text);
		assert_null(slu_bech32_decode(
		    out, sizeof(out), known[i].name, text, strlen(text)));
		CHECK_BYTES(known[i].bytes, 32, out, sizeof(out));
	}
}

static void
what_is_encoded_is_decoded_at_any_length(void **state)
{
	unsigned char data[40], out[40];
	char text[SLU_BECH32_CHARS(1, 40) + 1];

	(void)state;
	for (size_t round = 0; round < 400; round++) {
		size_t len = round % 41;

		slu_rand_bytes(data, sizeof(data));
		slu_bech32_encode(text, round % 2 ? "x" : "X", data, len);
		CHECK(strlen(text) == SLU_BECH32_CHARS(1, len));
		assert_null(slu_bech32_decode(
		    out, len, round % 2 ? "x" : "X", text, strlen(text)));
		CHECK_BYTES(data, len, out, len);
	}
}

/* The checksum is that of BIP 173's own reference. */
static void
a_name_may_have_characters_without_case(void **state)
{
	static const char text[] = "AGE-PLUGIN-A_B.C+1-1QQQSYU5Q02N";
	static const unsigned char bytes[] = { 0, 1, 2 };
	unsigned char out[3];
	char again[sizeof(text)];

	(void)state;
	assert_null(slu_bech32_decode(
	    out, sizeof(out), "AGE-PLUGIN-A_B.C+1-", text, sizeof(text) - 1));
	CHECK_BYTES(bytes, sizeof(bytes), out, sizeof(out));
	slu_bech32_encode(again, "AGE-PLUGIN-A_B.C+1-", bytes, sizeof(bytes));
	assert_string_equal(text, again);
}

static void
any_other_character_anywhere_is_refused(void **state)
{
	char text[100];

	(void)state;
	for (size_t i = 0; i < KNOWN; i++) {
		size_t len = strlen(strcpy(text, known[i].text));

		for (size_t at = 0; at < len; at++) {
			for (int c = 0; c < 256; c++) {
				text[at] = (char)c;
				CHECK((text[at] == known[i].text[at]) ==
				      (decode(i, text, len) == NULL));
			}
			text[at] = known[i].text[at];
		}
	}
}

static void
characters_that_changed_places_are_refused(void **state)
{
	char text[100], c;

	(void)state;
	for (size_t i = 0; i < KNOWN; i++) {
		size_t len = strlen(strcpy(text, known[i].text));

		for (size_t at = 0; at + 1 < len; at++) {
			if (text[at] == text[at + 1])
				continue;
			c = text[at];
			text[at] = text[at + 1];
			text[at + 1] = c;
			assert_non_null(decode(i, text, len));
			strcpy(text, known[i].text);
		}
	}
}

static void
a_text_of_another_length_is_refused(void **state)
{
	char text[200];

	(void)state;
	for (size_t i = 0; i < KNOWN; i++) {
		size_t len = strlen(known[i].text);

		snprintf(text, sizeof(text), "%sqqqqqqqq", known[i].text);
		for (size_t n = 0; n < len + 8; n++)
			CHECK((n == len) == (decode(i, text, n) == NULL));
	}
}

static void
a_key_in_the_other_case_or_in_both_is_refused(void **state)
{
	char text[100];

	(void)state;
	for (size_t i = 0; i < KNOWN; i++) {
		size_t len = strlen(strcpy(text, known[i].text));

		for (size_t at = 0; at < len; at++) {
			if (text[at] < 'A')
				continue;
			text[at] = (char)(text[at] ^ 0x20);
			assert_non_null(decode(i, text, len));
		}
	}
}

/* Their checksums agree, but the last bits are of no byte. */
static void
bits_that_are_left_over_must_be_zero(void **state)
{
	static const char *const texts[] = {
		"age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4pggh3y"
		"m",
		"age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4gt28g8"
		"5",
		"age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv402nscx"
		"3",
	};

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(decode(1, texts[i], strlen(texts[i])),
		    "a character that does not belong there");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_spelt_as_age_spells_them),
		cmocka_unit_test(what_is_encoded_is_decoded_at_any_length),
		cmocka_unit_test(a_name_may_have_characters_without_case),
		cmocka_unit_test(any_other_character_anywhere_is_refused),
		cmocka_unit_test(characters_that_changed_places_are_refused),
		cmocka_unit_test(a_text_of_another_length_is_refused),
		cmocka_unit_test(a_key_in_the_other_case_or_in_both_is_refused),
		cmocka_unit_test(bits_that_are_left_over_must_be_zero),
	};

	return cmocka_run_group_tests_name("bech32", tests, NULL, NULL);
}
