/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chi.h"
#include "sluice/rand.h"

#define ZEROS 32 /* no 32 random bytes are all alike */

static void
every_byte_asked_for_is_filled_and_none_beyond(void **state)
{
	static const unsigned char zeros[ZEROS];
	static unsigned char big[300000];
	void (*const fill[])(void *, size_t) = { slu_rand_bytes, slu_rand_key };

	(void)state;
	for (size_t f = 0; f < 2; f++) {
		memset(big, 0, sizeof(big));
		fill[f](NULL, 0);
		fill[f](big, sizeof(big) - ZEROS);
		for (size_t i = 0; i + 2 * ZEROS <= sizeof(big); i += ZEROS)
			CHECK(memcmp(big + i, zeros, ZEROS) != 0);
		CHECK(memcmp(big + sizeof(big) - ZEROS, zeros, ZEROS) == 0);
	}
}

static void
each_value_of_each_byte_is_equally_frequent(void **state)
{
	static unsigned char bytes[1 << 20];
	uint64_t counts[256];
	void (*const fill[])(void *, size_t) = { slu_rand_bytes, slu_rand_key };

	(void)state;
	for (size_t f = 0; f < 2; f++) {
		memset(counts, 0, sizeof(counts));
		fill[f](bytes, sizeof(bytes));
		for (size_t i = 0; i < sizeof(bytes); i++)
			counts[bytes[i]]++;
		CHECK(chi_uniform(counts, 256));
	}
}

static void
each_bit_of_a_number_is_set_half_of_the_time(void **state)
{
	enum { DRAWS = 20000 };
	uint64_t v, counts[64][2] = { { 0 } };

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		v = slu_rand_u64();
		for (unsigned bit = 0; bit < 64; bit++)
			counts[bit][v >> bit & 1]++;
	}
	for (unsigned bit = 0; bit < 64; bit++)
		CHECK(chi_uniform(counts[bit], 2));
}

static void
bounds_0_and_1_leave_only_0(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		CHECK(slu_rand_below(0) == 0 && slu_rand_below(1) == 0);
}

static void
every_number_below_a_bound_comes_and_the_bound_does_not(void **state)
{
	bool seen[65];

	(void)state;
	for (uint64_t bound = 2; bound <= 65; bound++) {
		memset(seen, 0, sizeof(seen));
		/* One number stays away in fewer than one of 10^10 runs. */
		for (uint64_t i = 0; i < 32 * bound; i++) {
			uint64_t v = slu_rand_below(bound);

			CHECK(v < bound);
			seen[v] = true;
		}
		for (uint64_t v = 0; v < bound; v++)
			CHECK(seen[v]);
	}
}

/*
 * Draws below `bound`, sorted into buckets of equal size; `bound` is a
 * multiple of their number, or so large that the rest does not show.
 */
static bool
is_even(uint64_t bound, size_t buckets)
{
	enum { MOST = 100, DRAWS = 60000, SLOW_DRAWS = 6000 };
	uint64_t counts[MOST + 1] = { 0 };
	int draws = check_slow("6000 draws") ? SLOW_DRAWS : DRAWS;

	for (int i = 0; i < draws; i++)
		counts[slu_rand_below(bound) / (bound / buckets)]++;
	return counts[buckets] <= 1 && chi_uniform(counts, buckets);
}

static void
numbers_below_a_bound_are_equally_likely(void **state)
{
	(void)state;
	CHECK(is_even(2, 2));
	CHECK(is_even(3, 3));
	CHECK(is_even(10, 10));
	CHECK(is_even(100, 100));
	CHECK(is_even(7776, 96));
	CHECK(is_even((UINT64_C(1) << 32) + 1, 16));
	/* Taking the remainder would draw a third here twice as often... */
	CHECK(is_even(UINT64_C(3) << 62, 3));
	CHECK(is_even(UINT64_C(3) << 62, 96));
	/* ... and all but two numbers here. */
	CHECK(is_even((UINT64_C(1) << 63) + 1, 16));
	CHECK(is_even(UINT64_MAX, 16));
}

static void
each_bit_below_a_large_bound_is_drawn(void **state)
{
	static const unsigned sizes[] = { 1, 31, 32, 33, 40, 62, 63 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t top = UINT64_C(1) << sizes[i], ones = 0, zeros = 0;

		for (int k = 0; k < 200; k++) {
			uint64_t v = slu_rand_below(top + 1);

			ones |= v;
			zeros |= ~v;
		}
		CHECK((ones & (top - 1)) == top - 1);
		CHECK((zeros & (top - 1)) == top - 1);
	}
}

static void
both_ends_of_a_range_belong_to_it_in_either_order(void **state)
{
	uint64_t counts[7];

	(void)state;
	for (int order = 0; order < 2; order++) {
		memset(counts, 0, sizeof(counts));
		for (int i = 0; i < 20000; i++) {
			int64_t v = order ? slu_rand_between(3, -3)
					  : slu_rand_between(-3, 3);

			CHECK(v >= -3 && v <= 3);
			counts[v + 3]++;
		}
		CHECK(chi_uniform(counts, 7));
	}
	CHECK(slu_rand_between(-5, -5) == -5);
	CHECK(slu_rand_between(INT64_MIN, INT64_MIN) == INT64_MIN);
	CHECK(slu_rand_between(INT64_MAX, INT64_MAX) == INT64_MAX);
}

