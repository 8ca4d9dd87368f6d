/* SPDX-License-Identifier: ISC */
/* Streams that several threads compress; what they are is deflate_test's. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "choke.h"
#include "contract.h"
#include "oom.h"
#include "packed.h"
#include "sysfault.h"

#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sluice/mem.h"
#include "sluice/null.h"
#include "vectors.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BLOCK ((size_t)SLU_DEFLATE_BLOCK)
#define WINDOW ((size_t)32 * 1024)
#define MOST (9 * BLOCK + 4321)
#define MORE_THAN_SLOTS (5 * BLOCK + 4321) /* of two threads: four blocks */

static unsigned char *plain; /* MOST bytes of no words, in lines */

static const trial_pace whole = { .name = "whole" };

static void
holds_the_contract(slu_deflate_options options)
{
	const contract_filter filter = {
		.name = "deflate in blocks",
		.encode = packed_push_deflate,
		.decode = packed_push_inflate,
		.arg = &options,
		.delimited = true,
	};

	contract_filter_holds(&filter);
}

static void
streams_of_two_threads_hold_the_contract(void **state)
{
	(void)state;
	holds_the_contract(
	    (slu_deflate_options){ .format = SLU_GZIP, .threads = 2 });
}

static void
streams_of_three_threads_hold_the_contract(void **state)
{
	(void)state;
	holds_the_contract((slu_deflate_options){
	    .format = SLU_ZLIB, .level = 1, .threads = 3 });
}

static void
stored_streams_hold_the_contract(void **state)
{
	(void)state;
	holds_the_contract((slu_deflate_options){
	    .format = SLU_RAW, .level = SLU_DEFLATE_STORE, .threads = 2 });
}

