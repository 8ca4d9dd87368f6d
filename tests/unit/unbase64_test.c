/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <stdlib.h>

#include "sluice/base64.h"
#include "sluice/mem.h"
#include "text.h"
#include "text64.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const trial_pace whole = { .name = "whole" };
static const trial_pace byte_by_byte = { .name = "byte by byte", .piece = 1 };

static slu_status
decode(const void *text, size_t len, const trial_pace *pace, slu_buf *out)
{
	return text64_decode(text, len, NULL, pace, out);
}

static void
each_fault_has_its_own_words_and_names_the_place(void **state)
{
	static const text_fault faults[] = {
		{ "QUJD*", "ABC", "not a base64 character at byte 4", 0 },
		{ "QU\nJ D", "", "not a base64 character at byte 4", 0 },
		{ "QUJD\tQUJD", "ABC", "not a base64 character at byte 4", 0 },
		{ "QUJ-", "", "not a base64 character at byte 3", 0 },
		{ "QUI=*", "AB", "not a base64 character at byte 4", 0 },
		{ "QU\rJD", "", "without its newline at byte 2", 0 },
		{ "QUJD\r\r\n", "ABC", "without its newline at byte 4", 0 },
		{ "QUJD\r", "ABC", "without its newline at byte 4", 0 },
		{ "=", "", "padding in the wrong place at byte 0", 0 },
		{ "QUJD=", "ABC", "padding in the wrong place at byte 4", 0 },
		{ "Q===", "", "padding in the wrong place at byte 1", 0 },
		{ "QQ===", "A",
		    "more padding than the last group needs at byte 4", 0 },
		{ "QUI==", "AB",
		    "more padding than the last group needs at byte 4", 0 },
		{ "QUJDQUJ\n=", "ABC",
		    "nonzero bits after the last byte at byte 6", 0 },
		{ "QR\r\n==", "", "nonzero bits after the last byte at byte 1",
		    0 },
		{ "QQ==QQ==", "A", "data after the padding at byte 4", 0 },
		{ "QQ=\nQ", "", "data after the padding at byte 4", 0 },
		{ "QUI=\nQUJD", "AB", "data after the padding at byte 5", 0 },
		{ "Q", "", "cut within a group of four, after 1 bytes",
		    SLU_ERR_TRUNCATED },
		{ "QUJDQU\n", "ABC",
		    "cut within a group of four, after 7 bytes",
		    SLU_ERR_TRUNCATED },
		{ "QQ=", "", "cut within a group of four, after 3 bytes",
		    SLU_ERR_TRUNCATED },
		{ "QUJ\r", "", "cut within a group of four, after 4 bytes",
		    SLU_ERR_TRUNCATED },
	};

	(void)state;
	text_faults_are_told(decode, faults, COUNT(faults));
}

static void
each_option_has_its_own_faults(void **state)
{
	static const struct {
		slu_base64_options options;
		const char *text, *words;
		slu_status st;
	} rows[] = {
		{ { .padding = SLU_BASE64_UNPADDED },
		    "QQ==", "padding where there is to be none at byte 2", 0 },
		{ { .padding = SLU_BASE64_UNPADDED }, "=",
		    "padding where there is to be none at byte 0", 0 },
		{ { .padding = SLU_BASE64_UNPADDED }, "QUJDQR",
		    "nonzero bits after the last byte at byte 5", 0 },
		{ { .padding = SLU_BASE64_UNPADDED }, "QQ\r",
		    "without its newline at byte 2", 0 },
		{ { .padding = SLU_BASE64_UNPADDED }, "QUJDQ",
		    "cut within a group of four, after 5 bytes",
		    SLU_ERR_TRUNCATED },
		{ { .padding = SLU_BASE64_MAY_PAD },
		    "QQ=", "cut within a group of four, after 3 bytes",
		    SLU_ERR_TRUNCATED },
		{ { .padding = SLU_BASE64_MAY_PAD }, "Q",
		    "cut within a group of four, after 1 bytes",
		    SLU_ERR_TRUNCATED },
		{ { .padding = SLU_BASE64_MAY_PAD }, "QUJ\n",
		    "nonzero bits after the last byte at byte 2", 0 },
		{ { .padding = SLU_BASE64_MAY_PAD }, "QQ===",
		    "more padding than the last group needs at byte 4", 0 },
		{ { .alphabet = SLU_BASE64_URL }, "QUJ/",
		    "not a base64 character at byte 3", 0 },
		{ { .alphabet = SLU_BASE64_URL }, "+UJD",
		    "not a base64 character at byte 0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		slu_buf out = { .limit = 100 };

		CHECK_IS(rows[i].st ? rows[i].st : SLU_ERR_FORMAT,
		    text64_decode(rows[i].text, strlen(rows[i].text),
			&rows[i].options, &whole, &out));
		CHECK_WORDS(rows[i].words);
		slu_buf_free(&out);
	}
}

static void
nothing_is_read_after_the_end(void **state)
{
	static const slu_base64_options options = {
		.padding = SLU_BASE64_MAY_PAD,
	};
	slu_buf text = { .limit = 100 };
	slu_bio *c = NULL;
	char out[8];
	size_t got;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &text));
	CHECK_OK(slu_base64_decode(&c, &options));
	CHECK_OK(slu_buf_add(&text, "QQ", 2));
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
	CHECK_BYTES("A", 1, out, got);
	CHECK_OK(slu_buf_add(&text, "QUJD", 4));
	CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &got));
	CHECK(text.len == 4);
	slu_bio_free(c);
	slu_buf_free(&text);
}

