/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "choke.h"
#include "contract.h"
#include "faulty.h"

#include "sluice/limit.h"
#include "sluice/mem.h"
#include "sluice/view.h"

static slu_status
push_limit(slu_bio **top, void *arg)
{
	return slu_limit(top, *(uint64_t *)arg);
}

static void
set_limit(const void *data, size_t len, void *arg)
{
	(void)data;
	*(uint64_t *)arg = len;
}

static void
limit_holds_the_contract_of_a_filter(void **state)
{
	uint64_t max = UINT64_MAX;
	contract_filter limit = {
		.name = "limit",
		.encode = push_limit,
		.decode = push_limit,
		.arg = &max,
	};

	(void)state;
	contract_filter_holds(&limit);
	limit.name = "limit, just wide enough";
	limit.prepare = set_limit;
	contract_filter_holds(&limit);
}

static void
a_stream_of_exactly_the_limit_is_read_to_its_end(void **state)
{
	slu_bio *c = NULL;
	char buf[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "abcde", 5));
	CHECK_OK(slu_limit(&c, 5));
	CHECK_OK(slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_BYTES("abcde", 5, buf, n);
	for (int i = 0; i < 3; i++)
		CHECK_IS(SLU_EOF, slu_bio_read(c, buf, sizeof(buf), &n));
	slu_bio_free(c);
}

static void
one_byte_more_is_not_read(void **state)
{
	slu_bio *c = NULL;
	char buf[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "abcdef", 6));
	CHECK_OK(slu_limit(&c, 5));
	CHECK_OK(slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_BYTES("abcde", 5, buf, n);
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK(n == 0);
	CHECK_WORDS("limit: more than 5 bytes");
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_read(c, buf, sizeof(buf), &n));
	slu_bio_free(c);
}

static void
one_byte_more_is_not_written(void **state)
{
	slu_buf queue = { .limit = 64 };
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_limit(&c, 5));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_write_all(c, "abcdef", 6, &n));
	CHECK(n == 5);
	CHECK_WORDS("limit: more than 5 bytes");
	CHECK_BYTES("abcde", 5, slu_buf_front(&queue), queue.len);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
each_direction_has_the_limit_to_itself(void **state)
{
	slu_buf queue = { .limit = 64 };
	slu_bio *c = NULL;
	char buf[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_limit(&c, 5));
	CHECK_OK(slu_bio_write_all(c, "abcde", 5, &n));
	CHECK_OK(slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK(n == 5);
	CHECK_IS(SLU_EOF, slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_write(c, "f", 1, &n));
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
a_limit_of_nothing_lets_an_empty_stream_pass(void **state)
{
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, NULL, 0));
	CHECK_OK(slu_limit(&c, 0));
	CHECK_IS(SLU_EOF, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);

	c = NULL;
	CHECK_OK(slu_view_open(&c, "x", 1));
	CHECK_OK(slu_limit(&c, 0));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
}

/* Whether the stream goes on is asked below, who may have to wait. */
static void
a_wait_at_the_limit_is_a_wait(void **state)
{
	slu_bio *c = NULL;
	char buf[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "abcdef", 6));
	CHECK_OK(choke_push(&c, 8));
	CHECK_OK(slu_limit(&c, 5));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_OK(slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_read(c, buf, sizeof(buf), &n));
	slu_bio_free(c);
}

static void
a_failure_at_the_limit_is_not_taken_for_the_end(void **state)
{
	slu_bio *c = NULL;
	char buf[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "abcde", 5));
	CHECK_OK(faulty_push(&c, 1));
	CHECK_OK(slu_limit(&c, 5));
	CHECK_OK(slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_WORDS(FAULTY_WORDS);
	slu_bio_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limit_holds_the_contract_of_a_filter),
		cmocka_unit_test(
		    a_stream_of_exactly_the_limit_is_read_to_its_end),
		cmocka_unit_test(one_byte_more_is_not_read),
		cmocka_unit_test(one_byte_more_is_not_written),
		cmocka_unit_test(each_direction_has_the_limit_to_itself),
		cmocka_unit_test(a_limit_of_nothing_lets_an_empty_stream_pass),
		cmocka_unit_test(a_wait_at_the_limit_is_a_wait),
		cmocka_unit_test(
		    a_failure_at_the_limit_is_not_taken_for_the_end),
	};

	return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
