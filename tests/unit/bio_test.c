/* SPDX-License-Identifier: ISC */
/* What the chain itself promises, whatever BIOs it is made of. */
#include "check.h"
#include "faulty.h"

#include "sluice/bio.h"
#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/fd.h"
#include "sluice/file.h"
#include "sluice/hash.h"
#include "sluice/limit.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/rand.h"
#include "sluice/tap.h"
#include "sluice/tee.h"
#include "sluice/trace.h"
#include "sluice/view.h"

/* A user's BIO that answers as it is told, and notes what it was asked. */
struct scripted {
	slu_status st;
	size_t moved;
	unsigned reads, writes, flushes, finishes;
	char *freed; /* lent: its letter is appended there */
	char letter;
};

static slu_status
scripted_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct scripted *s = *(struct scripted **)self;

	(void)next, (void)buf;
	CHECK(cap > 0 && *got == 0);
	s->reads++;
	*got = s->moved;
	return slu_failed(s->st) ? slu_fail(s->st, "scripted: it fails")
				 : s->st;
}

static slu_status
scripted_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct scripted *s = *(struct scripted **)self;

	(void)next, (void)data;
	CHECK(len > 0 && *put == 0);
	s->writes++;
	*put = s->moved;
	return slu_failed(s->st) ? slu_fail(s->st, "scripted: it fails")
				 : s->st;
}

static slu_status
scripted_flush(void *self, slu_bio *next)
{
	struct scripted *s = *(struct scripted **)self;

	(void)next;
	s->flushes++;
	return s->st;
}

static slu_status
scripted_finish(void *self, slu_bio *next)
{
	struct scripted *s = *(struct scripted **)self;

	(void)next;
	s->finishes++;
	return s->st;
}

static void
scripted_free(void *self)
{
	struct scripted *s = *(struct scripted **)self;

	if (s->freed != NULL)
		s->freed[strlen(s->freed)] = s->letter;
}

static const slu_bio_ops scripted_ops = {
	.name = "scripted",
	.size = sizeof(struct scripted *),
	.read = scripted_read,
	.write = scripted_write,
	.flush = scripted_flush,
	.finish = scripted_finish,
	.free = scripted_free,
};

/* A BIO without a part in anything: it must be stepped over. */
static const slu_bio_ops idle_ops = { .name = "idle" };

static void
push_scripted(slu_bio **top, struct scripted *s)
{
	struct scripted **state = slu_bio_push(top, &scripted_ops);

	CHECK(state != NULL && *state == NULL);
	*state = s;
}

static void
push_idle(slu_bio **top)
{
	CHECK(slu_bio_push(top, &idle_ops) != NULL);
}

static void
an_operation_that_breaks_the_promise_is_caught(void **state)
{
	static const struct {
		slu_status st;
		size_t moved; /* of 4 bytes asked for */
	} broken[] = {
		{ SLU_OK, 0 },
		{ SLU_OK, 5 },
		{ SLU_OK, (size_t)-1 },
		{ SLU_WANT_READ, 1 },
		{ SLU_WANT_WRITE, 4 },
		{ SLU_EOF, 1 },
	};
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct scripted s = { .st = broken[i].st,
			.moved = broken[i].moved };
		slu_bio *c = NULL;
		char buf[4];

		push_scripted(&c, &s);
		CHECK_IS(SLU_ERR_USAGE, slu_bio_read(c, buf, 4, &n));
		CHECK(n == 0);
		CHECK_WORDS("scripted: broke the promise of progress");
		slu_bio_free(c);

		c = NULL;
		push_scripted(&c, &s);
		CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "abcd", 4, &n));
		CHECK(n == 0);
		CHECK_WORDS("scripted: broke the promise of progress");
		slu_bio_free(c);
	}
}

