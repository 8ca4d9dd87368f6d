/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L

#include "seal/scrypt.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#include "seal/parse.h"

#define V1 "age-encryption.org/v1\n"
#define BODY "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
#define SALT "AAAAAAAAAAAAAAAAAAAAAA"
#define END "--- " BODY

static const unsigned char file_key[SLU_FILE_KEY] = "0123456789abcdef";

/* Find the passphrase's stanza in a header. */
static slu_status
find(const char *text, slu_scrypt_stanza *s, bool *found)
{
	slu_parser p = { 0 };
	slu_status st;
	size_t used;

	CHECK_OK(slu_parser_feed(&p, text, strlen(text), &used));
	st = slu_scrypt_find(&p.header, s, found);
	slu_parser_free(&p);
	return st;
}

static void
check_damaged(const char *text, size_t at, const char *what)
{
	char why[SLU_ERROR_MAX];
	slu_scrypt_stanza s;
	bool found;

	CHECK_IS(SLU_ERR_FORMAT, find(text, &s, &found));
	snprintf(why, sizeof(why), "unseal: damaged header at byte %zu: %s", at,
	    what);
	assert_string_equal(slu_error(), why);
}

static void
a_stanza_is_found_where_it_is_the_only_one(void **state)
{
	slu_scrypt_stanza s;
	bool found;

	(void)state;
	CHECK_OK(find(V1 "-> scrypt " SALT " 18\n" BODY END, &s, &found));
	CHECK(found && s.work_factor == 18);
	CHECK_OK(find(V1 "-> Scrypt x\n\n-> a b\n\n" END, &s, &found));
	CHECK(!found);
}

static void
each_fault_of_a_stanza_is_found_at_its_byte(void **state)
{
	static const char salt[] =
	    "the salt is not 16 bytes of canonical base64";
	static const char factor[] = "the work factor is not a number";
	static const char alone[] = "scrypt is not the only stanza";

	(void)state;
	check_damaged(
	    V1 "-> scrypt\n" BODY END, 22, "scrypt lacks an argument");
	check_damaged(
	    V1 "-> scrypt " SALT "\n" BODY END, 22, "scrypt lacks an argument");
	check_damaged(V1 "-> scrypt " SALT " 18 x\n" BODY END, 58,
	    "scrypt has an argument too many");
	check_damaged(V1 "-> scrypt AAAA 18\n" BODY END, 32, salt);
	check_damaged(V1 "-> scrypt " SALT "A 18\n" BODY END, 32, salt);
	check_damaged(
	    V1 "-> scrypt AAAAAAAAAAAAAAAAAAAAAB 18\n" BODY END, 32, salt);
	check_damaged(
	    V1 "-> scrypt AAAAAAAAAAAAAAAAAAAA== 18\n" BODY END, 32, salt);
	check_damaged(V1 "-> scrypt " SALT " 0\n" BODY END, 55, factor);
	check_damaged(V1 "-> scrypt " SALT " 018\n" BODY END, 55, factor);
	check_damaged(V1 "-> scrypt " SALT " +18\n" BODY END, 55, factor);
	check_damaged(V1 "-> scrypt " SALT " -18\n" BODY END, 55, factor);
	check_damaged(V1 "-> scrypt " SALT " 1e\n" BODY END, 55, factor);
	check_damaged(V1 "-> scrypt " SALT " 0x12\n" BODY END, 55, factor);
	check_damaged(V1 "-> scrypt " SALT " 18\nAAAA\n" END, 58,
	    "scrypt's body is not 32 bytes");
	check_damaged(V1 "-> scrypt " SALT " 18\nA" BODY END, 58,
	    "scrypt's body is not 32 bytes");
	check_damaged(V1 "-> scrypt " SALT " 18\n\n" END, 58,
	    "scrypt's body is not 32 bytes");
	check_damaged(
	    V1 "-> scrypt " SALT " 18\n" BODY "-> a\n\n" END, 22, alone);
	check_damaged(V1 "-> a\n\n-> scrypt " SALT " 18\n" BODY END, 28, alone);
	check_damaged(
	    V1 "-> a\n\n-> scrypt\n" BODY END, 28, "scrypt lacks an argument");
}

