/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "choke.h"
#include "contract.h"
#include "faulty.h"

#include "sluice/count.h"
#include "sluice/null.h"
#include "sluice/pull.h"
#include "sluice/view.h"

/*
 * A filter that changes what is written and needs its finish: it flips a
 * bit of each byte, and holds them back until it has a block of them.
 */
struct lag {
	unsigned char block[64];
	size_t off; /* first byte still to go */
	size_t len;
};

static slu_status
lag_finish(void *self, slu_bio *next)
{
	struct lag *l = self;
	slu_status st;
	size_t n;

	st = slu_bio_write_all(next, l->block + l->off, l->len - l->off, &n);
	l->off += n;
	if (l->off == l->len)
		l->off = l->len = 0;
	return st;
}

static slu_status
lag_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct lag *l = self;
	const unsigned char *p = data;
	slu_status st = SLU_OK;

	while (st == SLU_OK && *put < len) {
		if (l->len == sizeof(l->block))
			st = lag_finish(l, next);
		if (l->len < sizeof(l->block))
			l->block[l->len++] = p[(*put)++] ^ 0x20;
	}
	return *put > 0 ? SLU_OK : st;
}

static const slu_bio_ops lag_ops = {
	.name = "lag",
	.size = sizeof(struct lag),
	.write = lag_write,
	.finish = lag_finish,
};

static slu_status
build_lag(slu_bio **writer, void *arg)
{
	(void)arg;
	return slu_bio_push(writer, &lag_ops) ? SLU_OK : SLU_ERR_MEMORY;
}

static slu_status
push_lag(slu_bio **top, void *arg)
{
	return build_lag(top, arg);
}

static slu_status
pull_lag(slu_bio **top, void *arg)
{
	return slu_pull(top, build_lag, arg);
}

static slu_status
build_nothing(slu_bio **writer, void *arg)
{
	(void)writer, (void)arg;
	return SLU_OK;
}

static slu_status
pull_nothing(slu_bio **top, void *arg)
{
	return slu_pull(top, build_nothing, arg);
}

/* To flip a bit twice is to do nothing: writes do it, and reads undo it. */
static void
pull_holds_the_contract_of_a_filter(void **state)
{
	const contract_filter lag = {
		.name = "pull of a lag",
		.encode = push_lag,
		.decode = pull_lag,
	};
	const contract_filter nothing = {
		.name = "pull of nothing",
		.decode = pull_nothing,
	};

	(void)state;
	contract_filter_holds(&lag);
	contract_filter_holds(&nothing);
}

/* Several filters, one of which waits by itself. */
static slu_status
build_choked_lag(slu_bio **writer, void *arg)
{
	slu_status st;

	st = slu_count(writer, arg);
	if (st == SLU_OK)
		st = build_lag(writer, NULL);
	if (st == SLU_OK)
		st = choke_push(writer, 2);
	return st;
}

static void
a_wait_of_the_filters_is_a_wait(void **state)
{
	slu_bio *c = NULL;
	uint64_t count = 0;
	char out[8];
	size_t done = 0, n;
	unsigned waits = 0;
	slu_status st;

	(void)state;
	CHECK_OK(slu_view_open(&c, "ABCDF", 5));
	CHECK_OK(slu_pull(&c, build_choked_lag, &count));
	do {
		st = slu_bio_read(c, out + done, sizeof(out) - done, &n);
		done += n;
		waits += st == SLU_WANT_WRITE;
	} while (st == SLU_OK || st == SLU_WANT_WRITE);
	CHECK_IS(SLU_EOF, st);
	CHECK_BYTES("abcdf", 5, out, done);
	CHECK(count == 5 && waits > 0);
	slu_bio_free(c);
}

static slu_status
build_badly(slu_bio **writer, void *arg)
{
	CHECK(build_lag(writer, arg) == SLU_OK);
	return slu_fail(SLU_ERR_NO_MATCH, "test: nothing fits");
}

static void
a_failure_to_build_leaves_the_chain_as_it_was(void **state)
{
	slu_bio *c = NULL, *before;
	char out[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "abc", 3));
	before = c;
	CHECK_IS(SLU_ERR_NO_MATCH, slu_pull(&c, build_badly, NULL));
	CHECK_WORDS("nothing fits");
	CHECK(c == before);
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &n));
	CHECK(n == 3);
	slu_bio_free(c);
}

static slu_status
build_faulty(slu_bio **writer, void *arg)
{
	return faulty_push(writer, *(size_t *)arg);
}

static void
what_the_filters_gave_before_they_failed_is_read_first(void **state)
{
	slu_bio *c = NULL;
	size_t calls = 2, n;
	char out[8];

	(void)state;
	CHECK_OK(slu_view_open(&c, "abcdef", 6));
	CHECK_OK(choke_push(&c, 3));
	CHECK_OK(slu_pull(&c, build_faulty, &calls));
	for (int i = 0; i < 2; i++) {
		CHECK_IS(SLU_WANT_READ, slu_bio_read(c, out, sizeof(out), &n));
		CHECK_OK(slu_bio_read(c, out, sizeof(out), &n));
		CHECK_BYTES(i == 0 ? "abc" : "def", 3, out, n);
	}
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, out, sizeof(out), &n));
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, out, sizeof(out), &n));
	CHECK_WORDS(FAULTY_WORDS);
	slu_bio_free(c);
}

static void
writes_pass_a_pull_by(void **state)
{
	slu_bio *c = NULL;
	uint64_t count = 0;
	size_t n;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(slu_count(&c, &count));
	CHECK_OK(slu_pull(&c, build_lag, NULL));
	CHECK_OK(slu_bio_write(c, "abc", 3, &n));
	CHECK(n == 3 && count == 3);
	slu_bio_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pull_holds_the_contract_of_a_filter),
		cmocka_unit_test(a_wait_of_the_filters_is_a_wait),
		cmocka_unit_test(a_failure_to_build_leaves_the_chain_as_it_was),
		cmocka_unit_test(
		    what_the_filters_gave_before_they_failed_is_read_first),
		cmocka_unit_test(writes_pass_a_pull_by),
	};

	return cmocka_run_group_tests_name("pull", tests, NULL, NULL);
}
