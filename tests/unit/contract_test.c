/* SPDX-License-Identifier: ISC */
/*
 * The suite itself: it passes a filter that is right, and notices each of
 * the ways to be wrong that it is there to notice.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "contract.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bio/batch.h"
#include "sluice/mem.h"

/* How the filter below is wrong. */
enum fault {
	NO_FAULT = 0,
	WRITES_AT_ONCE,       /* its constructor writes */
	LOSES_AT_A_WAIT,      /* forgets what `next` did not take */
	REPEATS_AT_A_WAIT,    /* offers again what `next` took */
	KEEPS_THE_ADDRESS,    /* reads a caller's bytes after the call */
	WAITS_FOR_EVER,       /* never drains */
	FLUSH_ENDS_IT,        /* writes its end at a flush */
	FINISHES_TWICE,       /* breaks at the second finish */
	OTHER_WORDS,          /* has words of its own for a failure below */
	OTHER_STATUS,         /* hides what failed below */
	STAYS_ON_THE_CHAIN,   /* its constructor fails and does not drop */
	NO_MEMORY_IS_A_FAULT, /* takes a failed allocation for bad input */
	CUT_IS_AN_END,        /* tells a cut as an end */
	END_IS_LOST,          /* tells the end once, and then waits */
	GIVES_TOO_MUCH,       /* one byte more than there was */
	PACE_MATTERS,         /* what it reads depends on how much is asked */
	TOUCHES_BOTH_WAYS,    /* acts on the direction that is not its own */
	FAULTS
};

/* Two letters for each byte, and a full stop at the end. */
struct letters {
	enum fault fault;
	slu_batch out, in;
	bool ending, ended;
	const unsigned char *kept;
};

static slu_status
letters_drain(struct letters *l, slu_bio *next)
{
	size_t before = slu_batch_left(&l->out);
	slu_status st;

	if (l->fault == WAITS_FOR_EVER)
		return before > 0 ? SLU_WANT_WRITE : SLU_OK;
	st = slu_batch_drain(&l->out, next);
	if (st == SLU_WANT_WRITE && l->fault == LOSES_AT_A_WAIT)
		l->out.off = l->out.len = 0;
	if (st == SLU_WANT_WRITE && l->fault == REPEATS_AT_A_WAIT &&
	    slu_batch_left(&l->out) < before)
		l->out.off--;
	if (slu_failed(st) && l->fault == OTHER_WORDS)
		return slu_fail(st, "letters: something went wrong");
	if (slu_failed(st) && l->fault == OTHER_STATUS)
		return slu_fail(SLU_ERR_FORMAT, "%s", slu_error());
	return st;
}

static slu_status
letters_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct letters *l = self;
	const unsigned char *p = data;
	slu_status st;

	st = slu_batch_make(&l->out, 4096);
	if (st && l->fault == NO_MEMORY_IS_A_FAULT)
		return slu_fail(SLU_ERR_FORMAT, "letters: bad input");
	if (st == SLU_OK)
		st = letters_drain(l, next);
	if (st)
		return st;
	if (l->fault == KEEPS_THE_ADDRESS && l->kept != NULL)
		p = l->kept;
	l->kept = data;
	for (; *put < len && l->out.len + 2 <= l->out.cap; ++*put) {
		l->out.mem[l->out.len++] = (unsigned char)('a' + (*p >> 4));
		l->out.mem[l->out.len++] = (unsigned char)('a' + (*p++ & 15));
	}
	return SLU_OK;
}

static slu_status
letters_finish(void *self, slu_bio *next)
{
	struct letters *l = self;
	slu_status st;

	st = slu_batch_make(&l->out, 4096);
	if (st == SLU_OK)
		st = letters_drain(l, next);
	if (st)
		return st;
	if (!l->ending)
		l->out.mem[l->out.len++] = '.';
	l->ending = true;
	return letters_drain(l, next);
}

static slu_status
letters_flush(void *self, slu_bio *next)
{
	struct letters *l = self;

	if (l->fault == FLUSH_ENDS_IT)
		return letters_finish(self, next);
	if (l->fault == FINISHES_TWICE && l->ending)
		return slu_fail(SLU_ERR_USAGE, "letters: flushed too late");
	return letters_drain(l, next);
}

