/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "check.h"
#include "choke.h"
#include "contract.h"
#include "oom.h"
#include "packed.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "sluice/base64.h"
#include "sluice/fd.h"
#include "sluice/limit.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/pair.h"
#include "sluice/stdio.h"
#include "sluice/view.h"

#define LINES 5000

static void
print_lines(slu_buf *queue)
{
	slu_bio *c = packed_text_writer(queue);
	FILE *file = slu_stdio_file(c);

	CHECK(file != NULL);
	for (int i = 0; i < LINES; i++)
		CHECK(fprintf(file, "%d: this is line %d\n", i, i * i) > 0);
	CHECK(fclose(file) == 0);
	slu_bio_free(c);
}

static void
lines_are_printed_into_a_chain_and_got_from_one(void **state)
{
	slu_buf queue = { .limit = TRIAL_ROOM };
	size_t room = 0, count = 0;
	char *line = NULL, want[64];
	slu_bio *c;
	FILE *file;
	ssize_t n;

	(void)state;
	print_lines(&queue);
	CHECK(queue.len > 1000 && queue.len < (size_t)LINES * 20);
	c = packed_text_reader(&queue);
	file = slu_stdio_file(c);
	while ((n = getline(&line, &room, file)) > 0) {
		snprintf(want, sizeof(want), "%zu: this is line %zu\n", count,
		    count * count);
		CHECK_BYTES(want, strlen(want), line, (size_t)n);
		count++;
	}
	CHECK(count == LINES && feof(file) && !ferror(file));
	CHECK(fclose(file) == 0);
	slu_bio_free(c);
	free(line);
	slu_buf_free(&queue);
}

static void
numbers_are_scanned_from_a_chain(void **state)
{
	slu_buf queue = { .limit = TRIAL_ROOM };
	int count = 0, i, square;
	slu_bio *c;
	FILE *file;

	(void)state;
	print_lines(&queue);
	c = packed_text_reader(&queue);
	file = slu_stdio_file(c);
	while (fscanf(file, "%d: this is line %d\n", &i, &square) == 2) {
		CHECK(i == count && square == i * i);
		count++;
	}
	CHECK(count == LINES && feof(file) && !ferror(file));
	CHECK(fclose(file) == 0);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

/* ---- a chain over a FILE over a chain */

struct both {
	slu_buf queue;
	slu_bio *below;
	FILE *file;
};

static slu_status
create_both(slu_bio **top, void *arg)
{
	struct both *b = arg;

	oom_hold();
	if (b->file != NULL)
		fclose(b->file);
	slu_bio_free(b->below);
	b->below = NULL;
	slu_buf_skip(&b->queue, b->queue.len);
	CHECK_OK(slu_mem_open(&b->below, &b->queue));
	b->file = slu_stdio_file(b->below);
	CHECK(b->file != NULL);
	oom_release();
	return slu_stdio_open(top, b->file);
}

static void
prepare_both(const void *data, size_t len, void *arg)
{
	slu_bio *c = NULL;

	CHECK_OK(create_both(&c, arg));
	slu_bio_free(c);
	CHECK_OK(slu_buf_add(&((struct both *)arg)->queue, data, len));
}

static slu_status
open_both(slu_bio **top, void *arg)
{
	struct both *b = arg;

	return slu_stdio_open(top, b->file);
}

static void
written_to_both(slu_buf *out, void *arg)
{
	struct both *b = arg;

	CHECK_OK(slu_buf_add(out, slu_buf_front(&b->queue), b->queue.len));
}

static void
a_chain_over_such_a_file_holds_the_contract_of_a_sink(void **state)
{
	struct both b = { .queue = { .limit = TRIAL_ROOM } };
	const contract_sink both = {
		.name = "stdio, both ways",
		.create = create_both,
		.written = written_to_both,
		.prepare = prepare_both,
		.open = open_both,
		.arg = &b,
	};

	(void)state;
	contract_sink_holds(&both);
	fclose(b.file);
	slu_bio_free(b.below);
	slu_buf_free(&b.queue);
}

/* ---- waits */

static void
a_read_that_waits_is_eagain_and_loses_nothing(void **state)
{
	static const char text[] = "one line, and then the end\n";
	slu_bio *c = NULL;
	size_t len = 0;
	int waits = 0, byte;
	char out[100];
	FILE *file;

	(void)state;
	CHECK_OK(slu_view_open(&c, text, sizeof(text) - 1));
	CHECK_OK(choke_push(&c, 2));
	file = slu_stdio_file(c);
	for (;;) {
		errno = 0;
		byte = fgetc(file);
		if (byte != EOF) {
			out[len++] = (char)byte;
		} else if (ferror(file)) {
			CHECK(errno == EAGAIN);
			clearerr(file);
			waits++;
		} else
			break;
	}
	CHECK_BYTES(text, sizeof(text) - 1, out, len);
	CHECK(feof(file) && waits > 10);
	CHECK(fclose(file) == 0);
	slu_bio_free(c);
}

#define PIPED 300000 /* bytes, more than any pipe holds */

static void *
read_slowly(void *arg)
{
	static unsigned char all[PIPED + 1];
	const int *fd = arg;
	size_t len = 0;
	ssize_t n;

	while ((n = read(*fd, all + len, sizeof(all) - len)) > 0)
		len += (size_t)n;
	return len == PIPED ? all : NULL;
}

static void
a_write_waits_for_a_chain_that_does_not_block(void **state)
{
	static unsigned char plain[PIPED];
	slu_bio *c = NULL;
	pthread_t thread;
	int ends[2];
	FILE *file;
	void *all;

	(void)state;
	trial_plain(plain, PIPED);
	CHECK(pipe(ends) == 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
	CHECK_OK(slu_fd_open(&c, ends[1]));
	file = slu_stdio_file(c);
	CHECK(pthread_create(&thread, NULL, read_slowly, &ends[0]) == 0);
	for (size_t i = 0; i < PIPED; i++)
		CHECK(fputc(plain[i], file) != EOF);
	CHECK(fclose(file) == 0);
	slu_bio_free(c);
	close(ends[1]);
	CHECK(pthread_join(thread, &all) == 0 && all != NULL);
	CHECK_BYTES(plain, PIPED, all, PIPED);
	close(ends[0]);
}

static void
bytes_that_nothing_can_wait_for_are_missed_for_good(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char out[10];
	FILE *file;
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_open(&a, &b, 4));
	file = slu_stdio_file(a);
	CHECK(fputs("six by", file) >= 0);
	errno = 0;
	CHECK(fflush(file) == EOF && errno == EAGAIN && ferror(file));
	CHECK_OK(slu_bio_read(b, out, sizeof(out), &n));
	CHECK_BYTES("six ", 4, out, n);
	/* There is room again, but no way back. */
	clearerr(file);
	CHECK(fputs("more", file) >= 0);
	CHECK(fflush(file) == EOF);
	CHECK_WORDS("stdio: bytes were lost");
	CHECK(fclose(file) == EOF);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(b, out, sizeof(out), &n));
	slu_bio_free(a);
	CHECK_IS(SLU_ERR_TRUNCATED, slu_bio_read(b, out, sizeof(out), &n));
	slu_bio_free(b);
}

