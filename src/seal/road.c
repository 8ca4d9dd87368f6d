/* SPDX-License-Identifier: ISC */
#include "road.h"

slu_status
slu_road_check(const slu_road *d, const slu_run *r)
{
	switch (r->fault) {
	case SLU_RUN_UNREAD: return slu_place_fail(&d->from, r->error);
	case SLU_RUN_UNWRITTEN: return slu_place_fail(&d->to, r->error);
	case SLU_RUN_FINE: break;
	}
	return slu_failure_again(&r->failure);
}

void
slu_road_tell(const slu_road *d, uint64_t done, uint64_t plain)
{
	slu_seal_watch *w = d->watch;

	if (w == NULL)
		return;
	w->done = done;
	w->plain = plain;
	if (w->tell != NULL)
		w->tell(w->arg);
}

static slu_status
put_next(slu_road *d, const slu_road_work *work, slu_runs *runs)
{
	uint64_t at = d->put * work->reads, left = d->len - at;
	size_t len = left < work->reads ? (size_t)left : work->reads;
	slu_status st;
	slu_run *r;

	st = slu_runs_next(runs, &r);
	if (st)
		return st;
	r->index = d->put++ * SLU_RUN_CHUNKS;
	r->at = d->start + at;
	work->fill(r, len, d->put == d->all);
	slu_runs_put(runs);
	return SLU_OK;
}

static slu_status
use_oldest(slu_road *d, const slu_road_work *work, slu_runs *runs)
{
	slu_status st;
	slu_run *r;

	st = slu_runs_wait(runs, &r);
	if (st == SLU_OK)
		st = work->use(d, r);
	if (st == SLU_OK)
		slu_runs_take(runs);
	return st;
}

slu_status
slu_road_go(slu_road *d, const slu_road_work *work, unsigned threads,
    const unsigned char key[SLU_KEY_SIZE])
{
	slu_runs *runs = NULL;
	slu_status st;

	d->placed = slu_place_target(&d->to, d->dst);
	/* What is empty is a run too: its end is to be sealed, or missed. */
	d->all = d->len == 0 ? 1 : (d->len + work->reads - 1) / work->reads;
	d->put = 0;
	st = slu_runs_new(&runs, threads, SLU_RUN_CHUNKS, key, work->run, d);
	while (st == SLU_OK && (d->put < d->all || !slu_runs_are_empty(runs)))
		st = d->put < d->all && !slu_runs_are_full(runs)
			 ? put_next(d, work, runs)
			 : use_oldest(d, work, runs);
	/* Nobody is at the files any more behind this. */
	slu_runs_free(runs);
	return st;
}
