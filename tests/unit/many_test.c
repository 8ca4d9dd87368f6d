/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "contract.h"
#include "oom.h"
#include "sysfault.h"

#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sluice/mac.h"
#include "sluice/many.h"
#include "sluice/mem.h"
#include "sluice/null.h"

#define BLOCK ((size_t)256 * 1024) /* bytes that a thread is given at once */
#define MOST (7 * BLOCK + 4321)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static unsigned char data[MOST];

/* One after the other has another speed. */
static const char *const names[] = { "sha256", "md5", "sha3-256", "blake2b512",
	"sha1" };

static int
make_data(void **state)
{
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < MOST; i++) {
		x = x * 1664525 + 1013904223;
		data[i] = (unsigned char)(x >> 24);
	}
	return 0;
}

static slu_many *
fresh(unsigned threads, size_t n)
{
	slu_many *m = NULL;

	CHECK_OK(slu_many_new(&m, threads));
	for (size_t i = 0; i < n; i++)
		CHECK_OK(slu_many_add(m, names[i % COUNT(names)]));
	return m;
}

/* The digests of the set are those of the first `len` bytes. */
static void
check_digests(slu_many *m, size_t len)
{
	unsigned char want[SLU_HASH_MAX], got[SLU_HASH_MAX];
	slu_hash *h = NULL, *alone = NULL;
	size_t want_len, got_len;

	for (size_t i = 0; i < slu_many_count(m); i++) {
		CHECK_OK(slu_many_hash(m, i, &h));
		assert_string_equal(slu_hash_name(h), names[i % COUNT(names)]);
		CHECK_OK(slu_hash_final(h, got, sizeof(got), &got_len));
		CHECK_OK(slu_hash_new(&alone, slu_hash_name(h)));
		CHECK_OK(slu_hash_update(alone, data, len));
		CHECK_OK(slu_hash_final(alone, want, sizeof(want), &want_len));
		CHECK_BYTES(want, want_len, got, got_len);
		slu_hash_free(alone);
	}
}

/* Take in the first `len` bytes, in pieces. */
static void
update(slu_many *m, size_t len, size_t piece)
{
	size_t n;

	for (size_t done = 0; done < len; done += n) {
		n = len - done < piece ? len - done : piece;
		CHECK_OK(slu_many_update(m, data + done, n));
	}
}

static void
any_number_of_threads_makes_the_digests_of_one(void **state)
{
	static const unsigned threads[] = { 0, 1, 2, 3, 4, 64 };
	static const size_t lens[] = { 0, 1, BLOCK - 1, BLOCK, BLOCK + 1,
		2 * BLOCK, 3 * BLOCK + 1, MOST };
	bool slow = check_slow("two and four threads");

	(void)state;
	for (size_t t = 0; t < COUNT(threads); t++) {
		slu_many *m = fresh(threads[t], COUNT(names));

		if (slow && threads[t] != 2 && threads[t] != 4)
			goto next;
		for (size_t i = 0; i < COUNT(lens); i++) {
			update(m, lens[i], MOST);
			check_digests(m, lens[i]);
		}
	next:
		slu_many_free(m);
	}
}

static void
any_number_of_digests_is_made(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 3, 5, SLU_MANY_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++) {
		slu_many *m = fresh(3, counts[i]);

		CHECK(slu_many_count(m) == counts[i]);
		update(m, 3 * BLOCK + 5, MOST);
		check_digests(m, 3 * BLOCK + 5);
		slu_many_free(m);
	}
}

static void
the_pieces_of_a_stream_do_not_matter(void **state)
{
	static const size_t pieces[] = { 1, 4096, 65521, BLOCK - 1, BLOCK,
		BLOCK + 1 };
	slu_many *m = fresh(2, 3);

	(void)state;
	for (size_t i = 0; i < COUNT(pieces); i++) {
		/* Two blocks of single bytes are enough. */
		size_t len = pieces[i] > 1 ? MOST : 2 * BLOCK + 1;

		update(m, len, pieces[i]);
		check_digests(m, len);
	}
	slu_many_free(m);
}

/* Three MACs, the last of which has taken in a part already. */
static void
macs_are_added_as_copies_with_what_they_have_taken_in(void **state)
{
	static const char *const macs[] = { "hmac-sha256", "blake2b",
		"kmac128" };
	size_t len = 3 * BLOCK + 7, n;
	unsigned char got[64], want[64];
	slu_hash *h[3] = { NULL }, *lent = NULL;
	slu_many *m = fresh(2, 0);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		CHECK_OK(slu_mac_new(&h[i], macs[i], "a key", 5, NULL));
		if (i == 2)
			CHECK_OK(slu_hash_update(h[i], "before", 6));
		CHECK_OK(slu_many_add_copy(m, h[i]));
	}
	update(m, len, MOST);
	for (size_t i = 0; i < 3; i++) {
		CHECK_OK(slu_hash_update(h[i], data, len));
		CHECK_OK(slu_hash_final(h[i], want, sizeof(want), &n));
		CHECK_OK(slu_many_hash(m, i, &lent));
		assert_string_equal(slu_hash_name(lent), macs[i]);
		CHECK_OK(slu_hash_final(lent, got, sizeof(got), &n));
		CHECK_BYTES(want, n, got, n);
	}
	CHECK_IS(SLU_ERR_USAGE, slu_many_add_copy(m, h[0]));
	CHECK_WORDS("many: a digest was added after the first bytes");
	for (size_t i = 0; i < 3; i++)
		slu_hash_free(h[i]);
	slu_many_free(m);
}

