/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "choke.h"
#include "faulty.h"
#include "oom.h"

#include <stdlib.h>

#include "sluice/lines.h"
#include "sluice/mem.h"
#include "sluice/view.h"

#define CHECK_LINE(want, lines) \
	check_line((want), sizeof(want) - 1, (lines), __FILE__, __LINE__)

static slu_status
patiently(slu_lines *lines, const char **line, size_t *len)
{
	slu_status st;

	do {
		st = slu_lines_next(lines, line, len);
	} while (st == SLU_WANT_READ);
	return st;
}

static void
check_line(const char *want, size_t want_len, slu_lines *lines,
    const char *file, int at)
{
	const char *line;
	size_t len;

	check_status(SLU_OK, patiently(lines, &line, &len), "a line", file, at);
	/* The NUL behind it is part of the promise. */
	check_bytes(want, want_len + 1, line, len + 1, file, at);
}

static void
check_end(slu_lines *lines)
{
	const char *line;
	size_t len;

	for (int i = 0; i < 3; i++) {
		CHECK_IS(SLU_EOF, patiently(lines, &line, &len));
		CHECK(line == NULL && len == 0);
	}
}

static void
each_line_comes_without_its_newline(void **state)
{
	slu_lines *lines = NULL;
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_view_open(&c, "HELLO\nWORLD\n", 12));
	CHECK_OK(slu_lines_new(&lines, c, 64));
	CHECK_LINE("HELLO", lines);
	CHECK_LINE("WORLD", lines);
	check_end(lines);
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
the_last_line_needs_no_newline(void **state)
{
	slu_lines *lines = NULL;
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_view_open(&c, "one\n\ntwo", 8));
	CHECK_OK(slu_lines_new(&lines, c, 64));
	CHECK_LINE("one", lines);
	CHECK_LINE("", lines);
	CHECK_LINE("two", lines);
	check_end(lines);
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
lines_may_end_in_another_byte(void **state)
{
	static const char text[] = "one\ntwo\0\n\0\0three\0four";
	slu_lines *lines = NULL;
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_view_open(&c, text, sizeof(text) - 1));
	CHECK_OK(slu_lines_new(&lines, c, 7));
	CHECK_LINE("one", lines);
	slu_lines_end_with(lines, '\0');
	CHECK_LINE("two", lines);
	CHECK_LINE("\n", lines);
	CHECK_LINE("", lines);
	CHECK_LINE("three", lines);
	CHECK_LINE("four", lines);
	check_end(lines);
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
a_line_too_long_is_passed_over_to_the_end_that_was_told(void **state)
{
	static const char text[] = "long\nlong\nlong\0short\0";
	slu_lines *lines = NULL;
	slu_bio *c = NULL;
	const char *line;
	size_t len;

	(void)state;
	CHECK_OK(slu_view_open(&c, text, sizeof(text) - 1));
	CHECK_OK(slu_lines_new(&lines, c, 8));
	slu_lines_end_with(lines, '\0');
	CHECK_IS(SLU_ERR_LIMIT, slu_lines_next(lines, &line, &len));
	CHECK_OK(slu_lines_skip(lines));
	CHECK_LINE("short", lines);
	check_end(lines);
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
an_empty_stream_has_no_line(void **state)
{
	slu_lines *lines = NULL;
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_view_open(&c, "", 0));
	CHECK_OK(slu_lines_new(&lines, c, 64));
	check_end(lines);
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
all_bytes_but_the_newline_are_kept(void **state)
{
	static const char text[] = "a\0b\r\n\r\n\xff\x80\n\0";
	slu_lines *lines = NULL;
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_view_open(&c, text, sizeof(text) - 1));
	CHECK_OK(slu_lines_new(&lines, c, 64));
	CHECK_LINE("a\0b\r", lines);
	CHECK_LINE("\r", lines);
	CHECK_LINE("\xff\x80", lines);
	CHECK_LINE("\0", lines);
	check_end(lines);
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
a_line_of_the_limit_is_taken_and_a_longer_one_is_not(void **state)
{
	const char *line;
	slu_lines *lines = NULL;
	slu_bio *c = NULL;
	size_t len;

	(void)state;
	CHECK_OK(slu_view_open(&c, "12345\n123456\n1\n", 15));
	CHECK_OK(slu_lines_new(&lines, c, 5));
	CHECK_LINE("12345", lines);
	for (int i = 0; i < 3; i++) {
		CHECK_IS(SLU_ERR_LIMIT, slu_lines_next(lines, &line, &len));
		CHECK_WORDS("lines: line 2 is longer than 5 bytes");
		CHECK(line == NULL && len == 0);
		(void)slu_fail(SLU_ERR_IO, "something else");
	}
	slu_lines_free(lines);
	slu_bio_free(c);
}

static slu_status
skip_patiently(slu_lines *lines)
{
	slu_status st;

	do {
		st = slu_lines_skip(lines);
	} while (st == SLU_WANT_READ);
	return st;
}

static void
a_line_that_is_too_long_can_be_passed_over(void **state)
{
	static const char text[] = "1\n123456\n\n1234567\n123456\n2\n1234567";
	static const size_t chokes[] = { 0, 1, 3 };
	const char *line;
	slu_lines *lines = NULL;
	slu_bio *c = NULL;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(chokes) / sizeof(chokes[0]); i++) {
		CHECK_OK(slu_view_open(&c, text, sizeof(text) - 1));
		if (chokes[i] > 0)
			CHECK_OK(choke_push(&c, chokes[i]));
		CHECK_OK(slu_lines_new(&lines, c, 5));
		CHECK_LINE("1", lines);
		CHECK_IS(SLU_ERR_LIMIT, patiently(lines, &line, &len));
		CHECK_WORDS("lines: line 2 is longer than 5 bytes");
		CHECK_OK(skip_patiently(lines));
		CHECK_LINE("", lines);
		CHECK_IS(SLU_ERR_LIMIT, patiently(lines, &line, &len));
		CHECK_WORDS("lines: line 4 is longer than 5 bytes");
		CHECK_OK(skip_patiently(lines));
		CHECK_IS(SLU_ERR_LIMIT, patiently(lines, &line, &len));
		CHECK_WORDS("lines: line 5 is longer than 5 bytes");
		CHECK_OK(skip_patiently(lines));
		CHECK_LINE("2", lines);
		CHECK_IS(SLU_ERR_LIMIT, patiently(lines, &line, &len));
		CHECK_OK(skip_patiently(lines));
		check_end(lines);
		slu_lines_free(lines);
		slu_bio_free(c);
		c = NULL;
	}
}

