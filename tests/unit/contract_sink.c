/* SPDX-License-Identifier: ISC */
/*
 * A sink that works: what is written arrives, what is there is read, and
 * the end, the finish and failures are what bio.h says.
 */
#include <stdlib.h>

#include "check.h"
#include "contract.h"
#include "contract_faults.h"

static const size_t sizes[] = { 0, 1, 2, 57, 4095, 4096, 4097, 65535, 65536,
	65537, TRIAL_MOST };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const trial_pace paces[] = {
	{ .name = "moved whole" },
	{ .name = "moved in odd pieces", .piece = PACE_ODD },
	{ .name = "moved in odd pieces and flushed",
	    .piece = PACE_ODD,
	    .flush = true },
	{ .name = "moved byte by byte", .piece = 1, .most = 5000 },
	{ .name = "moved byte by byte and flushed",
	    .piece = 1,
	    .most = 100,
	    .flush = true },
};

/* What the two uses below need to know. */
struct load {
	const contract_sink *s;
	const unsigned char *plain;
	size_t len;
	const trial_pace *pace;
};

static slu_status
use_by_writing(const trial *t, slu_bio *c, void *with)
{
	struct load *l = with;
	slu_status st;

	st = trial_write(t, c, l->plain, l->len, l->pace);
	return st ? st : trial_finish(t, c);
}

static slu_status
use_by_reading(const trial *t, slu_bio *c, void *with)
{
	struct load *l = with;
	slu_buf out = { .limit = TRIAL_ROOM };
	slu_status st;

	st = trial_read(t, c, &out, l->pace);
	trial_must(t, out.len <= l->len, "no more is read than there was");
	trial_must_equal(t, l->plain, out.len, &out, "what is there is read");
	trial_must(t, st != SLU_EOF || out.len == l->len,
	    "the end comes after all bytes");
	slu_buf_free(&out);
	return st == SLU_EOF ? SLU_OK : st;
}

static void
must_have_arrived(const trial *t, struct load *l)
{
	slu_buf out = { .limit = TRIAL_ROOM };

	if (l->s->written == NULL)
		return;
	l->s->written(&out, l->s->arg);
	trial_must_equal(t, l->plain, l->len, &out, "what is written arrives");
	slu_buf_free(&out);
}

static void
what_is_written_arrives(const trial *t, struct load *l)
{
	slu_bio *c = NULL;
	size_t n;

	trial_must_be(t, SLU_OK, l->s->create(&c, l->s->arg), "a create");
	trial_must_be(t, SLU_OK, slu_bio_write(c, l->plain, 0, &n),
	    "to write nothing is fine");
	trial_must_be(t, SLU_OK, use_by_writing(t, c, l), "all is accepted");
	trial_must_be(t, SLU_OK, slu_bio_finish(c), "a second finish");
	trial_must_be(t, SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n),
	    "nothing is written after the finish");
	trial_must_be(t, SLU_OK, trial_flush(t, c), "a flush at the end");
	trial_must_be(t, SLU_OK, slu_bio_finish(c), "a finish once more");
	slu_bio_free(c);
	must_have_arrived(t, l);
}

static void
what_is_there_is_read(const trial *t, struct load *l)
{
	slu_bio *c = NULL;
	unsigned char byte;
	size_t n;

	l->s->prepare(l->plain, l->len, l->s->arg);
	trial_must_be(t, SLU_OK, l->s->open(&c, l->s->arg), "an open");
	trial_must_be(t, SLU_OK, slu_bio_read(c, &byte, 0, &n),
	    "to read nothing is fine");
	trial_must_be(t, SLU_OK, use_by_reading(t, c, l), "all is read");
	for (int i = 0; i < 3; i++)
		trial_must_be(t, SLU_EOF, slu_bio_read(c, &byte, 1, &n),
		    "the end is told again");
	slu_bio_free(c);
}

/* Where nothing can be read, reading is misuse, or at its end at once. */
static void
what_is_only_written_is_not_read(const trial *t, struct load *l)
{
	slu_bio *c = NULL;
	unsigned char byte;
	slu_status st;
	size_t n;

	CHECK_OK(l->s->create(&c, l->s->arg));
	st = slu_bio_read(c, &byte, 1, &n);
	trial_must(t, st == SLU_ERR_USAGE || st == SLU_EOF,
	    "what is only written cannot be read");
	trial_must_be(
	    t, SLU_OK, use_by_writing(t, c, l), "the attempt does not count");
	slu_bio_free(c);
	must_have_arrived(t, l);
}

static void
what_is_only_read_is_not_written(const trial *t, struct load *l)
{
	slu_bio *c = NULL;
	size_t n;

	l->s->prepare(l->plain, l->len, l->s->arg);
	CHECK_OK(l->s->open(&c, l->s->arg));
	trial_must_be(t, SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n),
	    "what is only read cannot be written");
	trial_must_be(
	    t, SLU_OK, use_by_reading(t, c, l), "the attempt does not count");
	slu_bio_free(c);
}

static slu_status
prepare_nothing(slu_bio **c, void *with)
{
	(void)c, (void)with;
	return SLU_OK;
}

static slu_status
prepare_source(slu_bio **c, void *with)
{
	struct load *l = with;

	(void)c;
	l->s->prepare(l->plain, l->len, l->s->arg);
	return SLU_OK;
}

/* Without memory, and with too little use for the next case to notice. */
static void
memory_may_fail(const trial *t, struct load *l)
{
	if (l->s->create != NULL) {
		contract_without_memory(t, l->s->create, l->s->arg,
		    prepare_nothing, use_by_writing, l);
		must_have_arrived(t, l);
	}
	if (l->s->open != NULL)
		contract_without_memory(t, l->s->open, l->s->arg,
		    prepare_source, use_by_reading, l);
}

void
contract_sink_holds(const contract_sink *s)
{
	size_t most = trial_most(s->most);
	unsigned char *plain = malloc(TRIAL_MOST);
	struct load l = { .s = s, .plain = plain, .pace = &paces[0] };
	trial t = { .room = s->name, .pump = s->pump, .arg = s->arg };

	CHECK(plain != NULL);
	trial_plain(plain, TRIAL_MOST);
	for (size_t i = 0; i < COUNT(sizes) && (i == 0 || l.len < most); i++) {
		t.len = l.len = sizes[i] < most ? sizes[i] : most;
		for (size_t j = 0; j < COUNT(paces); j++) {
			l.pace = &paces[j];
			t.pace = l.pace->name;
			if (l.pace->most > 0 && l.len > l.pace->most)
				continue;
			if (s->create != NULL)
				what_is_written_arrives(&t, &l);
			if (s->open != NULL)
				what_is_there_is_read(&t, &l);
		}
	}
	l.pace = &paces[0];
	t.len = l.len = 100;
	t.pace = "the wrong way";
	if (s->open == NULL)
		what_is_only_written_is_not_read(&t, &l);
	if (s->create == NULL)
		what_is_only_read_is_not_written(&t, &l);
	t.pace = "without memory";
	memory_may_fail(&t, &l);
	free(plain);
}