static void
only_a_read_can_meet_the_end(void **state)
{
	struct scripted s = { .st = SLU_EOF };
	slu_status (*const parts[])(
	    slu_bio *) = { slu_bio_flush, slu_bio_finish };
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	push_scripted(&c, &s);
	CHECK_IS(SLU_EOF, slu_bio_read(c, &byte, 1, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("promise");
	slu_bio_free(c);
	for (int i = 0; i < 2; i++) {
		c = NULL;
		push_scripted(&c, &s);
		CHECK_IS(SLU_ERR_USAGE, parts[i](c));
		CHECK_WORDS("promise");
		slu_bio_free(c);
	}
}

static void
a_failure_that_claims_bytes_keeps_only_its_words(void **state)
{
	struct scripted s = { .st = SLU_ERR_PEER, .moved = 3 };
	slu_bio *c = NULL;
	char buf[4];
	size_t n;

	(void)state;
	push_scripted(&c, &s);
	CHECK_IS(SLU_ERR_PEER, slu_bio_read(c, buf, 4, &n));
	CHECK(n == 0);
	CHECK_WORDS("scripted: it fails");
	slu_bio_free(c);
}

static void
waits_and_the_end_are_not_for_good(void **state)
{
	static const slu_status passing[] = { SLU_WANT_READ, SLU_WANT_WRITE,
		SLU_EOF, SLU_OK };
	struct scripted s = { 0 };
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	push_scripted(&c, &s);
	for (size_t i = 0; i < 4; i++) {
		s.st = passing[i];
		s.moved = s.st == SLU_OK;
		CHECK_IS(passing[i], slu_bio_read(c, &byte, 1, &n));
		CHECK(n == s.moved);
	}
	slu_bio_free(c);
}

static void
a_failure_below_is_kept_at_the_top(void **state)
{
	struct scripted s = { .st = SLU_ERR_AUTH, .moved = 0 };
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	push_scripted(&c, &s);
	push_idle(&c);
	push_idle(&c);
	CHECK_IS(SLU_ERR_AUTH, slu_bio_read(c, &byte, 1, &n));
	s.st = SLU_OK;
	s.moved = 1;
	(void)slu_fail(SLU_ERR_IO, "something else");
	CHECK_IS(SLU_ERR_AUTH, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("scripted: it fails");
	CHECK_IS(SLU_ERR_AUTH, slu_bio_flush(c));
	CHECK_IS(SLU_ERR_AUTH, slu_bio_finish(c));
	CHECK_IS(SLU_ERR_AUTH, slu_bio_read(c, &byte, 1, &n));
	CHECK_WORDS("scripted: it fails");
	CHECK(s.reads == 1 && s.writes + s.flushes + s.finishes == 0);
	slu_bio_free(c);
}

static void
a_failure_of_a_flush_or_a_finish_is_for_good_too(void **state)
{
	size_t n;

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		slu_bio *c = NULL;

		CHECK_OK(slu_null_open(&c));
		CHECK_OK(faulty_push(&c, k));
		push_idle(&c);
		if (k == 0) {
			CHECK_IS(SLU_ERR_IO, slu_bio_flush(c));
		} else {
			CHECK_OK(slu_bio_flush(c));
			CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
		}
		(void)slu_fail(SLU_ERR_USAGE, "something else");
		CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "x", 1, &n));
		CHECK_WORDS(FAULTY_WORDS);
		CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
		slu_bio_free(c);
	}
}

static void
a_direction_that_does_not_exist_is_refused_and_forgotten(void **state)
{
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "x", 1));
	push_idle(&c);
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "y", 1, &n));
	CHECK_WORDS("view: cannot be written");
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	CHECK(n == 1 && byte == 'x');
	slu_bio_free(c);
}

/* Its write had begun: what a filter meets below is a failure of its own. */
static void
a_direction_that_a_filter_misses_below_is_a_failure(void **state)
{
	slu_bio *c = NULL;
	uint64_t passed = 0;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "x", 1));
	CHECK_OK(slu_count(&c, &passed));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "y", 1, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_read(c, &byte, 1, &n));
	CHECK_WORDS("view: cannot be written");
	CHECK(passed == 0);
	slu_bio_free(c);
}

static void
a_chain_of_filters_alone_has_nothing_to_move(void **state)
{
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	push_idle(&c);
	CHECK_IS(SLU_ERR_USAGE, slu_bio_read(c, &byte, 1, &n));
	CHECK_WORDS("idle: cannot be read");
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("idle: cannot be written");
	slu_bio_free(c);
}

