/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "faulty.h"
#include "oom.h"
#include "sysfault.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "sluice/ahead.h"
#include "sluice/fd.h"

#define ALONE (4 * 1024 * 1024)      /* bytes for which no thread is started */
#define AHEAD (1024 * 1024)          /* bytes that reading is ahead at most */
#define READ_MOST (256 * 1024)       /* bytes that one read asks for at most */
#define TOGETHER (ALONE + READ_MOST) /* after that, two are at work */
#define LONG (ALONE + 5 * AHEAD + 12345)

#define PERIOD 65521 /* of the bytes that pass: no buffer's size */
#define PATIENCE 20  /* seconds until what does not happen never will */

static unsigned char pattern[PERIOD + READ_MOST];

/* A stream of known bytes, and how far its two ends are. */
struct stream {
	size_t len;   /* bytes there are */
	size_t piece; /* bytes that a call moves at most; 0: all it can */
	/* Called before a byte moves; an answer but SLU_OK is the call's. */
	slu_status (*at_read)(struct stream *s);
	slu_status (*at_write)(struct stream *s);
	void *arg; /* theirs */

	atomic_size_t given, taken; /* bytes */
	size_t widest;              /* bytes under way at the most */
	pthread_t reader, writer;   /* of the latest calls */
	bool spoilt;                /* other bytes came */
};

struct end {
	struct stream *s; /* lent by the test */
};

static size_t
at_most(const struct stream *s, size_t n)
{
	return s->piece > 0 && n > s->piece ? s->piece : n;
}

static slu_status
source_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct stream *s = ((struct end *)self)->s;
	slu_status st;
	size_t n;

	(void)next;
	s->reader = pthread_self();
	st = s->at_read != NULL ? s->at_read(s) : SLU_OK;
	if (st)
		return st;
	n = at_most(s, cap < READ_MOST ? cap : READ_MOST);
	if (n > s->len - s->given)
		n = s->len - s->given;
	memcpy(buf, pattern + s->given % PERIOD, n);
	s->given += n;
	if (s->widest < s->given - s->taken)
		s->widest = s->given - s->taken;
	*got = n;
	return n > 0 ? SLU_OK : SLU_EOF;
}

static slu_status
sink_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct stream *s = ((struct end *)self)->s;
	slu_status st;
	size_t n;

	(void)next;
	s->writer = pthread_self();
	st = s->at_write != NULL ? s->at_write(s) : SLU_OK;
	if (st)
		return st;
	n = at_most(s, len);
	if (memcmp(data, pattern + s->taken % PERIOD, n) != 0)
		s->spoilt = true;
	s->taken += n;
	*put = n;
	return SLU_OK;
}

static const slu_bio_ops source_ops = {
	.name = "source",
	.size = sizeof(struct end),
	.read = source_read,
};

static const slu_bio_ops sink_ops = {
	.name = "sink",
	.size = sizeof(struct end),
	.write = sink_write,
};

static slu_bio *
open_end(struct stream *s, const slu_bio_ops *ops)
{
	slu_bio *c = NULL;
	struct end *e;

	e = slu_bio_push(&c, ops);
	CHECK(e != NULL);
	e->s = s;
	return c;
}

/* Copy a stream from end to end; SLU_ERR_FORMAT if it comes out changed. */
static slu_status
copy(struct stream *s)
{
	slu_bio *src = open_end(s, &source_ops);
	slu_bio *dst = open_end(s, &sink_ops);
	slu_status st;

	st = slu_bio_copy_ahead(dst, src);
	slu_bio_free(src);
	slu_bio_free(dst);
	if (s->spoilt)
		st = slu_fail(SLU_ERR_FORMAT, "sink: other bytes came");
	return st;
}

static bool
is_this_thread(pthread_t thread)
{
	return pthread_equal(thread, pthread_self()) != 0;
}

/* Give others a chance to run; false once they had enough of them. */
static bool
wait_a_little(unsigned *waits)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	nanosleep(&ms, NULL);
	return ++*waits < PATIENCE * 1000;
}

