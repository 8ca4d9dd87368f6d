/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/wait.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "check.h"
#include "choke.h"
#include "faulty.h"

#include "sluice/buf.h"
#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/fd.h"
#include "sluice/mem.h"
#include "sluice/tee.h"
#include "sluice/view.h"

static void
make_pipe(int fds[2])
{
	CHECK(pipe(fds) == 0);
	for (int i = 0; i < 2; i++)
		CHECK(fcntl(fds[i], F_SETFL, O_NONBLOCK) == 0);
}

static void
close_pipe(const int fds[2])
{
	CHECK(close(fds[0]) == 0 && close(fds[1]) == 0);
}

static void
fill_pipe(int fd)
{
	static const char block[4096];

	while (write(fd, block, sizeof(block)) > 0)
		;
}

/* A user's BIO that waits for what it is told to. */
struct told {
	int fds;
	int ms;
};

static slu_status
told_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	struct told *t = self;
	slu_status st = SLU_OK;

	(void)next;
	for (int i = 0; i < t->fds && st == SLU_OK; i++)
		st = slu_waits_add(
		    w, i, want == SLU_WANT_READ ? POLLIN : POLLOUT);
	slu_waits_within(w, t->ms);
	slu_waits_within(w, t->ms + 5);
	return st;
}

static const slu_bio_ops told_ops = {
	.name = "told",
	.size = sizeof(struct told),
	.wait = told_wait,
};

static void
push_told(slu_bio **top, int fds, int ms)
{
	struct told *t = slu_bio_push(top, &told_ops);

	CHECK(t != NULL);
	*t = (struct told){ .fds = fds, .ms = ms };
}

static void
a_descriptor_is_named_through_filters_with_its_direction(void **state)
{
	uint64_t passed = 0;
	slu_bio *c = NULL;
	int fds[2];
	slu_waits w;

	(void)state;
	make_pipe(fds);
	CHECK_OK(slu_fd_open(&c, fds[0]));
	CHECK_OK(slu_count(&c, &passed));
	CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
	CHECK(w.count == 1 && w.ms == -1);
	CHECK(w.fds[0].fd == fds[0] && w.fds[0].events == POLLIN);
	CHECK_OK(slu_bio_waits(c, SLU_WANT_WRITE, &w));
	CHECK(w.count == 1 && w.fds[0].events == POLLOUT);
	slu_bio_free(c);
	close_pipe(fds);
}

static void
nothing_to_wait_for_is_misuse_and_no_failure(void **state)
{
	slu_bio *c = NULL;
	slu_waits w;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "x", 1));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_wait(c, SLU_WANT_READ, 0));
	CHECK_WORDS("view: nothing to wait for");
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
	CHECK_IS(SLU_ERR_USAGE, slu_bio_waits(NULL, SLU_WANT_READ, &w));
	CHECK_WORDS("bio: no sink below");
}

static void
only_a_want_can_be_waited_for(void **state)
{
	static const slu_status others[] = { SLU_OK, SLU_EOF, SLU_WANT_CERT,
		SLU_ERR_IO };
	slu_bio *c = NULL;
	slu_waits w;

	(void)state;
	push_told(&c, 1, 20);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		CHECK_IS(SLU_ERR_USAGE, slu_bio_waits(c, others[i], &w));
		CHECK_WORDS(slu_status_name(others[i]));
		CHECK_IS(SLU_ERR_USAGE, slu_bio_wait(c, others[i], 0));
	}
	CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
	slu_bio_free(c);
}

static slu_status
odd_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	(void)next, (void)want, (void)w;
	return *(const slu_status *)self;
}

static void
what_an_operation_answers_there_is_ok_or_a_failure(void **state)
{
	static const slu_status odd[] = { SLU_WANT_READ, SLU_EOF,
		(slu_status)77 };
	static const slu_bio_ops ops = {
		.name = "odd",
		.size = sizeof(slu_status),
		.wait = odd_wait,
	};
	slu_waits w;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		slu_bio *c = NULL;
		slu_status *answer = slu_bio_push(&c, &ops);

		CHECK(answer != NULL);
		*answer = odd[i];
		CHECK_IS(SLU_ERR_USAGE, slu_bio_waits(c, SLU_WANT_READ, &w));
		CHECK_WORDS("odd: broke the promise");
		slu_bio_free(c);
	}
}

static void
a_chain_that_failed_waits_for_nothing(void **state)
{
	slu_bio *c = NULL;
	int fds[2];
	char byte;
	size_t n;

	(void)state;
	make_pipe(fds);
	CHECK_OK(slu_fd_open(&c, fds[0]));
	CHECK_OK(faulty_push(&c, 0));
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, &byte, 1, &n));
	CHECK_IS(SLU_ERR_IO, slu_bio_wait(c, SLU_WANT_READ, -1));
	CHECK_WORDS(FAULTY_WORDS);
	slu_bio_free(c);
	close_pipe(fds);
}