static void
no_chain_at_all_is_misuse_and_not_a_crash(void **state)
{
	size_t n = 9;
	char byte;
	slu_bio *c = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_bio_read(NULL, &byte, 1, &n));
	CHECK_WORDS("no sink");
	CHECK(n == 0);
	n = 9;
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(NULL, "x", 1, &n));
	CHECK(n == 0);
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write_all(NULL, "x", 1, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_flush(NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_finish(NULL));
	slu_bio_free(NULL);
	slu_bio_drop(&c);
	CHECK(c == NULL);
}

static void
to_move_nothing_asks_nobody(void **state)
{
	struct scripted s = { .st = SLU_WANT_READ };
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	push_scripted(&c, &s);
	CHECK_OK(slu_bio_read(c, NULL, 0, &n));
	CHECK_OK(slu_bio_write(c, NULL, 0, &n));
	CHECK_OK(slu_bio_write_all(c, NULL, 0, &n));
	CHECK(s.reads + s.writes == 0);
	slu_bio_free(c);
}

static void
write_all_tells_how_far_it_came(void **state)
{
	struct scripted s = { .st = SLU_OK, .moved = 2 };
	slu_buf queue = { .limit = 5 };
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	push_scripted(&c, &s);
	CHECK_OK(slu_bio_write_all(c, "abcdef", 6, &n));
	CHECK(n == 6 && s.writes == 3);
	slu_bio_free(c);

	c = NULL;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_write_all(c, "abcdefg", 7, &n));
	CHECK(n == 5);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
nothing_is_written_once_the_finish_has_begun(void **state)
{
	struct scripted sink = { .st = SLU_WANT_WRITE };
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	push_scripted(&c, &sink);
	push_idle(&c);
	CHECK_IS(SLU_WANT_WRITE, slu_bio_finish(c));
	sink.st = SLU_OK;
	sink.moved = 1;
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("written after its finish");
	CHECK(sink.writes == 0);
	CHECK_OK(slu_bio_finish(c));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	CHECK_OK(slu_bio_finish(c));
	CHECK(sink.finishes == 2);
	slu_bio_free(c);
}

static void
a_filter_on_a_finished_chain_does_not_open_it_again(void **state)
{
	slu_buf queue = { .limit = 16 };
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_bio_finish(c));
	push_idle(&c);
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("memory: written after its finish");
	CHECK(n == 0 && queue.len == 0);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
each_part_of_a_finish_is_done_once(void **state)
{
	struct scripted sink = { .st = SLU_WANT_WRITE }, top = { .st = SLU_OK };
	slu_bio *c = NULL;

	(void)state;
	push_scripted(&c, &sink);
	push_scripted(&c, &top);
	for (int i = 0; i < 3; i++)
		CHECK_IS(SLU_WANT_WRITE, slu_bio_finish(c));
	sink.st = SLU_OK;
	CHECK_OK(slu_bio_finish(c));
	CHECK_OK(slu_bio_finish(c));
	CHECK(top.finishes == 1 && sink.finishes == 4);
	slu_bio_free(c);
}

static void
a_finish_that_went_well_is_not_taken_back(void **state)
{
	struct scripted sink = { .st = SLU_OK };
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	push_scripted(&c, &sink);
	push_idle(&c);
	CHECK_OK(slu_bio_finish(c));
	sink.st = SLU_ERR_IO;
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, &byte, 1, &n));
	CHECK_OK(slu_bio_finish(c));
	CHECK_IS(SLU_ERR_IO, slu_bio_flush(c));
	CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "x", 1, &n));
	slu_bio_free(c);
}

static void
a_flush_walks_down_and_stops_where_it_must_wait(void **state)
{
	struct scripted sink = { .st = SLU_OK }, top = { .st = SLU_WANT_WRITE };
	slu_bio *c = NULL;

	(void)state;
	push_scripted(&c, &sink);
	push_idle(&c);
	push_scripted(&c, &top);
	CHECK_IS(SLU_WANT_WRITE, slu_bio_flush(c));
	CHECK(top.flushes == 1 && sink.flushes == 0);
	top.st = SLU_OK;
	CHECK_OK(slu_bio_flush(c));
	CHECK(top.flushes == 2 && sink.flushes == 1);
	slu_bio_free(c);
}

