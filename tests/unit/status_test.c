/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <errno.h>
#include <pthread.h>

static const slu_status all[] = { SLU_OK, SLU_WANT_READ, SLU_WANT_WRITE,
	SLU_EOF, SLU_WANT_CERT, SLU_ERR_USAGE, SLU_ERR_MEMORY, SLU_ERR_IO,
	SLU_ERR_TRUNCATED, SLU_ERR_FORMAT, SLU_ERR_LIMIT, SLU_ERR_NO_MATCH,
	SLU_ERR_AUTH, SLU_ERR_PEER, SLU_ERR_CRYPTO };
#define ALL (sizeof(all) / sizeof(all[0]))

static void
each_status_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < ALL; i++) {
		CHECK(strcmp(slu_status_name(all[i]), "unknown") != 0);
		for (size_t j = 0; j < i; j++)
			CHECK(strcmp(slu_status_name(all[i]),
				  slu_status_name(all[j])) != 0);
	}
	CHECK(strcmp(slu_status_name((slu_status)31), "unknown") == 0);
}

static void
only_the_third_band_is_failures(void **state)
{
	(void)state;
	for (size_t i = 0; i < ALL; i++)
		CHECK(slu_failed(all[i]) == (i >= 5));
}

/* The numbers are in programs that were compiled against older headers. */
static void
the_numbers_stay_as_they_are(void **state)
{
	static const int numbers[] = { 0, 1, 2, 3, 4, 32, 33, 34, 35, 36, 37,
		38, 39, 40, 41 };

	(void)state;
	for (size_t i = 0; i < ALL; i++)
		CHECK((int)all[i] == numbers[i]);
}

static void
a_failure_is_reported_and_returned_in_one_go(void **state)
{
	(void)state;
	CHECK_IS(SLU_ERR_FORMAT, slu_fail(SLU_ERR_FORMAT, "room: %d", 64));
	CHECK(strcmp(slu_error(), "room: 64") == 0);
}

static void
errno_survives_a_report(void **state)
{
	(void)state;
	errno = ENOSPC;
	(void)slu_fail(SLU_ERR_IO, "room: %s", strerror(ENOENT));
	CHECK(errno == ENOSPC);
	/* Words that cannot be formed set it to EILSEQ. */
	CHECK_IS(SLU_ERR_IO, slu_fail(SLU_ERR_IO, "room: %ls", L"\xd800"));
	CHECK(errno == ENOSPC);
	CHECK(slu_error()[0] == '\0');
}

static void
long_words_are_cut_and_stay_a_string(void **state)
{
	char words[2 * SLU_ERROR_MAX];

	(void)state;
	memset(words, 'w', sizeof(words));
	words[sizeof(words) - 1] = '\0';
	(void)slu_fail(SLU_ERR_IO, "%s", words);
	CHECK(strlen(slu_error()) == SLU_ERROR_MAX - 1);
	CHECK(strncmp(slu_error(), words, SLU_ERROR_MAX - 1) == 0);
}

static void
words_can_be_made_of_the_words_before_them(void **state)
{
	(void)state;
	(void)slu_fail(SLU_ERR_IO, "the disk is full");
	(void)slu_fail(SLU_ERR_IO, "copy: %s", slu_error());
	CHECK(strcmp(slu_error(), "copy: the disk is full") == 0);
}

static void *
fail_elsewhere(void *arg)
{
	*(bool *)arg = slu_error()[0] == '\0';
	(void)slu_fail(SLU_ERR_IO, "theirs");
	return NULL;
}

static void
each_thread_has_its_own_words(void **state)
{
	bool empty_at_first = false;
	pthread_t thread;

	(void)state;
	(void)slu_fail(SLU_ERR_IO, "ours");
	CHECK(pthread_create(&thread, NULL, fail_elsewhere, &empty_at_first) ==
	      0);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(empty_at_first);
	CHECK(strcmp(slu_error(), "ours") == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_status_has_a_name_of_its_own),
		cmocka_unit_test(only_the_third_band_is_failures),
		cmocka_unit_test(the_numbers_stay_as_they_are),
		cmocka_unit_test(a_failure_is_reported_and_returned_in_one_go),
		cmocka_unit_test(errno_survives_a_report),
		cmocka_unit_test(long_words_are_cut_and_stay_a_string),
		cmocka_unit_test(words_can_be_made_of_the_words_before_them),
		cmocka_unit_test(each_thread_has_its_own_words),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