static void
a_range_may_be_as_wide_as_the_type(void **state)
{
	uint64_t counts[16] = { 0 };
	int64_t v;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		v = slu_rand_between(INT64_MAX, INT64_MIN);
		counts[((uint64_t)v ^ UINT64_C(1) << 63) >> 60]++;
	}
	CHECK(chi_uniform(counts, 16));
	for (int i = 0; i < 1000; i++) {
		CHECK(slu_rand_between(INT64_MIN, -1) < 0);
		CHECK(slu_rand_between(INT64_MAX, 0) >= 0);
		CHECK(slu_rand_between(INT64_MIN + 1, INT64_MAX) != INT64_MIN);
		v = slu_rand_between(INT64_MAX - 1, INT64_MAX);
		CHECK(v >= INT64_MAX - 1);
	}
}

static void
reals_fill_the_unit_evenly_and_never_reach_1(void **state)
{
	uint64_t upper[64] = { 0 }, lower[64] = { 0 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		double v = slu_rand_real();

		CHECK(v >= 0 && v < 1);
		upper[(size_t)(v * 64)]++;
		lower[(uint64_t)(v * 0x1p53) % 64]++;
	}
	CHECK(chi_uniform(upper, 64));
	CHECK(chi_uniform(lower, 64));
}

static void
as_many_bits_are_drawn_as_were_asked_for(void **state)
{
	uint64_t ones, zeros, all;

	(void)state;
	for (unsigned n = 0; n <= 64; n++) {
		all = n == 0 ? 0 : UINT64_MAX >> (64 - n);
		ones = zeros = 0;
		for (int i = 0; i < 200; i++) {
			uint64_t v = slu_rand_bits(n);

			CHECK(v <= all);
			ones |= v;
			zeros |= ~v & all;
		}
		CHECK(ones == all && zeros == all);
	}
}

static void
large_numbers_below_a_bound_are_equally_likely(void **state)
{
	/* Behind a byte of zeros: 3 * 2^64, and the same and one. */
	static const unsigned char bounds[2][10] = {
		{ 0, 3, 0, 0, 0, 0, 0, 0, 0, 0 },
		{ 0, 3, 0, 0, 0, 0, 0, 0, 0, 1 },
	};
	unsigned char v[10];
	uint64_t counts[2][3], last[256];

	(void)state;
	memset(counts, 0, sizeof(counts));
	memset(last, 0, sizeof(last));
	for (int i = 0; i < 20000; i++) {
		slu_rand_big(v, bounds[i % 2], sizeof(v));
		CHECK(v[0] == 0 && v[1] < 3);
		counts[i % 2][v[1]]++;
		last[v[9]]++;
	}
	CHECK(chi_uniform(counts[0], 3) && chi_uniform(counts[1], 3));
	CHECK(chi_uniform(last, 256));
}

static void
every_large_number_below_a_small_bound_comes(void **state)
{
	static const unsigned char zero[3];
	unsigned char bound[3] = { 0 }, v[3];
	uint64_t counts[200];

	(void)state;
	for (unsigned last = 1; last < 200; last += 33) {
		memset(counts, 0, sizeof(counts));
		bound[2] = (unsigned char)last;
		for (int i = 0; i < 20000; i++) {
			slu_rand_big(v, bound, sizeof(v));
			CHECK(v[0] == 0 && v[1] == 0 && v[2] < last);
			counts[v[2]]++;
		}
		CHECK(last == 1 || chi_uniform(counts, last));
	}
	memset(v, 0xff, sizeof(v));
	slu_rand_big(v, zero, sizeof(v));
	CHECK_BYTES(zero, 3, v, 3);
	slu_rand_big(NULL, NULL, 0);
}

static void
the_source_fills_every_read_and_never_ends(void **state)
{
	static unsigned char buf[1 << 20];
	static const unsigned char zeros[ZEROS];
	slu_bio *in = NULL;
	size_t got;

	(void)state;
	CHECK_OK(slu_rand_open(&in));
	for (size_t cap = 1; cap <= sizeof(buf); cap *= 2) {
		memset(buf, 0, sizeof(buf));
		for (int i = 0; i < 20; i++) {
			CHECK_OK(slu_bio_read(in, buf, cap, &got));
			CHECK(got == cap);
		}
		for (size_t i = 0; i + ZEROS <= cap; i += ZEROS)
			CHECK(memcmp(buf + i, zeros, ZEROS) != 0);
	}
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(in, "x", 1, &got));
	slu_bio_free(in);
}

/* Bytes from both generators, as a process or a thread of its own has them. */
struct sample {
	unsigned char bytes[16], key[16];
};

