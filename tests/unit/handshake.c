/* SPDX-License-Identifier: ISC */
#include "handshake.h"

#include "check.h"
#include "choke.h"
#include "sluice/mem.h"
#include "trial.h"

#define MOST 5000 /* bytes; nothing depends on how many pass */

static slu_status
push_over(
    const handshake *h, slu_bio **top, const script_fault *fault, size_t choke)
{
	slu_bio *below = *top;
	slu_status st;

	st = script_push(top, h->lines, fault);
	if (st == SLU_OK && choke > 0)
		st = choke_push(top, choke);
	if (st == SLU_OK)
		st = h->push(top, h->arg);
	while (st != SLU_OK && *top != below)
		slu_bio_drop(top);
	return st;
}

static slu_status
push_contract(slu_bio **top, void *arg)
{
	return push_over(arg, top, NULL, 0);
}

static void
the_contract_holds(const handshake *h)
{
	handshake lent = *h;
	const contract_filter f = {
		.name = h->name,
		.encode = push_contract,
		.decode = push_contract,
		.arg = &lent,
		.most = MOST,
	};

	contract_filter_holds(&f);
}

/* A choke lets a byte of the handshake pass at a time. */
static void
choked_it_comes_to_the_same(const handshake *h)
{
	static const trial_pace pace = { .name = "choked" };
	trial t = { .room = h->name, .pace = pace.name, .len = MOST };
	slu_buf below = { .limit = TRIAL_ROOM }, out = { .limit = TRIAL_ROOM };
	unsigned char bytes[MOST];
	slu_bio *c = NULL;

	trial_plain(bytes, sizeof(bytes));
	CHECK_OK(slu_mem_open(&c, &below));
	CHECK_OK(push_over(h, &c, NULL, 1));
	CHECK_OK(trial_write(&t, c, bytes, sizeof(bytes), &pace));
	CHECK_OK(trial_finish(&t, c));
	trial_must_equal(&t, bytes, sizeof(bytes), &below, "all is written");
	slu_bio_free(c);

	c = NULL;
	CHECK_OK(slu_mem_open(&c, &below));
	CHECK_OK(push_over(h, &c, NULL, 1));
	CHECK_IS(SLU_EOF, trial_read(&t, c, &out, &pace));
	trial_must_equal(&t, bytes, sizeof(bytes), &out, "all is read");
	slu_bio_free(c);
	slu_buf_free(&below);
	slu_buf_free(&out);
}

slu_status
handshake_try(const handshake *h, const script_fault *fault)
{
	trial t = { .room = h->name, .pace = "tried" };
	slu_buf below = { .limit = 100 };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_mem_open(&c, &below));
	CHECK_OK(push_over(h, &c, fault, 0));
	st = slu_bio_flush(c);
	if (slu_failed(st)) {
		char words[SLU_ERROR_MAX];

		snprintf(words, sizeof(words), "%s", slu_error());
		trial_must_stay_failed(&t, c, st);
		(void)slu_fail(st, "%s", words);
	}
	CHECK(below.len == 0);
	slu_bio_free(c);
	slu_buf_free(&below);
	return st;
}

static void
a_cut_is_noticed_at_every_byte(const handshake *h)
{
	for (size_t at = 0; at < script_said(h->lines); at++) {
		const script_fault cut = { .kind = FAULT_CUT, .at = at };

		CHECK_IS(SLU_ERR_TRUNCATED, handshake_try(h, &cut));
		CHECK_WORDS("closed with");
	}
}

static slu_status
by_read(slu_bio *c)
{
	unsigned char two[2];
	size_t got;
	slu_status st;

	st = slu_bio_read(c, two, sizeof(two), &got);
	if (st == SLU_OK)
		CHECK_BYTES("in", 2, two, got);
	return st;
}

static slu_status
by_write(slu_bio *c)
{
	size_t put;

	return slu_bio_write_all(c, "out", 3, &put);
}

/* Begin in one of four ways; late at byte `at`, it waits and goes on. */
static void
begin(const handshake *h, slu_status (*way)(slu_bio *c), size_t at)
{
	int go = 0;
	const script_fault late = { .kind = FAULT_LATE, .at = at, .go = &go };
	slu_buf below = { .limit = 100 };
	slu_bio *c = NULL;

	CHECK_OK(slu_buf_add(&below, "in", 2));
	CHECK_OK(slu_mem_open(&c, &below));
	CHECK_OK(push_over(h, &c, &late, 0));
	if (at < script_said(h->lines))
		for (int i = 0; i < 2; i++)
			CHECK_IS(SLU_WANT_READ, way(c));
	CHECK(below.len == 2);
	go = 1;
	CHECK_OK(way(c));
	if (way != by_read)
		CHECK_OK(by_read(c));
	if (way != by_write && way != slu_bio_finish)
		CHECK_OK(by_write(c));
	CHECK_OK(slu_bio_finish(c));
	CHECK(below.len == (way == slu_bio_finish ? 0 : 3));
	slu_bio_free(c);
	slu_buf_free(&below);
}

static void
any_call_begins_it_and_waits_for_each_byte(const handshake *h)
{
	slu_status (*const ways[])(
	    slu_bio *) = { by_read, by_write, slu_bio_flush, slu_bio_finish };

	for (size_t way = 0; way < 4; way++)
		for (size_t at = 0; at <= script_said(h->lines); at++)
			begin(h, ways[way], at);
}

void
handshake_holds(const handshake *h)
{
	CHECK_OK(handshake_try(h, NULL));
	a_cut_is_noticed_at_every_byte(h);
	any_call_begins_it_and_waits_for_each_byte(h);
	choked_it_comes_to_the_same(h);
	the_contract_holds(h);
}

void
handshake_drops(const handshake *h)
{
	for (size_t at = 0; at < script_said(h->lines); at++) {
		static const int never;
		const script_fault late = {
			.kind = FAULT_LATE, .at = at, .go = &never
		};

		CHECK_IS(SLU_WANT_READ, handshake_try(h, &late));
	}
}

void
handshake_refuses(contract_push *push, void *arg, const char *words)
{
	slu_buf below = { .limit = 100 };
	slu_bio *c = NULL, *before;

	CHECK_OK(slu_mem_open(&c, &below));
	before = c;
	CHECK_IS(SLU_ERR_USAGE, push(&c, arg));
	CHECK_WORDS(words);
	CHECK(strstr(slu_error(), HANDSHAKE_SECRET) == NULL);
	CHECK(c == before && below.len == 0);
	slu_bio_free(c);
}

void
handshake_lets_pass(const script_line *lines, contract_push *push)
{
	slu_buf below = { .limit = 100 };
	slu_bio *c = NULL;

	CHECK_OK(slu_buf_add(&below, "in", 2));
	CHECK_OK(slu_mem_open(&c, &below));
	CHECK_OK(script_push(&c, lines, NULL));
	CHECK_OK(push(&c, NULL));
	CHECK_OK(by_read(c));
	CHECK_OK(by_write(c));
	CHECK_OK(slu_bio_finish(c));
	CHECK_BYTES("out", 3, slu_buf_front(&below), below.len);
	slu_bio_free(c);
	slu_buf_free(&below);
}
