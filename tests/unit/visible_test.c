/* SPDX-License-Identifier: ISC */
/* The program is not linked to the tests: what is tested is included. */
#include "check.h"

#include "cli/utf8.c"
#include "cli/visible.c"

static bool
binary(const char *data)
{
	return visible_binary(
	    &(visible_place){ 0 }, (const unsigned char *)data, strlen(data));
}

/* The answer for each way to hand it over in two pieces. */
static bool
binary_in_two(const char *data)
{
	const unsigned char *p = (const unsigned char *)data;
	size_t len = strlen(data);
	bool first = false;

	for (size_t cut = 0; cut <= len; cut++) {
		visible_place at = { 0 };
		bool now = visible_binary(&at, p, cut) ||
			   visible_binary(&at, p + cut, len - cut);

		if (cut > 0 && now != first)
			fail_msg("cut at %zu it is another answer", cut);
		first = now;
	}
	return first;
}

static void
text_of_any_script_is_no_binary_data(void **state)
{
	static const char *const texts[] = { "", "plain\ttext\r\n\f",
		"\xc3\xa4\xc3\x9f", "\xe2\x82\xac \xe2\x80\x9c", "\xd8\x9c",
		"\xf0\x9f\x98\x80", "\xef\xbb\xbf", "caf\xe9 in Latin-1",
		"\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xc2\xa0" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (binary(texts[i]) || binary_in_two(texts[i]))
			fail_msg("text %zu is called binary", i);
}

static void
controls_are_binary_data_however_they_are_split(void **state)
{
	static const char *const commands[] = { "a\x1b[2J", "\x7f", "\b", "\a",
		"\v", "\xc2\x9b", "a\xc2\x80", "\xc2\x9f", "\x9b[2J", "a\x9b",
		"\x80", "\xc3\xa4\x9b", "\xe2\x82\xac\x9b",
		/* What lax decoders take for controls. */
		"\xc0\x9b", "\xc1\x9b", "\xe0\x80\x9b", "\xf0\x80\x80\x9b",
		"\xed\xa0\x9b", "\xf5\x9b", "\xe2\xff\x9b" };

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!binary(commands[i]) || !binary_in_two(commands[i]))
			fail_msg("command %zu is called text", i);
}

static void
check_shown(const char *want, const char *name)
{
	char shown[VISIBLE_MAX(64)];

	CHECK(strlen(name) <= 64);
	assert_string_equal(want, visible(shown, name));
}

static void
marks_that_turn_the_direction_of_writing_are_seen(void **state)
{
	(void)state;
	check_shown("a\\xd8\\x9cb", "a\xd8\x9c"
				    "b");
	check_shown(
	    "\\xe2\\x80\\x8e\\xe2\\x80\\x8f", "\xe2\x80\x8e\xe2\x80\x8f");
	check_shown("\\xe2\\x80\\xaa", "\xe2\x80\xaa");
	check_shown("\\xe2\\x80\\xae", "\xe2\x80\xae");
	check_shown("\\xe2\\x81\\xa6", "\xe2\x81\xa6");
	check_shown("\\xe2\\x81\\xa9", "\xe2\x81\xa9");
}

static void
their_neighbours_are_shown_as_they_are(void **state)
{
	static const char *const names[] = { "\xd8\x9b", "\xd8\x9d",
		"\xe2\x80\x8d", "\xe2\x80\x90", "\xe2\x80\xa7", "\xe2\x80\xaf",
		"\xe2\x81\xaa", "\xd9\x9c", "\xc2\xa0" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_shown(names[i], names[i]);
}

static void
bytes_that_are_no_utf8_are_seen(void **state)
{
	(void)state;
	check_shown("\\xe9x", "\xe9x");
	check_shown("\\xc2\\x9b", "\xc2\x9b");
	check_shown("\\x9b\\n\\x1b", "\x9b\n\x1b");
	check_shown("\\xe2\\x82", "\xe2\x82");
	check_shown("\\xc3\\xc3", "\xc3\xc3");
	check_shown("\\xe2\xc3\xa4", "\xe2\xc3\xa4");
	check_shown("\\xed\\xa0\\x80", "\xed\xa0\x80");
	check_shown("\\xf4\\x90\\x80\\x80", "\xf4\x90\x80\x80");
}

static void
a_text_is_cut_between_two_characters(void **state)
{
	char cut[8];

	(void)state;
	utf8_cut(cut, "a\xe2\x82\xac", 3);
	assert_string_equal("a", cut);
	utf8_cut(cut, "a\xe2\x82\xac", 4);
	assert_string_equal("a\xe2\x82\xac", cut);
	utf8_cut(cut, "\xe2\xe2\xe2", 2);
	assert_string_equal("\xe2\xe2", cut);
}

static void
a_long_text_loses_its_middle(void **state)
{
	char out[16];

	(void)state;
	utf8_shorten(out, "0123456789", 10);
	assert_string_equal("0123456789", out);
	utf8_shorten(out, "0123456789", 9);
	assert_string_equal("012...789", out);
	utf8_shorten(out, "0123456789", 8);
	assert_string_equal("01...89", out);
	utf8_shorten(out, "0123456789", 3);
	assert_string_equal("...", out);
	utf8_shorten(out, "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 8);
	assert_string_equal("...", out);
	utf8_shorten(out, "ab\xe2\x82\xac\xe2\x82\xaczz", 9);
	assert_string_equal("ab...zz", out);
	utf8_shorten(out, "\xff\x80\x80\x80\x80\x80\x80\x80\x80", 8);
	assert_string_equal("\xff\x80...", out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_any_script_is_no_binary_data),
		cmocka_unit_test(
		    controls_are_binary_data_however_they_are_split),
		cmocka_unit_test(
		    marks_that_turn_the_direction_of_writing_are_seen),
		cmocka_unit_test(their_neighbours_are_shown_as_they_are),
		cmocka_unit_test(bytes_that_are_no_utf8_are_seen),
		cmocka_unit_test(a_text_is_cut_between_two_characters),
		cmocka_unit_test(a_long_text_loses_its_middle),
	};

	return cmocka_run_group_tests_name("visible", tests, NULL, NULL);
}