static void
draw(struct sample *s)
{
	slu_rand_bytes(s->bytes, sizeof(s->bytes));
	slu_rand_key(s->key, sizeof(s->key));
}

static void *
draw_in_thread(void *arg)
{
	draw(arg);
	return NULL;
}

static void
check_distinct(const struct sample *samples, size_t n)
{
	const size_t piece = sizeof(samples->bytes);
	const unsigned char *p = samples->bytes;

	for (size_t i = 0; i < 2 * n; i++)
		for (size_t j = 0; j < i; j++)
			CHECK(memcmp(p + i * piece, p + j * piece, piece) != 0);
}

static void
a_parent_and_its_children_draw_different_bytes(void **state)
{
	enum { CHILDREN = 8 };
	struct sample samples[CHILDREN + 2];
	int fds[2], rc;

	(void)state;
	draw(&samples[CHILDREN]); /* the generators exist before the fork */
	CHECK(pipe(fds) == 0);
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0) {
			draw(&samples[i]);
			rc = write(fds[1], &samples[i], sizeof(*samples)) < 0;
			_exit(rc);
		}
		CHECK(read(fds[0], &samples[i], sizeof(*samples)) ==
		      (ssize_t)sizeof(*samples));
		CHECK(waitpid(pid, &rc, 0) == pid && rc == 0);
	}
	draw(&samples[CHILDREN + 1]);
	close(fds[0]);
	close(fds[1]);
	check_distinct(samples, CHILDREN + 2);
}

static void
threads_draw_different_bytes(void **state)
{
	enum { THREADS = 8 };
	struct sample samples[THREADS + 1];
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(
			  &threads[i], NULL, draw_in_thread, &samples[i]) == 0);
	draw(&samples[THREADS]);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	check_distinct(samples, THREADS + 1);
}

/* Let no later call open a file or ask the kernel for random bytes. */
static bool
cut_off_entropy(void)
{
	struct sock_filter deny[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getrandom, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(deny) / sizeof(*deny), deny };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

static void
draw_bytes(void)
{
	unsigned char byte;

	slu_rand_bytes(&byte, 1);
}

static void
draw_key(void)
{
	unsigned char byte;

	slu_rand_key(&byte, 1);
}

static void
draw_number(void)
{
	(void)slu_rand_below(6);
}

/*
 * Draw without entropy, in a child; gives how the child ended, with what it
 * wrote to standard error.
 */
static int
draw_without_entropy(void (*what)(void), char said[256])
{
	size_t len = 0;
	int fds[2], rc;
	ssize_t n;
	pid_t pid;

	CHECK(pipe(fds) == 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		if (!cut_off_entropy())
			_exit(2);
		what();
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], said + len, 255 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(fds[0]);
	CHECK(waitpid(pid, &rc, 0) == pid);
	return rc;
}

static void
a_kernel_that_gives_no_entropy_aborts_with_a_message(void **state)
{
	void (*const what[])(void) = { draw_bytes, draw_key, draw_number };
	char said[256];

	(void)state;
	slu_rand_u64(); /* what is left of this is not the child's */
	for (size_t i = 0; i < 3; i++) {
		int rc = draw_without_entropy(what[i], said);

		if (WIFEXITED(rc) && WEXITSTATUS(rc) == 2)
			skip();
		CHECK(WIFSIGNALED(rc) && WTERMSIG(rc) == SIGABRT);
		assert_string_equal(said,
		    "sluice: no random numbers: getentropy: "
		    "Operation not permitted\n");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_byte_asked_for_is_filled_and_none_beyond),
		cmocka_unit_test(each_value_of_each_byte_is_equally_frequent),
		cmocka_unit_test(each_bit_of_a_number_is_set_half_of_the_time),
		cmocka_unit_test(bounds_0_and_1_leave_only_0),
		cmocka_unit_test(
		    every_number_below_a_bound_comes_and_the_bound_does_not),
		cmocka_unit_test(numbers_below_a_bound_are_equally_likely),
		cmocka_unit_test(each_bit_below_a_large_bound_is_drawn),
		cmocka_unit_test(
		    both_ends_of_a_range_belong_to_it_in_either_order),
		cmocka_unit_test(a_range_may_be_as_wide_as_the_type),
		cmocka_unit_test(reals_fill_the_unit_evenly_and_never_reach_1),
		cmocka_unit_test(as_many_bits_are_drawn_as_were_asked_for),
		cmocka_unit_test(
		    large_numbers_below_a_bound_are_equally_likely),
		cmocka_unit_test(every_large_number_below_a_small_bound_comes),
		cmocka_unit_test(the_source_fills_every_read_and_never_ends),
		cmocka_unit_test(
		    a_parent_and_its_children_draw_different_bytes),
		cmocka_unit_test(
		    a_kernel_that_gives_no_entropy_aborts_with_a_message),
		cmocka_unit_test(threads_draw_different_bytes),
	};

	return cmocka_run_group_tests_name("rand", tests, NULL, NULL);
}