static void
a_wait_ends_when_bytes_come_or_the_time_is_over(void **state)
{
	slu_bio *c = NULL;
	int fds[2];

	(void)state;
	make_pipe(fds);
	CHECK_OK(slu_fd_open(&c, fds[0]));
	CHECK_IS(SLU_WANT_READ, slu_bio_wait(c, SLU_WANT_READ, 0));
	CHECK_IS(SLU_WANT_READ, slu_bio_wait(c, SLU_WANT_READ, 10));
	CHECK(write(fds[1], "x", 1) == 1);
	CHECK_OK(slu_bio_wait(c, SLU_WANT_READ, 0));
	CHECK_OK(slu_bio_wait(c, SLU_WANT_READ, -1));
	slu_bio_free(c);
	close_pipe(fds);
}

static void
a_peer_that_is_gone_ends_a_wait(void **state)
{
	slu_bio *c = NULL;
	int fds[2];
	char byte;
	size_t n;

	(void)state;
	make_pipe(fds);
	CHECK_OK(slu_fd_open(&c, fds[0]));
	CHECK(close(fds[1]) == 0);
	CHECK_OK(slu_bio_wait(c, SLU_WANT_READ, -1));
	CHECK_IS(SLU_EOF, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
	CHECK(close(fds[0]) == 0);
}

static void
a_time_of_the_chain_s_own_ends_a_wait_as_ready(void **state)
{
	slu_bio *c = NULL;
	slu_waits w;

	(void)state;
	push_told(&c, 0, 20);
	CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
	CHECK(w.count == 0 && w.ms == 20);
	CHECK_OK(slu_bio_wait(c, SLU_WANT_READ, -1));
	CHECK_OK(slu_bio_wait(c, SLU_WANT_READ, 1000));
	CHECK_IS(SLU_WANT_READ, slu_bio_wait(c, SLU_WANT_READ, 1));
	slu_bio_free(c);
}

static void
a_time_that_has_passed_is_now(void **state)
{
	slu_bio *c = NULL;
	slu_waits w;

	(void)state;
	push_told(&c, 0, -40);
	CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
	CHECK(w.ms == 0);
	slu_bio_free(c);
}

static void
descriptors_have_a_limit(void **state)
{
	slu_bio *c = NULL;
	slu_waits w;

	(void)state;
	push_told(&c, SLU_WAITS_MAX, 0);
	CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
	CHECK(w.count == SLU_WAITS_MAX);
	slu_bio_free(c);
	c = NULL;
	push_told(&c, SLU_WAITS_MAX + 1, 0);
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_waits(c, SLU_WANT_READ, &w));
	CHECK_WORDS("wait: more than 16 descriptors");
	slu_bio_free(c);
}

/* A user's filter that waits for what a chain beside it waits for. */
static slu_status
beside_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	slu_status st = slu_waits_add_chain(w, next, want);

	return st ? st
		  : slu_waits_add_chain(w, *(slu_bio **)self, SLU_WANT_READ);
}

static void
a_filter_adds_what_other_chains_wait_for(void **state)
{
	static const slu_bio_ops ops = {
		.name = "beside",
		.size = sizeof(slu_bio *),
		.wait = beside_wait,
	};
	slu_bio *c = NULL, *other = NULL, **beside;
	int a[2], b[2];
	slu_waits w;

	(void)state;
	make_pipe(a);
	make_pipe(b);
	CHECK_OK(slu_fd_open(&c, a[1]));
	CHECK_OK(slu_fd_open(&other, b[0]));
	beside = slu_bio_push(&c, &ops);
	CHECK(beside != NULL);
	*beside = other;
	CHECK_OK(slu_bio_waits(c, SLU_WANT_WRITE, &w));
	CHECK(w.count == 2);
	CHECK(w.fds[0].fd == a[1] && w.fds[0].events == POLLOUT);
	CHECK(w.fds[1].fd == b[0] && w.fds[1].events == POLLIN);
	slu_bio_free(c);
	slu_bio_free(other);
	close_pipe(a);
	close_pipe(b);
}

/* poll(2) takes no more entries than there may be descriptors. */
static void
a_descriptor_is_there_once_whatever_is_waited_for(void **state)
{
	slu_waits w = { .ms = -1 };

	(void)state;
	CHECK_OK(slu_waits_add(&w, 3, POLLIN));
	CHECK_OK(slu_waits_add(&w, 4, POLLIN));
	CHECK_OK(slu_waits_add(&w, 3, POLLOUT));
	CHECK(w.count == 2);
	CHECK(w.fds[0].fd == 3 && w.fds[0].events == (POLLIN | POLLOUT));
	CHECK(w.fds[1].fd == 4 && w.fds[1].events == POLLIN);
}