/* Its beginning is held apart from the rest where a batch is too small. */
static void
a_line_of_many_batches_can_be_passed_over(void **state)
{
	static char text[300000];
	const char *line;
	slu_lines *lines = NULL;
	slu_bio *c = NULL;
	size_t len;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 3] = '\n';
	CHECK_OK(slu_view_open(&c, text, sizeof(text)));
	CHECK_OK(slu_lines_new(&lines, c, 150000));
	CHECK_IS(SLU_ERR_LIMIT, slu_lines_next(lines, &line, &len));
	CHECK_OK(slu_lines_skip(lines));
	CHECK_LINE("xx", lines);
	check_end(lines);
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
only_a_line_that_is_too_long_is_passed_over(void **state)
{
	slu_lines *lines = NULL;
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_view_open(&c, "one\ntwo\n", 8));
	CHECK_OK(slu_lines_new(&lines, c, 5));
	CHECK_IS(SLU_ERR_USAGE, slu_lines_skip(lines));
	CHECK_WORDS("lines: no line was too long");
	CHECK_LINE("one", lines);
	CHECK_IS(SLU_ERR_USAGE, slu_lines_skip(lines));
	CHECK_LINE("two", lines);
	check_end(lines);
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
a_source_that_fails_under_a_long_line_fails_the_reader(void **state)
{
	const char *line;
	slu_lines *lines = NULL;
	slu_bio *c = NULL;
	size_t len;

	(void)state;
	CHECK_OK(slu_view_open(&c, "123456", 6));
	CHECK_OK(faulty_push(&c, 1));
	CHECK_OK(slu_lines_new(&lines, c, 5));
	CHECK_IS(SLU_ERR_LIMIT, slu_lines_next(lines, &line, &len));
	CHECK_IS(SLU_ERR_IO, slu_lines_skip(lines));
	CHECK_WORDS(FAULTY_WORDS);
	CHECK_IS(SLU_ERR_IO, slu_lines_next(lines, &line, &len));
	CHECK_WORDS(FAULTY_WORDS);
	CHECK_IS(SLU_ERR_USAGE, slu_lines_skip(lines));
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
a_limit_of_nothing_allows_empty_lines(void **state)
{
	const char *line;
	slu_lines *lines = NULL;
	slu_bio *c = NULL;
	size_t len;

	(void)state;
	CHECK_OK(slu_view_open(&c, "\n\nx", 3));
	CHECK_OK(slu_lines_new(&lines, c, 0));
	CHECK_LINE("", lines);
	CHECK_LINE("", lines);
	CHECK_IS(SLU_ERR_LIMIT, slu_lines_next(lines, &line, &len));
	slu_lines_free(lines);
	slu_bio_free(c);
}

/* A stream without newlines is given up as soon as the limit is passed. */
static void
an_endless_line_is_not_read_to_its_end(void **state)
{
	enum { ENDLESS = 1024 * 1024 };
	slu_buf queue = { .limit = ENDLESS };
	char *x = calloc(1, ENDLESS);
	const char *line;
	slu_lines *lines = NULL;
	slu_bio *c = NULL;
	size_t len;

	(void)state;
	CHECK(x != NULL);
	CHECK_OK(slu_buf_add(&queue, x, ENDLESS));
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_lines_new(&lines, c, 100));
	CHECK_IS(SLU_ERR_LIMIT, slu_lines_next(lines, &line, &len));
	CHECK(queue.len >= ENDLESS - 64 * 1024);
	slu_lines_free(lines);
	slu_bio_free(c);
	slu_buf_free(&queue);
	free(x);
}