static void
all_arrives_in_order_whatever_the_length(void **state)
{
	static const size_t lengths[] = { 0, 1, READ_MOST, ALONE - 1, ALONE,
		ALONE + 1, TOGETHER, TOGETHER + 1, TOGETHER + AHEAD,
		TOGETHER + AHEAD + 1, LONG };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct stream s = { .len = lengths[i] };

		CHECK_OK(copy(&s));
		CHECK(s.taken == lengths[i]);
	}
}

static void
all_arrives_in_order_in_small_pieces(void **state)
{
	static const size_t pieces[] = { 20011, 4096, 999 };

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct stream s = { .len = LONG, .piece = pieces[i] };

		CHECK_OK(copy(&s));
		CHECK(s.taken == LONG);
	}
}

static void
the_destination_is_left_unfinished(void **state)
{
	struct stream s = { .len = LONG };
	slu_bio *src = open_end(&s, &source_ops);
	slu_bio *dst = open_end(&s, &sink_ops);
	size_t n;

	(void)state;
	CHECK_OK(slu_bio_copy_ahead(dst, src));
	CHECK_OK(slu_bio_write(dst, "!", 1, &n));
	slu_bio_free(src);
	slu_bio_free(dst);
}

static void
what_is_short_is_copied_by_the_caller_alone(void **state)
{
	struct stream s = { .len = ALONE };

	(void)state;
	CHECK_OK(copy(&s));
	CHECK(is_this_thread(s.reader));
	CHECK(is_this_thread(s.writer));
}

static void
what_is_long_is_read_by_the_caller_and_written_by_another(void **state)
{
	struct stream s = { .len = LONG };

	(void)state;
	CHECK_OK(copy(&s));
	CHECK(is_this_thread(s.reader));
	CHECK(!is_this_thread(s.writer));
}

/*
 * Take nothing before more is read than the caller alone would have read; he
 * may sleep while half of what he may read ahead is there.
 */
static slu_status
wait_for_reading(struct stream *s)
{
	unsigned waits = 0;

	while (s->taken >= TOGETHER && s->given < s->len &&
	       s->given - s->taken <= READ_MOST)
		if (!wait_a_little(&waits))
			return slu_fail(SLU_ERR_IO, "sink: nobody reads on");
	return SLU_OK;
}

static void
reading_goes_on_while_what_was_read_is_written(void **state)
{
	struct stream s = { .len = LONG, .at_write = wait_for_reading };

	(void)state;
	CHECK_OK(copy(&s));
	CHECK(s.taken == LONG);
}

/* Take nothing, once, until all is there that can be. */
static slu_status
wait_for_all_that_can_be(struct stream *s)
{
	unsigned waits = 0;

	if (s->taken < ALONE || s->arg != NULL)
		return SLU_OK;
	while (s->given - s->taken < AHEAD)
		if (!wait_a_little(&waits))
			return slu_fail(SLU_ERR_IO, "sink: nobody reads on");
	s->arg = s;
	return SLU_OK;
}

static void
reading_is_ahead_by_a_mebibyte_and_no_more(void **state)
{
	struct stream s = { .len = LONG, .at_write = wait_for_all_that_can_be };

	(void)state;
	CHECK_OK(copy(&s));
	CHECK(s.widest == AHEAD);
}

static slu_status
dawdle(struct stream *s)
{
	unsigned waits = 0;

	if (s->given > LONG - AHEAD)
		(void)wait_a_little(&waits);
	return SLU_OK;
}

static void
a_source_that_is_slow_is_waited_for(void **state)
{
	struct stream s = { .len = LONG, .at_read = dawdle };

	(void)state;
	CHECK_OK(copy(&s));
	CHECK(s.taken == LONG);
}

/* The calls at which the ends below fail: alone, and with two at work. */
static const size_t calls[] = { 0, 1, 15, 16, 17, 18, 19, 20, 33, 34, 50, 80 };

