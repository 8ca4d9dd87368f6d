/* SPDX-License-Identifier: ISC */
#include "sluice/identity.h"

#include "check.h"
#include "sealed.h"

#include "sluice/mem.h"
#include "sluice/unseal.h"

/* Who is asked, and what comes of it. */
struct asked {
	const char *answer;
	slu_status st;
	unsigned times;
};

static slu_status
ask(slu_buf *passphrase, void *arg)
{
	struct asked *a = arg;

	a->times++;
	if (a->st)
		return slu_fail(a->st, "test: nobody answers");
	CHECK(passphrase->len == 0);
	return slu_buf_add(passphrase, a->answer, strlen(a->answer));
}

/* Read `file` with who is asked; `text` gets what comes out, and a NUL. */
static slu_status
open_asking(slu_buf *file, struct asked *a, unsigned max, char text[8])
{
	slu_identities *ids = NULL;
	slu_bio *in = NULL;
	slu_status st;
	size_t n;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_ask(ids, ask, a, max));
	CHECK_OK(slu_mem_open(&in, file));
	CHECK_OK(slu_unseal(&in, ids, NULL));
	slu_identities_free(ids);
	st = slu_bio_read(in, text, 7, &n);
	text[n] = '\0';
	slu_bio_free(in);
	return st;
}

static void
the_passphrase_that_is_asked_for_opens_the_file(void **state)
{
	struct asked a = { .answer = SEALED_PASSPHRASE };
	slu_buf file = { .limit = 4096 };
	char text[8];

	(void)state;
	sealed_make(&file, "hello", 5);
	CHECK_OK(open_asking(&file, &a, 0, text));
	assert_string_equal(text, "hello");
	CHECK(a.times == 1);
	slu_buf_free(&file);
}

static void
a_wrong_answer_is_a_wrong_passphrase(void **state)
{
	struct asked a = { .answer = "battery staple" };
	slu_buf file = { .limit = 4096 };
	char text[8];

	(void)state;
	sealed_make(&file, "hello", 5);
	CHECK_IS(SLU_ERR_NO_MATCH, open_asking(&file, &a, 0, text));
	CHECK_WORDS("wrong passphrase");
	slu_buf_free(&file);
}

static void
nobody_is_asked_about_what_is_no_sealed_file(void **state)
{
	struct asked a = { .answer = SEALED_PASSPHRASE };
	slu_buf file = { .limit = 4096 };
	char text[8];

	(void)state;
	CHECK_OK(slu_buf_add(&file, "milk, eggs", 10));
	CHECK_IS(SLU_ERR_FORMAT, open_asking(&file, &a, 0, text));
	CHECK(a.times == 0);
	slu_buf_free(&file);
}

static void
nobody_is_asked_where_the_work_factor_is_over_the_limit(void **state)
{
	struct asked a = { .answer = SEALED_PASSPHRASE };
	slu_buf file = { .limit = 4096 };
	char text[8];

	(void)state;
	sealed_make(&file, "hello", 5);
	CHECK_IS(SLU_ERR_LIMIT,
	    open_asking(&file, &a, SLU_WORK_FACTOR_MIN - 1, text));
	CHECK_WORDS("limit is 9");
	CHECK(a.times == 0);
	slu_buf_free(&file);
}

static void
nobody_is_asked_for_a_passphrase_where_a_key_is_needed(void **state)
{
	static const char header[] =
	    "age-encryption.org/v1\n"
	    "-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\n"
	    "EmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U\n"
	    "--- Vn+54jqiiUCE+WZcEVY3f1sqHjlu/z1LCQ/T7Xm7qI0\n";
	struct asked a = { .answer = SEALED_PASSPHRASE };
	slu_buf file = { .limit = 4096 };
	char text[8];

	(void)state;
	CHECK_OK(slu_buf_add(&file, header, sizeof(header) - 1));
	CHECK_IS(SLU_ERR_NO_MATCH, open_asking(&file, &a, 0, text));
	CHECK_WORDS("X25519");
	CHECK(a.times == 0);
	slu_buf_free(&file);
}

static void
a_failure_of_who_is_asked_is_that_of_the_read(void **state)
{
	struct asked a = { .st = SLU_ERR_IO };
	slu_buf file = { .limit = 4096 };
	char text[8];

	(void)state;
	sealed_make(&file, "hello", 5);
	CHECK_IS(SLU_ERR_IO, open_asking(&file, &a, 0, text));
	CHECK_WORDS("nobody answers");
	slu_buf_free(&file);
}

static void
no_answer_is_misuse(void **state)
{
	struct asked empty = { .answer = "" }, waits = { .st = SLU_WANT_READ };
	slu_buf file = { .limit = 4096 };
	char text[8];

	(void)state;
	sealed_make(&file, "hello", 5);
	CHECK_IS(SLU_ERR_USAGE, open_asking(&file, &empty, 0, text));
	slu_buf_free(&file);
	sealed_make(&file, "hello", 5);
	CHECK_IS(SLU_ERR_USAGE, open_asking(&file, &waits, 0, text));
	slu_buf_free(&file);
}

static void
a_limit_over_the_ceiling_is_misuse(void **state)
{
	slu_identities *ids = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_identities_ask(ids, ask, NULL, SLU_WORK_FACTOR_CEILING + 1));
	slu_identities_free(ids);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_passphrase_that_is_asked_for_opens_the_file),
		cmocka_unit_test(a_wrong_answer_is_a_wrong_passphrase),
		cmocka_unit_test(nobody_is_asked_about_what_is_no_sealed_file),
		cmocka_unit_test(
		    nobody_is_asked_where_the_work_factor_is_over_the_limit),
		cmocka_unit_test(
		    nobody_is_asked_for_a_passphrase_where_a_key_is_needed),
		cmocka_unit_test(a_failure_of_who_is_asked_is_that_of_the_read),
		cmocka_unit_test(no_answer_is_misuse),
		cmocka_unit_test(a_limit_over_the_ceiling_is_misuse),
	};

	return cmocka_run_group_tests_name("identity_ask", tests, NULL, NULL);
}
