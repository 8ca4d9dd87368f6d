/* SPDX-License-Identifier: ISC */
#include "unseal_threads.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "runs.h"
#include "sluice/wait.h"

struct slu_opener {
	slu_runs *runs;   /* owned */
	size_t room;      /* sealed bytes in a run */
	slu_run *at;      /* the one being filled, not put in yet; or NULL */
	slu_run *out;     /* the one being given out; or NULL */
	size_t given;     /* bytes of it */
	uint64_t index;   /* of the chunk to come behind those in runs */
	uint64_t file;    /* bytes of the file before that */
	slu_status later; /* what `next` says, once all is given; or SLU_OK */
	bool ended;       /* the last chunk was given out */
};

/*
 * What becomes of a run that was given out.  Where the last chunk is in it,
 * nothing more may come.
 */
static slu_status
close_run(slu_opener *o)
{
	slu_run *r = o->out;
	size_t behind = r->nsealed - r->opened;
	uint64_t end = r->at + r->opened;
	slu_status st;

	st = slu_failure_again(&r->failure);
	if (st)
		return st;
	o->out = NULL;
	o->given = 0;
	if (r->ends) {
		o->ended = true;
		o->file = end;
	}
	if (r != o->at) {
		slu_runs_take(o->runs);
		/* Those put in behind it are not empty. */
		behind += !slu_runs_are_empty(o->runs);
		behind += o->at == NULL ? 0 : o->at->nsealed;
	} else {
		memmove(r->sealed, r->sealed + r->opened, behind);
		r->nsealed = behind;
		r->at = end;
	}
	if (o->ended && behind > 0)
		return slu_fail(SLU_ERR_FORMAT,
		    "unseal: data after the end, at byte %llu",
		    (unsigned long long)end);
	return SLU_OK;
}

static slu_status
read_more(slu_batch *before, slu_bio *next, unsigned char *buf, size_t cap,
    size_t *got)
{
	size_t n = slu_batch_left(before);

	*got = 0;
	if (n == 0)
		return next == NULL ? SLU_EOF
				    : slu_bio_read(next, buf, cap, got);
	*got = n < cap ? n : cap;
	memcpy(buf, before->mem + before->off, *got);
	before->off += *got;
	if (*got == n)
		slu_batch_free(before);
	return SLU_OK;
}

static slu_status
have_run(struct slu_opener *o)
{
	slu_status st;

	if (o->at != NULL)
		return SLU_OK;
	st = slu_runs_next(o->runs, &o->at);
	if (st)
		return st;
	o->at->index = o->index;
	o->at->at = o->file;
	return SLU_OK;
}

/* Read once into the run that is being filled, and put it in if it is full. */
static slu_status
fill(slu_opener *o, slu_batch *before, slu_bio *next)
{
	slu_status st;
	slu_run *r;
	size_t got;

	st = have_run(o);
	if (st)
		return st;
	r = o->at;
	o->later = read_more(
	    before, next, r->sealed + r->nsealed, o->room - r->nsealed, &got);
	r->nsealed += got;
	if (r->nsealed == o->room) {
		o->index = r->index + o->room / SLU_CHUNK_SEALED;
		o->file = r->at + o->room;
		o->at = NULL;
		slu_runs_put(o->runs);
	}
	return SLU_OK;
}

/*
 * Open what no full run will come of, without a thread: the whole chunks of
 * what is there for now, or the file's end.
 */
static slu_status
open_rest(slu_opener *o)
{
	slu_status st = have_run(o);
	slu_run *r = o->at;

	if (st)
		return st;
	if (o->later != SLU_EOF && r->nsealed < SLU_CHUNK_SEALED)
		return o->later;
	r->cut = o->later == SLU_EOF;
	slu_run_open(r);
	/* The words of its failure, if it has one, are made. */
	r->index += r->opened / SLU_CHUNK_SEALED;
	o->out = r;
	return SLU_OK;
}

/* Whether there is anything to give, now or once it is opened. */
static bool
has_some(const slu_opener *o)
{
	return !slu_runs_are_empty(o->runs) ||
	       (o->at != NULL && o->at->nsealed >= SLU_CHUNK_SEALED);
}

/*
 * Whether a read might take its time: what is there is not held back by what
 * is not.  A chain that cannot say so does not wait.
 */
static bool
would_wait(const slu_batch *before, slu_bio *next)
{
	return slu_batch_left(before) == 0 && next != NULL &&
	       slu_bio_wait(next, SLU_WANT_READ, 0) == SLU_WANT_READ;
}

/* With all given out: is there anything left? */
static slu_status
check_end(slu_opener *o, slu_batch *before, slu_bio *next)
{
	unsigned char byte;
	slu_status st;
	size_t got;

	if (o->later == SLU_EOF)
		return SLU_EOF;
	st = read_more(before, next, &byte, 1, &got);
	if (st == SLU_EOF)
		o->later = st;
	if (st)
		return st;
	return slu_fail(SLU_ERR_FORMAT,
	    "unseal: data after the end, at byte %llu",
	    (unsigned long long)o->file);
}

static slu_status
step(slu_opener *o, slu_batch *before, slu_bio *next)
{
	if (o->out != NULL)
		return close_run(o);
	if (o->ended)
		return check_end(o, before, next);
	if (o->later == SLU_OK && has_some(o) && would_wait(before, next))
		o->later = SLU_WANT_READ;
	if (o->later == SLU_OK && !slu_runs_are_full(o->runs))
		return fill(o, before, next);
	if (!slu_runs_are_empty(o->runs))
		return slu_runs_wait(o->runs, &o->out);
	return open_rest(o);
}

static size_t
give(slu_opener *o, void *buf, size_t cap)
{
	size_t n = o->out->nplain - o->given;

	if (n > cap)
		n = cap;
	memcpy(buf, o->out->plain + o->given, n);
	o->given += n;
	return n;
}

slu_status
slu_opener_read(slu_opener *o, slu_batch *before, slu_bio *next, void *buf,
    size_t cap, size_t *got)
{
	slu_status st = SLU_OK;

	/* What `next` waited for may have come. */
	if (o->later != SLU_EOF)
		o->later = SLU_OK;
	while (st == SLU_OK && *got == 0) {
		if (o->out != NULL && o->given < o->out->nplain)
			*got = give(o, buf, cap);
		else
			st = step(o, before, next);
	}
	return st;
}

static void
open_run(slu_run *r, void *arg)
{
	(void)arg;
	slu_run_open(r);
}

slu_status
slu_opener_new(slu_opener **out, unsigned threads, size_t chunks,
    const unsigned char key[SLU_KEY_SIZE], uint64_t start)
{
	slu_opener *o;
	slu_status st;

	o = calloc(1, sizeof(*o));
	if (o == NULL)
		return slu_fail(SLU_ERR_MEMORY, "unseal: out of memory");
	o->room = SLU_RUN_SEALED(chunks);
	o->file = start;
	st = slu_runs_new(&o->runs, threads, chunks, key, open_run, NULL);
	if (st) {
		slu_opener_free(o);
		return st;
	}
	*out = o;
	return SLU_OK;
}

void
slu_opener_free(slu_opener *o)
{
	if (o == NULL)
		return;
	slu_runs_free(o->runs);
	free(o);
}