/* Lines of many lengths, those around the reader's batch of 64 KiB too. */
static const size_t lengths[] = { 0, 1, 65534, 65535, 65536, 65537, 3, 131071,
	131072, 131073, 0, 0, 65535, 200000, 7 };
#define LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

static unsigned char
byte_of(size_t line, size_t i)
{
	unsigned char b = (unsigned char)(line * 31 + i * 7 + i / 251);

	return b == '\n' ? 0 : b;
}

static void
check_long_lines(size_t choke, size_t limit, bool last_newline)
{
	slu_buf queue = { .limit = 4 * 1024 * 1024 };
	unsigned char *text = malloc(200001);
	slu_lines *lines = NULL;
	slu_bio *c = NULL;
	const char *line;
	size_t len;

	CHECK(text != NULL);
	for (size_t i = 0; i < LENGTHS; i++) {
		for (size_t j = 0; j < lengths[i]; j++)
			text[j] = byte_of(i, j);
		text[lengths[i]] = '\n';
		CHECK_OK(slu_buf_add(&queue, text,
		    lengths[i] + (last_newline || i + 1 < LENGTHS)));
	}
	CHECK_OK(slu_mem_open(&c, &queue));
	if (choke > 0)
		CHECK_OK(choke_push(&c, choke));
	CHECK_OK(slu_lines_new(&lines, c, limit));
	for (size_t i = 0; i < LENGTHS; i++) {
		CHECK_OK(patiently(lines, &line, &len));
		CHECK(len == lengths[i] && line[len] == '\0');
		for (size_t j = 0; j < len; j++)
			if ((unsigned char)line[j] != byte_of(i, j))
				fail_msg("line %zu differs at %zu", i, j);
	}
	check_end(lines);
	slu_lines_free(lines);
	slu_bio_free(c);
	slu_buf_free(&queue);
	free(text);
}

