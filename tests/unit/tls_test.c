/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "tls_pair.h"

static int
enter(void **state)
{
	tls_pair *p = malloc(sizeof(*p));

	CHECK(p != NULL);
	folder_enter();
	tls_pair_new(p);
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

/* Say `words` at one end, and hear them at the other. */
static void
say(tls_pair *p, slu_tls *from, slu_tls *to, const char *words)
{
	char heard[256];
	size_t put, got = 0, n;
	slu_status st;

	CHECK_OK(slu_tls_write(from, words, strlen(words), &put));
	CHECK(put == strlen(words));
	do {
		(void)tls_pair_carry(p);
		st = slu_tls_read(to, heard + got, sizeof(heard) - got, &n);
		CHECK(!slu_failed(st));
		got += n;
	} while (got < put);
	CHECK_BYTES(words, put, heard, got);
}

static void
two_engines_talk_whatever_the_size_of_the_pieces(void **state)
{
	static const size_t steps[] = { 0, 1, 2, 7, 1000 };
	tls_pair *p = *state;

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		p->step = steps[i];
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_OK(tls_pair_shake(p));
		say(p, p->client, p->server, "how do you do");
		say(p, p->server, p->client, "how do you do");
		slu_tls_free(p->client);
		slu_tls_free(p->server);
	}
	p->client = p->server = NULL;
}

static void
a_close_is_an_end_in_its_own_direction(void **state)
{
	tls_pair *p = *state;
	char byte;
	size_t n;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	CHECK_OK(slu_tls_close(p->client));
	(void)tls_pair_carry(p);
	CHECK_IS(SLU_EOF, slu_tls_read(p->server, &byte, 1, &n));
	say(p, p->server, p->client, "one thing more");
	CHECK_IS(SLU_ERR_USAGE, slu_tls_write(p->client, "x", 1, &n));
}

static void
an_end_without_a_close_is_a_cut(void **state)
{
	tls_pair *p = *state;
	char byte;
	size_t n;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	slu_tls_feed_end(p->client);
	CHECK_IS(SLU_ERR_TRUNCATED, slu_tls_read(p->client, &byte, 1, &n));
	CHECK_IS(SLU_ERR_TRUNCATED, slu_tls_read(p->client, &byte, 1, &n));
}

static void
another_name_than_the_certificate_s_is_refused(void **state)
{
	tls_pair *p = *state;

	tls_pair_begin(p, "other.test");
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	CHECK_IS(SLU_ERR_PEER, p->server_said);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_engines_talk_whatever_the_size_of_the_pieces),
		TEST(a_close_is_an_end_in_its_own_direction),
		TEST(an_end_without_a_close_is_a_cut),
		TEST(another_name_than_the_certificate_s_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
