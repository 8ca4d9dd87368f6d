/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "choke.h"
#include "contract.h"
#include "faulty.h"

#include <unistd.h>

#include "sluice/hex.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/trace.h"
#include "sluice/view.h"

/* What was told, line by line. */
static void
note(const char *line, void *arg)
{
	slu_buf *told = arg;

	CHECK_OK(slu_buf_add(told, line, strlen(line)));
	CHECK_OK(slu_buf_add(told, "\n", 1));
}

static void
check_told(slu_buf *told, const char *lines)
{
	if (told->len != strlen(lines) ||
	    memcmp(slu_buf_front(told), lines, told->len) != 0)
		print_error("told:\n%.*s", (int)told->len,
		    (const char *)slu_buf_front(told));
	CHECK_BYTES(lines, strlen(lines), slu_buf_front(told), told->len);
	slu_buf_free(told);
}

static void
count_lines(const char *line, void *arg)
{
	size_t *longest = arg;

	if (strlen(line) > *longest)
		*longest = strlen(line);
}

static slu_status
push_trace(slu_bio **top, void *arg)
{
	return slu_trace(top, arg);
}

static void
trace_holds_the_contract_of_a_filter(void **state)
{
	size_t longest = 0;
	slu_trace_options options = { .line = count_lines, .arg = &longest };
	const contract_filter trace = {
		.name = "trace",
		.encode = push_trace,
		.decode = push_trace,
		.arg = &options,
	};

	(void)state;
	contract_filter_holds(&trace);
	CHECK(longest > 20 && longest < SLU_TRACE_LINE_MAX);
}

static void
what_is_read_is_told_with_waits_and_the_end(void **state)
{
	slu_buf told = { .limit = 4096 };
	slu_bio *c = NULL;
	char out[16];
	size_t got;

	(void)state;
	CHECK_OK(slu_view_open(&c, "HELLO", 5));
	CHECK_OK(choke_push(&c, 3));
	CHECK_OK(
	    slu_trace(&c, &(slu_trace_options){ .line = note, .arg = &told }));
	for (int i = 0; i < 6; i++)
		(void)!slu_bio_read(c, out, sizeof(out), &got);
	slu_bio_free(c);
	check_told(&told, "trace: read of 16: want read\n"
			  "trace: read 3 of 16\n"
			  "trace: read of 16: want read\n"
			  "trace: read 2 of 16\n"
			  "trace: read of 16: want read\n"
			  "trace: read of 16: end of stream\n"
			  "trace: free after 5 read, 0 written\n");
}

static void
what_is_written_is_told_with_flush_and_finish(void **state)
{
	slu_buf told = { .limit = 4096 };
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(choke_push(&c, 3));
	CHECK_OK(
	    slu_trace(&c, &(slu_trace_options){
			      .label = "wire", .line = note, .arg = &told }));
	for (int i = 0; i < 2; i++)
		(void)!slu_bio_write(c, "HELLO", 5, &put);
	CHECK_OK(slu_bio_flush(c));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	check_told(&told, "wire: write of 5: want write\n"
			  "wire: write 3 of 5\n"
			  "wire: flush\n"
			  "wire: finish: ok\n"
			  "wire: free after 0 read, 3 written\n");
}

static void
fail_at_something_else(const char *line, void *arg)
{
	note(line, arg);
	(void)slu_fail(SLU_ERR_USAGE, "test: something else");
}

static void
failures_are_told_and_keep_their_words(void **state)
{
	const char *const calls[] = { "read of 1", "write of 1", "finish" };
	char line[128];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		slu_buf told = { .limit = 4096 };
		const slu_trace_options options = {
			.line = fail_at_something_else, .arg = &told
		};
		slu_bio *c = NULL;
		slu_status st;
		char byte = 0;
		size_t n;

		CHECK_OK(slu_null_open(&c));
		CHECK_OK(faulty_push(&c, 0));
		CHECK_OK(slu_trace(&c, &options));
		if (i == 0)
			st = slu_bio_read(c, &byte, 1, &n);
		else if (i == 1)
			st = slu_bio_write(c, &byte, 1, &n);
		else
			st = slu_bio_finish(c);
		CHECK_IS(SLU_ERR_IO, st);
		CHECK(strcmp(slu_error(), FAULTY_WORDS) == 0);
		CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
		CHECK(strcmp(slu_error(), FAULTY_WORDS) == 0);
		slu_bio_free(c);
		snprintf(line, sizeof(line),
		    "trace: %s: input/output failed: " FAULTY_WORDS "\n"
		    "trace: free after 0 read, 0 written\n",
		    calls[i]);
		check_told(&told, line);
	}
}

static void
a_finish_that_waits_is_told_each_time(void **state)
{
	slu_buf told = { .limit = 4096 }, below = { .limit = 100 };
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &below));
	CHECK_OK(choke_push(&c, 100));
	CHECK_OK(slu_hex_encode(&c, NULL));
	CHECK_OK(
	    slu_trace(&c, &(slu_trace_options){ .line = note, .arg = &told }));
	CHECK_OK(slu_bio_write(c, "AB", 2, &put));
	CHECK_IS(SLU_WANT_WRITE, slu_bio_finish(c));
	CHECK_OK(slu_bio_finish(c));
	CHECK_OK(slu_bio_finish(c));
	CHECK_BYTES("4142", 4, slu_buf_front(&below), below.len);
	slu_bio_free(c);
	check_told(&told, "trace: write 2 of 2\n"
			  "trace: finish: want write\n"
			  "trace: finish: ok\n"
			  "trace: free after 0 read, 2 written\n");
	slu_buf_free(&below);
}

