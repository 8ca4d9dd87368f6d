/* SPDX-License-Identifier: ISC */
#include "contract_faults.h"

#include <openssl/err.h>

#include "check.h"
#include "choke.h"
#include "faulty.h"
#include "oom.h"
#include "sluice/mem.h"
#include "sluice/view.h"

#define CALLS_MOST 1000000 /* far more calls than any case here makes */
#define SMALL 4096         /* bytes of a plaintext that is soon done with */
#define CALLS_EACH 100     /* of which so many fail one after the other */

static const trial_pace faulty_paces[] = {
	{ .name = "over what fails", .piece = 4096 },
	{ .name = "over a choke and what fails", .piece = 4096, .choke = 4096 },
};

/* The bytes that pass in a case here, and where they go or come from. */
struct load {
	const contract_filter *f;
	const unsigned char *plain;
	size_t len;
	const slu_buf *encoded;
	slu_buf out;
};

static slu_status
open_empty(slu_bio **c, void *with)
{
	struct load *l = with;

	slu_buf_free(&l->out);
	return slu_mem_open(c, &l->out);
}

static slu_status
open_encoded(slu_bio **c, void *with)
{
	struct load *l = with;

	slu_buf_free(&l->out);
	return slu_view_open(c, slu_buf_front(l->encoded), l->encoded->len);
}

/* Write it all, with a flush on the way, and finish. */
static slu_status
use_by_writing(const trial *t, slu_bio *c, void *with)
{
	struct load *l = with;
	const trial_pace *pace = &faulty_paces[0];
	size_t half = l->len / 2;
	slu_status st;

	st = trial_write(t, c, l->plain, half, pace);
	if (st == SLU_OK)
		st = trial_flush(t, c);
	if (st == SLU_OK)
		st = trial_write(t, c, l->plain + half, l->len - half, pace);
	if (st == SLU_OK)
		st = trial_finish(t, c);
	if (st == SLU_OK && !l->f->fresh && l->encoded->len > 0)
		trial_must_equal(t, slu_buf_front(l->encoded), l->encoded->len,
		    &l->out, "what is written is always the same");
	return st;
}

static slu_status
use_by_reading(const trial *t, slu_bio *c, void *with)
{
	struct load *l = with;
	slu_status st;

	st = trial_read(t, c, &l->out, &faulty_paces[0]);
	trial_must(t, l->out.len <= l->len, "no more is read than was written");
	trial_must_equal(t, l->plain, l->out.len, &l->out,
	    "what is read before a failure is right");
	if (st != SLU_EOF)
		return st;
	trial_must(t, l->out.len == l->len, "the end comes after all bytes");
	return SLU_OK;
}

/*
 * What lies below fails at call 0, at call 1, and so on until it need not;
 * where a room makes a great many calls, at a sample of them.
 */
static void
each_call_below_fails(struct load *l, contract_push *push,
    slu_status (*make_below)(slu_bio **c, void *with),
    slu_status (*use)(const trial *t, slu_bio *c, void *with),
    const trial_pace *pace)
{
	trial t = { .room = l->f->name, .pace = pace->name, .len = l->len };
	slu_status st = SLU_ERR_IO;

	for (size_t k = 0; st != SLU_OK; k += 1 + k / CALLS_EACH) {
		slu_bio *c = NULL;

		trial_must(&t, k < CALLS_MOST, "the calls are bounded");
		CHECK_OK(make_below(&c, l));
		CHECK_OK(faulty_push(&c, k));
		if (pace->choke > 0)
			CHECK_OK(choke_push(&c, pace->choke));
		trial_must_be(&t, SLU_OK, push(&c, l->f->arg),
		    "a constructor moves nothing");
		st = use(&t, c, l);
		if (st != SLU_OK) {
			trial_must_be(&t, SLU_ERR_IO, st, "a failure below");
			trial_must(&t,
			    strstr(slu_error(), FAULTY_WORDS) != NULL,
			    "a failure keeps the words it came with");
			trial_must_stay_failed(&t, c, st);
		}
		slu_bio_free(c);
	}
}

void
contract_without_memory(const trial *t, contract_push *push, void *arg,
    slu_status (*make_below)(slu_bio **c, void *with),
    slu_status (*use)(const trial *t, slu_bio *c, void *with), void *with)
{
	oom_hit hit = OOM_OURS;

	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_bio *c = NULL, *below;
		slu_status st;

		trial_must(t, k < CALLS_MOST, "the allocations are bounded");
		if (make_below != NULL)
			CHECK_OK(make_below(&c, with));
		below = c;
		oom_arm(k);
		st = push(&c, arg);
		if (st != SLU_OK)
			trial_must(t, c == below,
			    "a failed constructor leaves the chain as it was");
		else
			st = use(t, c, with);
		hit = oom_disarm();
		trial_must(
		    t, ERR_peek_error() == 0, "OpenSSL's errors stay below");
		if (hit == OOM_NONE)
			trial_must_be(t, SLU_OK, st, "with enough memory");
		if (hit == OOM_OURS)
			trial_must_be(t, SLU_ERR_MEMORY, st, "without memory");
		if (hit == OOM_OPENSSL)
			trial_must(t, st == SLU_OK || slu_failed(st),
			    "without memory in OpenSSL");
		if (st != SLU_OK && c != below)
			trial_must_stay_failed(t, c, st);
		slu_bio_free(c);
	}
}

