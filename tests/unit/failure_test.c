/* SPDX-License-Identifier: ISC */
#include "check.h"

#include "base/failure.h"

static void
the_first_failure_is_kept_with_its_words(void **state)
{
	slu_failure f = { 0 };

	(void)state;
	CHECK_IS(SLU_ERR_AUTH,
	    slu_failure_keep(&f, slu_fail(SLU_ERR_AUTH, "room: forged")));
	CHECK_IS(SLU_ERR_IO,
	    slu_failure_keep(&f, slu_fail(SLU_ERR_IO, "room: later")));
	(void)slu_fail(SLU_ERR_USAGE, "elsewhere: something else");
	for (int i = 0; i < 2; i++) {
		CHECK_IS(SLU_ERR_AUTH, slu_failure_again(&f));
		CHECK(strcmp(slu_error(), "room: forged") == 0);
	}
}

static void
what_is_no_failure_is_not_kept(void **state)
{
	static const slu_status passing[] = { SLU_OK, SLU_WANT_READ,
		SLU_WANT_WRITE, SLU_EOF };
	slu_failure f = { 0 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		CHECK_IS(passing[i], slu_failure_keep(&f, passing[i]));
		CHECK_OK(slu_failure_again(&f));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_failure_is_kept_with_its_words),
		cmocka_unit_test(what_is_no_failure_is_not_kept),
	};

	return cmocka_run_group_tests_name("failure", tests, NULL, NULL);
}