static void
a_chain_is_freed_from_the_top(void **state)
{
	char freed[4] = "";
	struct scripted a = { .freed = freed, .letter = 'a' };
	struct scripted b = { .freed = freed, .letter = 'b' };
	struct scripted c = { .freed = freed, .letter = 'c' };
	slu_bio *chain = NULL;

	(void)state;
	push_scripted(&chain, &a);
	push_scripted(&chain, &b);
	push_scripted(&chain, &c);
	slu_bio_drop(&chain);
	CHECK(strcmp(freed, "c") == 0);
	slu_bio_free(chain);
	CHECK(strcmp(freed, "cba") == 0);
}

static void
a_failed_filter_can_be_dropped_and_the_rest_lives_on(void **state)
{
	slu_buf queue = { .limit = 16 };
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(faulty_push(&c, 0));
	CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "lost", 4, &n));
	slu_bio_drop(&c);
	CHECK_OK(slu_bio_write(c, "kept", 4, &n));
	CHECK_BYTES("kept", 4, slu_buf_front(&queue), queue.len);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static slu_status
answer_strangely(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	(void)next, (void)buf, (void)cap, (void)got;
	return *(const slu_status *)self;
}

static slu_status
flush_strangely(void *self, slu_bio *next)
{
	(void)next;
	return *(const slu_status *)self;
}

static const slu_bio_ops strange_ops = {
	.name = "strange",
	.size = sizeof(slu_status),
	.read = answer_strangely,
	.flush = flush_strangely,
};

static void
an_answer_that_is_no_status_is_a_broken_promise(void **state)
{
	static const int answers[] = { 5, 31, 42, 999, -1 };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(answers) / sizeof(answers[0]); i++) {
		slu_bio *c = NULL;
		slu_status *says = slu_bio_push(&c, &strange_ops), st;
		char byte;
		size_t n;

		CHECK(says != NULL);
		*says = (slu_status)answers[i / 2];
		st = i % 2 == 0 ? slu_bio_read(c, &byte, 1, &n)
				: slu_bio_flush(c);
		CHECK_IS(SLU_ERR_USAGE, st);
		CHECK_WORDS("strange: broke the promise");
		CHECK_IS(SLU_ERR_USAGE, slu_bio_flush(c));
		slu_bio_free(c);
	}
}

static void
an_answer_that_is_owed_is_asked_for_and_not_waited_for(void **state)
{
	slu_buf queue = { .limit = 10 };
	slu_bio *c = NULL, *dst = NULL;
	slu_status *says = slu_bio_push(&c, &strange_ops);
	char byte;
	size_t n;

	(void)state;
	CHECK(says != NULL);
	*says = SLU_WANT_CERT;
	CHECK_OK(slu_mem_open(&dst, &queue));
	CHECK_IS(SLU_WANT_CERT, slu_bio_read(c, &byte, 1, &n));
	CHECK_IS(SLU_WANT_CERT, slu_bio_flush(c));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_copy(dst, c));
	CHECK_IS(SLU_WANT_CERT, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(dst);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
a_chain_has_one_sink(void **state)
{
	slu_buf queue = { .limit = 10 };
	slu_bio *c = NULL, *sink;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	sink = c;
	CHECK_IS(SLU_ERR_USAGE, slu_null_open(&c));
	CHECK_WORDS("null: the chain has its sink already");
	CHECK_IS(SLU_ERR_USAGE, slu_mem_open(&c, &queue));
	CHECK_IS(SLU_ERR_USAGE, slu_view_open(&c, "abc", 3));
	CHECK_IS(SLU_ERR_USAGE, slu_fd_open(&c, 0));
	CHECK_IS(SLU_ERR_USAGE, slu_rand_open(&c));
	CHECK_IS(SLU_ERR_USAGE, slu_file_open(&c, "/dev/null"));
	CHECK_IS(SLU_ERR_USAGE, slu_file_create(&c, "/dev/null", NULL));
	CHECK(c == sink);
	slu_bio_free(c);
}

static void
bytes_that_are_given_back_are_read_first(void **state)
{
	uint64_t passed = 0;
	slu_bio *c = NULL;
	char buf[8];
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "cdef", 4));
	push_idle(&c);
	CHECK_OK(slu_bio_unread(c, "b", 1));
	CHECK_OK(slu_bio_unread(c, "1a", 2));
	CHECK_OK(slu_bio_unread(c, "", 0));
	CHECK_OK(slu_count(&c, &passed));
	CHECK_OK(slu_bio_read(c, buf, 1, &n));
	CHECK(n == 1 && buf[0] == '1');
	CHECK_OK(slu_bio_read(c, buf, 8, &n));
	CHECK(n == 2 && memcmp(buf, "ab", 2) == 0);
	slu_bio_drop(&c);
	CHECK_OK(slu_bio_read(c, buf, 8, &n));
	CHECK(n == 4 && memcmp(buf, "cdef", 4) == 0 && passed == 3);
	CHECK_IS(SLU_EOF, slu_bio_read(c, buf, 8, &n));
	CHECK_OK(slu_bio_unread(c, "g", 1));
	CHECK_OK(slu_bio_read(c, buf, 8, &n));
	CHECK(n == 1 && buf[0] == 'g');
	CHECK_IS(SLU_EOF, slu_bio_read(c, buf, 8, &n));
	slu_bio_free(c);
}