static void
a_fault_far_behind_is_placed_too(void **state)
{
	unsigned char *plain = malloc(TRIAL_MOST);
	slu_buf text = { .limit = TRIAL_ROOM }, out = { .limit = TRIAL_ROOM };
	char words[64];

	(void)state;
	CHECK(plain != NULL);
	trial_plain(plain, TRIAL_MOST);
	text64_encode(
	    plain, TRIAL_MOST, &(slu_base64_options){ .columns = 77 }, &text);
	text.mem[text.off + 200000] = '.';
	CHECK_IS(SLU_ERR_FORMAT,
	    text64_decode(slu_buf_front(&text), text.len, NULL, &whole, &out));
	snprintf(words, sizeof(words), "character at byte %d", 200000);
	CHECK_WORDS(words);
	CHECK(out.len >= (200000 - 200000 / 78 - 1) / 4 * 3);
	CHECK_BYTES(plain, out.len, slu_buf_front(&out), out.len);
	free(plain);
	slu_buf_free(&text);
	slu_buf_free(&out);
}

/* By every alphabet and padding. */
static void
check_kinds(const char *text, size_t len, const trial_pace *pace)
{
	for (size_t i = 0; i < TEXT64_KINDS; i++)
		text64_check(text, len, &text64_kinds[i], pace);
}

static void
every_byte_at_every_place_is_judged_as_by_the_model(void **state)
{
	static const char good[] =
	    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==";
	int step = check_slow("every 5th byte") ? 5 : 1;
	char text[sizeof(good)];

	(void)state;
	for (size_t at = 0; at < sizeof(good) - 1; at++) {
		for (int c = 0; c < 256; c += step) {
			memcpy(text, good, sizeof(good));
			text[at] = (char)c;
			check_kinds(text, sizeof(good) - 1, &whole);
			check_kinds(text, sizeof(good) - 1, &byte_by_byte);
		}
	}
}

static void
every_tail_is_judged_as_by_the_model(void **state)
{
	static const char some[] = "AQRwg/+_-=\r\n*";
	enum { KINDS = sizeof(some) - 1, MOST = 4 };
	size_t most = check_slow("tails of up to 3") ? 3 : MOST;
	char text[4 + MOST] = "AAAA";

	(void)state;
	for (size_t len = 0, all = 1; len <= most; len++, all *= KINDS) {
		for (size_t k = 0; k < all; k++) {
			size_t rest = k;

			for (size_t i = 0; i < len; i++, rest /= KINDS)
				text[4 + i] = some[rest % KINDS];
			check_kinds(text, 4 + len, &whole);
		}
	}
}

static void
line_breaks_may_stand_anywhere(void **state)
{
	(void)state;
	text_breaks_anywhere(decode, "SEVMTE8gV09STEQhIQ==");
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
	return slu_base64_decode(top, NULL);
}

static void
whole_groups_are_given_out_before_more_is_waited_for(void **state)
{
	(void)state;
	text_is_not_held_back(push_decode, "QUJDREVG", 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_fault_has_its_own_words_and_names_the_place),
		cmocka_unit_test(each_option_has_its_own_faults),
		cmocka_unit_test(nothing_is_read_after_the_end),
		cmocka_unit_test(a_fault_far_behind_is_placed_too),
		cmocka_unit_test(
		    every_byte_at_every_place_is_judged_as_by_the_model),
		cmocka_unit_test(every_tail_is_judged_as_by_the_model),
		cmocka_unit_test(line_breaks_may_stand_anywhere),
		cmocka_unit_test(a_text_of_nothing_but_line_breaks_is_empty),
		cmocka_unit_test(
		    whole_groups_are_given_out_before_more_is_waited_for),
	};

	return cmocka_run_group_tests_name("unbase64", tests, NULL, NULL);
}
