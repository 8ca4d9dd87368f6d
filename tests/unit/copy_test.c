/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "check.h"
#include "choke.h"
#include "faulty.h"
#include "folder.h"
#include "oom.h"
#include "sysfault.h"
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/fd.h"
#include "sluice/file.h"
#include "sluice/limit.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/view.h"

static void
all_is_copied_and_nothing_finished(void **state)
{
	static const size_t sizes[] = { 0, 1, 256 * 1024 - 1, 256 * 1024,
		256 * 1024 + 1, 1000000 };
	unsigned char *plain = malloc(1000000);

	(void)state;
	CHECK(plain != NULL);
	trial_plain(plain, 1000000);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		slu_buf queue = { .limit = 1000001 };
		slu_bio *src = NULL, *dst = NULL;
		size_t n;

		CHECK_OK(slu_view_open(&src, plain, sizes[i]));
		CHECK_OK(slu_mem_open(&dst, &queue));
		CHECK_OK(slu_bio_copy(dst, src));
		CHECK_BYTES(plain, sizes[i], slu_buf_front(&queue), queue.len);
		CHECK_OK(slu_bio_write(dst, "!", 1, &n));
		slu_bio_free(src);
		slu_bio_free(dst);
		slu_buf_free(&queue);
	}
	free(plain);
}

static void
a_failure_on_either_side_is_the_copy_s(void **state)
{
	(void)state;
	for (int side = 0; side < 2; side++) {
		slu_bio *src = NULL, *dst = NULL;

		CHECK_OK(slu_view_open(&src, "abc", 3));
		CHECK_OK(slu_null_open(&dst));
		CHECK_OK(faulty_push(side == 0 ? &src : &dst, 0));
		CHECK_IS(SLU_ERR_IO, slu_bio_copy(dst, src));
		CHECK_WORDS(FAULTY_WORDS);
		slu_bio_free(src);
		slu_bio_free(dst);
	}
}

static void
a_wait_for_nothing_is_refused(void **state)
{
	(void)state;
	for (int side = 0; side < 2; side++) {
		slu_bio *src = NULL, *dst = NULL;

		CHECK_OK(slu_view_open(&src, "abc", 3));
		CHECK_OK(slu_null_open(&dst));
		CHECK_OK(choke_push(side == 0 ? &src : &dst, 1));
		CHECK_IS(SLU_ERR_USAGE, slu_bio_copy(dst, src));
		CHECK_WORDS(": nothing to wait for");
		slu_bio_free(src);
		slu_bio_free(dst);
	}
}

static void
without_memory_nothing_is_read(void **state)
{
	slu_bio *src = NULL, *dst = NULL;
	char buf[4];
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&src, "abc", 3));
	CHECK_OK(slu_null_open(&dst));
	oom_arm(0);
	CHECK_IS(SLU_ERR_MEMORY, slu_bio_copy(dst, src));
	CHECK(oom_disarm() == OOM_OURS);
	CHECK_OK(slu_bio_read(src, buf, sizeof(buf), &n));
	CHECK_BYTES("abc", 3, buf, n);
	slu_bio_free(src);
	slu_bio_free(dst);
}

static void
no_chain_is_misuse(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_bio_copy(NULL, NULL));
	CHECK_OK(slu_view_open(&c, "abc", 3));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_copy(NULL, c));
	slu_bio_free(c);
}

static void
a_chain_is_not_copied_to_itself(void **state)
{
	slu_buf queue = { .limit = 10 };
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_buf_add(&queue, "abc", 3));
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_copy(c, c));
	CHECK_BYTES("abc", 3, slu_buf_front(&queue), queue.len);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

/* ---- from file to file, where the kernel may do it */

struct files {
	int from, to;
	slu_bio *src, *dst;
};

/* A file that holds "0123456789", and an empty one. */
static void
open_files(struct files *f, int flags)
{
	folder_enter();
	f->from = open("from", O_RDWR | O_CREAT | O_TRUNC, 0600);
	f->to = open("to", O_RDWR | O_CREAT | O_TRUNC | flags, 0600);
	CHECK(f->from >= 0 && f->to >= 0);
	CHECK(pwrite(f->from, "0123456789", 10, 0) == 10);
	f->src = f->dst = NULL;
	CHECK_OK(slu_fd_open(&f->src, f->from));
	CHECK_OK(slu_fd_open(&f->dst, f->to));
}

static void
check_copied(const struct files *f, const char *expected)
{
	char buf[64];
	ssize_t n = pread(f->to, buf, sizeof(buf), 0);

	CHECK(n >= 0);
	CHECK_BYTES(expected, strlen(expected), buf, (size_t)n);
}

static void
close_files(struct files *f)
{
	slu_bio_free(f->src);
	slu_bio_free(f->dst);
	close(f->from);
	close(f->to);
	folder_leave();
}

