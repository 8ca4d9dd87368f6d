/* SPDX-License-Identifier: ISC */
#include "sluice/tee.h"

#include <stdbool.h>
#include <string.h>

#include "batch.h"
#include "bio_internal.h"
#include "sluice/wait.h"

struct tee {
	slu_bio *other;   /* lent by the caller */
	slu_batch late;   /* bytes that passed and that `other` has to take */
	bool other_waits; /* the last WANT was `other`'s, not `next`'s */
};

/* Note whose an answer of `other` is, where it is a WANT. */
static slu_status
of_other(struct tee *t, slu_status st)
{
	t->other_waits = st != SLU_OK;
	return st;
}

/* Hand `other` what it did not take before. */
static slu_status
catch_up(struct tee *t)
{
	return of_other(t, slu_batch_drain(&t->late, t->other));
}

/*
 * Show `other` bytes that just passed.  They cannot be called back, so what
 * it does not take at once is kept, for the next call to hand over first.
 */
static slu_status
show(struct tee *t, const unsigned char *data, size_t len)
{
	slu_status st;
	size_t put;

	st = slu_bio_write_all(t->other, data, len, &put);
	if (st == SLU_OK || slu_failed(st))
		return st;
	st = slu_batch_make(&t->late, SLU_BATCH);
	if (st)
		return st;
	memcpy(t->late.mem, data + put, len - put);
	t->late.len = len - put;
	return SLU_OK;
}

/* No more may pass at once than could be late. */
static size_t
at_most(size_t len)
{
	return len < SLU_BATCH ? len : SLU_BATCH;
}

static slu_status
tee_settle(void *self, slu_bio *next)
{
	struct tee *t = self;
	slu_status st;

	(void)next;
	st = catch_up(t);
	return st ? st : of_other(t, slu_bio_flush(t->other));
}

static slu_status
tee_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct tee *t = self;
	slu_status st;

	st = catch_up(t);
	if (st)
		return st;
	st = slu_bio_read(next, buf, at_most(cap), got);
	if (st == SLU_OK)
		return show(t, buf, *got);
	if (st == SLU_EOF) {
		st = of_other(t, slu_bio_flush(t->other));
		return st ? st : SLU_EOF;
	}
	return st;
}

static slu_status
tee_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct tee *t = self;
	slu_status st;

	if (len > SLU_BATCH && slu_bio_is_datagram(next))
		return slu_fail(SLU_ERR_LIMIT,
		    "tee: a datagram of %zu bytes, and the most is %d", len,
		    SLU_BATCH);
	st = catch_up(t);
	if (st)
		return st;
	st = slu_bio_write(next, data, at_most(len), put);
	return st ? st : show(t, data, *put);
}

static slu_status
tee_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	struct tee *t = self;

	return slu_waits_add_chain(w, t->other_waits ? t->other : next, want);
}

static void
tee_free(void *self)
{
	struct tee *t = self;

	slu_batch_free(&t->late);
}

static const slu_bio_ops tee_ops = {
	.name = "tee",
	.size = sizeof(struct tee),
	.read = tee_read,
	.write = tee_write,
	.flush = tee_settle,
	.finish = tee_settle,
	.free = tee_free,
	.wait = tee_wait,
	.datagram = true,
};

slu_status
slu_tee(slu_bio **top, slu_bio *other)
{
	struct tee *t;

	t = slu_bio_push(top, &tee_ops);
	if (t == NULL)
		return SLU_ERR_MEMORY;
	t->other = other;
	return SLU_OK;
}