/* Compress `len` bytes, as the first of these does it, in each way. */
static void
same_in_every_way(slu_deflate_options options, size_t len)
{
	static const trial_pace paces[] = { { .name = "whole" },
		{ .name = "in odd pieces", .piece = PACE_ODD },
		{ .name = "byte by byte", .piece = 1, .most = BLOCK + 1 },
		{ .name = "over a choke of 4096",
		    .piece = PACE_ODD,
		    .choke = 4096 },
		{ .name = "over a choke of 1", .choke = 1, .most = BLOCK } };
	static const unsigned threads[] = { 3, 2, 8, SLU_DEFLATE_THREADS_MAX };
	size_t ways = getenv("SLUICE_TEST_SLOW") != NULL ? 1 : COUNT(threads);
	slu_buf first = { .limit = 8 * MIB }, out = { .limit = 8 * MIB };

	options.threads = 2;
	packed_make_with(plain, len, &options, &whole, &first);
	for (size_t i = 0; i < COUNT(paces) * ways; i++) {
		const trial_pace *pace = &paces[i / ways];

		if (pace->most > 0 && len > pace->most)
			continue;
		options.threads = threads[i % ways];
		packed_make_with(plain, len, &options, pace, &out);
		CHECK_BYTES(slu_buf_front(&first), first.len,
		    slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
	CHECK_IS(
	    SLU_EOF, packed_read(slu_buf_front(&first), first.len,
			 &(slu_inflate_options){ .format = options.format },
			 &whole, &out));
	CHECK_BYTES(plain, len, slu_buf_front(&out), out.len);
	slu_buf_free(&out);
	slu_buf_free(&first);
}

static void
a_stream_is_the_same_for_any_number_of_threads_and_pieces(void **state)
{
	static const size_t lengths[] = { 0, 1, WINDOW - 1, WINDOW, WINDOW + 1,
		BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + WINDOW - 1,
		BLOCK + WINDOW + 1, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 1,
		4 * BLOCK, 4 * BLOCK + 1, 5 * BLOCK + 1, MOST };
	bool slow = check_slow("streams of no or one block and a bit");

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++)
		if (!slow || lengths[i] < 2 || lengths[i] == BLOCK + 1)
			same_in_every_way(
			    (slu_deflate_options){ .format = SLU_GZIP },
			    lengths[i]);
}

static void
so_is_one_of_each_format_and_level(void **state)
{
	static const int levels[] = { 1, 3, 9, SLU_DEFLATE_STORE };
	size_t len = check_slow("two blocks") ? BLOCK + 1 : MORE_THAN_SLOTS;

	(void)state;
	for (size_t f = 0; f < COUNT(packed_formats); f++)
		for (size_t i = 0; i < COUNT(levels); i++)
			same_in_every_way(
			    (slu_deflate_options){ .format = packed_formats[f],
				.level = levels[i] },
			    len);
}

static void
plain_zlib_reads_it(void **state)
{
	static const size_t lengths[] = { 0, BLOCK, MORE_THAN_SLOTS };

	(void)state;
	for (size_t f = 0; f < COUNT(packed_formats); f++)
		for (size_t i = 0; i < COUNT(lengths); i++) {
			const slu_deflate_options options = {
				.format = packed_formats[f], .threads = 2
			};
			slu_buf packed = { .limit = 8 * MIB };

			packed_make_with(
			    plain, lengths[i], &options, &whole, &packed);
			CHECK_IS(SLU_EOF, packed_check(slu_buf_front(&packed),
					      packed.len, f));
			slu_buf_free(&packed);
		}
}

static void
its_header_is_that_of_a_stream_in_one_piece(void **state)
{
	static const size_t bytes[] = { 2, 10, 0 };
	static const int levels[] = { SLU_DEFLATE_STORE, 1, 2, 3, 4, 5, 6, 7, 8,
		9 };

	(void)state;
	for (size_t f = 0; f < COUNT(packed_formats); f++)
		for (size_t i = 0; i < COUNT(levels); i++) {
			slu_deflate_options options = { .format =
							    packed_formats[f],
				.level = levels[i],
				.threads = 2 };
			slu_buf one = { .limit = 100 }, two = { .limit = 100 };

			packed_make("a", 1, options.format, levels[i], &one);
			packed_make_with("a", 1, &options, &whole, &two);
			CHECK(one.len > bytes[f] && two.len > bytes[f]);
			CHECK_BYTES(slu_buf_front(&one), bytes[f],
			    slu_buf_front(&two), bytes[f]);
			slu_buf_free(&one);
			slu_buf_free(&two);
		}
}

static void
it_is_less_than_a_percent_larger_than_in_one_piece(void **state)
{
	const slu_deflate_options options = { .threads = 2 };
	slu_buf one = { .limit = 8 * MIB }, two = { .limit = 8 * MIB };

	(void)state;
	packed_make(plain, MOST, SLU_ZLIB, 0, &one);
	packed_make_with(plain, MOST, &options, &whole, &two);
	CHECK(one.len < MOST / 2);
	CHECK(two.len < one.len + one.len / 100);
	slu_buf_free(&one);
	slu_buf_free(&two);
}

/* Where flushes fall: within blocks, at their ends, twice, and before all. */
static const size_t flushed_at[] = { 0, 1, 1000, 1000, BLOCK - 1, BLOCK,
	BLOCK + 1, 2 * BLOCK + WINDOW, 5 * BLOCK, MORE_THAN_SLOTS };

/* A patient caller, who may go on writing where a flush was to wait. */
static void
pack_with_flushes(unsigned threads, size_t choke, bool patient, slu_buf *packed)
{
	const slu_deflate_options options = { .threads = threads };
	trial t = { .room = "deflate", .pace = "flushed" };
	slu_bio *c = NULL;
	size_t at = 0;

	CHECK_OK(slu_mem_open(&c, packed));
	if (choke > 0)
		CHECK_OK(choke_push(&c, choke));
	CHECK_OK(slu_deflate(&c, &options));
	for (size_t i = 0; i < COUNT(flushed_at); i++) {
		CHECK_OK(
		    trial_write(&t, c, plain + at, flushed_at[i] - at, &whole));
		at = flushed_at[i];
		if (patient)
			CHECK_OK(trial_flush(&t, c));
		else
			(void)!slu_bio_flush(c);
	}
	CHECK_OK(trial_finish(&t, c));
	slu_bio_free(c);
}

static void
a_stream_with_flushes_is_always_the_same(void **state)
{
	static const struct {
		unsigned threads;
		size_t choke;
		bool patient;
	} ways[] = { { 3, 0, true }, { 8, 0, true }, { 2, 4096, true },
		{ 2, 4096, false }, { 3, 1000, false } };
	slu_buf first = { .limit = 2 * MIB }, out = { .limit = 2 * MIB };

	(void)state;
	pack_with_flushes(2, 0, true, &first);
	for (size_t i = 0; i < COUNT(ways); i++) {
		pack_with_flushes(
		    ways[i].threads, ways[i].choke, ways[i].patient, &out);
		CHECK_BYTES(slu_buf_front(&first), first.len,
		    slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
	CHECK_IS(SLU_EOF,
	    packed_read(slu_buf_front(&first), first.len, NULL, &whole, &out));
	CHECK_BYTES(plain, MORE_THAN_SLOTS, slu_buf_front(&out), out.len);
	slu_buf_free(&out);
	slu_buf_free(&first);
}

static void
all_that_was_flushed_can_be_read(void **state)
{
	const slu_deflate_options options = { .threads = 2 };
	slu_buf packed = { .limit = 2 * MIB };
	slu_bio *c = NULL;
	size_t at = 0, put;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &packed));
	CHECK_OK(slu_deflate(&c, &options));
	for (size_t i = 0; i < COUNT(flushed_at); i++) {
		slu_buf out = { .limit = 2 * MIB };
		size_t len = packed.len;

		CHECK_OK(
		    slu_bio_write_all(c, plain + at, flushed_at[i] - at, &put));
		CHECK_OK(slu_bio_flush(c));
		/* Nothing new is nothing written. */
		CHECK((packed.len > len) == (flushed_at[i] > at));
		at = flushed_at[i];
		CHECK_IS(SLU_ERR_TRUNCATED,
		    packed_model(slu_buf_front(&packed), packed.len, 15, &out));
		CHECK_BYTES(plain, at, slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
	slu_bio_free(c);
	slu_buf_free(&packed);
}

static void
nothing_is_written_before_there_is_a_block_or_a_flush(void **state)
{
	const slu_deflate_options options = { .format = SLU_GZIP,
		.threads = 2 };
	slu_buf packed = { .limit = 2 * MIB };
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &packed));
	CHECK_OK(slu_deflate(&c, &options));
	for (size_t i = 0; i < 5; i++)
		CHECK_OK(slu_bio_write_all(c, plain, 1000, &put));
	CHECK(packed.len == 0);
	CHECK_OK(slu_bio_flush(c));
	CHECK(packed.len > 10);
	slu_bio_free(c);
	slu_buf_free(&packed);
}

static void
a_short_stream_starts_no_thread(void **state)
{
	const slu_deflate_options options = { .threads = 8 };
	slu_buf packed = { .limit = 2 * MIB };
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	sysfault_arm("pthread_create", 0, EAGAIN);
	CHECK_OK(slu_mem_open(&c, &packed));
	CHECK_OK(slu_deflate(&c, &options));
	CHECK_OK(slu_bio_write_all(c, plain, BLOCK / 2, &put));
	CHECK_OK(slu_bio_flush(c));
	CHECK_OK(slu_bio_write_all(c, plain, BLOCK / 2 - 1, &put));
	CHECK_OK(slu_bio_finish(c));
	CHECK(sysfault_disarm() == 0);
	slu_bio_free(c);
	slu_buf_free(&packed);
}

static void
without_threads_the_caller_makes_the_same_stream(void **state)
{
	const slu_deflate_options options = { .threads = 4 };
	slu_buf with = { .limit = 2 * MIB }, without = { .limit = 2 * MIB };

	(void)state;
	packed_make_with(plain, MORE_THAN_SLOTS, &options, &whole, &with);
	sysfault_arm("pthread_create", 0, EAGAIN);
	packed_make_with(plain, MORE_THAN_SLOTS, &options, &whole, &without);
	CHECK(sysfault_disarm() == 1);
	CHECK_BYTES(slu_buf_front(&with), with.len, slu_buf_front(&without),
	    without.len);
	slu_buf_free(&with);
	slu_buf_free(&without);
}

static void
without_memory_for_any_block_the_stream_fails(void **state)
{
	slu_deflate_options options = { .threads = 2 };
	oom_hit hit = OOM_OURS;
	size_t k;

	(void)state;
	for (k = 0; hit == OOM_OURS; k++) {
		slu_bio *c = NULL;
		slu_status st;
		size_t put;

		CHECK_OK(slu_null_open(&c));
		oom_arm(k);
		st = slu_deflate(&c, &options);
		if (st == SLU_OK)
			st = slu_bio_write_all(c, plain, MORE_THAN_SLOTS, &put);
		if (st == SLU_OK)
			st = slu_bio_finish(c);
		hit = oom_disarm();
		CHECK_IS(hit == OOM_OURS ? SLU_ERR_MEMORY : SLU_OK, st);
		slu_bio_free(c);
	}
	CHECK(k > 4 * 3);
}

static void
a_stream_may_be_abandoned_at_any_byte(void **state)
{
	const slu_deflate_options options = { .threads = 3, .level = 9 };

	(void)state;
	for (size_t len = 0; len <= MOST; len += MOST / 7) {
		slu_bio *c = NULL;
		size_t put;

		CHECK_OK(slu_null_open(&c));
		CHECK_OK(slu_deflate(&c, &options));
		CHECK_OK(slu_bio_write_all(c, plain, len, &put));
		slu_bio_free(c);
	}
}

/* In a child, free `c`, having tried to finish it; what came of that. */
static slu_status
finish_in_a_child(slu_bio *c)
{
	int status = -1;
	slu_status st;
	pid_t child;

	fflush(NULL);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		st = slu_bio_finish(c);
		slu_bio_free(c);
		_exit((int)st);
	}
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
	return (slu_status)WEXITSTATUS(status);
}