#define CALLS (sizeof(calls) / sizeof(calls[0]))

static void
what_came_before_a_failure_of_the_source_is_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < CALLS; i++) {
		struct stream s = { .len = LONG };
		slu_bio *src = open_end(&s, &source_ops);
		slu_bio *dst = open_end(&s, &sink_ops);
		unsigned char byte;
		size_t n;

		CHECK_OK(faulty_push(&src, calls[i]));
		CHECK_IS(SLU_ERR_IO, slu_bio_copy_ahead(dst, src));
		CHECK_WORDS(FAULTY_WORDS);
		CHECK(s.taken == s.given && s.given < LONG && !s.spoilt);
		CHECK_OK(slu_bio_write(dst, "!", 1, &n));
		CHECK_IS(SLU_ERR_IO, slu_bio_read(src, &byte, 1, &n));
		slu_bio_free(src);
		slu_bio_free(dst);
	}
}

static void
a_failure_of_the_destination_is_told_in_its_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < CALLS; i++) {
		struct stream s = { .len = LONG };
		slu_bio *src = open_end(&s, &source_ops);
		slu_bio *dst = open_end(&s, &sink_ops);
		size_t n;

		CHECK_OK(faulty_push(&dst, calls[i]));
		(void)slu_fail(SLU_ERR_USAGE, "test: something else");
		CHECK_IS(SLU_ERR_IO, slu_bio_copy_ahead(dst, src));
		CHECK_WORDS(FAULTY_WORDS);
		CHECK(s.given - s.taken <= AHEAD);
		CHECK_IS(SLU_ERR_IO, slu_bio_write(dst, "!", 1, &n));
		CHECK_WORDS(FAULTY_WORDS);
		slu_bio_free(src);
		slu_bio_free(dst);
	}
}

static slu_status
source_breaks(struct stream *s)
{
	if (s->given < TOGETHER + AHEAD / 2)
		return SLU_OK;
	*(atomic_bool *)s->arg = true;
	return slu_fail(SLU_ERR_TRUNCATED, "source: broken off");
}

static slu_status
sink_breaks_later(struct stream *s)
{
	unsigned waits = 0;

	if (s->taken < TOGETHER)
		return SLU_OK;
	while (!*(atomic_bool *)s->arg && wait_a_little(&waits))
		continue;
	return slu_fail(SLU_ERR_LIMIT, "sink: full");
}

static void
of_two_failures_the_one_at_the_earlier_byte_is_told(void **state)
{
	atomic_bool broken = false;
	struct stream s = { .len = LONG,
		.at_read = source_breaks,
		.at_write = sink_breaks_later,
		.arg = &broken };

	(void)state;
	CHECK_IS(SLU_ERR_LIMIT, copy(&s));
	CHECK_WORDS("sink: full");
	CHECK(broken);
}

static slu_status
source_waits(struct stream *s)
{
	return s->given > *(size_t *)s->arg ? SLU_WANT_READ : SLU_OK;
}

static slu_status
sink_waits(struct stream *s)
{
	return s->taken > *(size_t *)s->arg ? SLU_WANT_WRITE : SLU_OK;
}

static void
a_wait_for_nothing_is_refused(void **state)
{
	size_t after[] = { 0, ALONE + AHEAD };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct stream in = {
			.len = LONG, .at_read = source_waits, .arg = &after[i]
		};
		struct stream out = {
			.len = LONG, .at_write = sink_waits, .arg = &after[i]
		};

		CHECK_IS(SLU_ERR_USAGE, copy(&in));
		CHECK_WORDS(": nothing to wait for");
		CHECK(in.taken == in.given);
		CHECK_IS(SLU_ERR_USAGE, copy(&out));
		CHECK_WORDS(": nothing to wait for");
	}
}

