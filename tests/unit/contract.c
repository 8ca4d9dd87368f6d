/* SPDX-License-Identifier: ISC */
/*
 * A filter that works: the same bytes however they are moved, a proper end,
 * and none where the bytes were cut.
 */
#include "contract.h"

#include <stdlib.h>

#include "check.h"
#include "choke.h"
#include "contract_faults.h"
#include "sluice/mem.h"
#include "sluice/view.h"

static const size_t sizes[] = { 0, 1, 2, 3, 56, 57, 4095, 4096, 4097, 65535,
	65536, 65537, TRIAL_MOST };

/* Nothing, less than a block, and blocks enough to fail in each. */
static const size_t fault_sizes[] = { 0, 100, 70000 };

static const trial_pace write_paces[] = {
	{ .name = "written whole" },
	{ .name = "written in odd pieces", .piece = PACE_ODD },
	{ .name = "written byte by byte", .piece = 1, .most = 70000 },
	{ .name = "written over a choke of 1", .choke = 1, .most = 70000 },
	{ .name = "written over a choke of 4096", .choke = 4096 },
	{ .name = "written byte by byte over a choke of 1",
	    .piece = 1,
	    .choke = 1,
	    .most = 4097 },
	{ .name = "written in odd pieces over a choke of 4096",
	    .piece = PACE_ODD,
	    .choke = 4096 },
};

static const trial_pace flush_paces[] = {
	{ .name = "flushed after odd pieces",
	    .piece = PACE_ODD,
	    .flush = true },
	{ .name = "flushed after each byte",
	    .piece = 1,
	    .most = 4097,
	    .flush = true },
	{ .name = "flushed after odd pieces over a choke of 1",
	    .piece = PACE_ODD,
	    .choke = 1,
	    .most = 4097,
	    .flush = true },
};

