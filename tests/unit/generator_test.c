/* SPDX-License-Identifier: ISC */
/* What of the secure generator is to be seen from inside and in a fork. */
#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <openssl/err.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oom.h"
#include "rand/generator.h"
#include "sluice/rand.h"
#include "sysfault.h"

#define PAGE 4096 /* what the generator keeps fits one */
#define BLOCK 16  /* bytes */

static const unsigned char zeros[PAGE];

static void *
run_in_thread(void *arg)
{
	void (*what)(void);

	memcpy(&what, arg, sizeof(what));
	what();
	return NULL;
}

/* Run something in a thread of its own, whose generator has not begun. */
static void
in_thread(void (*what)(void))
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, run_in_thread, &what) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
}

/*
 * Run something in a child; says how that ended: 0, or else why it aborted,
 * as it said to standard error.
 */
static const char *
in_child(void (*what)(void))
{
	static char said[256];
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
		what();
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], said + len, 255 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(fds[0]);
	CHECK(waitpid(pid, &rc, 0) == pid);
	if (WIFEXITED(rc) && WEXITSTATUS(rc) == 0)
		return NULL;
	CHECK(WIFSIGNALED(rc) && WTERMSIG(rc) == SIGABRT);
	return said;
}

static void
what_was_drawn_is_wiped_from_the_pool(void **state)
{
	slu_draw_pool *pool = slu_generator()->pool;
	unsigned char bytes[100];
	uint64_t v;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		v = slu_rand_u64();
		CHECK(memmem(pool, PAGE, &v, sizeof(v)) == NULL);
		slu_rand_bytes(bytes, 1 + i % sizeof(bytes));
		CHECK(memcmp(zeros, pool->bytes, SLU_DRAW_ROOM - pool->left) ==
		      0);
		if (i % sizeof(bytes) >= 16)
			CHECK(memmem(pool, PAGE, bytes, 16) == NULL);
	}
}

static void
what_a_large_draw_gave_is_nowhere_else(void **state)
{
	static unsigned char bytes[100000];
	slu_draw_pool *pool = slu_generator()->pool;

	(void)state;
	slu_rand_bytes(bytes, sizeof(bytes));
	for (size_t at = 0; at + BLOCK <= sizeof(bytes); at += BLOCK)
		CHECK(memmem(pool, PAGE, bytes + at, BLOCK) == NULL);
}

static void
look_into_pool(void)
{
	const slu_draw_pool *pool = slu_generator()->pool;

	if (memcmp(pool, zeros, PAGE) != 0)
		abort();
	slu_rand_u64();
	if (pool->left != SLU_DRAW_ROOM - 8)
		abort();
}

static void
a_child_finds_nothing_and_its_parent_keeps_its_own(void **state)
{
	slu_draw_pool *pool = slu_generator()->pool;
	slu_draw_pool before;

	(void)state;
	slu_rand_bytes(&before, 5);
	CHECK(pool->left > 0);
	before = *pool;
	CHECK(in_child(look_into_pool) == NULL);
	CHECK_BYTES(&before, sizeof(before), pool, sizeof(*pool));
}

/* In a child of its own, whose generator has not begun. */
static void
fork_where_memory_is_not_wiped(void)
{
	sysfault_arm("madvise", 1, EINVAL);
	slu_rand_u64();
	if (sysfault_disarm() != 1 || slu_generator()->pool->left == 0)
		abort();
	if (in_child(look_into_pool) != NULL)
		abort();
}

static void
a_kernel_that_cannot_wipe_on_fork_makes_no_difference(void **state)
{
	(void)state;
	CHECK(in_child(fork_where_memory_is_not_wiped) == NULL);
}

static slu_draw_pool *pool_of_thread;

static void
remember_pool(void)
{
	slu_rand_u64();
	pool_of_thread = slu_generator()->pool;
}

static void
the_end_of_a_thread_takes_its_pages_away(void **state)
{
	unsigned char there;
	void *page;

	(void)state;
	in_thread(remember_pool);
	CHECK(pool_of_thread != slu_generator()->pool);
	page = (void *)pool_of_thread;
	CHECK(mincore(page, PAGE, &there) == -1 && errno == ENOMEM);
}

static void
draw_to_the_bottom(void)
{
	unsigned char byte;

	slu_rand_bytes(&byte, 1);
	sysfault_arm("getentropy", 0, ENOSYS);
	while (slu_generator()->pool->left > 0)
		slu_rand_bytes(&byte, 1);
}

static void
draw_beyond_the_bottom(void)
{
	draw_to_the_bottom();
	(void)slu_rand_below(6);
}

static void
draw_3_mib(void)
{
	static unsigned char bytes[3 << 20];

	slu_rand_u64();
	sysfault_arm("getentropy", 2, ENOSYS);
	slu_rand_bytes(bytes, sizeof(bytes));
}

static void
draw_key(void)
{
	unsigned char key[32];

	slu_rand_u64();
	sysfault_arm("getentropy", 0, ENOSYS);
	slu_rand_key(key, sizeof(key));
}

static void
each_kib_each_mib_of_many_and_each_key_takes_entropy(void **state)
{
	const char *words = "sluice: no random numbers: getentropy: "
			    "Function not implemented\n";

	(void)state;
	CHECK(in_child(draw_to_the_bottom) == NULL);
	assert_string_equal(in_child(draw_beyond_the_bottom), words);
	assert_string_equal(in_child(draw_3_mib), words);
	assert_string_equal(in_child(draw_key), words);
}