static void
the_kernel_copies_from_file_to_file(void **state)
{
	struct files f;

	(void)state;
	open_files(&f, 0);
	if (copy_file_range(f.from, NULL, f.to, NULL, 1, 0) != 1) {
		close_files(&f);
		print_message("skipped: this kernel does not copy files\n");
		skip();
	}
	sysfault_arm("write", 0, EIO);
	CHECK_OK(slu_bio_copy(f.dst, f.src));
	CHECK(sysfault_disarm() == 0);
	check_copied(&f, "0123456789");
	close_files(&f);
}

static void
a_copy_of_files_begins_where_both_stand(void **state)
{
	struct files f;
	char buf[3];
	size_t n;

	(void)state;
	open_files(&f, 0);
	CHECK_OK(slu_bio_read(f.src, buf, sizeof(buf), &n));
	CHECK_OK(slu_bio_write(f.dst, "ab", 2, &n));
	CHECK_OK(slu_bio_copy(f.dst, f.src));
	CHECK_OK(slu_bio_write(f.dst, "!", 1, &n));
	check_copied(&f, "ab3456789!");
	CHECK_IS(SLU_EOF, slu_bio_read(f.src, buf, sizeof(buf), &n));
	close_files(&f);
}

static void
what_the_kernel_refuses_is_copied_all_the_same(void **state)
{
	struct files f;
	size_t n;

	(void)state;
	open_files(&f, O_APPEND);
	CHECK_OK(slu_bio_write(f.dst, "ab", 2, &n));
	CHECK_OK(slu_bio_copy(f.dst, f.src));
	check_copied(&f, "ab0123456789");
	close_files(&f);

	/* A file that says that it is empty, and is not. */
	open_files(&f, 0);
	slu_bio_free(f.src);
	f.src = NULL;
	CHECK_OK(slu_file_open(&f.src, "/proc/sys/kernel/ostype"));
	CHECK_OK(slu_bio_copy(f.dst, f.src));
	check_copied(&f, "Linux\n");
	close_files(&f);
}

static void
a_filter_between_files_misses_nothing(void **state)
{
	uint64_t read = 0, written = 0;
	struct files f;

	(void)state;
	open_files(&f, 0);
	CHECK_OK(slu_count(&f.src, &read));
	CHECK_OK(slu_bio_copy(f.dst, f.src));
	CHECK(read == 10);
	check_copied(&f, "0123456789");
	close_files(&f);

	open_files(&f, 0);
	CHECK_OK(slu_count(&f.dst, &written));
	CHECK_OK(slu_bio_copy(f.dst, f.src));
	CHECK(written == 10);
	close_files(&f);

	open_files(&f, 0);
	CHECK_OK(slu_limit(&f.src, 4));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_copy(f.dst, f.src));
	check_copied(&f, "0123");
	close_files(&f);
}

static void
what_was_given_back_comes_before_the_rest_of_a_file(void **state)
{
	struct files f;

	(void)state;
	open_files(&f, 0);
	CHECK_OK(slu_bio_unread(f.src, "ab", 2));
	CHECK_OK(slu_bio_copy(f.dst, f.src));
	check_copied(&f, "ab0123456789");
	close_files(&f);
}

static void
a_file_that_was_finished_gets_nothing_more(void **state)
{
	struct files f;

	(void)state;
	open_files(&f, 0);
	CHECK_OK(slu_bio_finish(f.dst));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_copy(f.dst, f.src));
	check_copied(&f, "");
	close_files(&f);
}

static void
a_file_that_failed_gets_nothing_more(void **state)
{
	struct files f;
	size_t n;

	(void)state;
	open_files(&f, 0);
	sysfault_arm("write", 0, EIO);
	CHECK_IS(SLU_ERR_IO, slu_bio_write(f.dst, "a", 1, &n));
	CHECK(sysfault_disarm() == 1);
	CHECK_IS(SLU_ERR_IO, slu_bio_copy(f.dst, f.src));
	check_copied(&f, "");
	close_files(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_copied_and_nothing_finished),
		cmocka_unit_test(a_failure_on_either_side_is_the_copy_s),
		cmocka_unit_test(a_wait_for_nothing_is_refused),
		cmocka_unit_test(without_memory_nothing_is_read),
		cmocka_unit_test(no_chain_is_misuse),
		cmocka_unit_test(a_chain_is_not_copied_to_itself),
		cmocka_unit_test(the_kernel_copies_from_file_to_file),
		cmocka_unit_test(a_copy_of_files_begins_where_both_stand),
		cmocka_unit_test(
		    what_the_kernel_refuses_is_copied_all_the_same),
		cmocka_unit_test(a_filter_between_files_misses_nothing),
		cmocka_unit_test(
		    what_was_given_back_comes_before_the_rest_of_a_file),
		cmocka_unit_test(a_file_that_was_finished_gets_nothing_more),
		cmocka_unit_test(a_file_that_failed_gets_nothing_more),
	};

	return cmocka_run_group_tests_name("copy", tests, NULL, NULL);
}
