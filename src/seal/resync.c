/* SPDX-License-Identifier: ISC */
#include "resync.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/secret.h"
#include "window.h"

#define CHUNK ((int64_t)SLU_CHUNK_SEALED)

#define SOON 256    /* chunks: 16 MiB that are damaged in place cost nothing */
#define LATER 16384 /* chunks: a GiB, which is read in less than a second */
#define ENDS 3      /* where the file may have ended */
#define TAILS 16    /* chunks that may be the last, with anything behind it */
#define CHANCE 8    /* bytes that are alike, by chance */
#define PER_BYTE 16 /* tags of all beginnings of n bytes take as long as n/16 */

struct slu_resync {
	unsigned char key[SLU_KEY_SIZE];
	slu_onetime *tag; /* owned */
	uint64_t tries;   /* left */
	uint64_t enough;  /* left, for what lies between chunks */
	uint64_t ends[ENDS];
	size_t nends;
	uint64_t stop; /* no chunk goes on behind this */
	/* What is looked for: behind these, and before those. */
	uint64_t at, index;
	uint64_t before, below;
	uint64_t ahead; /* chunks that were tried where they should be */
	slu_found found;
	slu_window w;
};

/*
 * A chunk that is `first` to `last` further than the next one is looked for at
 * all places which are a multiple of `step` from where it should be, and from
 * `from` to `to`, counted from there or from where we are.
 */
struct places {
	enum { HERE, THERE } base;
	uint64_t first, last;
	int64_t from, to;
	uint64_t step;
};

/* What tools and disks do: whole chunks, a few bytes. */
static const struct places likely[] = {
	{ THERE, 1, 1, -64, 64, 1 },
	{ THERE, 0, 0, 1, 64, 1 },
	{ HERE, 1, 1024, 0, 0, 1 },               /* dropped */
	{ HERE, 0, 1, CHUNK, 64 * CHUNK, CHUNK }, /* doubled */
	{ HERE, 2, 64, CHUNK, 8 * CHUNK, CHUNK }, /* and damaged */
	{ THERE, 2, 8, -64, 64, 1 },
};

/* More bytes, sectors, and blocks of file systems. */
static const struct places sectors[] = {
	{ THERE, 1, 1, -4096, 4096, 1 },
	{ HERE, 0, 8, 0, 2 * CHUNK, 512 },
	{ THERE, 2, 3, -4096, 4096, 1 },
	{ HERE, 0, 256, 0, 2 * CHUNK, 4096 },
	{ HERE, 0, 1, 0, 64 * CHUNK, 4096 },
};

/* Anywhere, as a chunk that is the next but one, and so on, would be. */
static const struct places anywhere[] = {
	{ THERE, 1, 1, -CHUNK, CHUNK, 1 },
	{ THERE, 0, 0, 1, CHUNK, 1 },
	{ THERE, 2, 2, -CHUNK, CHUNK, 1 },
	{ HERE, 0, 128, 0, 2 * CHUNK, 512 },
	{ HERE, 0, 1, 0, 128 * CHUNK, 512 },
	{ HERE, 0, 1024, 0, 2 * CHUNK, 4096 },
	{ HERE, 1025, 16384, 0, 0, 1 },
	{ THERE, 3, 3, -CHUNK, CHUNK, 1 },
	{ THERE, 4, 4, -CHUNK, CHUNK, 1 },
	{ THERE, 8, 8, -CHUNK, CHUNK, 1 },
	{ THERE, 16, 16, -CHUNK, CHUNK, 1 },
	{ THERE, 32, 32, -CHUNK, CHUNK, 1 },
	{ THERE, 64, 64, -CHUNK, CHUNK, 1 },
};