static void
a_digest_that_is_looked_at_can_be_copied_and_goes_on(void **state)
{
	unsigned char got[32], want[32];
	slu_many *m = fresh(2, 2);
	slu_hash *h = NULL, *half = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_many_update(m, data, 3 * BLOCK));
	CHECK_OK(slu_many_hash(m, 0, &h));
	CHECK_OK(slu_hash_copy(&half, h));
	CHECK_OK(slu_many_update(m, data + 3 * BLOCK, MOST - 3 * BLOCK));
	check_digests(m, MOST);
	CHECK_OK(slu_hash_final(half, got, sizeof(got), &n));
	CHECK_OK(slu_hash_update(half, data, 3 * BLOCK));
	CHECK_OK(slu_hash_final(half, want, sizeof(want), &n));
	CHECK_BYTES(want, 32, got, 32);
	slu_hash_free(half);
	slu_many_free(m);
}

static void
an_extendable_output_is_one_of_many(void **state)
{
	unsigned char got[1000], want[1000];
	slu_many *m = fresh(2, 2);
	slu_hash *h = NULL, *alone = NULL;

	(void)state;
	CHECK_OK(slu_many_add(m, "SHAKE-256"));
	CHECK_OK(slu_many_update(m, data, MOST));
	CHECK_OK(slu_many_hash(m, 2, &h));
	CHECK_OK(slu_hash_xof(h, got, sizeof(got)));
	CHECK_OK(slu_hash_new(&alone, "shake256"));
	CHECK_OK(slu_hash_update(alone, data, MOST));
	CHECK_OK(slu_hash_xof(alone, want, sizeof(want)));
	CHECK_BYTES(want, sizeof(want), got, sizeof(got));
	slu_hash_free(alone);
	slu_many_free(m);
}

static slu_status
push_tap(slu_bio **top, void *arg)
{
	slu_many **m = arg;

	oom_hold();
	slu_many_free(*m);
	*m = fresh(2, 2);
	oom_release();
	return slu_many_tap(top, *m);
}

static void
tap_holds_the_contract_of_a_filter(void **state)
{
	slu_many *m = NULL;
	const contract_filter tap = {
		.name = "many",
		.encode = push_tap,
		.decode = push_tap,
		.arg = &m,
	};

	(void)state;
	contract_filter_holds(&tap);
	slu_many_free(m);
}

static void
what_passes_the_tap_is_digested_in_both_directions(void **state)
{
	static unsigned char out[MOST];
	slu_buf queue = { .limit = MOST };
	slu_many *m = fresh(2, 3);
	slu_bio *c = NULL;
	size_t n, done;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_many_tap(&c, m));
	CHECK_OK(slu_bio_write_all(c, data, MOST, &n));
	CHECK_BYTES(data, MOST, slu_buf_front(&queue), queue.len);
	check_digests(m, MOST);
	for (done = 0; done < MOST; done += n)
		CHECK_OK(slu_bio_read(c, out + done, MOST - done, &n));
	CHECK_BYTES(data, MOST, out, done);
	check_digests(m, MOST);
	slu_bio_free(c);
	slu_buf_free(&queue);
	slu_many_free(m);
}

static void
misuse_is_told_and_harms_nothing(void **state)
{
	slu_many *m = NULL;
	slu_hash *h = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_many_new(&m, SLU_MANY_THREADS_MAX + 1));
	assert_string_equal(slu_error(), "many: 65 threads, over 64");
	CHECK(m == NULL);
	m = fresh(2, SLU_MANY_MAX);
	CHECK_IS(SLU_ERR_USAGE, slu_many_add(m, "sha256"));
	assert_string_equal(slu_error(), "many: over 64 digests");
	slu_many_free(m);

	m = fresh(2, 2);
	CHECK_IS(SLU_ERR_USAGE, slu_many_add(m, "sha255"));
	CHECK(slu_many_count(m) == 2);
	CHECK_IS(SLU_ERR_USAGE, slu_many_hash(m, 2, &h));
	assert_string_equal(slu_error(), "many: digest 2 of 2, counted from 0");
	CHECK(h == NULL);
	update(m, 2 * BLOCK, MOST);
	CHECK_IS(SLU_ERR_USAGE, slu_many_add(m, "sha256"));
	assert_string_equal(
	    slu_error(), "many: a digest was added after the first bytes");
	check_digests(m, 2 * BLOCK);
	slu_many_free(m);
	slu_many_free(NULL);
}