static void
what_a_passphrase_wrapped_only_it_unwraps(void **state)
{
	unsigned char key[SLU_FILE_KEY];
	slu_header h = { 0 };
	slu_scrypt_stanza s;
	bool found;

	(void)state;
	CHECK_OK(slu_scrypt_wrap(&h, "horse", 5, 10, file_key));
	CHECK(h.nstanzas == 1);
	assert_string_equal(slu_stanza_arg(&h.stanzas[0], 0), "scrypt");
	assert_string_equal(slu_stanza_arg(&h.stanzas[0], 2), "10");
	CHECK_OK(slu_scrypt_find(&h, &s, &found));
	CHECK(found);
	CHECK_OK(slu_scrypt_unwrap(&s, "horse", 5, 10, key));
	CHECK_BYTES(file_key, sizeof(file_key), key, sizeof(key));
	CHECK_IS(SLU_ERR_NO_MATCH, slu_scrypt_unwrap(&s, "horsf", 5, 10, key));
	assert_string_equal(slu_error(), "unseal: wrong passphrase");
	CHECK_IS(SLU_ERR_NO_MATCH, slu_scrypt_unwrap(&s, "horse", 4, 10, key));
	CHECK_IS(SLU_ERR_NO_MATCH, slu_scrypt_unwrap(&s, "horse ", 6, 10, key));
	slu_header_free(&h);
}

static void
no_two_stanzas_share_a_salt(void **state)
{
	slu_header h = { 0 };

	(void)state;
	CHECK_OK(slu_scrypt_wrap(&h, "horse", 5, 10, file_key));
	CHECK_OK(slu_scrypt_wrap(&h, "horse", 5, 10, file_key));
	assert_string_not_equal(
	    slu_stanza_arg(&h.stanzas[0], 1), slu_stanza_arg(&h.stanzas[1], 1));
	slu_header_free(&h);
}

/* The work factor as text of a header, tried with a limit. */
static slu_status
try_factor(const char *factor, unsigned most)
{
	unsigned char key[SLU_FILE_KEY];
	char text[256];
	slu_scrypt_stanza s;
	bool found;

	snprintf(
	    text, sizeof(text), V1 "-> scrypt " SALT " %s\n" BODY END, factor);
	CHECK_OK(find(text, &s, &found));
	return slu_scrypt_unwrap(&s, "x", 1, most, key);
}

static void
a_work_factor_over_the_limit_costs_nothing(void **state)
{
	(void)state;
	CHECK_IS(SLU_ERR_NO_MATCH, try_factor("10", 10));
	CHECK_IS(SLU_ERR_NO_MATCH, try_factor("1", 10));
	CHECK_IS(SLU_ERR_LIMIT, try_factor("11", 10));
	assert_string_equal(slu_error(),
	    "unseal: work factor 11 needs 2 MiB of memory; limit is 10");
	CHECK_IS(SLU_ERR_LIMIT, try_factor("24", 22));
	assert_string_equal(slu_error(),
	    "unseal: work factor 24 needs 16 GiB of memory; limit is 22");
	CHECK_IS(SLU_ERR_LIMIT, try_factor("59", 30));
	CHECK_WORDS("work factor 59 needs 512 EiB of memory");
	CHECK_IS(SLU_ERR_LIMIT, try_factor("60", 30));
	CHECK_WORDS("work factor of 60 or more; limit is 30");
	CHECK_IS(SLU_ERR_LIMIT, try_factor("4294967306", 30));
	CHECK_WORDS("work factor of 60 or more");
	CHECK_IS(SLU_ERR_LIMIT, try_factor("18446744073709551626", 30));
	CHECK_WORDS("work factor of 60 or more");
}

/* Run in a process of its own, whose memory we can take away. */
static void
without_memory(void)
{
	struct rlimit none = { .rlim_cur = 64 << 20, .rlim_max = 64 << 20 };
	unsigned char key[SLU_FILE_KEY];
	slu_scrypt_stanza s = { .work_factor = 20 };
	slu_header h = { 0 };
	bool ok;

	ok = setrlimit(RLIMIT_DATA, &none) == 0;
	ok = ok && slu_scrypt_unwrap(&s, "x", 1, 22, key) == SLU_ERR_LIMIT;
	ok =
	    ok && strstr(slu_error(),
		      "unseal: work factor 20 needs 1 GiB of memory; ") != NULL;
	ok = ok && strstr(slu_error(), " MiB are available") != NULL;
	ok = ok && slu_scrypt_wrap(&h, "x", 1, 20, file_key) == SLU_ERR_LIMIT;
	ok = ok && strstr(slu_error(), "seal: work factor 20 ") == slu_error();
	_exit(ok ? 0 : 1);
}

static void
a_work_factor_over_the_machines_memory_is_refused(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0)
		without_memory();
	CHECK(pid > 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stanza_is_found_where_it_is_the_only_one),
		cmocka_unit_test(each_fault_of_a_stanza_is_found_at_its_byte),
		cmocka_unit_test(what_a_passphrase_wrapped_only_it_unwraps),
		cmocka_unit_test(no_two_stanzas_share_a_salt),
		cmocka_unit_test(a_work_factor_over_the_limit_costs_nothing),
		cmocka_unit_test(
		    a_work_factor_over_the_machines_memory_is_refused),
	};

	return cmocka_run_group_tests_name("scrypt", tests, NULL, NULL);
}
