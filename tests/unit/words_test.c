/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <stdlib.h>

#include "chi.h"
#include "oom.h"
#include "sluice/words.h"

static void
the_list_has_7776_distinct_words_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < SLU_WORDS_LIST; i++) {
		const char *word = slu_words_at(i);

		CHECK(strlen(word) >= 3);
		CHECK(strspn(word, "abcdefghijklmnopqrstuvwxyz-") ==
		      strlen(word));
		CHECK(i == 0 || strcmp(slu_words_at(i - 1), word) < 0);
	}
	assert_string_equal(slu_words_at(0), "abacus");
	assert_string_equal(slu_words_at(SLU_WORDS_LIST - 1), "zoom");
	CHECK(slu_words_at(SLU_WORDS_LIST) == NULL);
	CHECK(slu_words_at(SIZE_MAX) == NULL);
}

static void
the_table_is_the_list_that_was_published(void **state)
{
	FILE *f = fopen("src/rand/eff_large_wordlist.txt", "r");
	char line[32];
	size_t i = 0;

	(void)state;
	CHECK(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		CHECK(i < SLU_WORDS_LIST);
		assert_string_equal(slu_words_at(i++), line);
	}
	fclose(f);
	CHECK(i == SLU_WORDS_LIST);
}

static int
compare(const void *word, const void *row)
{
	return strcmp(word, *(const char *const *)row);
}

/* The place of a word in the list, or SLU_WORDS_LIST. */
static size_t
place_of(const char *word)
{
	static const char *rows[SLU_WORDS_LIST];
	const char *const *row;

	if (rows[0] == NULL)
		for (size_t i = 0; i < SLU_WORDS_LIST; i++)
			rows[i] = slu_words_at(i);
	row = bsearch(word, rows, SLU_WORDS_LIST, sizeof(*rows), compare);
	return row == NULL ? SLU_WORDS_LIST : (size_t)(row - rows);
}

/* Draw a phrase as a string; the caller frees it. */
static char *
draw(size_t count, const char *separator)
{
	slu_buf out = { .limit = 1 << 20 };
	char *text;

	CHECK_OK(slu_words_append(&out, count, separator));
	text = calloc(1, out.len + 1);
	CHECK(text != NULL);
	memcpy(text, slu_buf_front(&out), out.len);
	CHECK(strlen(text) == out.len);
	slu_buf_free(&out);
	return text;
}

/* Take a phrase apart; gives how many words of the list it has. */
static size_t
count_words(char *text, const char *separator, uint64_t *counts)
{
	char *at = text, *end;
	size_t n = 0, place;

	for (;; at = end + strlen(separator)) {
		end = strstr(at, separator);
		if (end != NULL)
			*end = '\0';
		place = place_of(at);
		CHECK(place < SLU_WORDS_LIST);
		if (counts != NULL)
			counts[place]++;
		n++;
		if (end == NULL)
			return n;
	}
}

static void
a_phrase_is_as_many_words_of_the_list_as_were_asked_for(void **state)
{
	const size_t counts[] = { 1, 2, 8, 100, SLU_WORDS_MAX };
	const char *separators[] = { " ", ".", "::", "\xc2\xb7" };

	(void)state;
	for (size_t s = 0; s < 4; s++) {
		for (size_t c = 0; c < 5; c++) {
			char *text = draw(counts[c], separators[s]);

			CHECK(count_words(text, separators[s], NULL) ==
			      counts[c]);
			free(text);
		}
	}
}

static void
no_separator_joins_the_words(void **state)
{
	char *text = draw(5, "");

	(void)state;
	CHECK(strlen(text) >= 15 && strlen(text) <= 45);
	CHECK(strspn(text, "abcdefghijklmnopqrstuvwxyz-") == strlen(text));
	free(text);
}

static void
a_phrase_goes_behind_what_waits_already(void **state)
{
	slu_buf out = { .limit = 1000 };

	(void)state;
	CHECK_OK(slu_buf_add(&out, "pass: ", 6));
	CHECK_OK(slu_words_append(&out, 3, " "));
	CHECK(out.len > 6 + 3 * 3 + 2);
	CHECK_BYTES("pass: ", 6, slu_buf_front(&out), 6);
	slu_buf_free(&out);
}

