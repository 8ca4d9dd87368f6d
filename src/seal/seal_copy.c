/* SPDX-License-Identifier: ISC */
#include "sluice/seal_copy.h"

#include <errno.h>

#include "../bio/copy_internal.h"
#include "front.h"
#include "road.h"
#include "sluice/copy.h"
#include "sluice/secret.h"
#include "watch.h"

#define READS SLU_RUN_PLAIN(SLU_RUN_CHUNKS)

static void
fill(slu_run *r, size_t len, bool last)
{
	r->nplain = len;
	r->ends = last;
}

/* For a thread. */
static void
run(slu_run *r, void *road)
{
	const slu_road *d = road;
	size_t got;

	got = r->nplain;
	r->lent = slu_place_look(&d->from, r->at);
	r->clean = r->lent != NULL;
	if (r->lent == NULL &&
	    !slu_place_read(&d->from, r->at, r->plain, r->nplain, &got)) {
		r->fault = SLU_RUN_UNREAD;
		r->error = errno;
		return;
	}
	if (got < r->nplain) {
		(void)slu_failure_keep(&r->failure,
		    slu_fail(
			SLU_ERR_IO, "seal: the file became shorter meanwhile"));
		return;
	}
	slu_run_seal(r);
	if (r->failure.st || !d->placed)
		return;
	if (!slu_place_write(
		&d->to, r->index * SLU_CHUNK_SEALED, r->sealed, r->nsealed)) {
		r->fault = SLU_RUN_UNWRITTEN;
		r->error = errno;
		return;
	}
	slu_place_hurry(&d->to, r->index * SLU_CHUNK_SEALED, r->nsealed);
}

static slu_status
use(slu_road *d, const slu_run *r)
{
	slu_status st;

	st = slu_road_check(d, r);
	if (st == SLU_OK && !d->placed)
		st = slu_copy_write(d->dst, r->sealed, r->nsealed);
	if (st == SLU_OK)
		slu_road_tell(d, r->at + r->nplain, r->at + r->nplain);
	return st;
}

static slu_status
seal_by_road(slu_road *d, const slu_recipients *r, unsigned threads)
{
	static const slu_road_work work = { READS, fill, run, use };
	unsigned char key[SLU_KEY_SIZE];
	slu_buf front = { 0 };
	slu_status st;

	st = slu_front_make(r, &front, key);
	if (st == SLU_OK)
		st = slu_copy_write(d->dst, slu_buf_front(&front), front.len);
	if (st == SLU_OK)
		st = slu_road_go(d, &work, threads, key);
	slu_wipe(key, sizeof(key));
	slu_buf_free(&front);
	if (st)
		return st;
	slu_place_leave(&d->from, d->len);
	return slu_copy_finish(d->dst);
}

static slu_status
seal_in_order(slu_bio *dst, slu_bio *src, const slu_recipients *r,
    unsigned threads, slu_seal_watch *watch)
{
	slu_status st;

	st = slu_seal(&dst, r, &(slu_seal_options){ .threads = threads });
	if (st)
		return st;
	st = slu_watch(&src, watch);
	if (st == SLU_OK) {
		st = slu_bio_copy(dst, src);
		slu_bio_drop(&src);
	}
	if (watch != NULL)
		watch->plain = watch->done;
	if (st == SLU_OK)
		st = slu_copy_finish(dst);
	slu_bio_drop(&dst);
	return st;
}

slu_status
slu_seal_copy(slu_bio *dst, slu_bio *src, const slu_recipients *r,
    const slu_seal_options *options, slu_seal_watch *watch)
{
	unsigned threads = options == NULL ? 0 : options->threads;
	slu_road d = { .dst = dst, .watch = watch };
	bool regular;

	if (threads > SLU_SEAL_THREADS_MAX)
		return slu_fail(SLU_ERR_USAGE, "seal: at most %d threads",
		    SLU_SEAL_THREADS_MAX);
	regular = slu_place_source(&d.from, src, &d.len);
	if (regular && threads > 1 && d.len >= SLU_ROAD_LEAST)
		return seal_by_road(&d, r, threads);
	return seal_in_order(dst, src, r, regular ? 0 : threads, watch);
}