static void
payload_is_shown_only_as_far_as_it_is_asked_for(void **state)
{
	static const size_t payloads[] = { 0, 3, SIZE_MAX };
	static const char *const rows[] = {
		"",
		"p: 00000000  48 45 4c                                         "
		"|HEL|\n",
		"p: 00000000  48 45 4c 4c 4f 20 57 4f 52 4c 44 0a 00 7f ff 7e  "
		"|HELLO WORLD....~|\n"
		"p: 00000010  21                                               "
		"|!|\n",
	};
	static const char *const row_of_the_second[] = {
		"",
		"p: 00000011  78                                               "
		"|x|\n",
		"p: 00000011  78                                               "
		"|x|\n",
	};
	char lines[1024];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		slu_buf told = { .limit = 4096 };
		slu_bio *c = NULL;
		size_t put;

		CHECK_OK(slu_null_open(&c));
		CHECK_OK(slu_trace(&c, &(slu_trace_options){ .label = "p",
					   .line = note,
					   .arg = &told,
					   .payload = payloads[i] }));
		CHECK_OK(
		    slu_bio_write(c, "HELLO WORLD\n\0\x7f\xff~!", 17, &put));
		CHECK_OK(slu_bio_write(c, "x", 1, &put));
		slu_bio_free(c);
		snprintf(lines, sizeof(lines),
		    "p: write 17 of 17\n%sp: write 1 of 1\n%s"
		    "p: free after 0 read, 18 written\n",
		    rows[i], row_of_the_second[i]);
		check_told(&told, lines);
	}
}

/* Gives datagrams of 1 byte, of 2, and so on, and takes any, whole. */
static slu_status
datagram_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	size_t *n = self;

	(void)next;
	CHECK(cap > *n);
	*got = ++*n;
	memset(buf, 'd', *got);
	return SLU_OK;
}

static slu_status
datagram_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self, (void)next, (void)data;
	*put = len;
	return SLU_OK;
}

static void
datagrams_stay_whole(void **state)
{
	static const slu_bio_ops ops = {
		.name = "datagrams",
		.size = sizeof(size_t),
		.read = datagram_read,
		.write = datagram_write,
		.datagram = true,
	};
	slu_buf told = { .limit = 4096 };
	slu_bio *c = NULL;
	char out[100];
	size_t n;

	(void)state;
	CHECK(slu_bio_push(&c, &ops) != NULL);
	CHECK_OK(
	    slu_trace(&c, &(slu_trace_options){ .line = note, .arg = &told }));
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &n));
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &n));
	CHECK_OK(slu_bio_write(c, out, 50, &n));
	slu_bio_free(c);
	check_told(&told, "trace: read 1 of 100\n"
			  "trace: read 2 of 100\n"
			  "trace: write 50 of 50\n"
			  "trace: free after 3 read, 50 written\n");
}

static void
a_line_is_one_line_and_bounded_whatever_is_in_it(void **state)
{
	slu_buf told = { .limit = 4096 };
	char label[200], want[128];
	slu_bio *c = NULL;

	(void)state;
	memset(label, 'L', sizeof(label));
	label[sizeof(label) - 1] = '\0';
	label[1] = '\n';
	label[2] = '\x1b';
	label[3] = '\x7f';
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(
	    slu_trace(&c, &(slu_trace_options){
			      .label = label, .line = note, .arg = &told }));
	slu_bio_free(c);
	memset(want, 'L', 63);
	memcpy(want + 1, "???", 3);
	strcpy(want + 63, ": free after 0 read, 0 written\n");
	check_told(&told, want);
}

static void
without_a_callback_the_lines_go_to_standard_error(void **state)
{
	static const char want[] = "trace: flush\n"
				   "trace: free after 0 read, 0 written\n";
	slu_bio *c = NULL;
	int ends[2], saved = dup(2);
	char out[256];

	(void)state;
	CHECK(saved >= 0 && pipe(ends) == 0 && dup2(ends[1], 2) == 2);
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(slu_trace(&c, NULL));
	CHECK_OK(slu_bio_flush(c));
	slu_bio_free(c);
	CHECK(dup2(saved, 2) == 2);
	close(saved);
	close(ends[1]);
	CHECK_BYTES(want, sizeof(want) - 1, out,
	    (size_t)read(ends[0], out, sizeof(out)));
	close(ends[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace_holds_the_contract_of_a_filter),
		cmocka_unit_test(what_is_read_is_told_with_waits_and_the_end),
		cmocka_unit_test(what_is_written_is_told_with_flush_and_finish),
		cmocka_unit_test(failures_are_told_and_keep_their_words),
		cmocka_unit_test(a_finish_that_waits_is_told_each_time),
		cmocka_unit_test(
		    payload_is_shown_only_as_far_as_it_is_asked_for),
		cmocka_unit_test(datagrams_stay_whole),
		cmocka_unit_test(
		    a_line_is_one_line_and_bounded_whatever_is_in_it),
		cmocka_unit_test(
		    without_a_callback_the_lines_go_to_standard_error),
	};

	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