static void
a_finish_that_nothing_can_wait_for_is_left_to_the_caller(void **state)
{
	slu_buf queue = { .limit = 100 };
	slu_bio *c = NULL;
	FILE *file;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(choke_push(&c, 100));
	CHECK_OK(slu_base64_encode(&c, NULL));
	file = slu_stdio_file(c);
	CHECK(fputs("HELLO WORLD", file) >= 0);
	errno = 0;
	CHECK(fclose(file) == EOF && errno == EAGAIN);
	while (slu_bio_finish(c) == SLU_WANT_WRITE)
		;
	CHECK_OK(slu_bio_finish(c));
	CHECK_BYTES("SEVMTE8gV09STEQ=", 16, slu_buf_front(&queue), queue.len);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

/* ---- failures */

static slu_status
fail_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	slu_status *st = self;

	(void)next, (void)buf, (void)cap, (void)got;
	return slu_fail(*st, "test: failed with %d", (int)*st);
}

static slu_status
fail_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	slu_status *st = self;

	(void)next, (void)data, (void)len, (void)put;
	return slu_fail(*st, "test: failed with %d", (int)*st);
}

static slu_status
fail_finish(void *self, slu_bio *next)
{
	slu_status *st = self;

	(void)next;
	return slu_fail(*st, "test: failed with %d", (int)*st);
}

static const struct {
	slu_status st;
	int error;
} errors[] = {
	{ SLU_ERR_USAGE, EBADF },
	{ SLU_ERR_MEMORY, ENOMEM },
	{ SLU_ERR_IO, EIO },
	{ SLU_ERR_TRUNCATED, EBADMSG },
	{ SLU_ERR_FORMAT, EBADMSG },
	{ SLU_ERR_LIMIT, EFBIG },
	{ SLU_ERR_NO_MATCH, EACCES },
	{ SLU_ERR_AUTH, EBADMSG },
	{ SLU_ERR_PEER, EACCES },
	{ SLU_ERR_CRYPTO, EIO },
};