/* Between chunks that are found, of which some are missing. */
static const struct places between[] = {
	{ HERE, 0, 64, 0, 64 * CHUNK, CHUNK },
	{ THERE, 0, 32, -64, 64, 1 },
	{ THERE, 0, 32, -CHUNK, CHUNK, 512 },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static uint64_t
size_of(const slu_resync *r)
{
	return r->w.source->size;
}

/* Most places are near where we are, and read once. */
static const unsigned char *
see(slu_resync *r, uint64_t at, size_t len)
{
	bool near = at - r->at <= SLU_WINDOW - SLU_CHUNK_SEALED;

	return slu_window_have(&r->w, at, len, near ? r->at : at, SLU_WINDOW);
}

static slu_status
try(slu_resync *r, const unsigned char *bytes, uint64_t at, uint64_t index,
    size_t len)
{
	slu_status st;
	bool is;

	st = slu_onetime_is(r->tag, bytes, len, &is);
	if (st == SLU_OK && is)
		r->found = (slu_found){ at, index, len };
	return st;
}

/* Whether so many bytes from there on are in front of those found before. */
static bool
has_room(const slu_resync *r, uint64_t at, uint64_t len)
{
	return at < r->before && len <= r->before - at;
}

static uint64_t
lower(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The chunk at `index` as an inner one, at some places. */
static slu_status
try_inner(
    slu_resync *r, uint64_t index, uint64_t from, uint64_t to, uint64_t step)
{
	slu_status st;

	st = slu_chunk_seek(r->tag, index, SLU_CHUNK_INNER);
	for (uint64_t at = from;
	     st == SLU_OK && at <= to && has_room(r, at, SLU_CHUNK_SEALED) &&
	     r->found.len == 0 && r->tries > 0;
	     at += step) {
		st = try(r, see(r, at, SLU_CHUNK_SEALED), at, index,
		    SLU_CHUNK_SEALED);
		r->tries--;
	}
	return st;
}

/* The same as the last one, which ends at `end`. */
static slu_status
try_last(slu_resync *r, uint64_t index, uint64_t end, uint64_t from,
    uint64_t to, uint64_t step)
{
	uint64_t first = end - lower(end, SLU_CHUNK_SEALED);
	slu_status st;
	size_t len;

	if (first > from)
		from += (first - from + step - 1) / step * step;
	if (from > to || from + SLU_TAG_SIZE >= end)
		return SLU_OK;
	st = slu_chunk_seek(r->tag, index, SLU_CHUNK_LAST);
	for (uint64_t at = from;
	     st == SLU_OK && at <= to && at + SLU_TAG_SIZE < end &&
	     r->found.len == 0 && r->tries > 0;
	     at += step) {
		len = (size_t)(end - at);
		st = try(r, see(r, at, len), at, index, len);
		r->tries--;
	}
	return st;
}

static slu_status
try_chunk(
    slu_resync *r, uint64_t index, uint64_t from, uint64_t to, uint64_t step)
{
	slu_status st = SLU_OK;

	if (has_room(r, from, SLU_CHUNK_SEALED))
		st = try_inner(r, index, from, to, step);
	/* Before a chunk there is no last one. */
	for (size_t i = 0; i < r->nends && r->below == UINT64_MAX &&
			   st == SLU_OK && r->found.len == 0;
	     i++)
		st = try_last(r, index, r->ends[i], from, to, step);
	return st;
}

/* Places that are `by` from a place, or where we are, if that is before it. */
static uint64_t
shifted(const slu_resync *r, uint64_t place, int64_t by)
{
	uint64_t back = by < 0 ? (uint64_t)-by : 0;

	if (back > place - r->at)
		return r->at;
	return by < 0 ? place - back : place + (uint64_t)by;
}

/* The first place from `from` on that is whole steps from `due`. */
static uint64_t
in_step(uint64_t from, uint64_t due, uint64_t step)
{
	if (from <= due)
		return from + (due - from) % step;
	return from + (step - (from - due) % step) % step;
}

static slu_status
try_places(slu_resync *r, const struct places *p)
{
	slu_status st = SLU_OK;
	uint64_t due, base, from;

	for (uint64_t i = p->first;
	     i <= p->last && r->index + i < r->below && st == SLU_OK &&
	     r->found.len == 0 && r->tries > 0;
	     i++) {
		due = r->at + i * SLU_CHUNK_SEALED;
		base = p->base == HERE ? r->at : due;
		from = shifted(r, base, p->from);
		st = try_chunk(r, r->index + i, in_step(from, due, p->step),
		    shifted(r, base, p->to), p->step);
	}
	return st;
}

static slu_status
try_all(slu_resync *r, const struct places *list, size_t n)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < n && st == SLU_OK && r->found.len == 0; i++)
		st = try_places(r, &list[i]);
	return st;
}