static void
lines_longer_than_a_batch_are_whole_at_any_pace(void **state)
{
	static const size_t chokes[] = { 0, 1, 3, 4096, 65536 };

	(void)state;
	for (size_t i = 0; i < sizeof(chokes) / sizeof(chokes[0]); i++) {
		check_long_lines(chokes[i], 200000, true);
		check_long_lines(chokes[i], 200000, false);
	}
	check_long_lines(0, SIZE_MAX, true);
}

static void
a_failing_source_fails_the_reader_for_good(void **state)
{
	const char *line;
	slu_lines *lines = NULL;
	slu_bio *c = NULL;
	size_t len;

	(void)state;
	CHECK_OK(slu_view_open(&c, "one\ntwo", 7));
	CHECK_OK(faulty_push(&c, 1));
	CHECK_OK(slu_lines_new(&lines, c, 64));
	CHECK_LINE("one", lines);
	for (int i = 0; i < 2; i++) {
		CHECK_IS(SLU_ERR_IO, slu_lines_next(lines, &line, &len));
		CHECK_WORDS(FAULTY_WORDS);
		(void)slu_fail(SLU_ERR_USAGE, "something else");
	}
	slu_lines_free(lines);
	slu_bio_free(c);
}

static void
lines_without_a_chain_are_misuse(void **state)
{
	const char *line;
	slu_lines *lines = NULL;
	size_t len;

	(void)state;
	CHECK_OK(slu_lines_new(&lines, NULL, 64));
	CHECK_IS(SLU_ERR_USAGE, slu_lines_next(lines, &line, &len));
	slu_lines_free(lines);
	slu_lines_free(NULL);
}

static void
without_memory_a_reader_fails_cleanly(void **state)
{
	static char text[150000];
	oom_hit hit = OOM_OURS;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_lines *lines = NULL;
		slu_bio *c = NULL;
		const char *line;
		slu_status st;
		size_t len;

		CHECK_OK(slu_view_open(&c, text, sizeof(text)));
		oom_arm(k);
		st = slu_lines_new(&lines, c, sizeof(text));
		if (st == SLU_OK)
			st = slu_lines_next(lines, &line, &len);
		hit = oom_disarm();
		CHECK_IS(hit ? SLU_ERR_MEMORY : SLU_OK, st);
		slu_lines_free(lines);
		slu_bio_free(c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_comes_without_its_newline),
		cmocka_unit_test(the_last_line_needs_no_newline),
		cmocka_unit_test(lines_may_end_in_another_byte),
		cmocka_unit_test(
		    a_line_too_long_is_passed_over_to_the_end_that_was_told),
		cmocka_unit_test(an_empty_stream_has_no_line),
		cmocka_unit_test(all_bytes_but_the_newline_are_kept),
		cmocka_unit_test(
		    a_line_of_the_limit_is_taken_and_a_longer_one_is_not),
		cmocka_unit_test(a_line_that_is_too_long_can_be_passed_over),
		cmocka_unit_test(a_line_of_many_batches_can_be_passed_over),
		cmocka_unit_test(only_a_line_that_is_too_long_is_passed_over),
		cmocka_unit_test(
		    a_source_that_fails_under_a_long_line_fails_the_reader),
		cmocka_unit_test(a_limit_of_nothing_allows_empty_lines),
		cmocka_unit_test(an_endless_line_is_not_read_to_its_end),
		cmocka_unit_test(
		    lines_longer_than_a_batch_are_whole_at_any_pace),
		cmocka_unit_test(a_failing_source_fails_the_reader_for_good),
		cmocka_unit_test(lines_without_a_chain_are_misuse),
		cmocka_unit_test(without_memory_a_reader_fails_cleanly),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
