/* SPDX-License-Identifier: ISC */
#include "check.h"

#include "sluice/version.h"

static void
the_library_is_as_old_as_its_headers(void **state)
{
	(void)state;
	assert_string_equal(slu_version(), SLU_VERSION);
}

static void
the_version_is_three_numbers(void **state)
{
	unsigned major, minor, patch;
	char more;

	(void)state;
	CHECK(sscanf(slu_version(), "%u.%u.%u%c", &major, &minor, &patch,
		  &more) == 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_library_is_as_old_as_its_headers),
		cmocka_unit_test(the_version_is_three_numbers),
	};

	return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