static void
what_is_given_back_has_a_limit(void **state)
{
	static const char zeros[SLU_UNREAD_MAX];
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_bio_unread(NULL, "x", 1));
	CHECK_OK(slu_view_open(&c, "x", 1));
	CHECK_OK(slu_bio_unread(c, zeros, SLU_UNREAD_MAX));
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_unread(c, "y", 1));
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	CHECK(byte == 0);
	CHECK_OK(slu_bio_unread(c, "y", 1));
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	CHECK(byte == 'y');
	slu_bio_free(c);
}

static void
what_is_given_back_does_not_hide_a_failure(void **state)
{
	struct scripted s = { .st = SLU_ERR_AUTH };
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	push_scripted(&c, &s);
	CHECK_IS(SLU_ERR_AUTH, slu_bio_read(c, &byte, 1, &n));
	CHECK_OK(slu_bio_unread(c, "x", 1));
	CHECK_IS(SLU_ERR_AUTH, slu_bio_read(c, &byte, 1, &n));
	CHECK(n == 0);
	slu_bio_free(c);
}

static const slu_bio_ops packets_ops = {
	.name = "packets",
	.size = sizeof(struct scripted *),
	.read = scripted_read,
	.write = scripted_write,
	.datagram = true,
};

static const slu_bio_ops border_ops = { .name = "border", .datagram = true };

static void
a_filter_of_streams_fails_over_datagrams(void **state)
{
	struct scripted s = { .moved = 1 }, **sink;
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	sink = slu_bio_push(&c, &packets_ops);
	CHECK(sink != NULL);
	*sink = &s;
	CHECK(slu_bio_push(&c, &border_ops) != NULL);
	CHECK_OK(slu_bio_write(c, "x", 1, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_unread(c, "x", 1));
	CHECK_WORDS("border: a datagram cannot be given back");
	push_idle(&c);
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("idle: what moves below are datagrams, not a stream");
	CHECK_IS(SLU_ERR_USAGE, slu_bio_read(c, &byte, 1, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_finish(c));
	CHECK(s.writes == 1 && s.reads == 0);
	slu_bio_drop(&c);
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
}

static void
a_filter_that_keeps_borders_may_stand_over_a_stream(void **state)
{
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, "x", 1));
	CHECK(slu_bio_push(&c, &border_ops) != NULL);
	push_idle(&c);
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
}

/* A sink that notes which memory it was shown. */
struct shown {
	const void *written;
	void *to_read;
};

static slu_status
shown_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct shown *s = *(struct shown **)self;

	(void)next;
	s->written = data;
	*put = len;
	return SLU_OK;
}

static slu_status
shown_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct shown *s = *(struct shown **)self;

	(void)next;
	s->to_read = buf;
	memset(buf, 'x', cap);
	*got = cap;
	return SLU_OK;
}