static void
a_child_of_fork_cannot_go_on_without_the_threads(void **state)
{
	const slu_deflate_options options = { .threads = 2 };
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(slu_deflate(&c, &options));
	CHECK_OK(slu_bio_write_all(c, plain, 1000, &put));
	CHECK_IS(SLU_OK, finish_in_a_child(c));
	CHECK_OK(slu_bio_write_all(c, plain, BLOCK, &put));
	CHECK_IS(SLU_ERR_USAGE, finish_in_a_child(c));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

static void *
pack_again_and_again(void *arg)
{
	const slu_deflate_options options = {
		.format = SLU_GZIP, .level = 1, .threads = 2
	};
	slu_buf *out = arg;

	for (size_t i = 0; i < 3; i++) {
		slu_bio *c = NULL;
		size_t put;

		slu_buf_skip(out, out->len);
		if (slu_mem_open(&c, out) != SLU_OK ||
		    slu_deflate(&c, &options) != SLU_OK ||
		    slu_bio_write_all(c, plain, MORE_THAN_SLOTS, &put) !=
			SLU_OK ||
		    slu_bio_finish(c) != SLU_OK)
			slu_buf_skip(out, out->len);
		slu_bio_free(c);
	}
	return NULL;
}

static void
chains_at_the_same_time_do_not_meet(void **state)
{
	slu_buf out[3];
	pthread_t threads[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		out[i] = (slu_buf){ .limit = 2 * MIB };
		CHECK(pthread_create(&threads[i], NULL, pack_again_and_again,
			  &out[i]) == 0);
	}
	for (size_t i = 0; i < 3; i++) {
		CHECK(pthread_join(threads[i], NULL) == 0);
		CHECK(out[i].len > 0);
		CHECK_BYTES(slu_buf_front(&out[0]), out[0].len,
		    slu_buf_front(&out[i]), out[i].len);
	}
	for (size_t i = 0; i < 3; i++)
		slu_buf_free(&out[i]);
}

static void
what_once_broke_zlib_is_compressed_as_well(void **state)
{
	static const char *const names[] = { "CVE-2018-25032/default.txt",
		"CVE-2018-25032/fixed.txt", "GH-364/test.bin",
		"GH-382/defneg3.dat", "GH-979/pigz-2.6.tar.gz" };
	static const int levels[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9,
		SLU_DEFLATE_STORE };

	(void)state;
	if (check_slow("zlib's own affair"))
		skip();
	for (size_t i = 0; i < COUNT(names) * COUNT(levels); i++) {
		const slu_deflate_options options = {
			.level = levels[i % COUNT(levels)], .threads = 2
		};
		slu_buf packed = { .limit = 8 * MIB };
		slu_buf out = { .limit = 8 * MIB };
		char name[100];
		size_t len;
		char *data;

		snprintf(name, sizeof(name), "zlib-inputs/test/%s",
		    names[i / COUNT(levels)]);
		data = vectors_read(name, &len);
		packed_make_with(data, len, &options, &whole, &packed);
		CHECK_IS(SLU_EOF, packed_read(slu_buf_front(&packed),
				      packed.len, NULL, &whole, &out));
		CHECK_BYTES(data, len, slu_buf_front(&out), out.len);
		slu_buf_free(&packed);
		slu_buf_free(&out);
		free(data);
	}
}

/* Lines of "words", of which some come more often, as in a text. */
static int
make_plain(void **state)
{
	uint32_t x = 2463534242;
	size_t i = 0, word;

	(void)state;
	plain = malloc(MOST);
	if (plain == NULL)
		return -1;
	while (i < MOST) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		word = x % 5000 * (x >> 16 & 0xff) / 255;
		for (size_t n = 2 + word % 7; n > 0 && i < MOST; n--)
			plain[i++] = (unsigned char)('a' + word * n * 31 % 26);
		if (i < MOST)
			plain[i++] = x % 11 == 0 ? '\n' : ' ';
	}
	return 0;
}