static void
each_failure_has_its_errno_and_keeps_its_words(void **state)
{
	static const slu_bio_ops ops = {
		.name = "failing",
		.size = sizeof(slu_status),
		.read = fail_read,
		.write = fail_write,
		.finish = fail_finish,
	};
	char words[64];

	(void)state;
	for (size_t i = 0; i < 3 * sizeof(errors) / sizeof(errors[0]); i++) {
		slu_status st = errors[i / 3].st, *self;
		slu_bio *c = NULL;
		FILE *file;

		self = slu_bio_push(&c, &ops);
		CHECK(self != NULL);
		*self = st;
		file = slu_stdio_file(c);
		errno = 0;
		if (i % 3 == 0)
			CHECK(fgetc(file) == EOF && ferror(file));
		else if (i % 3 == 1)
			CHECK(fputs("x", file) >= 0 && fflush(file) == EOF);
		if (i % 3 != 2)
			CHECK(errno == errors[i / 3].error);
		errno = 0;
		CHECK(fclose(file) == EOF && errno == errors[i / 3].error);
		snprintf(words, sizeof(words), "test: failed with %d", st);
		CHECK(strcmp(slu_error(), words) == 0);
		slu_bio_free(c);
	}
}

static void
a_close_says_that_the_last_bytes_did_not_arrive(void **state)
{
	slu_buf queue = { .limit = 1000 };
	slu_bio *c = NULL;
	FILE *file;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_limit(&c, 10));
	file = slu_stdio_file(c);
	CHECK(fputs("more than ten bytes", file) >= 0);
	errno = 0;
	CHECK(fclose(file) == EOF && errno == EFBIG);
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_finish(c));
	slu_bio_free(c);
	slu_buf_free(&queue);
}

/* ---- both directions */

static void
a_conversation_needs_no_seek_and_loses_no_line(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	char line[64];
	size_t n;
	FILE *file;

	(void)state;
	CHECK_OK(slu_pair_open(&a, &b, 10000));
	file = slu_stdio_file(a);
	CHECK_OK(slu_bio_write_all(b, "220 one\n250 two\n354 three\n", 26, &n));
	CHECK(fgets(line, sizeof(line), file) != NULL);
	CHECK(strcmp(line, "220 one\n") == 0);
	/* Two more lines wait in the FILE, or below. */
	CHECK(fputs("HELO\r\n", file) >= 0 && fflush(file) == 0);
	CHECK(fgets(line, sizeof(line), file) != NULL);
	CHECK(strcmp(line, "250 two\n") == 0);
	CHECK(fprintf(file, "DATA\r\n") == 6 && fflush(file) == 0);
	CHECK(fgets(line, sizeof(line), file) != NULL);
	CHECK(strcmp(line, "354 three\n") == 0);
	CHECK(fputs("QUIT\r\n", file) >= 0);
	CHECK(fclose(file) == 0);
	CHECK_OK(slu_bio_read(b, line, sizeof(line), &n));
	CHECK_BYTES("HELO\r\nDATA\r\nQUIT\r\n", 18, line, n);
	CHECK_IS(SLU_EOF, slu_bio_read(b, line, sizeof(line), &n));
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
it_can_be_sought_back_over_what_was_read_last(void **state)
{
	slu_bio *c = NULL;
	FILE *file;

	(void)state;
	CHECK_OK(slu_view_open(&c, "0123456789", 10));
	file = slu_stdio_file(c);
	for (int i = 0; i < 5; i++)
		CHECK(fgetc(file) == '0' + i);
	CHECK(fseek(file, -2, SEEK_CUR) == 0 && fgetc(file) == '3');
	CHECK(ftell(file) == 4);
	errno = 0;
	CHECK(fseek(file, 100, SEEK_CUR) != 0 && errno == ESPIPE);
	CHECK(fseek(file, 0, SEEK_END) != 0);
	CHECK(fgetc(file) == '4');
	CHECK(fclose(file) == 0);
	slu_bio_free(c);
}

static void
without_memory_there_is_no_file(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	oom_arm(0);
	CHECK(slu_stdio_file(c) == NULL);
	CHECK(oom_disarm() == OOM_OURS);
	CHECK_WORDS("stdio: out of memory");
	slu_bio_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    lines_are_printed_into_a_chain_and_got_from_one),
		cmocka_unit_test(numbers_are_scanned_from_a_chain),
		cmocka_unit_test(
		    a_chain_over_such_a_file_holds_the_contract_of_a_sink),
		cmocka_unit_test(a_read_that_waits_is_eagain_and_loses_nothing),
		cmocka_unit_test(a_write_waits_for_a_chain_that_does_not_block),
		cmocka_unit_test(
		    bytes_that_nothing_can_wait_for_are_missed_for_good),
		cmocka_unit_test(
		    a_finish_that_nothing_can_wait_for_is_left_to_the_caller),
		cmocka_unit_test(
		    each_failure_has_its_errno_and_keeps_its_words),
		cmocka_unit_test(
		    a_close_says_that_the_last_bytes_did_not_arrive),
		cmocka_unit_test(
		    a_conversation_needs_no_seek_and_loses_no_line),
		cmocka_unit_test(it_can_be_sought_back_over_what_was_read_last),
		cmocka_unit_test(without_memory_there_is_no_file),
	};

	return cmocka_run_group_tests_name("stdio_file", tests, NULL, NULL);
}