static void
without_threads_the_caller_makes_the_same_digests(void **state)
{
	slu_many *m = fresh(4, 4);

	(void)state;
	sysfault_arm("pthread_create", 0, EAGAIN);
	update(m, MOST, MOST);
	CHECK(sysfault_disarm() == 1);
	check_digests(m, MOST);
	slu_many_free(m);
}

static void
no_thread_is_started_for_what_fits_one_block(void **state)
{
	slu_many *m = fresh(2, 3);

	(void)state;
	sysfault_arm("pthread_create", 0, EAGAIN);
	for (size_t i = 0; i < 8; i++) {
		update(m, BLOCK - 1, 1000);
		check_digests(m, BLOCK - 1);
	}
	CHECK(sysfault_disarm() == 0);
	slu_many_free(m);
}

static void
memory_that_runs_out_anywhere_fails_the_set(void **state)
{
	oom_hit hit = OOM_OURS;
	size_t k;

	(void)state;
	for (k = 0; hit != OOM_NONE; k++) {
		slu_many *m = NULL;
		slu_hash *h = NULL;
		slu_status st;

		oom_arm(k);
		st = slu_many_new(&m, 2);
		for (size_t i = 0; i < 2 && st == SLU_OK; i++)
			st = slu_many_add(m, names[i]);
		if (st == SLU_OK)
			st = slu_many_update(m, data, 3 * BLOCK + 1);
		if (st == SLU_OK)
			st = slu_many_hash(m, 0, &h);
		hit = oom_disarm();
		/* What OpenSSL makes of it is hash_test's. */
		if (hit == OOM_OURS)
			CHECK_IS(SLU_ERR_MEMORY, st);
		else if (hit == OOM_NONE)
			CHECK_OK(st);
		slu_many_free(m);
	}
	CHECK(k > 6);
}

static void
a_set_may_be_abandoned_at_any_byte(void **state)
{
	(void)state;
	for (size_t len = 0; len <= MOST; len += MOST / 7) {
		slu_many *m = fresh(3, 5);

		CHECK_OK(slu_many_update(m, data, len));
		slu_many_free(m);
	}
}

/* How a child of ours fares with the digests of the set. */
static slu_status
look_in_a_child(slu_many *m)
{
	slu_hash *h = NULL;
	slu_status st;
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		st = slu_many_update(m, data, BLOCK);
		if (st == SLU_OK)
			st = slu_many_hash(m, 0, &h);
		slu_many_free(m);
		_exit((int)st);
	}
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
	return (slu_status)WEXITSTATUS(status);
}

static void
a_child_of_fork_cannot_go_on_without_the_threads(void **state)
{
	slu_many *m = fresh(2, 2);

	(void)state;
	CHECK_OK(slu_many_update(m, data, 1000));
	CHECK_IS(SLU_OK, look_in_a_child(m));
	CHECK_OK(slu_many_update(m, data + 1000, 4 * BLOCK));
	CHECK_IS(SLU_ERR_USAGE, look_in_a_child(m));
	check_digests(m, 4 * BLOCK + 1000);
	slu_many_free(m);
}

static void *
digest_again_and_again(void *arg)
{
	slu_many *m = arg;

	for (size_t i = 0; i < 3; i++) {
		update(m, MOST - i * BLOCK, 65521);
		check_digests(m, MOST - i * BLOCK);
	}
	return NULL;
}

static void
sets_at_the_same_time_do_not_meet(void **state)
{
	pthread_t threads[3];
	slu_many *m[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		m[i] = fresh(2, 2 + i);
		CHECK(pthread_create(&threads[i], NULL, digest_again_and_again,
			  m[i]) == 0);
	}
	for (size_t i = 0; i < 3; i++) {
		CHECK(pthread_join(threads[i], NULL) == 0);
		slu_many_free(m[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    any_number_of_threads_makes_the_digests_of_one),
		cmocka_unit_test(any_number_of_digests_is_made),
		cmocka_unit_test(the_pieces_of_a_stream_do_not_matter),
		cmocka_unit_test(
		    macs_are_added_as_copies_with_what_they_have_taken_in),
		cmocka_unit_test(
		    a_digest_that_is_looked_at_can_be_copied_and_goes_on),
		cmocka_unit_test(an_extendable_output_is_one_of_many),
		cmocka_unit_test(tap_holds_the_contract_of_a_filter),
		cmocka_unit_test(
		    what_passes_the_tap_is_digested_in_both_directions),
		cmocka_unit_test(misuse_is_told_and_harms_nothing),
		cmocka_unit_test(
		    without_threads_the_caller_makes_the_same_digests),
		cmocka_unit_test(no_thread_is_started_for_what_fits_one_block),
		cmocka_unit_test(memory_that_runs_out_anywhere_fails_the_set),
		cmocka_unit_test(a_set_may_be_abandoned_at_any_byte),
		cmocka_unit_test(
		    a_child_of_fork_cannot_go_on_without_the_threads),
		cmocka_unit_test(sets_at_the_same_time_do_not_meet),
	};

	return cmocka_run_group_tests_name("many", tests, make_data, NULL);
}
