/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"
#include "trial.h"

#include "sluice/armor.h"
#include "sluice/mem.h"
#include "sluice/view.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----"
#define END "-----END AGE ENCRYPTED FILE-----"
/* A full line, of 48 bytes. */
#define FULL "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD"
#define ABC48 "ABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABC"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const trial_pace paces[] = {
	{ .name = "whole" },
	{ .name = "byte by byte", .piece = 1 },
	{ .name = "over a choke of 1", .choke = 1 },
	{ .name = "in odd pieces", .piece = PACE_ODD },
};

static slu_status
push_armor(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_armor(top);
}

static slu_status
push_dearmor(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_dearmor(top);
}

static void
armor_holds_the_contract(void **state)
{
	const contract_filter armor = {
		.name = "armor",
		.encode = push_armor,
		.decode = push_dearmor,
	};

	(void)state;
	contract_filter_holds(&armor);
}

static void
armor(slu_buf *out, const void *plain, size_t len)
{
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, out));
	CHECK_OK(slu_armor(&c));
	CHECK_OK(slu_bio_write_all(c, plain, len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

/*
 * How reading `text` ends, with these words if they are not NULL; what it
 * gave is appended to `out`.
 */
static slu_status
dearmor(const void *text, size_t len, const trial_pace *pace, slu_buf *out,
    const char *words)
{
	trial t = { .room = "dearmor", .pace = pace->name, .len = len };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&c, text, len));
	CHECK_OK(slu_dearmor(&c));
	st = trial_read(&t, c, out, pace);
	if (words != NULL)
		CHECK_WORDS(words);
	if (st != SLU_EOF)
		trial_must_stay_failed(&t, c, st);
	slu_bio_free(c);
	return st;
}

