/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "choke.h"
#include "oom.h"

#include "bio/batch.h"
#include "sluice/mem.h"
#include "sluice/view.h"

static void
put(slu_batch *b, const char *text)
{
	memcpy(b->mem + b->len, text, strlen(text));
	b->len += strlen(text);
}

static void
memory_is_taken_once_and_given_back(void **state)
{
	slu_batch b = { 0 };
	unsigned char *mem;

	(void)state;
	CHECK_OK(slu_batch_make(&b, 16));
	CHECK(b.mem != NULL && b.cap == 16 && slu_batch_left(&b) == 0);
	mem = b.mem;
	put(&b, "kept");
	CHECK_OK(slu_batch_make(&b, 32));
	CHECK(b.mem == mem && b.cap == 16 && slu_batch_left(&b) == 4);
	slu_batch_free(&b);
	CHECK(b.mem == NULL && b.cap == 0 && slu_batch_left(&b) == 0);
	slu_batch_free(&b);
	CHECK_OK(slu_batch_make(&b, 32));
	slu_batch_free(&b);
}

static void
without_memory_a_batch_stays_empty(void **state)
{
	slu_batch b = { 0 };

	(void)state;
	oom_arm(0);
	CHECK_IS(SLU_ERR_MEMORY, slu_batch_make(&b, 16));
	CHECK(oom_disarm() == OOM_OURS);
	CHECK(b.mem == NULL && b.cap == 0);
}

static void
a_batch_drains_as_far_as_the_next_one_takes_it(void **state)
{
	slu_buf queue = { .limit = 16 };
	slu_batch b = { 0 };
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_batch_make(&b, 16));
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(choke_push(&c, 4));
	put(&b, "abcdef");
	CHECK_IS(SLU_WANT_WRITE, slu_batch_drain(&b, c));
	CHECK(slu_batch_left(&b) == 6);
	CHECK_IS(SLU_WANT_WRITE, slu_batch_drain(&b, c));
	CHECK(slu_batch_left(&b) == 2);
	CHECK_OK(slu_batch_drain(&b, c));
	CHECK(b.off == 0 && b.len == 0);
	CHECK_BYTES("abcdef", 6, slu_buf_front(&queue), queue.len);
	slu_bio_free(c);
	slu_batch_free(&b);
	slu_buf_free(&queue);
}

static void
an_empty_batch_asks_nobody_to_take_it(void **state)
{
	slu_batch b = { 0 };

	(void)state;
	CHECK_OK(slu_batch_drain(&b, NULL));
}

static void
a_fill_comes_behind_what_is_there(void **state)
{
	slu_batch b = { 0 };
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_batch_make(&b, 6));
	CHECK_OK(slu_view_open(&c, "cdefgh", 6));
	put(&b, "xxab");
	b.off = 2;
	CHECK_OK(slu_batch_fill(&b, c));
	CHECK(b.off == 0);
	CHECK_BYTES("abcdef", 6, b.mem, b.len);
	b.off = 5;
	CHECK_OK(slu_batch_fill(&b, c));
	CHECK_BYTES("fgh", 3, b.mem, b.len);
	CHECK_IS(SLU_EOF, slu_batch_fill(&b, c));
	CHECK_BYTES("fgh", 3, b.mem + b.off, slu_batch_left(&b));
	slu_bio_free(c);
	slu_batch_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_taken_once_and_given_back),
		cmocka_unit_test(without_memory_a_batch_stays_empty),
		cmocka_unit_test(
		    a_batch_drains_as_far_as_the_next_one_takes_it),
		cmocka_unit_test(an_empty_batch_asks_nobody_to_take_it),
		cmocka_unit_test(a_fill_comes_behind_what_is_there),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
