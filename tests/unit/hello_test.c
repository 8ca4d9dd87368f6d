/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "tls/hello.h"

#define BODY(bytes) (const unsigned char *)(bytes), sizeof(bytes) - 1
#define NONE NULL, 0

static void
a_name_is_read_in_small_letters(void **state)
{
	slu_tls_hello h;

	(void)state;
	CHECK_OK(slu_hello_read(&h,
	    BODY("\0\x0b\0\0\x08"
		 "A-b.Te_9"),
	    NONE));
	assert_string_equal("a-b.te_9", slu_tls_hello_name(&h));
	CHECK_OK(slu_hello_read(&h, NONE, NONE));
	CHECK(slu_tls_hello_name(&h) == NULL);
}

static void
names_of_unknown_kinds_are_passed_over(void **state)
{
	slu_tls_hello h;

	(void)state;
	CHECK_OK(slu_hello_read(&h,
	    BODY("\0\x0a\x07\0\x02\xff\0\0\0\x02"
		 "ab"),
	    NONE));
	assert_string_equal("ab", slu_tls_hello_name(&h));
	CHECK_OK(slu_hello_read(&h, BODY("\0\x05\x07\0\x02\xff\0"), NONE));
	CHECK(slu_tls_hello_name(&h) == NULL);
}

static void
malformed_names_are_told(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
		{ "", 0 }, { "\0", 1 }, { "\0\0", 2 },
		{ "\0\x04\0\0\x01"
		  "a"
		  "a",
		    7 }, /* more than it says */
		{ "\0\x05\0\0\x01"
		  "a",
		    6 },               /* less */
		{ "\0\x03\0\0\0", 5 }, /* an empty name */
		{ "\0\x02\0\0", 4 },   /* no length */
		{ "\0\x05\0\0\x03"
		  "ab",
		    7 }, /* past the end */
		{ "\0\x08\0\0\x01"
		  "a\0\0\x01"
		  "b",
		    10 }, /* two of a kind */
	};
	slu_tls_hello h;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_IS(SLU_ERR_FORMAT,
		    slu_hello_read(&h, (const unsigned char *)bad[i].bytes,
			bad[i].len, NONE));
}

static void
what_can_be_no_name_is_told_apart(void **state)
{
	static const char *const bad[] = { "a/b", "a b", "a\x1b", "\xc3\xbc",
		"a:1", "*", ".", "..", ".a", "a..b" };
	unsigned char body[16];
	slu_tls_hello h;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		n = strlen(bad[i]);
		memcpy(body, "\0\0\0\0\0", 5);
		body[1] = (unsigned char)(n + 3);
		body[4] = (unsigned char)n;
		memcpy(body + 5, bad[i], n);
		CHECK_IS(SLU_ERR_AUTH, slu_hello_read(&h, body, n + 5, NONE));
	}
	CHECK_IS(SLU_ERR_AUTH, slu_hello_read(&h,
				   BODY("\0\x05\0\0\x02"
					"a\0"),
				   NONE));
}

static void
a_name_has_at_most_255_bytes(void **state)
{
	unsigned char body[5 + SLU_HELLO_NAME_MAX + 1];
	slu_tls_hello h;

	(void)state;
	memset(body, 'a', sizeof(body));
	memcpy(body, "\x01\x02\0\0\xff", 5);
	CHECK_OK(slu_hello_read(&h, body, sizeof(body) - 1, NONE));
	CHECK(strlen(slu_tls_hello_name(&h)) == SLU_HELLO_NAME_MAX);
	memcpy(body, "\x01\x03\0\x01\0", 5);
	CHECK_IS(SLU_ERR_LIMIT, slu_hello_read(&h, body, sizeof(body), NONE));
}

static void
protocols_are_read_one_by_one(void **state)
{
	slu_tls_hello h;
	const void *p;
	size_t len;

	(void)state;
	CHECK_OK(slu_hello_read(&h, NONE, BODY("\0\x06\x02h2\x02\0\xff")));
	p = slu_tls_hello_alpn(&h, 0, &len);
	CHECK_BYTES("h2", 2, p, len);
	p = slu_tls_hello_alpn(&h, 1, &len);
	CHECK_BYTES("\0\xff", 2, p, len);
	CHECK(slu_tls_hello_alpn(&h, 2, &len) == NULL && len == 0);
	CHECK(slu_tls_hello_alpn(&h, SIZE_MAX, &len) == NULL);
}

static void
malformed_protocols_are_told(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
		{ "", 0 }, { "\0\0", 2 }, { "\0\x01\0", 3 }, /* an empty one */
		{ "\0\x02\x02h", 4 },                        /* past the end */
		{ "\0\x03\x01h\x01", 5 },
		{ "\0\x02\x01hh", 5 }, /* more than it says */
	};
	slu_tls_hello h;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_IS(SLU_ERR_FORMAT,
		    slu_hello_read(&h, NONE,
			(const unsigned char *)bad[i].bytes, bad[i].len));
}

static void
there_is_an_end_to_protocols(void **state)
{
	static unsigned char body[2 + SLU_TLS_HELLO_ALPN_MAX + 2];
	slu_tls_hello h;

	(void)state;
	for (size_t i = 2; i < sizeof(body); i += 2)
		body[i] = 1;
	body[0] = SLU_TLS_HELLO_ALPN_MAX >> 8;
	CHECK_OK(slu_hello_read(&h, NONE, body, 2 + SLU_TLS_HELLO_ALPN_MAX));
	body[1] = 2;
	CHECK_IS(SLU_ERR_LIMIT, slu_hello_read(&h, NONE, body, sizeof(body)));
}

static void
hellos_are_the_same_if_both_lists_are(void **state)
{
	slu_tls_hello a, b;

	(void)state;
	CHECK_OK(slu_hello_read(&a,
	    BODY("\0\x04\0\0\x01"
		 "a"),
	    BODY("\0\x03\x02h2")));
	CHECK_OK(slu_hello_read(&b,
	    BODY("\0\x04\0\0\x01"
		 "A"),
	    BODY("\0\x03\x02h2")));
	CHECK(slu_hello_same(&a, &b));
	CHECK_OK(slu_hello_read(&b, NONE, BODY("\0\x03\x02h2")));
	CHECK(!slu_hello_same(&a, &b));
	CHECK_OK(slu_hello_read(&b,
	    BODY("\0\x04\0\0\x01"
		 "a"),
	    BODY("\0\x03\x02h3")));
	CHECK(!slu_hello_same(&a, &b));
	CHECK_OK(slu_hello_read(&b,
	    BODY("\0\x04\0\0\x01"
		 "a"),
	    NONE));
	CHECK(!slu_hello_same(&a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_read_in_small_letters),
		cmocka_unit_test(names_of_unknown_kinds_are_passed_over),
		cmocka_unit_test(malformed_names_are_told),
		cmocka_unit_test(what_can_be_no_name_is_told_apart),
		cmocka_unit_test(a_name_has_at_most_255_bytes),
		cmocka_unit_test(protocols_are_read_one_by_one),
		cmocka_unit_test(malformed_protocols_are_told),
		cmocka_unit_test(there_is_an_end_to_protocols),
		cmocka_unit_test(hellos_are_the_same_if_both_lists_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