/* At every pace, `text` gives `plain` and ends with `st` and `words`. */
static void
must_give(const char *text, const char *plain, slu_status st, const char *words)
{
	for (size_t i = 0; i < COUNT(paces); i++) {
		slu_buf out = { .limit = 1000 };

		CHECK_IS(
		    st, dearmor(text, strlen(text), &paces[i], &out, words));
		CHECK_BYTES(plain, strlen(plain), slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
}

static void
must_armor_as(const char *plain, const char *text)
{
	slu_buf out = { .limit = 1000 };

	armor(&out, plain, strlen(plain));
	CHECK_BYTES(text, strlen(text), slu_buf_front(&out), out.len);
	slu_buf_free(&out);
	must_give(text, plain, SLU_EOF, NULL);
}

static void
lines_have_64_characters_between_a_first_and_a_last(void **state)
{
	(void)state;
	must_armor_as("", BEGIN "\n" END "\n");
	must_armor_as("A", BEGIN "\nQQ==\n" END "\n");
	must_armor_as("ABC", BEGIN "\nQUJD\n" END "\n");
	must_armor_as(ABC48, BEGIN "\n" FULL "\n" END "\n");
	must_armor_as(ABC48 "AB", BEGIN "\n" FULL "\nQUI=\n" END "\n");
	must_armor_as(ABC48 ABC48, BEGIN "\n" FULL "\n" FULL "\n" END "\n");
}

static void
line_ends_and_blanks_around_may_differ(void **state)
{
	(void)state;
	must_give(BEGIN "\r\n" FULL "\r\nQUI=\r\n" END "\r\n", ABC48 "AB",
	    SLU_EOF, NULL);
	must_give(BEGIN "\n" FULL "\r\n" FULL "\nQUI=\n" END, ABC48 ABC48 "AB",
	    SLU_EOF, NULL);
	must_give(" \t\r\n\v\f\n" BEGIN "\nQUJD\n" END "\r\n \t\v\f\r\n\n",
	    "ABC", SLU_EOF, NULL);
	must_give("\n" BEGIN "\nQUJD\n" END, "ABC", SLU_EOF, NULL);
}

static void
each_fault_has_its_own_words_and_names_the_place(void **state)
{
	static const struct {
		const char *text, *plain, *words;
	} rows[] = {
		{ "", "", "armor: not an age file in armor" },
		{ "QUJD\n", "", "armor: not an age file in armor" },
		{ "age-encryption.org/v1\n", "",
		    "armor: not an age file in armor" },
		{ "\n \n", "", "armor: not an age file in armor" },
		{ " " BEGIN "\n" END "\n", "",
		    "armor: not an age file in armor" },
		{ "x\n" BEGIN "\n" END "\n", "",
		    "armor: not an age file in armor" },
		{ BEGIN " \n" END "\n", "", "armor: not an age file in armor" },
		{ BEGIN "\r\r\n" END "\n", "",
		    "armor: not an age file in armor" },
		{ "-----BEGIN AGE ENCRYPTED MESSAGE-----\nQUJD\n", "",
		    "armor: not an age file in armor" },
		{ BEGIN "\n\nQUJD\n" END "\n", "", "byte 35: an empty line" },
		{ BEGIN "\nQUJD\n\n" END "\n", "ABC",
		    "byte 40: an empty line" },
		{ BEGIN "\n" FULL "A\n", "",
		    "byte 99: a line of over 64 characters" },
		{ BEGIN "\n" FULL FULL, "",
		    "byte 99: a line of over 64 characters" },
		{ BEGIN "\nQUJD\nQUJD\n" END "\n", "ABC",
		    "byte 40: a line behind the last one" },
		{ BEGIN "\nQUI=\nQUJD\n" END "\n", "AB",
		    "byte 40: a line behind the last one" },
		{ BEGIN "\nQUJ\n" END "\n", "",
		    "byte 38: a line that ends within a group" },
		{ BEGIN "\nQUI\n" END "\n", "",
		    "byte 38: a line that ends within a group" },
		{ BEGIN "\nQUJD \n" END "\n", "",
		    "byte 39: not a base64 character" },
		{ BEGIN "\n QUJD\n" END "\n", "",
		    "byte 35: not a base64 character" },
		{ BEGIN "\nQU\rJD\n" END "\n", "",
		    "byte 37: not a base64 character" },
		{ BEGIN "\nQUJD\r\r\n" END "\n", "",
		    "byte 39: not a base64 character" },
		{ BEGIN "\nQ===\n" END "\n", "",
		    "byte 36: not a base64 character" },
		{ BEGIN "\n====\n" END "\n", "",
		    "byte 35: not a base64 character" },
		{ BEGIN "\nQU-_\n" END "\n", "",
		    "byte 37: not a base64 character" },
		{ BEGIN "\nQUJ=\n" END "\n", "",
		    "byte 37: nonzero bits after the last byte" },
		{ BEGIN "\nQR==\n" END "\n", "",
		    "byte 36: nonzero bits after the last byte" },
		{ BEGIN "\nKey: value\n\nQUJD\n" END "\n", "",
		    "byte 38: not a base64 character" },
		{ BEGIN "\nQUJD\n----- END AGE ENCRYPTED FILE -----\n", "ABC",
		    "byte 40: a line behind the last one" },
		{ BEGIN "\nQUJD\n" END "\nx", "ABC",
		    "byte 73: data after its end" },
		{ BEGIN "\nQUJD\n" END "\n \n\n" BEGIN "\n", "ABC",
		    "byte 76: data after its end" },
		{ BEGIN "\nQUJD\n" END " \n", "ABC",
		    "byte 40: a line behind the last one" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		must_give(
		    rows[i].text, rows[i].plain, SLU_ERR_FORMAT, rows[i].words);
}

static void
white_space_around_has_a_limit(void **state)
{
	char text[2 * SLU_ARMOR_BLANKS_MAX + 200];

	(void)state;
	for (int more = 0; more < 2; more++) {
		slu_status st = more ? SLU_ERR_LIMIT : SLU_EOF;

		snprintf(text, sizeof(text), "%*s" BEGIN "\nQUJD\n" END "\n",
		    SLU_ARMOR_BLANKS_MAX + more, "\n");
		must_give(text, more ? "" : "ABC", st,
		    more ? "armor: more than 1024 bytes of white space" : NULL);
		snprintf(text, sizeof(text), "%*s" BEGIN "\nQUJD\n" END "\n%*s",
		    SLU_ARMOR_BLANKS_MAX, "\n", SLU_ARMOR_BLANKS_MAX + more,
		    "");
		must_give(text, "ABC", st,
		    more ? "armor: more than 1024 bytes of white space" : NULL);
	}
}

static void
armor_that_is_cut_anywhere_is_truncated(void **state)
{
	static const char text[] = BEGIN "\r\n" FULL "\nQUI=\r\n" END;
	static const size_t full_line = sizeof(BEGIN) - 1 + 2 + 65;

	(void)state;
	for (size_t cut = 1; cut < sizeof(text) - 1; cut++) {
		slu_buf out = { .limit = 100 };
		char words[64];

		snprintf(
		    words, sizeof(words), "within the armor, after %zu b", cut);
		CHECK_IS(SLU_ERR_TRUNCATED,
		    dearmor(
			text, cut, &paces[cut % COUNT(paces)], &out, words));
		CHECK(out.len == (cut < full_line          ? 0
				     : cut < full_line + 6 ? 48
							   : 50u));
		slu_buf_free(&out);
	}
}

/* What a fault among many lines is, and what was given out before it. */
static void
any_byte_that_is_changed_is_a_fault_or_changes_the_bytes(void **state)
{
	static unsigned char plain[1000];
	slu_buf text = { .limit = 2000 };
	unsigned char *mem;

	(void)state;
	trial_plain(plain, sizeof(plain));
	armor(&text, plain, sizeof(plain));
	mem = text.mem + text.off;
	for (size_t i = 0; i + 1 < text.len; i++) {
		static const char others[] = "\n\r=A-";
		unsigned char old = mem[i];

		for (size_t k = 0; k < sizeof(others) - 1; k++) {
			slu_buf out = { .limit = 2000 };
			slu_status st;

			mem[i] = (unsigned char)others[k];
			if (mem[i] == old)
				continue;
			st = dearmor(mem, text.len, &paces[0], &out, NULL);
			if (st == SLU_EOF)
				CHECK(others[k] == 'A' &&
				      (out.len != 1000 ||
					  memcmp(slu_buf_front(&out), plain,
					      1000) != 0));
			else
				CHECK(st == SLU_ERR_FORMAT ||
				      st == SLU_ERR_TRUNCATED);
			slu_buf_free(&out);
		}
		mem[i] = old;
	}
	slu_buf_free(&text);
}

static void
many_lines_are_the_same_with_either_line_end(void **state)
{
	static unsigned char plain[300000];
	slu_buf text = { .limit = 500000 }, crlf = { .limit = 500000 };
	const unsigned char *in;

	(void)state;
	trial_plain(plain, sizeof(plain));
	armor(&text, plain, sizeof(plain));
	in = slu_buf_front(&text);
	for (size_t i = 0; i < text.len; i++) {
		if (in[i] == '\n')
			CHECK_OK(slu_buf_add(&crlf, "\r", 1));
		CHECK_OK(slu_buf_add(&crlf, in + i, 1));
	}
	for (size_t i = 0; i < 2; i++) {
		slu_buf out = { .limit = 300000 };
		const slu_buf *b = i == 0 ? &text : &crlf;

		CHECK_IS(SLU_EOF,
		    dearmor(slu_buf_front(b), b->len, &paces[0], &out, NULL));
		CHECK_BYTES(plain, sizeof(plain), slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
	slu_buf_free(&text);
	slu_buf_free(&crlf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(armor_holds_the_contract),
		cmocka_unit_test(
		    lines_have_64_characters_between_a_first_and_a_last),
		cmocka_unit_test(line_ends_and_blanks_around_may_differ),
		cmocka_unit_test(
		    each_fault_has_its_own_words_and_names_the_place),
		cmocka_unit_test(white_space_around_has_a_limit),
		cmocka_unit_test(armor_that_is_cut_anywhere_is_truncated),
		cmocka_unit_test(
		    any_byte_that_is_changed_is_a_fault_or_changes_the_bytes),
		cmocka_unit_test(many_lines_are_the_same_with_either_line_end),
	};

	return cmocka_run_group_tests_name("armor", tests, NULL, NULL);
}