/* Freed at any stage, a chain leaks nothing: the sanitizers look on. */
static void
a_chain_can_be_dropped_at_any_time(struct load *l)
{
	trial t = { .room = l->f->name, .pace = "dropped", .len = l->len };

	for (size_t done = 0; done <= l->len; done += 1 + l->len / 3) {
		slu_bio *c = NULL;
		slu_status st;

		CHECK_OK(open_empty(&c, l));
		if (l->f->encode != NULL)
			CHECK_OK(l->f->encode(&c, l->f->arg));
		st = trial_write(&t, c, l->plain, done, &faulty_paces[0]);
		trial_must_be(&t, SLU_OK, st, "a write");
		slu_bio_free(c);
	}
	for (size_t done = 0; done <= l->len && l->f->decode != NULL;
	     done += 1 + l->len / 3) {
		unsigned char byte;
		slu_bio *c = NULL;
		size_t got;

		CHECK_OK(open_encoded(&c, l));
		CHECK_OK(l->f->decode(&c, l->f->arg));
		for (size_t i = 0; i < done; i++)
			trial_must_be(&t, SLU_OK,
			    slu_bio_read(c, &byte, 1, &got), "a read");
		slu_bio_free(c);
	}
}

/* On no sink, a filter is refused at once, or when its bytes want to move. */
static void
a_filter_needs_a_sink(struct load *l, contract_push *push)
{
	trial t = {
		.room = l->f->name, .pace = "without a sink", .len = l->len
	};
	slu_status wrote, flushed, finished;
	unsigned char byte;
	slu_bio *c = NULL;
	size_t n;

	if (push(&c, l->f->arg) != SLU_OK) {
		trial_must(&t, c == NULL, "a failed push leaves no chain");
		return;
	}
	wrote = slu_bio_write(c, "x", 1, &n);
	flushed = slu_bio_flush(c);
	finished = slu_bio_finish(c);
	trial_must(&t,
	    wrote == SLU_ERR_USAGE || flushed == SLU_ERR_USAGE ||
		finished == SLU_ERR_USAGE,
	    "to write to nothing is misuse");
	trial_must_be(&t, SLU_ERR_USAGE, slu_bio_read(c, &byte, 1, &n),
	    "to read from nothing is misuse");
	slu_bio_free(c);

	c = NULL;
	CHECK_OK(push(&c, l->f->arg));
	trial_must_be(&t, SLU_ERR_USAGE, slu_bio_read(c, &byte, 1, &n),
	    "to read from nothing is misuse");
	slu_bio_free(c);
}

void
contract_filter_faults(
    const contract_filter *f, const unsigned char *plain, size_t len)
{
	trial t = { .room = f->name, .pace = "without memory", .len = len };
	bool small = len > 0 && len <= SMALL;
	slu_buf encoded = { .limit = TRIAL_ROOM };
	struct load l = {
		.f = f,
		.plain = plain,
		.len = len,
		.encoded = &encoded,
		.out = { .limit = TRIAL_ROOM },
	};
	slu_bio *c = NULL;

	CHECK_OK(slu_mem_open(&c, &l.out));
	if (f->encode != NULL)
		CHECK_OK(f->encode(&c, f->arg));
	CHECK_OK(use_by_writing(&t, c, &l));
	slu_bio_free(c);
	encoded = l.out;
	l.out = (slu_buf){ .limit = TRIAL_ROOM };
	for (size_t i = 0; i < sizeof(faulty_paces) / sizeof(*faulty_paces);
	     i++) {
		if (f->encode != NULL)
			each_call_below_fails(&l, f->encode, open_empty,
			    use_by_writing, &faulty_paces[i]);
		if (f->decode != NULL)
			each_call_below_fails(&l, f->decode, open_encoded,
			    use_by_reading, &faulty_paces[i]);
	}
	/* Memory is taken at the first use: how much is used matters little. */
	if (f->encode != NULL && small) {
		contract_without_memory(
		    &t, f->encode, f->arg, open_empty, use_by_writing, &l);
		a_filter_needs_a_sink(&l, f->encode);
	}
	if (f->decode != NULL && small) {
		contract_without_memory(
		    &t, f->decode, f->arg, open_encoded, use_by_reading, &l);
		a_filter_needs_a_sink(&l, f->decode);
	}
	a_chain_can_be_dropped_at_any_time(&l);
	slu_buf_free(&l.out);
	slu_buf_free(&encoded);
}
