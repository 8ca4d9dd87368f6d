/* SPDX-License-Identifier: ISC */
/*
 * Datagrams keep their borders through every room that lets them pass, and
 * every other one refuses them.
 */
#include "check.h"
#include "contract.h"
#include "trial.h"

#include "sluice/base64.h"
#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/deflate.h"
#include "sluice/hash.h"
#include "sluice/hex.h"
#include "sluice/http_proxy.h"
#include "sluice/limit.h"
#include "sluice/lines.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/pair.h"
#include "sluice/pull.h"
#include "sluice/socks.h"
#include "sluice/stdio.h"
#include "sluice/tap.h"
#include "sluice/tee.h"
#include "sluice/trace.h"

#define LARGEST 65536 /* bytes, as tee.h has it */
#define ROOM (4 * LARGEST)

/* What the rooms that let datagrams pass are lent. */
struct lent {
	uint64_t counted;
	slu_hash *hash;
	slu_bio *other; /* keeps nothing */
	size_t told;    /* lines */
};

static void
count_line(const char *line, void *arg)
{
	struct lent *l = arg;

	(void)line;
	l->told++;
}

static slu_status
push_count(slu_bio **top, void *arg)
{
	return slu_count(top, &((struct lent *)arg)->counted);
}

static slu_status
push_tee(slu_bio **top, void *arg)
{
	return slu_tee(top, ((struct lent *)arg)->other);
}

static slu_status
push_tap(slu_bio **top, void *arg)
{
	return slu_hash_tap(top, ((struct lent *)arg)->hash);
}

static slu_status
push_trace(slu_bio **top, void *arg)
{
	return slu_trace(
	    top, &(slu_trace_options){ .line = count_line, .arg = arg });
}

static contract_push *const open_to_them[] = { push_count, push_tee, push_tap,
	push_trace };

#define NOPEN (sizeof(open_to_them) / sizeof(open_to_them[0]))

static slu_status
push_base64_encode(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_base64_encode(top, NULL);
}

static slu_status
push_base64_decode(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_base64_decode(top, NULL);
}

static slu_status
push_hex_encode(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_hex_encode(top, NULL);
}

static slu_status
push_hex_decode(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_hex_decode(top, NULL);
}

static slu_status
push_deflate(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_deflate(top, NULL);
}

static slu_status
push_blocks(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_deflate(top, &(slu_deflate_options){ .threads = 2 });
}

static slu_status
push_inflate(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_inflate(top, NULL);
}

static slu_status
push_limit(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_limit(top, 1000);
}

static slu_status
push_pull(slu_bio **top, void *arg)
{
	return slu_pull(top, push_hex_encode, arg);
}

static slu_status
push_socks(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_socks_connect(top, "example.org", 443, NULL);
}

static slu_status
push_http(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_http_connect(top, "example.org", 443, NULL);
}

static void
lend(struct lent *l)
{
	*l = (struct lent){ 0 };
	CHECK_OK(slu_hash_new(&l->hash, "sha256"));
	CHECK_OK(slu_null_open(&l->other));
}

static void
take_back(struct lent *l)
{
	slu_hash_free(l->hash);
	slu_bio_free(l->other);
}

/* Write two datagrams at a time to `from`, and read each from `to`. */
static void
pass_whole(slu_bio *from, slu_bio *to)
{
	static const size_t sizes[] = { 1, 2, 1000, LARGEST - 1, LARGEST };
	static unsigned char data[LARGEST], got[LARGEST];
	size_t n;

	trial_plain(data, sizeof(data));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		CHECK_OK(slu_bio_write(from, data, sizes[i], &n));
		CHECK(n == sizes[i]);
		CHECK_OK(slu_bio_write(from, "x", 1, &n));
		CHECK_OK(slu_bio_flush(from));
		CHECK_OK(slu_bio_read(to, got, sizeof(got), &n));
		CHECK_BYTES(data, sizes[i], got, n);
		CHECK_OK(slu_bio_read(to, got, sizeof(got), &n));
		CHECK_BYTES("x", 1, got, n);
	}
	CHECK_IS(SLU_WANT_READ, slu_bio_read(to, got, sizeof(got), &n));
}

static void
datagrams_stay_whole_in_each_room_open_to_them(void **state)
{
	struct lent l;

	(void)state;
	/* The last time through all of them at once. */
	for (size_t i = 0; i <= NOPEN; i++) {
		slu_bio *a = NULL, *b = NULL;

		lend(&l);
		CHECK_OK(slu_pair_datagrams(&a, &b, ROOM));
		for (size_t k = 0; k < NOPEN; k++)
			if (k == i || i == NOPEN)
				CHECK_OK(open_to_them[k](&a, &l));
		pass_whole(a, b);
		pass_whole(b, a);
		slu_bio_free(a);
		slu_bio_free(b);
		take_back(&l);
	}
}