static const trial_pace read_paces[] = {
	{ .name = "read whole" },
	{ .name = "read in odd pieces", .piece = PACE_ODD },
	{ .name = "read byte by byte", .piece = 1, .most = 70000 },
	{ .name = "read over a choke of 1", .choke = 1, .most = 70000 },
	{ .name = "read over a choke of 4096", .choke = 4096 },
	{ .name = "read byte by byte over a choke of 1",
	    .piece = 1,
	    .choke = 1,
	    .most = 4097 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
encode(const contract_filter *f, const unsigned char *plain, size_t len,
    const trial_pace *pace, slu_buf *out)
{
	trial t = { .room = f->name, .pace = pace->name, .len = len };
	slu_bio *c = NULL;
	size_t n, whole;

	CHECK_OK(slu_mem_open(&c, out));
	if (pace->choke > 0)
		CHECK_OK(choke_push(&c, pace->choke));
	if (f->encode != NULL)
		trial_must_be(&t, SLU_OK, f->encode(&c, f->arg), "a push");
	trial_must(&t, out->len == 0, "a constructor writes nothing");
	trial_must_be(&t, SLU_OK, trial_write(&t, c, plain, len, pace),
	    "all is accepted");
	trial_must_be(&t, SLU_OK, slu_bio_write(c, plain, 0, &n),
	    "to write nothing is fine");
	trial_must_be(&t, SLU_OK, trial_finish(&t, c), "a finish");
	whole = out->len;
	trial_must_be(&t, SLU_OK, slu_bio_finish(c), "a second finish");
	trial_must_be(&t, SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n),
	    "nothing is written after the finish");
	trial_must_be(&t, SLU_OK, trial_flush(&t, c), "a flush at the end");
	trial_must_be(&t, SLU_OK, slu_bio_finish(c), "a finish once more");
	trial_must(&t, out->len == whole, "nothing comes after the finish");
	slu_bio_free(c);
}

static void
decode(const contract_filter *f, const slu_buf *encoded,
    const unsigned char *plain, size_t len, const trial_pace *pace)
{
	trial t = { .room = f->name, .pace = pace->name, .len = len };
	slu_buf out = { .limit = TRIAL_ROOM };
	slu_bio *c = NULL;
	unsigned char byte;
	size_t n;

	CHECK_OK(slu_view_open(&c, slu_buf_front(encoded), encoded->len));
	if (pace->choke > 0)
		CHECK_OK(choke_push(&c, pace->choke));
	trial_must_be(&t, SLU_OK, f->decode(&c, f->arg), "a push");
	trial_must_be(&t, SLU_OK, slu_bio_read(c, &byte, 0, &n),
	    "to read nothing is fine");
	trial_must_be(
	    &t, SLU_EOF, trial_read(&t, c, &out, pace), "the end is told");
	for (int i = 0; i < 3; i++)
		trial_must_be(&t, SLU_EOF, trial_read(&t, c, &out, pace),
		    "the end is told again");
	trial_must_equal(&t, plain, len, &out, "what was written is read");
	slu_bio_free(c);
	slu_buf_free(&out);
}

static bool
is_for(const trial_pace *pace, size_t len)
{
	return pace->most == 0 || len <= pace->most;
}

static void
every_pace_gives_the_same(
    const contract_filter *f, const unsigned char *plain, size_t len)
{
	slu_buf first = { .limit = TRIAL_ROOM };

	encode(f, plain, len, &write_paces[0], &first);
	for (size_t i = 1; i < COUNT(write_paces); i++) {
		const trial_pace *pace = &write_paces[i];
		trial t = { .room = f->name, .pace = pace->name, .len = len };
		slu_buf out = { .limit = TRIAL_ROOM };

		if (!is_for(pace, len))
			continue;
		encode(f, plain, len, pace, &out);
		if (!f->fresh)
			trial_must_equal(&t, slu_buf_front(&first), first.len,
			    &out, "every pace writes the same");
		else if (f->decode != NULL)
			decode(f, &out, plain, len, &read_paces[0]);
		slu_buf_free(&out);
	}
	for (size_t i = 0; f->decode != NULL && i < COUNT(read_paces); i++)
		if (is_for(&read_paces[i], len))
			decode(f, &first, plain, len, &read_paces[i]);
	slu_buf_free(&first);
}

static void
a_flush_harms_nothing(
    const contract_filter *f, const unsigned char *plain, size_t len)
{
	for (size_t i = 0; i < COUNT(flush_paces); i++) {
		slu_buf out = { .limit = TRIAL_ROOM };

		if (!is_for(&flush_paces[i], len))
			continue;
		encode(f, plain, len, &flush_paces[i], &out);
		if (f->decode != NULL)
			decode(f, &out, plain, len, &read_paces[0]);
		slu_buf_free(&out);
	}
}

/* One write, and then the finish: what it accepted is the whole. */
static void
what_a_write_accepted_can_be_all(
    const contract_filter *f, const unsigned char *plain, size_t len)
{
	trial t = { .room = f->name, .pace = "one write", .len = len };
	slu_buf out = { .limit = TRIAL_ROOM };
	slu_bio *c = NULL;
	size_t put;

	/* What a room was prepared for is all of it. */
	if (f->decode == NULL || f->prepare != NULL || len == 0)
		return;
	CHECK_OK(slu_mem_open(&c, &out));
	if (f->encode != NULL)
		CHECK_OK(f->encode(&c, f->arg));
	trial_must_be(
	    &t, SLU_OK, slu_bio_write(c, plain, len, &put), "some is accepted");
	trial_must_be(&t, SLU_OK, trial_finish(&t, c), "a finish");
	slu_bio_free(c);
	decode(f, &out, plain, put, &read_paces[0]);
	slu_buf_free(&out);
}

static void
the_other_direction_passes(
    const contract_filter *f, const unsigned char *plain, size_t len)
{
	trial t = { .room = f->name, .pace = "the wrong way", .len = len };
	slu_buf there = { .limit = TRIAL_ROOM }, back = { .limit = TRIAL_ROOM };
	slu_bio *c = NULL;

	if (f->encode == f->decode)
		return;
	CHECK_OK(slu_mem_open(&c, &there));
	if (f->decode != NULL)
		CHECK_OK(f->decode(&c, f->arg));
	trial_must_be(&t, SLU_OK,
	    trial_write(&t, c, plain, len, &write_paces[0]),
	    "a decoder is written through");
	trial_must_be(&t, SLU_OK, trial_finish(&t, c), "and finished");
	trial_must_equal(&t, plain, len, &there, "a decoder writes it as is");
	slu_bio_free(c);

	c = NULL;
	CHECK_OK(slu_mem_open(&c, &there));
	if (f->encode != NULL)
		CHECK_OK(f->encode(&c, f->arg));
	trial_must_be(&t, SLU_EOF, trial_read(&t, c, &back, &read_paces[0]),
	    "an encoder is read through");
	trial_must_equal(&t, plain, len, &back, "an encoder reads it as is");
	slu_bio_free(c);
	slu_buf_free(&there);
	slu_buf_free(&back);
}

/* Decode the first `cut` bytes of `encoded`, all of which give `plain`. */
static void
decode_cut(const contract_filter *f, const slu_buf *encoded, size_t cut,
    const unsigned char *plain, size_t len)
{
	trial t = { .room = f->name, .pace = "cut short", .len = len };
	/* Even and odd cuts are read at different paces, to try both. */
	const trial_pace *pace = &read_paces[cut % 2];
	slu_buf out = { .limit = TRIAL_ROOM };
	unsigned char *own = malloc(cut + 1);
	slu_bio *c = NULL;
	slu_status st;

	/* A block of its own, so that sanitizers see a read past the cut. */
	CHECK(own != NULL);
	memcpy(own + 1, slu_buf_front(encoded), cut);
	CHECK_OK(slu_view_open(&c, own + 1, cut));
	CHECK_OK(f->decode(&c, f->arg));
	st = trial_read(&t, c, &out, pace);
	trial_must(&t, out.len <= len, "a cut gives no more than the whole");
	trial_must_equal(&t, plain, out.len, &out, "a cut gives a beginning");
	if (f->delimited)
		trial_must(&t, slu_failed(st), "a cut is a failure");
	if (slu_failed(st))
		trial_must_stay_failed(&t, c, st);
	slu_bio_free(c);
	slu_buf_free(&out);
	free(own);
}

/* Cut at, before and behind the place where a shorter plaintext ends. */
static void
cut_around(const contract_filter *f, const slu_buf *encoded, size_t at,
    const unsigned char *plain, size_t len)
{
	for (size_t cut = at > 0 ? at - 1 : 0; cut <= at + 1; cut++)
		if (cut < encoded->len)
			decode_cut(f, encoded, cut, plain, len);
}

/* Every cut of a short one; of a long one, where blocks are likely to end. */
static void
a_cut_is_noticed(
    const contract_filter *f, const unsigned char *plain, size_t len)
{
	slu_buf encoded = { .limit = TRIAL_ROOM };

	encode(f, plain, len, &write_paces[0], &encoded);
	if (len <= 57) {
		for (size_t cut = 0; cut < encoded.len; cut++)
			decode_cut(f, &encoded, cut, plain, len);
		slu_buf_free(&encoded);
		return;
	}
	for (size_t part = 0; part < len; part += 32 * 1024) {
		slu_buf shorter = { .limit = TRIAL_ROOM };

		if (f->prepare != NULL)
			f->prepare(plain, part, f->arg);
		encode(f, plain, part, &write_paces[0], &shorter);
		if (f->prepare != NULL)
			f->prepare(plain, len, f->arg);
		cut_around(f, &encoded, shorter.len, plain, len);
		slu_buf_free(&shorter);
	}
	for (size_t back = 1; back <= 40 && back < encoded.len; back++)
		decode_cut(f, &encoded, encoded.len - back, plain, len);
	slu_buf_free(&encoded);
}

void
contract_filter_holds(const contract_filter *f)
{
	size_t most = trial_most(f->most);
	unsigned char *plain = malloc(TRIAL_MOST);
	size_t last = 0;

	CHECK(plain != NULL);
	trial_plain(plain, TRIAL_MOST);
	for (size_t i = 0; i < COUNT(sizes) && last < most; i++) {
		last = sizes[i] < most ? sizes[i] : most;
		if (f->prepare != NULL)
			f->prepare(plain, last, f->arg);
		every_pace_gives_the_same(f, plain, last);
		a_flush_harms_nothing(f, plain, last);
		what_a_write_accepted_can_be_all(f, plain, last);
		the_other_direction_passes(f, plain, last);
		if (f->decode != NULL &&
		    (last == 1 || last == 57 || last == most))
			a_cut_is_noticed(f, plain, last);
	}
	for (size_t i = 0; i < COUNT(fault_sizes); i++) {
		last = fault_sizes[i] < most ? fault_sizes[i] : most;
		if (f->prepare != NULL)
			f->prepare(plain, last, f->arg);
		contract_filter_faults(f, plain, last);
	}
	free(plain);
}