static void
begin_without_pages(void)
{
	sysfault_arm("mmap", 0, ENOMEM);
	slu_rand_u64();
}

static void
begin_without_pages_in_thread(void)
{
	in_thread(begin_without_pages);
}

static size_t allocations;

static void
begin_without_memory(void)
{
	oom_arm(allocations);
	slu_rand_u64();
	(void)oom_disarm();
}

static void
begin_without_memory_in_thread(void)
{
	in_thread(begin_without_memory);
}

static void
a_generator_that_cannot_begin_aborts_and_says_why(void **state)
{
	const char *said;
	size_t aborted = 0;

	(void)state;
	assert_string_equal(in_child(begin_without_pages_in_thread),
	    "sluice: no random numbers: mmap: Cannot allocate memory\n");
	/* OpenSSL can do without some of its memory. */
	for (allocations = 0; allocations < 20; allocations++) {
		said = in_child(begin_without_memory_in_thread);
		if (said == NULL)
			continue;
		aborted++;
		assert_string_equal(said,
		    "sluice: no random numbers: AES-256-CTR: "
		    "OpenSSL cannot give it\n");
	}
	CHECK(aborted > 0 && aborted < 20);
}

static void
no_error_is_left_in_the_queue_of_openssl(void **state)
{
	unsigned char bytes[5000];

	(void)state;
	ERR_raise(ERR_LIB_USER, 1);
	slu_rand_bytes(bytes, sizeof(bytes));
	slu_rand_key(bytes, sizeof(bytes));
	slu_rand_u64();
	CHECK(ERR_GET_LIB(ERR_get_error()) == ERR_LIB_USER);
	CHECK(ERR_peek_error() == 0);
}

/*
 * Blocks that many draw side by side, into memory that all of them share.
 */
enum { PROCESSES = 64, THREADS = 8, SLOW = 64 };

static unsigned char (*blocks)[BLOCK];
static size_t share; /* blocks that each one draws */

static void
share_blocks(size_t drawers, size_t all)
{
	share = all / drawers / (check_slow("fewer draws") ? SLOW : 1);
	blocks = mmap(NULL, drawers * share * BLOCK, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(blocks != MAP_FAILED);
}

static void *
draw_share(void *first)
{
	unsigned char(*at)[BLOCK] = first;

	for (size_t i = 0; i < share; i++)
		slu_rand_bytes(at[i], BLOCK);
	return NULL;
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, BLOCK);
}

static void
check_no_block_twice(size_t drawers)
{
	size_t n = drawers * share;

	qsort(blocks, n, BLOCK, compare);
	CHECK(memcmp(blocks[0], zeros, BLOCK) != 0);
	for (size_t i = 1; i < n; i++)
		CHECK(memcmp(blocks[i - 1], blocks[i], BLOCK) != 0);
	CHECK(munmap(blocks, n * BLOCK) == 0);
}

/* Children of the test and of its children, each from a pool in use. */
static void
no_block_comes_twice_in_a_million_draws_of_64_processes(void **state)
{
	pid_t children[6] = { 0 };
	bool ok = true;
	size_t me = 0;
	int rc;

	(void)state;
	share_blocks(PROCESSES, 1 << 20);
	for (size_t i = 0; i < 6; i++) {
		slu_rand_u64();
		children[i] = fork();
		ok = ok && children[i] >= 0;
		if (children[i] == 0) {
			me |= (size_t)1 << i;
			memset(children, 0, sizeof(children));
		}
	}
	draw_share(blocks + me * share);
	for (size_t i = 0; i < 6; i++)
		if (children[i] > 0)
			ok = waitpid(children[i], &rc, 0) == children[i] &&
			     rc == 0 && ok;
	if (me != 0)
		_exit(!ok);
	CHECK(ok);
	check_no_block_twice(PROCESSES);
}

static void
no_block_comes_twice_in_many_draws_of_8_threads(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	share_blocks(THREADS, 1 << 18);
	for (size_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, draw_share,
			  blocks + i * share) == 0);
	for (size_t i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	check_no_block_twice(THREADS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		/* The first one, since all the others draw. */
		cmocka_unit_test(
		    a_kernel_that_cannot_wipe_on_fork_makes_no_difference),
		cmocka_unit_test(what_was_drawn_is_wiped_from_the_pool),
		cmocka_unit_test(what_a_large_draw_gave_is_nowhere_else),
		cmocka_unit_test(
		    a_child_finds_nothing_and_its_parent_keeps_its_own),
		cmocka_unit_test(
		    each_kib_each_mib_of_many_and_each_key_takes_entropy),
		cmocka_unit_test(
		    a_generator_that_cannot_begin_aborts_and_says_why),
		cmocka_unit_test(no_error_is_left_in_the_queue_of_openssl),
		cmocka_unit_test(
		    no_block_comes_twice_in_a_million_draws_of_64_processes),
		/* Threads last: a child would be said to lose what they had. */
		cmocka_unit_test(
		    no_block_comes_twice_in_many_draws_of_8_threads),
		cmocka_unit_test(the_end_of_a_thread_takes_its_pages_away),
	};

	return cmocka_run_group_tests_name("generator", tests, NULL, NULL);
}
