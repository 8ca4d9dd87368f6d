/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"

#include "sluice/null.h"

static slu_status
open_null(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_null_open(top);
}

static void
null_holds_the_contract_of_a_sink(void **state)
{
	const contract_sink null = { .name = "null", .create = open_null };

	(void)state;
	contract_sink_holds(&null);
}

static void
every_byte_is_taken_and_none_is_there(void **state)
{
	static const char data[100000];
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	CHECK_IS(SLU_EOF, slu_bio_read(c, &byte, 1, &n));
	CHECK_OK(slu_bio_write(c, data, sizeof(data), &n));
	CHECK(n == sizeof(data));
	CHECK_IS(SLU_EOF, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(null_holds_the_contract_of_a_sink),
		cmocka_unit_test(every_byte_is_taken_and_none_is_there),
	};

	return cmocka_run_group_tests_name("null", tests, NULL, NULL);
}