static void
no_chain_is_misuse(void **state)
{
	struct stream s = { .len = 1 };
	slu_bio *src = open_end(&s, &source_ops);

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_bio_copy_ahead(NULL, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_copy_ahead(NULL, src));
	slu_bio_free(src);
}

static void
where_no_thread_can_be_started_the_caller_does_it_all(void **state)
{
	struct stream s = { .len = LONG };

	(void)state;
	sysfault_arm("pthread_create", 0, EAGAIN);
	CHECK_OK(copy(&s));
	CHECK(sysfault_disarm() == 1);
	CHECK(s.taken == LONG);
	CHECK(is_this_thread(s.writer));
}

/* The second allocation is the one for reading ahead. */
static void
without_memory_to_read_ahead_the_caller_does_it_all(void **state)
{
	struct stream s = { .len = LONG };
	slu_bio *src = open_end(&s, &source_ops);
	slu_bio *dst = open_end(&s, &sink_ops);

	(void)state;
	oom_arm(1);
	CHECK_OK(slu_bio_copy_ahead(dst, src));
	CHECK(oom_disarm() == OOM_OURS);
	CHECK(s.taken == LONG && !s.spoilt);
	CHECK(is_this_thread(s.writer));
	slu_bio_free(src);
	slu_bio_free(dst);
}

static void
without_any_memory_nothing_is_read(void **state)
{
	struct stream s = { .len = LONG };
	slu_bio *src = open_end(&s, &source_ops);
	slu_bio *dst = open_end(&s, &sink_ops);

	(void)state;
	oom_arm(0);
	CHECK_IS(SLU_ERR_MEMORY, slu_bio_copy_ahead(dst, src));
	CHECK(oom_disarm() == OOM_OURS);
	CHECK(s.given == 0);
	slu_bio_free(src);
	slu_bio_free(dst);
}

static slu_status
note_the_mask(struct stream *s)
{
	if (pthread_sigmask(SIG_SETMASK, NULL, s->arg) != 0)
		return slu_fail(SLU_ERR_IO, "sink: no mask");
	return SLU_OK;
}