static int
free_plain(void **state)
{
	(void)state;
	free(plain);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_of_two_threads_hold_the_contract),
		cmocka_unit_test(streams_of_three_threads_hold_the_contract),
		cmocka_unit_test(stored_streams_hold_the_contract),
		cmocka_unit_test(
		    a_stream_is_the_same_for_any_number_of_threads_and_pieces),
		cmocka_unit_test(so_is_one_of_each_format_and_level),
		cmocka_unit_test(plain_zlib_reads_it),
		cmocka_unit_test(its_header_is_that_of_a_stream_in_one_piece),
		cmocka_unit_test(
		    it_is_less_than_a_percent_larger_than_in_one_piece),
		cmocka_unit_test(a_stream_with_flushes_is_always_the_same),
		cmocka_unit_test(all_that_was_flushed_can_be_read),
		cmocka_unit_test(
		    nothing_is_written_before_there_is_a_block_or_a_flush),
		cmocka_unit_test(a_short_stream_starts_no_thread),
		cmocka_unit_test(
		    without_threads_the_caller_makes_the_same_stream),
		cmocka_unit_test(without_memory_for_any_block_the_stream_fails),
		cmocka_unit_test(a_stream_may_be_abandoned_at_any_byte),
		cmocka_unit_test(
		    a_child_of_fork_cannot_go_on_without_the_threads),
		cmocka_unit_test(chains_at_the_same_time_do_not_meet),
		cmocka_unit_test(what_once_broke_zlib_is_compressed_as_well),
	};

	return cmocka_run_group_tests_name(
	    "zblocks", tests, make_plain, free_plain);
}