static void
each_word_is_equally_likely(void **state)
{
	enum { PHRASES = 40 };
	static uint64_t counts[SLU_WORDS_LIST];
	uint64_t column[2] = { 0 };
	char *text;

	(void)state;
	for (int i = 0; i < PHRASES; i++) {
		text = draw(SLU_WORDS_MAX, " ");
		CHECK(count_words(text, " ", counts) == SLU_WORDS_MAX);
		free(text);
	}
	CHECK(chi_uniform(counts, SLU_WORDS_LIST));
	for (size_t i = 0; i < SLU_WORDS_LIST; i++)
		column[i % 2] += counts[i];
	CHECK(chi_uniform(column, 2));
}

static void
both_ends_of_the_list_are_drawn(void **state)
{
	/* One of them stays away in fewer than one of 10^12 runs. */
	enum { PHRASES = 240 };
	static uint64_t counts[SLU_WORDS_LIST];
	int i;

	(void)state;
	for (i = 0; i < PHRASES; i++) {
		char *text = draw(SLU_WORDS_MAX, " ");

		CHECK(count_words(text, " ", counts) == SLU_WORDS_MAX);
		free(text);
		if (counts[0] > 0 && counts[SLU_WORDS_LIST - 1] > 0)
			break;
	}
	CHECK(i < PHRASES);
}

static void
words_that_do_not_fit_leave_the_queue_as_it_was(void **state)
{
	/* Three words have 9 to 27 letters; with their separators, 11. */
	slu_buf out = { .limit = 4 + 10 };
	unsigned char before[4];

	(void)state;
	CHECK_OK(slu_buf_add(&out, "abcd", 4));
	memcpy(before, slu_buf_front(&out), 4);
	for (int i = 0; i < 1000; i++) {
		CHECK_IS(SLU_ERR_LIMIT, slu_words_append(&out, 3, " "));
		CHECK_WORDS("words: 3 words do not fit 10 bytes");
		CHECK_BYTES("abcd", 4, slu_buf_front(&out), out.len);
	}
	CHECK_IS(SLU_ERR_LIMIT, slu_words_append(&out, SLU_WORDS_MAX, " "));
	CHECK_BYTES("abcd", 4, slu_buf_front(&out), out.len);
	slu_buf_free(&out);
}

static void
without_memory_the_queue_is_as_it_was(void **state)
{
	oom_hit hit = OOM_OURS;

	(void)state;
	free(draw(1, "")); /* OpenSSL's generator has its memory */
	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_buf out = { .limit = 1 << 20 };
		slu_status st;

		CHECK(k < 1000);
		CHECK_OK(slu_buf_add(&out, "abcd", 4));
		oom_arm(k);
		st = slu_words_append(&out, 100, " ");
		hit = oom_disarm();
		CHECK_IS(hit == OOM_NONE ? SLU_OK : SLU_ERR_MEMORY, st);
		CHECK(st == SLU_OK || out.len == 4);
		slu_buf_free(&out);
	}
}

static void
a_phrase_has_1_to_1024_words(void **state)
{
	slu_buf out = { .limit = 1 << 20 };

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_words_append(&out, 0, " "));
	CHECK_WORDS("words: 0 words, not 1 to 1024");
	CHECK_IS(SLU_ERR_USAGE, slu_words_append(&out, SLU_WORDS_MAX + 1, " "));
	CHECK(out.len == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_has_7776_distinct_words_in_order),
		cmocka_unit_test(the_table_is_the_list_that_was_published),
		cmocka_unit_test(
		    a_phrase_is_as_many_words_of_the_list_as_were_asked_for),
		cmocka_unit_test(no_separator_joins_the_words),
		cmocka_unit_test(a_phrase_goes_behind_what_waits_already),
		cmocka_unit_test(each_word_is_equally_likely),
		cmocka_unit_test(both_ends_of_the_list_are_drawn),
		cmocka_unit_test(
		    words_that_do_not_fit_leave_the_queue_as_it_was),
		cmocka_unit_test(without_memory_the_queue_is_as_it_was),
		cmocka_unit_test(a_phrase_has_1_to_1024_words),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
