/* SPDX-License-Identifier: ISC */
#include "check.h"

#include "sluice/secret.h"

static void
a_wipe_clears_what_it_was_given_and_no_more(void **state)
{
	unsigned char bytes[] = "abcdef";

	(void)state;
	slu_wipe(bytes + 1, 4);
	CHECK_BYTES("a\0\0\0\0f", 7, bytes, 7);
	slu_wipe(bytes, 0);
	CHECK(bytes[0] == 'a');
	slu_wipe(NULL, 0);
}

static void
a_difference_counts_wherever_it_is(void **state)
{
	unsigned char a[67], b[67];

	(void)state;
	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = b[i] = (unsigned char)(i * 3);
	CHECK(slu_equal(a, b, sizeof(a)));
	for (size_t bit = 0; bit < sizeof(a) * 8; bit++) {
		b[bit / 8] ^= (unsigned char)(1 << bit % 8);
		CHECK(!slu_equal(a, b, sizeof(a)));
		CHECK(slu_equal(a, b, bit / 8));
		b[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
}

static void
nothing_equals_nothing(void **state)
{
	(void)state;
	CHECK(slu_equal("a", "b", 0));
	CHECK(slu_equal(NULL, NULL, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wipe_clears_what_it_was_given_and_no_more),
		cmocka_unit_test(a_difference_counts_wherever_it_is),
		cmocka_unit_test(nothing_equals_nothing),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
