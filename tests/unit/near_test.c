/* SPDX-License-Identifier: ISC */
#include "check.h"

#include "base/near.h"

static void
each_kind_of_slip_counts_as_one(void **state)
{
	(void)state;
	CHECK(slu_near("encrypt", "encrypt") == 0);
	CHECK(slu_near("encytp", "encypt") == 1);
	CHECK(slu_near("encyypt", "encypt") == 1);
	CHECK(slu_near("encpt", "encypt") == 1);
	CHECK(slu_near("emcypt", "encypt") == 1);
	CHECK(slu_near("sha265", "sha256") == 1);
	CHECK(slu_near("encrytp", "encrypt") == 1);
	CHECK(slu_near("nspect", "inspect") == 1);
}

static void
slips_add_up(void **state)
{
	(void)state;
	CHECK(slu_near("sha521s", "sha512") == 2);
	CHECK(slu_near("insepct-", "inspect") == 2);
	CHECK(slu_near("abcdefghi", "badcfeghi") == 3);
}

static void
one_slip_is_allowed_and_then_one_for_every_three_letters(void **state)
{
	(void)state;
	CHECK(slu_near("", "a") == 1);
	CHECK(slu_near("", "ab") == SLU_NEAR_NONE);
	CHECK(slu_near("ab", "cd") == SLU_NEAR_NONE);
	CHECK(slu_near("abcde", "abcxy") == SLU_NEAR_NONE);
	CHECK(slu_near("abcdef", "abcdxy") == 2);
	CHECK(slu_near("abcdef", "abcxyz") == SLU_NEAR_NONE);
}

static void
words_over_64_bytes_are_near_none(void **state)
{
	char a[SLU_NEAR_MAX + 2], b[SLU_NEAR_MAX + 2];

	(void)state;
	memset(a, 'a', sizeof(a));
	memset(b, 'a', sizeof(b));
	a[SLU_NEAR_MAX] = b[SLU_NEAR_MAX] = '\0';
	CHECK(slu_near(a, b) == 0);
	a[SLU_NEAR_MAX] = 'a';
	a[SLU_NEAR_MAX + 1] = '\0';
	CHECK(slu_near(a, b) == SLU_NEAR_NONE);
	CHECK(slu_near(b, a) == SLU_NEAR_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_slip_counts_as_one),
		cmocka_unit_test(slips_add_up),
		cmocka_unit_test(
		    one_slip_is_allowed_and_then_one_for_every_three_letters),
		cmocka_unit_test(words_over_64_bytes_are_near_none),
	};

	return cmocka_run_group_tests_name("near", tests, NULL, NULL);
}