static void
the_thread_that_writes_is_left_alone_by_signals(void **state)
{
	static const int own[] = { SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGSEGV };
	static const int others[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	sigset_t mask;
	struct stream s = {
		.len = LONG, .at_write = note_the_mask, .arg = &mask
	};

	(void)state;
	CHECK_OK(copy(&s));
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		CHECK(sigismember(&mask, own[i]) == 0);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(sigismember(&mask, others[i]) == 1);
}

static void
the_caller_s_signal_mask_is_left_alone(void **state)
{
	struct stream s = { .len = LONG };
	sigset_t some, old, after;

	(void)state;
	sigemptyset(&some);
	sigaddset(&some, SIGUSR2);
	CHECK(pthread_sigmask(SIG_SETMASK, &some, &old) == 0);
	CHECK_OK(copy(&s));
	CHECK(pthread_sigmask(SIG_SETMASK, &old, &after) == 0);
	for (int sig = 1; sig < 32; sig++)
		if (sig != SIGKILL && sig != SIGSTOP)
			CHECK(sigismember(&after, sig) == (sig == SIGUSR2));
}

#define FED (ALONE + AHEAD)

/* Who writes FED bytes to a pipe, and closes it when told to. */
struct feeder {
	int fd; /* owned */
	atomic_bool may_stop;
	pthread_t thread;
};

static void *
feed(void *arg)
{
	struct feeder *f = arg;
	unsigned waits = 0;
	size_t done = 0, n;
	ssize_t wrote = 0;

	while (done < FED && wrote >= 0) {
		n = FED - done;
		wrote = write(f->fd, pattern + done % PERIOD,
		    n < READ_MOST ? n : READ_MOST);
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	while (!f->may_stop && wait_a_little(&waits))
		continue;
	close(f->fd);
	return NULL;
}

/* When all was read but the end, fail, and have that come later. */
static slu_status
fail_at_the_last_byte(struct stream *s)
{
	struct feeder *f = s->arg;
	size_t left = FED - s->taken;
	unsigned waits = 0;

	s->piece = left > 1 ? left - 1 : 1;
	if (left > 1)
		return SLU_OK;
	(void)wait_a_little(&waits);
	f->may_stop = true;
	return slu_fail(SLU_ERR_LIMIT, "sink: full");
}

static void
a_failure_is_told_once_the_read_under_way_is_over(void **state)
{
	struct feeder f = { .fd = -1 };
	struct stream s = { .at_write = fail_at_the_last_byte, .arg = &f };
	slu_bio *src = NULL, *dst = open_end(&s, &sink_ops);
	int ends[2];

	(void)state;
	CHECK(pipe(ends) == 0);
	f.fd = ends[1];
	CHECK(pthread_create(&f.thread, NULL, feed, &f) == 0);
	CHECK_OK(slu_fd_open(&src, ends[0]));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_copy_ahead(dst, src));
	CHECK_WORDS("sink: full");
	CHECK(s.taken == FED - 1 && !s.spoilt);
	CHECK(pthread_join(f.thread, NULL) == 0);
	slu_bio_free(src);
	slu_bio_free(dst);
	close(ends[0]);
}

static void *
copy_a_long_one(void *arg)
{
	struct stream *s = arg;

	/* Words of one thread are no other's. */
	s->at_read = source_breaks;
	if (copy(s) != SLU_ERR_TRUNCATED ||
	    strcmp(slu_error(), "source: broken off") != 0)
		s->spoilt = true;
	return NULL;
}

static void
copies_at_the_same_time_do_not_meet(void **state)
{
	atomic_bool broken = false;
	struct stream s[3];
	pthread_t threads[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		s[i] = (struct stream){ .len = LONG, .arg = &broken };
		CHECK(pthread_create(
			  &threads[i], NULL, copy_a_long_one, &s[i]) == 0);
	}
	for (size_t i = 0; i < 3; i++) {
		CHECK(pthread_join(threads[i], NULL) == 0);
		CHECK(!s[i].spoilt && s[i].taken == s[i].given);
	}
}

static int
make_pattern(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (unsigned char)(i % PERIOD * 7 + i % PERIOD / 251);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_arrives_in_order_whatever_the_length),
		cmocka_unit_test(all_arrives_in_order_in_small_pieces),
		cmocka_unit_test(the_destination_is_left_unfinished),
		cmocka_unit_test(what_is_short_is_copied_by_the_caller_alone),
		cmocka_unit_test(
		    what_is_long_is_read_by_the_caller_and_written_by_another),
		cmocka_unit_test(
		    reading_goes_on_while_what_was_read_is_written),
		cmocka_unit_test(reading_is_ahead_by_a_mebibyte_and_no_more),
		cmocka_unit_test(a_source_that_is_slow_is_waited_for),
		cmocka_unit_test(
		    what_came_before_a_failure_of_the_source_is_written),
		cmocka_unit_test(
		    a_failure_of_the_destination_is_told_in_its_words),
		cmocka_unit_test(
		    of_two_failures_the_one_at_the_earlier_byte_is_told),
		cmocka_unit_test(a_wait_for_nothing_is_refused),
		cmocka_unit_test(no_chain_is_misuse),
		cmocka_unit_test(
		    where_no_thread_can_be_started_the_caller_does_it_all),
		cmocka_unit_test(
		    without_memory_to_read_ahead_the_caller_does_it_all),
		cmocka_unit_test(without_any_memory_nothing_is_read),
		cmocka_unit_test(
		    the_thread_that_writes_is_left_alone_by_signals),
		cmocka_unit_test(the_caller_s_signal_mask_is_left_alone),
		cmocka_unit_test(
		    a_failure_is_told_once_the_read_under_way_is_over),
		cmocka_unit_test(copies_at_the_same_time_do_not_meet),
	};

	return cmocka_run_group_tests_name("ahead", tests, make_pattern, NULL);
}
