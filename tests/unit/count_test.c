/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "choke.h"
#include "contract.h"

#include "sluice/count.h"
#include "sluice/mem.h"
#include "sluice/null.h"

static slu_status
push_count(slu_bio **top, void *arg)
{
	return slu_count(top, arg);
}

static void
count_holds_the_contract_of_a_filter(void **state)
{
	uint64_t n = 0;
	const contract_filter count = {
		.name = "count",
		.encode = push_count,
		.decode = push_count,
		.arg = &n,
	};

	(void)state;
	contract_filter_holds(&count);
	CHECK(n > 0);
}

static void
bytes_are_counted_once_each_however_they_move(void **state)
{
	slu_buf queue = { .limit = 64 };
	slu_bio *c = NULL;
	uint64_t n = 0;
	char out[16];
	size_t done = 0, moved;
	slu_status st;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(choke_push(&c, 3));
	CHECK_OK(slu_count(&c, &n));
	while (done < 10) {
		st = slu_bio_write(c, &"0123456789"[done], 10 - done, &moved);
		CHECK(st == SLU_OK || st == SLU_WANT_WRITE);
		done += moved;
		CHECK(n == done);
	}
	do {
		st = slu_bio_read(c, out, sizeof(out), &moved);
	} while (st == SLU_OK || st == SLU_WANT_READ);
	CHECK_IS(SLU_EOF, st);
	CHECK(n == 20);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
a_count_goes_on_from_where_it_stood(void **state)
{
	uint64_t n = UINT64_C(1) << 40;
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(slu_count(&c, &n));
	CHECK_OK(slu_bio_write_all(c, "abc", 3, &put));
	CHECK(n == (UINT64_C(1) << 40) + 3);
	slu_bio_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(count_holds_the_contract_of_a_filter),
		cmocka_unit_test(bytes_are_counted_once_each_however_they_move),
		cmocka_unit_test(a_count_goes_on_from_where_it_stood),
	};

	return cmocka_run_group_tests_name("count", tests, NULL, NULL);
}