/* One that is the last may be as long as any of the ends has it, or full. */
static slu_status
try_due_last(slu_resync *r, const unsigned char *bytes, uint64_t at, size_t len)
{
	uint64_t index = r->index + r->ahead;
	slu_status st;
	uint64_t n;

	st = slu_chunk_seek(r->tag, index, SLU_CHUNK_LAST);
	for (size_t i = 0; i < r->nends && st == SLU_OK && r->found.len == 0;
	     i++) {
		n = r->ends[i] > at ? r->ends[i] - at : 0;
		if (n > SLU_TAG_SIZE && n <= len)
			st = try(r, bytes, at, index, (size_t)n);
	}
	if (st == SLU_OK && r->found.len == 0 && len == SLU_CHUNK_SEALED)
		st = try(r, bytes, at, index, len);
	return st;
}

/* Chunks where they should be, if nothing was dropped or put in. */
static slu_status
try_due(slu_resync *r, uint64_t most)
{
	const unsigned char *bytes;
	slu_status st = SLU_OK;
	uint64_t at;
	size_t len;

	for (; r->ahead < most && st == SLU_OK && r->found.len == 0;
	     r->ahead++) {
		if (r->ahead > (size_of(r) - r->at) / SLU_CHUNK_SEALED)
			break;
		at = r->at + r->ahead * SLU_CHUNK_SEALED;
		len = (size_t)lower(size_of(r) - at, SLU_CHUNK_SEALED);
		bytes = slu_window_have(&r->w, at, len, at, len);
		/* That the first one is none is known. */
		if (r->ahead > 0 && len == SLU_CHUNK_SEALED) {
			st = slu_chunk_seek(
			    r->tag, r->index + r->ahead, SLU_CHUNK_INNER);
			if (st == SLU_OK)
				st =
				    try(r, bytes, at, r->index + r->ahead, len);
		}
		if (st == SLU_OK && r->found.len == 0)
			st = try_due_last(r, bytes, at, len);
	}
	return st;
}

/* The last one, of any length, with anything behind it. */
static slu_status
try_tails(slu_resync *r, uint64_t first, uint64_t last)
{
	slu_status st = SLU_OK;
	uint64_t at;
	size_t len, n;

	for (uint64_t i = first; i <= last && st == SLU_OK && r->found.len == 0;
	     i++) {
		if (i > (size_of(r) - r->at) / SLU_CHUNK_SEALED)
			break;
		at = r->at + i * SLU_CHUNK_SEALED;
		len = (size_t)lower(size_of(r) - at, SLU_CHUNK_SEALED);
		if (r->tries < len / PER_BYTE)
			break;
		r->tries -= len / PER_BYTE;
		st = slu_chunk_find_last(r->key, r->index + i,
		    slu_window_have(&r->w, at, len, at, len), len, &n);
		if (st == SLU_OK && n > 0)
			r->found = (slu_found){ at, r->index + i, n };
	}
	return st;
}

/* What is cheap comes first, and what is far after what is near. */
static slu_status
look(slu_resync *r)
{
	slu_status st;

	st = try_due(r, SOON);
	if (st == SLU_OK)
		st = try_all(r, likely, COUNT(likely));
	if (st == SLU_OK)
		st = try_tails(r, 0, 0);
	if (st == SLU_OK)
		st = try_all(r, sectors, COUNT(sectors));
	if (st == SLU_OK)
		st = try_tails(r, 1, 2);
	if (st == SLU_OK)
		st = try_due(r, LATER);
	if (st == SLU_OK)
		st = try_all(r, anywhere, COUNT(anywhere));
	if (st == SLU_OK)
		st = try_due(r, UINT64_MAX);
	if (st == SLU_OK)
		st = try_tails(r, 3, TAILS);
	return st;
}

/* Whether a chunk may stand right before that one. */
static bool
may_follow(const slu_resync *r, const slu_found *f)
{
	if (f->index <= r->index || f->at - r->at < SLU_CHUNK_SEALED)
		return false;
	/* That the next one is not here is known. */
	return f->index - 1 > r->index || f->at - r->at > SLU_CHUNK_SEALED;
}

