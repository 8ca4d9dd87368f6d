/* SPDX-License-Identifier: ISC */
#include "check.h"

#include "sluice/buf.h"

static void
bytes_leave_in_the_order_in_which_they_came(void **state)
{
	slu_buf b = { .limit = 1000 };
	unsigned char in[37], out[41];
	unsigned char next_in = 0, next_out = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < sizeof(in); i++)
			in[i] = (unsigned char)(next_in + i);
		if (b.len + sizeof(in) <= b.limit) {
			CHECK_OK(slu_buf_add(&b, in, sizeof(in)));
			next_in = (unsigned char)(next_in + sizeof(in));
		}
		if (round % 3 == 0)
			continue;
		size_t n = slu_buf_take(&b, out, sizeof(out));
		for (size_t i = 0; i < n; i++)
			CHECK(out[i] == next_out++);
	}
	slu_buf_free(&b);
}

static void
a_queue_holds_its_limit_and_not_a_byte_more(void **state)
{
	slu_buf b = { .limit = 3 };

	(void)state;
	CHECK_OK(slu_buf_add(&b, "ab", 2));
	CHECK_IS(SLU_ERR_LIMIT, slu_buf_add(&b, "cd", 2));
	CHECK(b.len == 2);
	CHECK_OK(slu_buf_add(&b, "c", 1));
	CHECK_IS(SLU_ERR_LIMIT, slu_buf_add(&b, "d", 1));
	CHECK_BYTES("abc", 3, slu_buf_front(&b), b.len);
	slu_buf_free(&b);
}

static void
memory_stays_bounded_however_a_queue_is_used(void **state)
{
	enum { LIMIT = 5000 };
	slu_buf b = { .limit = LIMIT };
	unsigned char block[LIMIT] = { 0 };

	(void)state;
	CHECK_OK(slu_buf_add(&b, block, LIMIT));
	for (int i = 0; i < 100000; i++) {
		slu_buf_skip(&b, 1);
		CHECK_OK(slu_buf_add(&b, "x", 1));
		CHECK(b.cap <= 2 * LIMIT);
	}
	slu_buf_free(&b);
}

/* A limit may be changed, and be as high as a number can be. */
static void
any_limit_is_a_limit(void **state)
{
	static const size_t limits[] = { SIZE_MAX, SIZE_MAX / 2 + 1,
		SIZE_MAX / 2, 1000 };
	unsigned char block[1000] = { 0 };
	slu_buf b = { .limit = 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		b.limit = limits[i];
		CHECK_OK(slu_buf_add(&b, block, sizeof(block)));
		CHECK(b.cap <= 2048);
		b.limit = 999;
		CHECK_IS(SLU_ERR_LIMIT, slu_buf_add(&b, "x", 1));
		CHECK(b.len == sizeof(block));
		slu_buf_free(&b);
	}
}

static void
what_left_the_queue_is_wiped(void **state)
{
	slu_buf b = { .limit = 64 };
	char out[8];

	(void)state;
	CHECK_OK(slu_buf_add(&b, "secret", 6));
	CHECK(slu_buf_take(&b, out, 4) == 4);
	CHECK_BYTES("\0\0\0\0et", 6, b.mem, 6);
	slu_buf_free(&b);
	CHECK(b.mem == NULL && b.limit == 64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_leave_in_the_order_in_which_they_came),
		cmocka_unit_test(a_queue_holds_its_limit_and_not_a_byte_more),
		cmocka_unit_test(memory_stays_bounded_however_a_queue_is_used),
		cmocka_unit_test(any_limit_is_a_limit),
		cmocka_unit_test(what_left_the_queue_is_wiped),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
