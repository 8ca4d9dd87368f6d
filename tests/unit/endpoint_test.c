/* SPDX-License-Identifier: ISC */
#include "bio/endpoint.h"

#include "check.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
names_and_addresses_are_told_apart(void **state)
{
	static const struct {
		const char *host, *text;
		slu_host_kind kind;
		unsigned char address[16];
	} rows[] = {
		{ "example.org", "example.org:443", SLU_HOST_NAME, { 0 } },
		{ "a", "a:443", SLU_HOST_NAME, { 0 } },
		{ "Under_score.example.", "Under_score.example.:443",
		    SLU_HOST_NAME, { 0 } },
		{ "1.2.3", "1.2.3:443", SLU_HOST_NAME, { 0 } },
		{ "1.2.3.256", "1.2.3.256:443", SLU_HOST_NAME, { 0 } },
		{ "0x7f.0.0.1", "0x7f.0.0.1:443", SLU_HOST_NAME, { 0 } },
		{ "192.0.2.7", "192.0.2.7:443", SLU_HOST_IPV4,
		    { 192, 0, 2, 7 } },
		{ "::1", "[::1]:443", SLU_HOST_IPV6, { [15] = 1 } },
		{ "[::1]", "[::1]:443", SLU_HOST_IPV6, { [15] = 1 } },
		{ "2001:DB8::192.0.2.7", "[2001:DB8::192.0.2.7]:443",
		    SLU_HOST_IPV6,
		    { 0x20, 1, 0x0d, 0xb8, [12] = 192, 0, 2, 7 } },
		{ "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]",
		    "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:443",
		    SLU_HOST_IPV6,
		    { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
			255, 255, 255, 255, 255 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = rows[i].kind == SLU_HOST_IPV4 ? 4 : 16;
		slu_endpoint e;

		CHECK_OK(slu_endpoint_read(&e, "test", rows[i].host, 443));
		CHECK(e.kind == rows[i].kind && e.port == 443);
		CHECK_BYTES(
		    rows[i].text, strlen(rows[i].text), e.text, strlen(e.text));
		if (e.kind != SLU_HOST_NAME)
			CHECK_BYTES(rows[i].address, len, e.address, len);
	}
}

static void
what_is_neither_is_refused(void **state)
{
	static const char *const hosts[] = { "[", "]", "[]", "[a]", "a]",
		"[::1", "::1]", "[192.0.2.7]", "[[::1]]",
		"::1::", "fe80::1%eth0", "example.org:80", "user@example.org",
		"http://example.org", "a b", " a", "a\r\nHost: b", "a\tb",
		"b\303\274cher.example",
		"[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555]" };
	slu_endpoint e;

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++) {
		CHECK_IS(SLU_ERR_USAGE,
		    slu_endpoint_read(&e, "test", hosts[i], 443));
		CHECK_WORDS("test: neither a host name nor an address");
	}
}

static void
every_character_of_a_name_is_judged(void **state)
{
	(void)state;
	for (int c = 1; c < 256; c++) {
		char host[] = { 'a', (char)c, 'z', '\0' };
		bool good = c > ' ' && c <= '~' && !strchr("/?#@:[]\\", c);
		slu_endpoint e;

		CHECK_IS(good ? SLU_OK : SLU_ERR_USAGE,
		    slu_endpoint_read(&e, "test", host, 1));
	}
}

static void
a_name_of_255_bytes_and_the_largest_port_fit(void **state)
{
	char host[SLU_HOST_BYTES + 2], text[SLU_ADDRESS_NAME];
	slu_endpoint e;

	(void)state;
	memset(host, 'a', sizeof(host));
	host[SLU_HOST_BYTES] = '\0';
	snprintf(text, sizeof(text), "%s:65535", host);
	CHECK_OK(slu_endpoint_read(&e, "test", host, 65535));
	CHECK_BYTES(text, strlen(text), e.text, strlen(e.text));
	host[SLU_HOST_BYTES] = 'a';
	host[SLU_HOST_BYTES + 1] = '\0';
	CHECK_IS(SLU_ERR_USAGE, slu_endpoint_read(&e, "test", host, 1));
	CHECK_WORDS("test: a host name of more than 255 bytes");
}

static void
nothing_and_port_0_are_no_places(void **state)
{
	slu_endpoint e;

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_endpoint_read(&e, "test", "", 443));
	CHECK_WORDS("test: no host");
	CHECK_IS(SLU_ERR_USAGE, slu_endpoint_read(&e, "test", "a", 0));
	CHECK_WORDS("test: no port");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_addresses_are_told_apart),
		cmocka_unit_test(what_is_neither_is_refused),
		cmocka_unit_test(every_character_of_a_name_is_judged),
		cmocka_unit_test(a_name_of_255_bytes_and_the_largest_port_fit),
		cmocka_unit_test(nothing_and_port_0_are_no_places),
	};

	return cmocka_run_group_tests_name("endpoint", tests, NULL, NULL);
}
