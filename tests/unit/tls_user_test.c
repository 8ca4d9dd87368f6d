/* SPDX-License-Identifier: ISC */
/* What users do with TLS that those who wrote it did not think of. */
#include "check.h"
#include "sluice/hex.h"
#include "sluice/pair.h"
#include "sluice/tls_stream.h"
#include "tls_pair.h"

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
		    a_first_write_gets_through_a_filter_that_waits_for_a_flush),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