static void
ignore_line(const char *line, void *arg)
{
	(void)line, (void)arg;
}

static void
filters_that_only_look_copy_nothing(void **state)
{
	static const slu_bio_ops shown_ops = {
		.name = "shown",
		.size = sizeof(struct shown *),
		.read = shown_read,
		.write = shown_write,
	};
	const slu_trace_options quietly = { .line = ignore_line };
	slu_bio *c = NULL, *other = NULL;
	struct shown shown = { 0 }, **sink;
	unsigned char block[64 * 1024] = { 0 };
	slu_hash *h = NULL;
	uint64_t count = 0;
	size_t n;

	(void)state;
	CHECK_OK(slu_hash_new(&h, "sha256"));
	CHECK_OK(slu_null_open(&other));
	sink = slu_bio_push(&c, &shown_ops);
	CHECK(sink != NULL);
	*sink = &shown;
	CHECK_OK(slu_count(&c, &count));
	CHECK_OK(slu_limit(&c, UINT64_MAX));
	CHECK_OK(slu_tee(&c, other));
	CHECK_OK(slu_hash_tap(&c, h));
	CHECK_OK(slu_trace(&c, &quietly));
	for (size_t len = 1; len <= sizeof(block); len *= 16) {
		CHECK_OK(slu_bio_write(c, block, len, &n));
		CHECK(n == len && shown.written == block);
		CHECK_OK(slu_bio_read(c, block, len, &n));
		CHECK(n == len && shown.to_read == block);
	}
	CHECK(count == 2 * (1 + 16 + 256 + 4096 + 65536));
	slu_bio_free(c);
	slu_bio_free(other);
	slu_hash_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_operation_that_breaks_the_promise_is_caught),
		cmocka_unit_test(only_a_read_can_meet_the_end),
		cmocka_unit_test(
		    a_failure_that_claims_bytes_keeps_only_its_words),
		cmocka_unit_test(waits_and_the_end_are_not_for_good),
		cmocka_unit_test(a_failure_below_is_kept_at_the_top),
		cmocka_unit_test(
		    a_failure_of_a_flush_or_a_finish_is_for_good_too),
		cmocka_unit_test(
		    a_direction_that_does_not_exist_is_refused_and_forgotten),
		cmocka_unit_test(
		    a_direction_that_a_filter_misses_below_is_a_failure),
		cmocka_unit_test(a_chain_of_filters_alone_has_nothing_to_move),
		cmocka_unit_test(no_chain_at_all_is_misuse_and_not_a_crash),
		cmocka_unit_test(to_move_nothing_asks_nobody),
		cmocka_unit_test(write_all_tells_how_far_it_came),
		cmocka_unit_test(nothing_is_written_once_the_finish_has_begun),
		cmocka_unit_test(
		    a_filter_on_a_finished_chain_does_not_open_it_again),
		cmocka_unit_test(each_part_of_a_finish_is_done_once),
		cmocka_unit_test(a_finish_that_went_well_is_not_taken_back),
		cmocka_unit_test(
		    a_flush_walks_down_and_stops_where_it_must_wait),
		cmocka_unit_test(a_chain_is_freed_from_the_top),
		cmocka_unit_test(
		    a_failed_filter_can_be_dropped_and_the_rest_lives_on),
		cmocka_unit_test(
		    an_answer_that_is_no_status_is_a_broken_promise),
		cmocka_unit_test(
		    an_answer_that_is_owed_is_asked_for_and_not_waited_for),
		cmocka_unit_test(a_chain_has_one_sink),
		cmocka_unit_test(bytes_that_are_given_back_are_read_first),
		cmocka_unit_test(what_is_given_back_has_a_limit),
		cmocka_unit_test(what_is_given_back_does_not_hide_a_failure),
		cmocka_unit_test(a_filter_of_streams_fails_over_datagrams),
		cmocka_unit_test(
		    a_filter_that_keeps_borders_may_stand_over_a_stream),
		cmocka_unit_test(filters_that_only_look_copy_nothing),
	};

	return cmocka_run_group_tests_name("bio", tests, NULL, NULL);
}
