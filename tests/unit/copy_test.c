/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "choke.h"
#include "faulty.h"
#include "oom.h"
#include "trial.h"

#include <stdlib.h>

#include "sluice/copy.h"
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
	};

	return cmocka_run_group_tests_name("copy", tests, NULL, NULL);
}
