/* SPDX-License-Identifier: ISC */
/* What users do with TLS that those who wrote it did not think of. */
#include <malloc.h>
#include <pthread.h>

#include "check.h"
#include "sluice/hex.h"
#include "sluice/pair.h"
#include "sluice/tls_peer.h"
#include "sluice/tls_stream.h"
#include "tls_pair.h"
#include "tls_talk.h"

static int
enter(void **state)
{
	tls_pair *p = malloc(sizeof(*p));

	CHECK(p != NULL);
	folder_enter();
	tls_pair_new(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	*state = p;
	return 0;
}

static int
leave(void **state)
{
	tls_pair_free(*state);
	free(*state);
	folder_leave();
	return 0;
}

static void
a_first_write_gets_through_a_filter_that_waits_for_a_flush(void **state)
{
	tls_pair *p = *state;
	slu_bio *a = NULL, *b = NULL;
	char heard[5];
	size_t n;

	CHECK_OK(slu_pair_open(&a, &b, 4096));
	CHECK_OK(slu_hex_encode(&a, NULL));
	CHECK_OK(slu_hex_decode(&b, NULL));
	CHECK_OK(slu_tls_push(&a, p->client));
	CHECK_OK(slu_tls_push(&b, p->server));
	CHECK_IS(SLU_WANT_READ, slu_bio_write(a, "hello", 5, &n));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(b, heard, sizeof(heard), &n));
	CHECK_OK(slu_bio_write(a, "hello", 5, &n));
	CHECK_OK(slu_bio_flush(a));
	CHECK_OK(slu_bio_read(b, heard, sizeof(heard), &n));
	CHECK_BYTES("hello", 5, heard, n);
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
an_engine_serves_one_chain_in_its_life(void **state)
{
	tls_pair *p = *state;
	slu_bio *a = NULL, *b = NULL;

	CHECK_OK(slu_pair_open(&a, &b, 4096));
	CHECK_OK(slu_tls_push(&a, p->client));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_push(&a, p->client));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_push(&b, p->client));
	slu_bio_free(a);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_push(&b, p->client));
	slu_bio_free(b);
}

/* What a client asks for, as it was understood; NULL: refused. */
static void
asks_for(tls_pair *p, const char *host, const char *name)
{
	slu_tls *tls = NULL;
	slu_status st = slu_tls_client(&tls, p->client_config, host);

	if ((st == SLU_OK) != (name != NULL))
		print_message("%s\n", host);
	CHECK_IS(name == NULL ? SLU_ERR_USAGE : SLU_OK, st);
	CHECK((tls == NULL) == (name == NULL));
	if (name != NULL)
		assert_string_equal(name, slu_tls_peer_name(tls));
	slu_tls_free(tls);
}

static void
a_host_is_a_name_or_an_address(void **state)
{
	static const char *const none[] = { "", ".", "..", "a..b", ".a", "a..",
		"*.example.org", "two words", "a\nb", "a\tb", "ex\303\244mple",
		"user@host", "a/b", "example.org:443", "[::1", "::1]", "[a]",
		"[127.0.0.1]", "fe80::1%lo", "999.1.1.1", "127.1", "1.2.3.4.5",
		"7", "a.7" };
	tls_pair *p = *state;

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		asks_for(p, none[i], NULL);
	asks_for(p, "example.org", "example.org");
	asks_for(p, "example.org.", "example.org");
	asks_for(p, "LOCALHOST", "LOCALHOST");
	asks_for(p, "a_b.7.xn--p1ai", "a_b.7.xn--p1ai");
	asks_for(p, "127.0.0.1", "127.0.0.1");
	asks_for(p, "::1", "::1");
	asks_for(p, "[::1]", "::1");
	asks_for(p, "2001:DB8:0::1", "2001:db8::1");
}

static void
a_host_is_no_longer_than_the_dns_has_them(void **state)
{
	char name[256];
	tls_pair *p = *state;

	memset(name, 'a', sizeof(name));
	name[64] = '\0';
	asks_for(p, name, NULL);
	name[63] = '\0';
	asks_for(p, name, name);
	memset(name, 'a', sizeof(name));
	name[63] = name[127] = name[191] = '.';
	name[254] = '\0';
	asks_for(p, name, NULL);
	name[253] = '\0';
	asks_for(p, name, name);
}

/* Connect over memory; the ends are the caller's. */
static void
connect_ends(tls_pair *p, slu_bio *ends[2])
{
	slu_status st;

	ends[0] = ends[1] = NULL;
	CHECK_OK(slu_pair_open(&ends[0], &ends[1], 4096));
	tls_talk_push(p, &ends[0], &ends[1]);
	do {
		st = slu_bio_flush(ends[0]);
		CHECK(!slu_failed(st));
		st = slu_bio_flush(ends[1]);
		CHECK(!slu_failed(st));
	} while (st != SLU_OK || slu_bio_flush(ends[0]) != SLU_OK);
}

static void *
connect_some(void *arg)
{
	tls_pair p = *(tls_pair *)arg; /* the configs, and engines of our own */
	slu_bio *ends[2];

	for (int i = 0; i < 5; i++) {
		p.client = p.server = NULL;
		connect_ends(&p, ends);
		tls_talk(ends[0], ends[1], 1000);
		slu_bio_free(ends[0]);
		slu_bio_free(ends[1]);
		slu_tls_free(p.client);
		slu_tls_free(p.server);
	}
	return NULL;
}

static void
one_config_serves_several_threads(void **state)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&threads[i], NULL, connect_some, *state) ==
		      0);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
}

/* Bytes in use after so many connections more. */
static size_t
in_use_after(tls_pair *p, int count)
{
	slu_bio *ends[2];

	for (int i = 0; i < count; i++) {
		connect_ends(p, ends);
		if (i % 2 == 0)
			CHECK_OK(slu_bio_finish(ends[0]));
		slu_bio_free(ends[0]);
		slu_bio_free(ends[1]);
	}
	return mallinfo2().uordblks;
}

/* What piles up in a config until it goes is no leak to a leak checker. */
static void
connections_leave_nothing_behind_in_a_config(void **state)
{
	int count = check_slow("fewer connections") ? 10 : 200;
	size_t before = in_use_after(*state, count);
	size_t after = in_use_after(*state, count);

	/* OpenSSL's tables grow a little; a session is larger than this. */
	assert_in_range(after, 0, before + 512 * (size_t)count);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    a_first_write_gets_through_a_filter_that_waits_for_a_flush),
		TEST(an_engine_serves_one_chain_in_its_life),
		TEST(a_host_is_a_name_or_an_address),
		TEST(a_host_is_no_longer_than_the_dns_has_them),
		TEST(one_config_serves_several_threads),
		TEST(connections_leave_nothing_behind_in_a_config),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
