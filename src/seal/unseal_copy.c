/* SPDX-License-Identifier: ISC */
#include "sluice/unseal_copy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../bio/copy_internal.h"
#include "opening.h"
#include "road.h"
#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/secret.h"
#include "watch.h"

#define READS SLU_RUN_SEALED(SLU_RUN_CHUNKS)
#define AT_ONCE ((size_t)64 * 1024) /* bytes of the front, where it is long */

static void
fill(slu_run *r, size_t len, bool last)
{
	r->nsealed = len;
	r->cut = last;
}

/* For a thread. */
static void
run(slu_run *r, void *road)
{
	const slu_road *d = road;
	size_t got;

	got = r->nsealed;
	r->lent = slu_place_look(&d->from, r->at);
	if (r->lent == NULL &&
	    !slu_place_read(&d->from, r->at, r->sealed, r->nsealed, &got)) {
		r->fault = SLU_RUN_UNREAD;
		r->error = errno;
		return;
	}
	/* It became shorter meanwhile, and is cut here as it is now. */
	if (got < r->nsealed)
		r->cut = true;
	r->nsealed = got;
	slu_run_open(r);
	if (r->failure.st || !d->placed)
		return;
	if (!slu_place_write(
		&d->to, r->index * SLU_CHUNK, r->plain, r->nplain)) {
		r->fault = SLU_RUN_UNWRITTEN;
		r->error = errno;
		return;
	}
	slu_place_hurry(&d->to, r->index * SLU_CHUNK, r->nplain);
}

static slu_status
use(slu_road *d, const slu_run *r)
{
	uint64_t end = r->at + r->opened;
	slu_status st = SLU_OK;

	/* What is intact goes out whatever is behind it. */
	if (!d->placed && r->nplain > 0)
		st = slu_copy_write(d->dst, r->plain, r->nplain);
	if (st)
		return st;
	slu_road_tell(d, end, r->index * SLU_CHUNK + r->nplain);
	st = slu_road_check(d, r);
	if (st == SLU_OK && r->ends && end < d->start + d->len)
		return slu_fail(SLU_ERR_FORMAT,
		    "unseal: data after the end, at byte %llu",
		    (unsigned long long)end);
	return st;
}

/* Read the front; `d->start` is where it ends. */
static slu_status
open_front(slu_road *d, slu_opening *o, unsigned char key[SLU_KEY_SIZE])
{
	unsigned char *some = malloc(AT_ONCE);
	slu_status st = SLU_WANT_READ;
	size_t got, used;

	if (some == NULL)
		return slu_fail(SLU_ERR_MEMORY, "unseal: out of memory");
	while (st == SLU_WANT_READ) {
		if (!slu_place_read(&d->from, d->start, some, AT_ONCE, &got)) {
			st = slu_place_fail(&d->from, errno);
			break;
		}
		st = slu_opening_feed(o, some, got, &used, key);
		d->start += used;
		if (st == SLU_WANT_READ && got < AT_ONCE)
			st = slu_opening_cut(o);
	}
	free(some);
	return st;
}

static slu_status
open_by_road(
    slu_road *d, slu_identities *ids, const slu_unseal_options *options)
{
	static const slu_road_work work = { READS, fill, run, use };
	unsigned char key[SLU_KEY_SIZE];
	slu_opening o = { 0 };
	uint64_t all = d->len;
	slu_status st;

	if (options->armored != NULL)
		*options->armored = false;
	slu_opening_begin(&o, ids, options);
	st = open_front(d, &o, key);
	d->len = all > d->start ? all - d->start : 0;
	if (st == SLU_OK)
		st = slu_road_go(d, &work, options->threads, key);
	slu_wipe(key, sizeof(key));
	slu_opening_free(&o);
	if (st)
		return st;
	slu_place_leave(&d->from, all);
	return slu_copy_finish(d->dst);
}

static slu_status
open_in_order(slu_bio *dst, slu_bio *src, slu_identities *ids,
    const slu_unseal_options *options, slu_seal_watch *watch)
{
	slu_bio *below = src;
	uint64_t plain = 0;
	slu_status st;

	st = slu_watch(&src, watch);
	if (st == SLU_OK)
		st = slu_unseal(&src, ids, options);
	if (st == SLU_OK)
		st = slu_count(&src, watch != NULL ? &watch->plain : &plain);
	if (st == SLU_OK)
		st = slu_bio_copy(dst, src);
	while (src != below)
		slu_bio_drop(&src);
	return st ? st : slu_copy_finish(dst);
}

/* In armor, nothing is where it would be. */
static bool
is_plain(const slu_place *from)
{
	static const char first[] = "age-encryption.org/";
	char begin[sizeof(first) - 1];
	size_t got;

	return slu_place_read(from, 0, begin, sizeof(begin), &got) &&
	       got == sizeof(begin) && memcmp(begin, first, got) == 0;
}

slu_status
slu_unseal_copy(slu_bio *dst, slu_bio *src, slu_identities *ids,
    const slu_unseal_options *options, slu_seal_watch *watch)
{
	slu_unseal_options o = { 0 };
	slu_road d = { .dst = dst, .watch = watch };

	if (options != NULL)
		o = *options;
	if (o.threads > SLU_UNSEAL_THREADS_MAX)
		return slu_fail(SLU_ERR_USAGE, "unseal: at most %d threads",
		    SLU_UNSEAL_THREADS_MAX);
	if (slu_place_source(&d.from, src, &d.len)) {
		if (o.threads > 1 && d.len >= SLU_ROAD_LEAST &&
		    is_plain(&d.from))
			return open_by_road(&d, ids, &o);
		if (d.len < SLU_ROAD_LEAST)
			o.threads = 0;
	}
	return open_in_order(dst, src, ids, &o, watch);
}