/* Decode what is there; 0 bytes where more must be read first. */
static slu_status
letters_decode(struct letters *l, unsigned char *out, size_t cap, size_t *got)
{
	const unsigned char *p;

	while (*got < cap && slu_batch_left(&l->in) > 0) {
		p = l->in.mem + l->in.off;
		if (*p == '.') {
			l->ended = true;
			if (l->fault == GIVES_TOO_MUCH)
				out[(*got)++] = 'x';
			break;
		}
		if (slu_batch_left(&l->in) < 2)
			break;
		if (*p < 'a' || *p > 'p' || p[1] < 'a' || p[1] > 'p')
			return slu_fail(SLU_ERR_FORMAT, "letters: not one");
		out[(*got)++] =
		    (unsigned char)((p[0] - 'a') << 4 | (p[1] - 'a'));
		l->in.off += 2;
		if (l->fault == PACE_MATTERS && cap == 1)
			out[0] ^= 1;
	}
	return SLU_OK;
}

static slu_status
letters_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct letters *l = self;
	slu_status st;

	st = slu_batch_make(&l->in, 4096);
	while (st == SLU_OK && !l->ended) {
		st = letters_decode(l, buf, cap, got);
		if (st || *got > 0)
			return st;
		if (!l->ended)
			st = slu_batch_fill(&l->in, next);
	}
	if (st == SLU_EOF && l->fault != CUT_IS_AN_END)
		return slu_fail(SLU_ERR_TRUNCATED, "letters: cut short");
	if (st)
		return st;
	if (l->fault == END_IS_LOST && l->ending)
		return SLU_WANT_READ;
	l->ending = true;
	return SLU_EOF;
}

static slu_status
flip_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	unsigned char byte = *(const unsigned char *)data ^ 1;

	(void)self, (void)len;
	return slu_bio_write(next, &byte, 1, put);
}

static void
letters_free(void *self)
{
	struct letters *l = self;

	slu_batch_free(&l->in);
	slu_batch_free(&l->out);
}

static const slu_bio_ops encode_ops = {
	.name = "letters",
	.size = sizeof(struct letters),
	.write = letters_write,
	.flush = letters_flush,
	.finish = letters_finish,
	.free = letters_free,
};

static const slu_bio_ops decode_ops = {
	.name = "letters",
	.size = sizeof(struct letters),
	.read = letters_read,
	.free = letters_free,
};

static const slu_bio_ops meddling_ops = {
	.name = "letters",
	.size = sizeof(struct letters),
	.read = letters_read,
	.write = flip_write,
	.free = letters_free,
};

static slu_status
push_encode(slu_bio **top, void *arg)
{
	enum fault fault = *(enum fault *)arg;
	struct letters *l;
	slu_status st;
	size_t n;

	l = slu_bio_push(top, &encode_ops);
	if (l == NULL)
		return SLU_ERR_MEMORY;
	l->fault = fault;
	if (fault == WRITES_AT_ONCE) {
		st = slu_bio_write(*top, "", 1, &n);
		return st ? st : slu_bio_flush(*top);
	}
	if (fault == STAYS_ON_THE_CHAIN)
		return slu_batch_make(&l->out, 4096);
	return SLU_OK;
}

static slu_status
push_decode(slu_bio **top, void *arg)
{
	enum fault fault = *(enum fault *)arg;
	struct letters *l;

	l = slu_bio_push(
	    top, fault == TOUCHES_BOTH_WAYS ? &meddling_ops : &decode_ops);
	if (l == NULL)
		return SLU_ERR_MEMORY;
	l->fault = fault;
	return SLU_OK;
}

/* Which fault the filter has that the suite looks at. */
static enum fault tried;

static void
letters_hold_the_contract(void **state)
{
	const contract_filter letters = {
		.name = "letters",
		.encode = push_encode,
		.decode = push_decode,
		.arg = &tried,
		.delimited = true,
	};

	(void)state;
	contract_filter_holds(&letters);
}

/*
 * Run the suite in a process of its own, which says how many tests failed
 * there, and is not heard otherwise; -1 if a sanitizer ended it before.  Its
 * exit status says nothing: a test that fails leaks, which valgrind makes a
 * failure of the process.
 */