/* What was found may be in the middle of others: go to the first of them. */
static slu_status
go_back(slu_resync *r)
{
	slu_status st = SLU_OK;
	slu_found f = r->found;

	while (st == SLU_OK && r->found.len > 0 && may_follow(r, &r->found)) {
		f = r->found;
		r->found.len = 0;
		f.at -= SLU_CHUNK_SEALED;
		st = slu_chunk_seek(r->tag, f.index - 1, SLU_CHUNK_INNER);
		if (st == SLU_OK)
			st = try(r, see(r, f.at, SLU_CHUNK_SEALED), f.at,
			    f.index - 1, SLU_CHUNK_SEALED);
		f.at += SLU_CHUNK_SEALED;
	}
	if (r->found.len == 0)
		r->found = f;
	return st;
}

/* Others may be before what was found, and not in a row with it. */
static slu_status
look_between(slu_resync *r)
{
	slu_status st = SLU_OK;
	slu_found f = r->found;

	while (st == SLU_OK && r->found.len > 0 && r->tries > r->enough &&
	       r->found.index > r->index &&
	       r->found.at - r->at > SLU_CHUNK_SEALED) {
		f = r->found;
		r->before = f.at;
		r->below = f.index;
		r->found.len = 0;
		st = try_all(r, between, COUNT(between));
		if (st == SLU_OK)
			st = go_back(r);
	}
	if (r->found.len == 0)
		r->found = f;
	return st;
}

/* Where the byte that the file ends with begins to come over and over. */
static uint64_t
find_filler(slu_resync *r, uint64_t from)
{
	uint64_t end = size_of(r), at;
	const unsigned char *bytes;
	unsigned char filler = 0;
	size_t n, i;

	do {
		n = (size_t)lower(end - from, SLU_CHUNK_SEALED);
		at = end - n;
		bytes = slu_window_have(&r->w, at, n, at, n);
		if (end == size_of(r))
			filler = bytes[n - 1];
		for (i = n; i > 0 && bytes[i - 1] == filler; i--)
			end--;
	} while (i == 0 && end > from);
	return end;
}

/*
 * What was added behind the end is often one byte, over and over, of which
 * chunks have no more than some by chance.
 */
static void
find_ends(slu_resync *r, uint64_t from)
{
	uint64_t filler = find_filler(r, from);

	r->stop = size_of(r);
	r->ends[r->nends++] = r->stop;
	if (r->stop - filler < CHANCE)
		return;
	/* A tag ends with that byte too, one time in 256. */
	r->ends[r->nends++] = filler;
	r->ends[r->nends++] = filler + 1;
	r->stop = filler + CHANCE;
}

slu_status
slu_resync_new(slu_resync **out, const slu_sealed_source *source,
    const unsigned char key[SLU_KEY_SIZE], uint64_t tries)
{
	slu_resync *r = calloc(1, sizeof(*r));
	slu_status st;

	if (r == NULL)
		return slu_fail(SLU_ERR_MEMORY, "resync: out of memory");
	memcpy(r->key, key, SLU_KEY_SIZE);
	r->w.source = source;
	r->tries = tries;
	r->enough = tries - tries / 16;
	st = slu_onetime_new(&r->tag, key);
	if (st == SLU_OK) {
		*out = r;
		r = NULL;
	}
	slu_resync_free(r);
	return st;
}

void
slu_resync_free(slu_resync *r)
{
	if (r == NULL)
		return;
	slu_onetime_free(r->tag);
	slu_wipe(r->key, sizeof(r->key));
	free(r);
}

slu_status
slu_resync_find(slu_resync *r, uint64_t at, uint64_t index, slu_found *out)
{
	slu_status st;

	if (r->nends == 0)
		find_ends(r, at);
	r->at = at;
	r->index = index;
	r->ahead = 0;
	r->before = r->stop;
	r->below = UINT64_MAX;
	r->found = (slu_found){ 0 };
	st = look(r);
	if (st == SLU_OK)
		st = go_back(r);
	if (st == SLU_OK)
		st = look_between(r);
	*out = r->found;
	return st;
}