static void
every_other_filter_refuses_them(void **state)
{
	static contract_push *const closed[] = { push_base64_encode,
		push_base64_decode, push_hex_encode, push_hex_decode,
		push_deflate, push_blocks, push_inflate, push_limit, push_pull,
		push_socks, push_http };
	slu_bio *a = NULL, *b = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_datagrams(&a, &b, ROOM));
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		CHECK_OK(closed[i](&a, NULL));
		CHECK_IS(SLU_ERR_USAGE, slu_bio_write(a, "x", 1, &n));
		CHECK_WORDS(": what moves below are datagrams, not a stream");
		CHECK_IS(SLU_ERR_USAGE, slu_bio_read(a, &byte, 1, &n));
		CHECK_IS(SLU_ERR_USAGE, slu_bio_flush(a));
		CHECK_IS(SLU_ERR_USAGE, slu_bio_finish(a));
		slu_bio_drop(&a);
	}
	CHECK_IS(SLU_WANT_READ, slu_bio_read(b, &byte, 1, &n));
	pass_whole(a, b);
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
who_reads_or_writes_streams_refuses_them(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	slu_lines *lines = NULL;

	(void)state;
	CHECK_OK(slu_pair_datagrams(&a, &b, ROOM));
	CHECK_IS(SLU_ERR_USAGE, slu_lines_new(&lines, a, 80));
	CHECK_WORDS("lines: what moves below are datagrams, not a stream");
	CHECK(lines == NULL);
	CHECK(slu_stdio_file(a) == NULL);
	CHECK_WORDS("stdio: what moves below are datagrams, not a stream");
	CHECK_IS(SLU_ERR_USAGE, slu_bio_unread(a, "x", 1));
	slu_bio_free(a);
	slu_bio_free(b);
}

static void
a_tee_that_waits_hands_each_datagram_over_as_one(void **state)
{
	slu_bio *a = NULL, *b = NULL, *other = NULL, *far = NULL;
	char got[16];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_datagrams(&a, &b, ROOM));
	CHECK_OK(slu_pair_datagrams(&other, &far, 8));
	CHECK_OK(slu_tee(&a, other));
	CHECK_OK(slu_bio_write(a, "first", 5, &n));
	CHECK_OK(slu_bio_write(a, "second", 6, &n));
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(a, "third", 5, &n));
	CHECK_OK(slu_bio_read(far, got, sizeof(got), &n));
	CHECK_BYTES("first", 5, got, n);
	CHECK_OK(slu_bio_write(a, "x", 1, &n));
	CHECK_OK(slu_bio_read(far, got, sizeof(got), &n));
	CHECK_BYTES("second", 6, got, n);
	CHECK_OK(slu_bio_read(far, got, sizeof(got), &n));
	CHECK_BYTES("x", 1, got, n);
	for (size_t i = 0; i < 3; i++)
		CHECK_OK(slu_bio_read(b, got, sizeof(got), &n));
	CHECK_BYTES("x", 1, got, n);
	slu_bio_free(a);
	slu_bio_free(b);
	slu_bio_free(other);
	slu_bio_free(far);
}

static void
a_datagram_that_a_tee_could_not_keep_is_refused_whole(void **state)
{
	static unsigned char data[LARGEST + 1];
	slu_bio *a = NULL, *b = NULL, *other = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_null_open(&other));
	for (int reading = 0; reading < 2; reading++) {
		CHECK_OK(slu_pair_datagrams(&a, &b, ROOM));
		CHECK_OK(slu_tee(&a, other));
		if (reading) {
			CHECK_OK(slu_bio_write(b, data, sizeof(data), &n));
			CHECK_IS(SLU_ERR_LIMIT,
			    slu_bio_read(a, data, sizeof(data), &n));
		} else {
			CHECK_IS(SLU_ERR_LIMIT,
			    slu_bio_write(a, data, sizeof(data), &n));
			CHECK_WORDS("tee: a datagram of 65537 bytes, and the "
				    "most is 65536");
			CHECK_IS(SLU_WANT_READ,
			    slu_bio_read(b, data, sizeof(data), &n));
		}
		CHECK(n == 0);
		slu_bio_free(a);
		slu_bio_free(b);
		a = b = NULL;
	}
	slu_bio_free(other);
}

static slu_status
take_half(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self, (void)next, (void)data;
	*put = (len + 1) / 2;
	return SLU_OK;
}

static void
a_sink_that_takes_part_of_a_datagram_breaks_its_promise(void **state)
{
	static const slu_bio_ops half = {
		.name = "half",
		.write = take_half,
		.datagram = true,
	};
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK(slu_bio_push(&c, &half) != NULL);
	CHECK_OK(slu_bio_write(c, "x", 1, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "xy", 2, &n));
	CHECK_WORDS("half: broke the promise of progress");
	CHECK(n == 0);
	slu_bio_free(c);
}

static void
a_copy_keeps_their_borders(void **state)
{
	slu_bio *a = NULL, *b = NULL, *c = NULL, *d = NULL;
	char got[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_pair_datagrams(&a, &b, ROOM));
	CHECK_OK(slu_pair_datagrams(&c, &d, ROOM));
	CHECK_OK(slu_bio_write(a, "one", 3, &n));
	CHECK_OK(slu_bio_write(a, "two", 3, &n));
	CHECK_OK(slu_bio_finish(a));
	CHECK_OK(slu_bio_copy(c, b));
	CHECK_OK(slu_bio_read(d, got, sizeof(got), &n));
	CHECK_BYTES("one", 3, got, n);
	CHECK_OK(slu_bio_read(d, got, sizeof(got), &n));
	CHECK_BYTES("two", 3, got, n);
	slu_bio_free(a);
	slu_bio_free(b);
	slu_bio_free(c);
	slu_bio_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    datagrams_stay_whole_in_each_room_open_to_them),
		cmocka_unit_test(every_other_filter_refuses_them),
		cmocka_unit_test(who_reads_or_writes_streams_refuses_them),
		cmocka_unit_test(
		    a_tee_that_waits_hands_each_datagram_over_as_one),
		cmocka_unit_test(
		    a_datagram_that_a_tee_could_not_keep_is_refused_whole),
		cmocka_unit_test(
		    a_sink_that_takes_part_of_a_datagram_breaks_its_promise),
		cmocka_unit_test(a_copy_keeps_their_borders),
	};

	return cmocka_run_group_tests_name("datagram", tests, NULL, NULL);
}
