/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "oom.h"
#include "sysfault.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/pool.h"

#define JOBS 1000
#define PATIENCE 20 /* seconds until what does not happen never will */

/* What passes through the pools here: slot by slot, a number. */
struct shop {
	slu_pool *pool;
	size_t in[SLU_POOL_SLOTS(SLU_POOL_THREADS)];
	size_t out[SLU_POOL_SLOTS(SLU_POOL_THREADS)];
	/* Called by whoever does a job, before it is done. */
	void (*at_job)(struct shop *s, size_t job);
	pthread_t owner;
	atomic_size_t begun, by_others, at_once, most_at_once;
	atomic_bool stuck; /* waited in vain */
	atomic_bool open;  /* jobs may go on */
	sigset_t mask;     /* of a thread that is not the owner's */
};

/* Give others a chance to run; false once they had enough of them. */
static bool
wait_a_little(unsigned *waits)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	nanosleep(&ms, NULL);
	return ++*waits < PATIENCE * 1000;
}

static void
do_job(void *arg, size_t slot)
{
	struct shop *s = arg;
	size_t now = atomic_fetch_add(&s->at_once, 1) + 1;
	size_t most = s->most_at_once;

	while (most < now &&
	       !atomic_compare_exchange_weak(&s->most_at_once, &most, now))
		continue;
	s->begun++;
	s->by_others += pthread_equal(s->owner, pthread_self()) == 0;
	if (s->at_job != NULL)
		s->at_job(s, s->in[slot]);
	s->out[slot] = s->in[slot] * 3;
	s->at_once--;
}

static void
open_shop(struct shop *s, unsigned threads)
{
	s->owner = pthread_self();
	CHECK_OK(slu_pool_new(&s->pool, threads, do_job, s));
}

static void
put_in(struct shop *s, size_t job)
{
	s->in[slu_pool_next(s->pool)] = job;
	slu_pool_put(s->pool);
}

static void
take_out(struct shop *s, size_t job)
{
	size_t slot;

	CHECK_OK(slu_pool_wait(s->pool, &slot));
	CHECK(s->out[slot] == job * 3);
	/* Asked again, it says the same. */
	CHECK_OK(slu_pool_wait(s->pool, &slot));
	CHECK(s->out[slot] == job * 3);
	slu_pool_take(s->pool);
}

/* Put so many jobs in, and take each out in its turn. */
static void
pass(struct shop *s, size_t jobs)
{
	size_t taken = 0;

	for (size_t job = 0; job < jobs; job++) {
		while (slu_pool_is_full(s->pool))
			take_out(s, taken++);
		put_in(s, job);
	}
	while (!slu_pool_is_empty(s->pool))
		take_out(s, taken++);
	CHECK(taken == jobs);
}

/* Some jobs take long. */
static void
dawdle(struct shop *s, size_t job)
{
	unsigned waits = 0;

	(void)s;
	if (job % 97 == 3)
		(void)wait_a_little(&waits);
}

static void
jobs_come_out_in_the_order_in_which_they_went_in(void **state)
{
	static const unsigned threads[] = { 1, 2, 3, 8, SLU_POOL_THREADS };

	(void)state;
	for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
		struct shop s = { .at_job = dawdle };

		open_shop(&s, threads[i]);
		pass(&s, JOBS);
		CHECK(s.begun == JOBS);
		CHECK(s.most_at_once <= threads[i] + 1);
		slu_pool_free(s.pool);
	}
}

static void
a_pool_is_full_at_two_jobs_for_each_thread(void **state)
{
	struct shop s = { 0 };

	(void)state;
	open_shop(&s, 3);
	CHECK(slu_pool_is_empty(s.pool));
	for (size_t job = 0; job < 6; job++) {
		CHECK(!slu_pool_is_full(s.pool));
		CHECK(slu_pool_next(s.pool) == job);
		put_in(&s, job);
		CHECK(!slu_pool_is_empty(s.pool));
	}
	CHECK(slu_pool_is_full(s.pool));
	take_out(&s, 0);
	CHECK(!slu_pool_is_full(s.pool));
	CHECK(slu_pool_next(s.pool) == 0);
	slu_pool_free(s.pool);
}

/* Go on only once three are at work. */
static void
wait_for_three(struct shop *s, size_t job)
{
	unsigned waits = 0;

	(void)job;
	while (s->most_at_once < 3)
		if (!wait_a_little(&waits)) {
			s->stuck = true;
			return;
		}
}

static void
as_many_jobs_are_done_at_once_as_there_are_threads(void **state)
{
	struct shop s = { .at_job = wait_for_three };

	(void)state;
	open_shop(&s, 3);
	pass(&s, 30);
	CHECK(!s.stuck);
	CHECK(s.most_at_once >= 3 && s.most_at_once <= 4);
	slu_pool_free(s.pool);
}

static void
wait_for_the_opening(struct shop *s, size_t job)
{
	unsigned waits = 0;

	(void)job;
	while (!s->open)
		if (!wait_a_little(&waits)) {
			s->stuck = true;
			return;
		}
}

static void
a_job_is_begun_before_anybody_waits_for_it(void **state)
{
	struct shop s = { 0 };
	unsigned waits = 0;

	(void)state;
	open_shop(&s, 2);
	put_in(&s, 0);
	while (s.by_others == 0)
		CHECK(wait_a_little(&waits));
	take_out(&s, 0);
	slu_pool_free(s.pool);
}