static int
failures_of(void (*test)(void **state))
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test) };
	int null, answer[2], failures = -1;
	pid_t pid;

	CHECK(pipe(answer) == 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		null = open("/dev/null", O_WRONLY);
		if (null < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
			_exit(70);
		failures = cmocka_run_group_tests_name("in", tests, NULL, NULL);
		if (write(answer[1], &failures, sizeof(failures)) < 0)
			_exit(70);
		_exit(0);
	}
	CHECK(close(answer[1]) == 0);
	CHECK(read(answer[0], &failures, sizeof(failures)) >= 0);
	CHECK(close(answer[0]) == 0);
	CHECK(waitpid(pid, NULL, 0) == pid);
	return failures;
}

static void
a_filter_that_is_right_passes(void **state)
{
	tried = NO_FAULT;
	letters_hold_the_contract(state);
	CHECK(failures_of(letters_hold_the_contract) == 0);
}

static void
a_filter_that_is_wrong_does_not(void **state)
{
	(void)state;
	for (int fault = NO_FAULT + 1; fault < FAULTS; fault++) {
		tried = (enum fault)fault;
		if (failures_of(letters_hold_the_contract) != 1)
			fail_msg("fault %d is not noticed", fault);
	}
	tried = NO_FAULT;
}

/* A sink that is wrong in its own ways. */
enum sink_fault { NO_SINK_FAULT = 0, DROPS, ENDS_EARLY, REFUSES, SINK_FAULTS };

struct store {
	enum sink_fault fault;
	slu_buf kept;
};

static enum sink_fault tried_sink;

struct handle {
	struct store *store; /* lent by the test */
};

static slu_status
store_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct store *s = ((struct handle *)self)->store;

	(void)next;
	if (s->fault == ENDS_EARLY && s->kept.len == 1)
		return SLU_EOF;
	*got = slu_buf_take(&s->kept, buf, cap);
	if (s->fault == ENDS_EARLY && *got > 1)
		*got -= 1;
	return *got > 0 ? SLU_OK : SLU_EOF;
}

static slu_status
store_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct store *s = ((struct handle *)self)->store;

	(void)next;
	if (s->fault == REFUSES && s->kept.len > 4000)
		return slu_fail(SLU_ERR_IO, "store: full");
	*put = len;
	if (s->fault == DROPS && len == 57)
		return SLU_OK;
	return slu_buf_add(&s->kept, data, len);
}

static const slu_bio_ops store_ops = {
	.name = "store",
	.size = sizeof(struct handle),
	.read = store_read,
	.write = store_write,
};

static slu_status
open_store(slu_bio **top, void *arg)
{
	struct handle *h = slu_bio_push(top, &store_ops);

	if (h == NULL)
		return SLU_ERR_MEMORY;
	h->store = arg;
	return SLU_OK;
}

static void
take_store(slu_buf *out, void *arg)
{
	struct store *s = arg;

	CHECK_OK(slu_buf_add(out, slu_buf_front(&s->kept), s->kept.len));
	slu_buf_skip(&s->kept, s->kept.len);
}

static void
fill_store(const void *data, size_t len, void *arg)
{
	struct store *s = arg;

	slu_buf_skip(&s->kept, s->kept.len);
	CHECK_OK(slu_buf_add(&s->kept, data, len));
}

static void
a_store_holds_the_contract(void **state)
{
	struct store store = {
		.fault = tried_sink,
		.kept = { .limit = 1024 * 1024 },
	};
	const contract_sink sink = {
		.name = "store",
		.create = open_store,
		.written = take_store,
		.open = open_store,
		.prepare = fill_store,
		.arg = &store,
	};

	(void)state;
	contract_sink_holds(&sink);
	slu_buf_free(&store.kept);
}

static void
a_sink_that_is_wrong_does_not_pass_either(void **state)
{
	tried_sink = NO_SINK_FAULT;
	a_store_holds_the_contract(state);
	for (int fault = NO_SINK_FAULT + 1; fault < SINK_FAULTS; fault++) {
		tried_sink = (enum sink_fault)fault;
		if (failures_of(a_store_holds_the_contract) != 1)
			fail_msg("fault %d is not noticed", fault);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filter_that_is_right_passes),
		cmocka_unit_test(a_filter_that_is_wrong_does_not),
		cmocka_unit_test(a_sink_that_is_wrong_does_not_pass_either),
	};

	return cmocka_run_group_tests_name("contract", tests, NULL, NULL);
}
