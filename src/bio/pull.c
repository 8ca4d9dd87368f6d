/* SPDX-License-Identifier: ISC */
#include "sluice/pull.h"

#include <stdbool.h>
#include <string.h>

#include "batch.h"

/* Where the filters' output goes: the buffer of the read under way. */
struct window {
	unsigned char *at;
	size_t room;
};

struct pull {
	slu_bio *writer;      /* owned: the filters, on a sink of ours */
	struct window window; /* what that sink fills */
	slu_batch in;         /* read, and not written to the filters yet */
	bool ended;           /* nothing more comes from below */
};

/* The sink below the filters. */
struct spout {
	struct window *window; /* of the pull that owns the sink */
};

static slu_status
spout_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct window *w = ((struct spout *)self)->window;
	size_t n = len < w->room ? len : w->room;

	(void)next;
	if (n == 0)
		return SLU_WANT_WRITE;
	memcpy(w->at, data, n);
	w->at += n;
	w->room -= n;
	*put = n;
	return SLU_OK;
}

static const slu_bio_ops spout_ops = {
	.name = "pull",
	.size = sizeof(struct spout),
	.write = spout_write,
};

/* Hand the filters what was read, or the end of it. */
static slu_status
feed(struct pull *p)
{
	slu_status st;
	size_t n;

	if (slu_batch_left(&p->in) == 0) {
		st = slu_bio_finish(p->writer);
		return st ? st : SLU_EOF;
	}
	st = slu_bio_write(
	    p->writer, p->in.mem + p->in.off, slu_batch_left(&p->in), &n);
	p->in.off += n;
	return st;
}

static slu_status
fill(struct pull *p, slu_bio *next)
{
	slu_status st;

	st = slu_batch_make(&p->in, SLU_BATCH);
	if (st)
		return st;
	st = slu_batch_fill(&p->in, next);
	if (st != SLU_EOF)
		return st;
	p->ended = true;
	return SLU_OK;
}

/*
 * What the filters put into the window is given out whatever they answer:
 * a failure of theirs is for good, and will be there at the next read.
 */
static slu_status
pull_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct pull *p = self;
	slu_status st = SLU_OK;

	p->window = (struct window){ buf, cap };
	while (st == SLU_OK && p->window.room > 0) {
		if (p->ended || slu_batch_left(&p->in) > 0)
			st = feed(p);
		else if (p->window.room < cap)
			break;
		else
			st = fill(p, next);
	}
	*got = cap - p->window.room;
	p->window = (struct window){ NULL, 0 };
	return *got > 0 ? SLU_OK : st;
}

static void
pull_free(void *self)
{
	struct pull *p = self;

	slu_bio_free(p->writer);
	slu_batch_free(&p->in);
}

static const slu_bio_ops pull_ops = {
	.name = "pull",
	.size = sizeof(struct pull),
	.read = pull_read,
	.free = pull_free,
};

slu_status
slu_pull(
    slu_bio **top, slu_status (*build)(slu_bio **writer, void *arg), void *arg)
{
	slu_status st = SLU_ERR_MEMORY;
	struct spout *spout;
	struct pull *p;

	p = slu_bio_push(top, &pull_ops);
	if (p == NULL)
		return st;
	spout = slu_bio_push(&p->writer, &spout_ops);
	if (spout == NULL)
		goto out;
	spout->window = &p->window;
	st = build(&p->writer, arg);
out:
	if (st)
		slu_bio_drop(top);
	return st;
}