static void
where_no_thread_can_be_started_the_owner_does_it_all(void **state)
{
	struct shop s = { 0 };

	(void)state;
	open_shop(&s, 4);
	sysfault_arm("pthread_create", 0, EAGAIN);
	pass(&s, JOBS);
	CHECK(sysfault_disarm() == 1);
	CHECK(s.begun == JOBS && s.by_others == 0);
	slu_pool_free(s.pool);
}

static void
where_few_threads_can_be_started_they_are_enough(void **state)
{
	struct shop s = { .at_job = wait_for_the_opening };

	(void)state;
	open_shop(&s, 8);
	sysfault_arm("pthread_create", 2, EAGAIN);
	for (size_t job = 0; job < 16; job++)
		put_in(&s, job);
	CHECK(sysfault_disarm() == 1);
	s.open = true;
	for (size_t job = 0; job < 16; job++)
		take_out(&s, job);
	CHECK(!s.stuck);
	CHECK(s.most_at_once <= 3);
	slu_pool_free(s.pool);
}

static void
take_a_while(struct shop *s, size_t job)
{
	unsigned waits = 0;

	(void)s, (void)job;
	(void)wait_a_little(&waits);
}

/* On a busy machine all may be begun before the pool goes, but not always. */
static void
what_was_not_begun_is_dropped_with_the_pool(void **state)
{
	struct shop s = { .at_job = take_a_while };

	(void)state;
	for (size_t i = 0; i < 50; i++) {
		s.begun = 0;
		open_shop(&s, 2);
		for (size_t job = 0; job < 4; job++)
			put_in(&s, job);
		slu_pool_free(s.pool);
		CHECK(s.at_once == 0);
		if (s.begun < 4)
			return;
	}
	fail_msg("every job was begun");
}

static void
no_pool_is_freed_without_harm(void **state)
{
	(void)state;
	slu_pool_free(NULL);
}

static void
note_the_mask(struct shop *s, size_t job)
{
	if (job == 0)
		CHECK(pthread_sigmask(SIG_SETMASK, NULL, &s->mask) == 0);
}

static void
the_threads_are_left_alone_by_signals(void **state)
{
	static const int own[] = { SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGSEGV };
	static const int others[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	struct shop s = { .at_job = note_the_mask };
	unsigned waits = 0;

	(void)state;
	open_shop(&s, 2);
	put_in(&s, 0);
	while (s.by_others == 0)
		CHECK(wait_a_little(&waits));
	slu_pool_free(s.pool);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		CHECK(sigismember(&s.mask, own[i]) == 0);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(sigismember(&s.mask, others[i]) == 1);
}

/* The exit code of a child that is given a pool with so many jobs in it. */
static int
in_a_child(struct shop *s, size_t jobs, int (*use)(struct shop *s))
{
	int status = -1;
	pid_t child;

	for (size_t job = 0; job < jobs; job++)
		put_in(s, job);
	fflush(NULL);
	child = fork();
	CHECK(child >= 0);
	if (child == 0)
		_exit(use(s));
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
put_one_and_wait(struct shop *s)
{
	slu_status st;
	size_t slot;

	put_in(s, 7);
	st = slu_pool_wait(s->pool, &slot);
	slu_pool_free(s->pool);
	return st == SLU_ERR_USAGE &&
		       strstr(slu_error(), "the process that forked") != NULL
		   ? 0
		   : 1;
}

static void
a_child_of_fork_is_told_that_the_threads_are_missing(void **state)
{
	struct shop s = { 0 };

	(void)state;
	open_shop(&s, 2);
	CHECK(in_a_child(&s, 3, put_one_and_wait) == 0);
	for (size_t job = 0; job < 3; job++)
		take_out(&s, job);
	CHECK(in_a_child(&s, 0, put_one_and_wait) == 0);
	slu_pool_free(s.pool);
}

static int
pass_some(struct shop *s)
{
	pass(s, JOBS);
	slu_pool_free(s->pool);
	return 0;
}

static void
a_child_of_fork_can_use_a_pool_that_started_no_thread(void **state)
{
	struct shop s = { 0 };

	(void)state;
	open_shop(&s, 2);
	CHECK(in_a_child(&s, 0, pass_some) == 0);
	pass(&s, JOBS);
	slu_pool_free(s.pool);
}

static void
without_memory_there_is_no_pool(void **state)
{
	slu_pool *p = NULL;

	(void)state;
	oom_arm(0);
	CHECK_IS(SLU_ERR_MEMORY, slu_pool_new(&p, 2, do_job, NULL));
	CHECK(oom_disarm() == OOM_OURS);
	CHECK(p == NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    jobs_come_out_in_the_order_in_which_they_went_in),
		cmocka_unit_test(a_pool_is_full_at_two_jobs_for_each_thread),
		cmocka_unit_test(
		    as_many_jobs_are_done_at_once_as_there_are_threads),
		cmocka_unit_test(a_job_is_begun_before_anybody_waits_for_it),
		cmocka_unit_test(
		    where_no_thread_can_be_started_the_owner_does_it_all),
		cmocka_unit_test(
		    where_few_threads_can_be_started_they_are_enough),
		cmocka_unit_test(what_was_not_begun_is_dropped_with_the_pool),
		cmocka_unit_test(no_pool_is_freed_without_harm),
		cmocka_unit_test(the_threads_are_left_alone_by_signals),
		cmocka_unit_test(
		    a_child_of_fork_is_told_that_the_threads_are_missing),
		cmocka_unit_test(
		    a_child_of_fork_can_use_a_pool_that_started_no_thread),
		cmocka_unit_test(without_memory_there_is_no_pool),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
