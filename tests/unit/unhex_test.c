/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "text.h"

#include "sluice/hex.h"
#include "sluice/view.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const trial_pace whole = { .name = "whole" };

static slu_status
decode(const void *text, size_t len, const trial_pace *pace, slu_buf *out)
{
	trial t = { .room = "hex", .pace = pace->name, .len = len };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&c, text, len));
	CHECK_OK(slu_hex_decode(&c, NULL));
	st = trial_read(&t, c, out, pace);
	slu_bio_free(c);
	return st;
}

static void
digits_of_either_case_are_read(void **state)
{
	static const char text[] = "00fFFf0aA09f9FcCaB1e5D";
	static const unsigned char plain[] = { 0x00, 0xff, 0xff, 0x0a, 0xa0,
		0x9f, 0x9f, 0xcc, 0xab, 0x1e, 0x5d };
	slu_buf out = { .limit = 100 };

	(void)state;
	CHECK_IS(SLU_EOF, decode(text, sizeof(text) - 1, &whole, &out));
	CHECK_BYTES(plain, sizeof(plain), slu_buf_front(&out), out.len);
	slu_buf_free(&out);
}

static void
each_fault_has_its_own_words_and_names_the_place(void **state)
{
	static const text_fault faults[] = {
		{ "4142*", "AB", "hex: not a hexadecimal digit at byte 4", 0 },
		{ "41 42", "A", "not a hexadecimal digit at byte 2", 0 },
		{ "41424344454647\t8", "ABCDEFG", "digit at byte 14", 0 },
		{ "0x41", "", "not a hexadecimal digit at byte 1", 0 },
		{ "4g", "", "not a hexadecimal digit at byte 1", 0 },
		{ "4142\r4344", "AB", "without its newline at byte 4", 0 },
		{ "41\r\r\n", "A", "without its newline at byte 2", 0 },
		{ "41\r", "A", "without its newline at byte 2", 0 },
		{ "4", "", "hex: cut within a pair of digits, after 1 bytes",
		    SLU_ERR_TRUNCATED },
		{ "41424344454", "ABCDE",
		    "cut within a pair of digits, after 11 bytes",
		    SLU_ERR_TRUNCATED },
		{ "414\n", "A", "cut within a pair of digits, after 4 bytes",
		    SLU_ERR_TRUNCATED },
		{ "414\r", "A", "cut within a pair of digits, after 4 bytes",
		    SLU_ERR_TRUNCATED },
	};

	(void)state;
	text_faults_are_told(decode, faults, COUNT(faults));
}

static void
a_fault_far_behind_is_placed_too(void **state)
{
	enum { LEN = 300000, AT = 200000 };
	char *text = malloc(LEN);
	slu_buf out = { .limit = LEN };

	(void)state;
	CHECK(text != NULL);
	memset(text, '4', LEN);
	text[AT] = '-';
	CHECK_IS(SLU_ERR_FORMAT, decode(text, LEN, &whole, &out));
	CHECK_WORDS("digit at byte 200000");
	CHECK(out.len == AT / 2);
	slu_buf_free(&out);
	free(text);
}

/* What the C library says of a digit, for each byte at each place. */
static void
every_byte_at_every_place_is_judged(void **state)
{
	static const char good[] = "0123456789abcdefABCDEF0123456789";
	char text[sizeof(good)];

	(void)state;
	for (size_t at = 0; at < sizeof(good) - 1; at++) {
		for (int c = 0; c < 256; c++) {
			slu_buf out = { .limit = 100 };
			bool digit = strchr("0123456789abcdefABCDEF", c) && c;
			char pair[3] = "";
			slu_status st;

			memcpy(text, good, sizeof(good));
			text[at] = (char)c;
			st = decode(text, sizeof(good) - 1, &whole, &out);
			memcpy(pair, text + at / 2 * 2, 2);
			if (digit) {
				CHECK_IS(SLU_EOF, st);
				CHECK(slu_buf_front(&out)[at / 2] ==
				      strtoul(pair, NULL, 16));
			} else if (c == '\n' || (c == '\r' && at == 31))
				CHECK_IS(SLU_ERR_TRUNCATED, st);
			else {
				CHECK_IS(SLU_ERR_FORMAT, st);
				CHECK(out.len == at / 2);
			}
			slu_buf_free(&out);
		}
	}
}

static void
line_breaks_may_stand_anywhere(void **state)
{
	(void)state;
	text_breaks_anywhere(decode, "48454c4c4f20574f524c442121");
}

static void
a_text_of_nothing_but_line_breaks_is_empty(void **state)
{
	(void)state;
	text_may_be_empty(decode);
}

static slu_status
push_decode(slu_bio **top)
{
	return slu_hex_decode(top, NULL);
}

static void
whole_pairs_are_given_out_before_more_is_waited_for(void **state)
{
	(void)state;
	text_is_not_held_back(push_decode, "414243444546", 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_of_either_case_are_read),
		cmocka_unit_test(
		    each_fault_has_its_own_words_and_names_the_place),
		cmocka_unit_test(a_fault_far_behind_is_placed_too),
		cmocka_unit_test(every_byte_at_every_place_is_judged),
		cmocka_unit_test(line_breaks_may_stand_anywhere),
		cmocka_unit_test(a_text_of_nothing_but_line_breaks_is_empty),
		cmocka_unit_test(
		    whole_pairs_are_given_out_before_more_is_waited_for),
	};

	return cmocka_run_group_tests_name("unhex", tests, NULL, NULL);
}
