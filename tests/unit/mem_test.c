/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"

#include "sluice/mem.h"

/* A queue that the suite writes to and reads from through the chain. */
static slu_status
open_queue(slu_bio **top, void *arg)
{
	return slu_mem_open(top, arg);
}

static void
take_queue(slu_buf *out, void *arg)
{
	slu_buf *queue = arg;

	CHECK_OK(slu_buf_add(out, slu_buf_front(queue), queue->len));
	slu_buf_skip(queue, queue->len);
}

static void
fill_queue(const void *data, size_t len, void *arg)
{
	slu_buf *queue = arg;

	slu_buf_skip(queue, queue->len);
	CHECK_OK(slu_buf_add(queue, data, len));
}

static void
memory_holds_the_contract_of_a_sink(void **state)
{
	slu_buf queue = { .limit = 1024 * 1024 };
	const contract_sink mem = {
		.name = "memory",
		.create = open_queue,
		.written = take_queue,
		.open = open_queue,
		.prepare = fill_queue,
		.arg = &queue,
	};

	(void)state;
	contract_sink_holds(&mem);
	slu_buf_free(&queue);
}

static void
a_queue_at_its_end_is_read_on_once_more_is_put_in(void **state)
{
	slu_buf queue = { .limit = 64 };
	slu_bio *c = NULL;
	char byte[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_IS(SLU_EOF, slu_bio_read(c, byte, sizeof(byte), &n));
	CHECK_OK(slu_buf_add(&queue, "more", 4));
	CHECK_OK(slu_bio_read(c, byte, sizeof(byte), &n));
	CHECK_BYTES("more", 4, byte, n);
	CHECK_IS(SLU_EOF, slu_bio_read(c, byte, sizeof(byte), &n));
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
what_fits_is_accepted_before_the_limit_is_told(void **state)
{
	slu_buf queue = { .limit = 5 };
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_bio_write(c, "abcdefg", 7, &n));
	CHECK(n == 5);
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_write(c, "fg", 2, &n));
	CHECK(n == 0);
	CHECK_WORDS("5 bytes");
	CHECK_BYTES("abcde", 5, slu_buf_front(&queue), queue.len);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
the_queue_outlives_the_chain(void **state)
{
	slu_buf queue = { .limit = 64 };
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_bio_write_all(c, "kept", 4, &n));
	slu_bio_free(c);
	CHECK_BYTES("kept", 4, slu_buf_front(&queue), queue.len);
	slu_buf_free(&queue);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_holds_the_contract_of_a_sink),
		cmocka_unit_test(
		    a_queue_at_its_end_is_read_on_once_more_is_put_in),
		cmocka_unit_test(
		    what_fits_is_accepted_before_the_limit_is_told),
		cmocka_unit_test(the_queue_outlives_the_chain),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