/* To ask for the wrong one would be to turn in a circle, or to hang. */
static void
a_tee_waits_for_the_chain_that_is_late(void **state)
{
	slu_bio *c = NULL, *other = NULL;
	int below[2], beside[2];
	char buf[4096] = { 0 };
	slu_waits w;
	size_t n;

	(void)state;
	make_pipe(below);
	make_pipe(beside);
	fill_pipe(beside[1]);
	CHECK_OK(slu_fd_open(&other, beside[1]));
	CHECK_OK(slu_fd_open(&c, below[1]));
	CHECK_OK(slu_tee(&c, other));
	CHECK_OK(slu_bio_write(c, "abc", 3, &n));
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(c, "d", 1, &n));
	CHECK_OK(slu_bio_waits(c, SLU_WANT_WRITE, &w));
	CHECK(w.count == 1 && w.fds[0].fd == beside[1]);

	CHECK(read(beside[0], buf, sizeof(buf)) == sizeof(buf));
	fill_pipe(below[1]);
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(c, "d", 1, &n));
	CHECK_OK(slu_bio_waits(c, SLU_WANT_WRITE, &w));
	CHECK(w.count == 1 && w.fds[0].fd == below[1]);
	slu_bio_free(c);
	slu_bio_free(other);
	close_pipe(below);
	close_pipe(beside);
}

static volatile sig_atomic_t rung;

static void
on_alarm(int sig)
{
	(void)sig;
	rung++;
}

static void
an_interrupted_wait_is_taken_up_again(void **state)
{
	const struct itimerval often = { { 0, 2000 }, { 0, 2000 } };
	const struct itimerval never = { 0 };
	struct sigaction sa = { .sa_handler = on_alarm }, old;
	slu_bio *c = NULL;
	int fds[2];

	(void)state;
	make_pipe(fds);
	CHECK_OK(slu_fd_open(&c, fds[0]));
	rung = 0;
	CHECK(sigaction(SIGALRM, &sa, &old) == 0);
	CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
	CHECK_IS(SLU_WANT_READ, slu_bio_wait(c, SLU_WANT_READ, 50));
	CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
	CHECK(sigaction(SIGALRM, &old, NULL) == 0);
	CHECK(rung > 1);
	slu_bio_free(c);
	close_pipe(fds);
}

#define LONG ((size_t)1 << 20)

/* The far ends of two pipes: what comes from one goes to the other. */
struct far {
	int in, out;
	size_t echoed;
};

static void *
echo(void *arg)
{
	struct pollfd ready = { .events = POLLIN };
	struct far *f = arg;
	char buf[1000];
	ssize_t n;

	ready.fd = f->in;
	while (f->echoed < LONG && poll(&ready, 1, -1) == 1) {
		n = read(f->in, buf, sizeof(buf));
		f->echoed += n > 0 ? (size_t)n : 0;
	}
	(void)!write(f->out, "done", 4);
	(void)close(f->out);
	return NULL;
}

static void
a_copy_waits_for_whoever_does_not_block(void **state)
{
	static const char zeros[LONG];
	slu_bio *src = NULL, *dst = NULL;
	slu_buf said = { .limit = 64 };
	int there[2], back[2];
	struct far f = { 0 };
	pthread_t far;

	(void)state;
	make_pipe(there);
	make_pipe(back);
	f = (struct far){ .in = there[0], .out = back[1] };
	CHECK_OK(slu_fd_open(&dst, there[1]));
	CHECK_OK(slu_view_open(&src, zeros, LONG));
	CHECK(pthread_create(&far, NULL, echo, &f) == 0);
	CHECK_OK(slu_bio_copy(dst, src));
	slu_bio_free(src);
	slu_bio_free(dst);

	src = dst = NULL;
	CHECK_OK(slu_fd_open(&src, back[0]));
	CHECK_OK(slu_mem_open(&dst, &said));
	CHECK_OK(slu_bio_copy(dst, src));
	CHECK(said.len == 4 && memcmp(slu_buf_front(&said), "done", 4) == 0);
	CHECK(pthread_join(far, NULL) == 0);
	CHECK(f.echoed == LONG);
	slu_bio_free(src);
	slu_bio_free(dst);
	slu_buf_free(&said);
	close_pipe(there);
	CHECK(close(back[0]) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_descriptor_is_named_through_filters_with_its_direction),
		cmocka_unit_test(nothing_to_wait_for_is_misuse_and_no_failure),
		cmocka_unit_test(only_a_want_can_be_waited_for),
		cmocka_unit_test(
		    what_an_operation_answers_there_is_ok_or_a_failure),
		cmocka_unit_test(a_chain_that_failed_waits_for_nothing),
		cmocka_unit_test(
		    a_wait_ends_when_bytes_come_or_the_time_is_over),
		cmocka_unit_test(a_peer_that_is_gone_ends_a_wait),
		cmocka_unit_test(
		    a_time_of_the_chain_s_own_ends_a_wait_as_ready),
		cmocka_unit_test(a_time_that_has_passed_is_now),
		cmocka_unit_test(descriptors_have_a_limit),
		cmocka_unit_test(
		    a_descriptor_is_there_once_whatever_is_waited_for),
		cmocka_unit_test(a_filter_adds_what_other_chains_wait_for),
		cmocka_unit_test(a_tee_waits_for_the_chain_that_is_late),
		cmocka_unit_test(an_interrupted_wait_is_taken_up_again),
		cmocka_unit_test(a_copy_waits_for_whoever_does_not_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
