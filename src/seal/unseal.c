/* SPDX-License-Identifier: ISC */
#include "sluice/unseal.h"

#include <stdbool.h>
#include <string.h>

#include "../bio/batch.h"
#include "armor_internal.h"
#include "chunk.h"
#include "opening.h"
#include "payload.h"
#include "runs.h"
#include "unseal_internal.h"
#include "unseal_threads.h"
#include "sluice/secret.h"

/* Sealed chunks in a batch: large reads that still fit a core's cache. */
#define BATCH_CHUNKS 4

struct unseal {
	enum { FRONT, CHUNKS, TAIL, ENDED } phase;
	slu_opening opening; /* owned: until the payload's key is known */
	unsigned threads;
	size_t chunks;      /* of a run of theirs */
	slu_opener *opener; /* owned: where several threads open */
	slu_aead *aead;     /* owned: where they do not */
	slu_batch in;       /* sealed, and not opened yet */
	slu_batch plain;    /* a chunk that the reader had not the room for */
	bool eof;           /* `next` has ended, and is not asked again */
	uint64_t taken;     /* bytes of the file before those in `in` */
	uint64_t index;     /* of the chunk to be opened next */
};

static const unsigned char *
front(const struct unseal *u)
{
	return u->in.mem + u->in.off;
}

static void
take(struct unseal *u, size_t len)
{
	u->in.off += len;
	u->taken += len;
}

/* Have `want` bytes of the file in the batch, or all there are to its end. */
static slu_status
need(struct unseal *u, slu_bio *next, size_t want)
{
	slu_status st;

	while (slu_batch_left(&u->in) < want && !u->eof) {
		st = slu_batch_fill(&u->in, next);
		if (st == SLU_EOF)
			u->eof = true;
		else if (st)
			return st;
	}
	return SLU_OK;
}

static slu_status
begin_chunks(struct unseal *u, const unsigned char key[SLU_KEY_SIZE])
{
	u->phase = CHUNKS;
	if (u->threads > 1)
		return slu_opener_new(
		    &u->opener, u->threads, u->chunks, key, u->taken);
	return slu_aead_new(&u->aead, key);
}

static slu_status
read_front(struct unseal *u, slu_bio *next)
{
	unsigned char key[SLU_KEY_SIZE];
	slu_status st;
	size_t used;

	st = slu_batch_make(&u->in, BATCH_CHUNKS * SLU_CHUNK_SEALED);
	if (st == SLU_OK)
		st = need(u, next, slu_batch_left(&u->in) + 1);
	if (st)
		return st;
	st = slu_opening_feed(
	    &u->opening, front(u), slu_batch_left(&u->in), &used, key);
	take(u, used);
	if (st == SLU_OK)
		st = begin_chunks(u, key);
	else if (st == SLU_WANT_READ)
		st = u->eof ? slu_opening_cut(&u->opening) : SLU_OK;
	slu_wipe(key, sizeof(key));
	return st;
}

/* Open the next chunk into `out`, which has room for it. */
static slu_status
open_next(struct unseal *u, unsigned char *out, size_t *got)
{
	size_t len = slu_batch_left(&u->in);
	slu_chunk_place place;
	slu_status st;

	if (len > SLU_CHUNK_SEALED)
		len = SLU_CHUNK_SEALED;
	st = slu_payload_open(
	    u->aead, u->index, u->taken, front(u), len, out, &place);
	if (st)
		return st;
	if (place == SLU_CHUNK_LAST)
		u->phase = TAIL;
	take(u, len);
	u->index++;
	*got += len - SLU_TAG_SIZE;
	return SLU_OK;
}

static slu_status
read_chunks(struct unseal *u, slu_bio *next, unsigned char *buf, size_t cap,
    size_t *got)
{
	slu_status st;

	st = need(u, next, SLU_CHUNK_SEALED);
	if (st)
		return st;
	if (cap < SLU_CHUNK) {
		st = slu_batch_make(&u->plain, SLU_CHUNK);
		return st ? st : open_next(u, u->plain.mem, &u->plain.len);
	}
	st = open_next(u, buf, got);
	/* What is there needs no second call; its faults do. */
	while (st == SLU_OK && u->phase == CHUNKS && cap - *got >= SLU_CHUNK &&
	       slu_batch_left(&u->in) >= SLU_CHUNK_SEALED)
		st = open_next(u, buf + *got, got);
	return *got > 0 ? SLU_OK : st;
}

static slu_status
check_end(struct unseal *u, slu_bio *next)
{
	slu_status st;

	st = need(u, next, 1);
	if (st)
		return st;
	if (slu_batch_left(&u->in) > 0)
		return slu_fail(SLU_ERR_FORMAT,
		    "unseal: data after the end, at byte %llu",
		    (unsigned long long)u->taken);
	u->phase = ENDED;
	return SLU_EOF;
}

static slu_status
step(struct unseal *u, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	switch (u->phase) {
	case FRONT: return read_front(u, next);
	case CHUNKS: return read_chunks(u, next, buf, cap, got);
	case TAIL: return check_end(u, next);
	case ENDED: break;
	}
	return SLU_EOF;
}

static size_t
give(slu_batch *plain, void *buf, size_t cap)
{
	size_t n = slu_batch_left(plain);

	if (n > cap)
		n = cap;
	memcpy(buf, plain->mem + plain->off, n);
	plain->off += n;
	if (plain->off == plain->len)
		plain->off = plain->len = 0;
	return n;
}

static slu_status
unseal_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct unseal *u = self;
	slu_status st = SLU_OK;

	while (st == SLU_OK && *got == 0) {
		if (u->opener != NULL)
			return slu_opener_read(u->opener, &u->in,
			    u->eof ? NULL : next, buf, cap, got);
		if (slu_batch_left(&u->plain) > 0)
			*got = give(&u->plain, buf, cap);
		else
			st = step(u, next, buf, cap, got);
	}
	return st;
}

static void
unseal_free(void *self)
{
	struct unseal *u = self;

	slu_opening_free(&u->opening);
	slu_opener_free(u->opener);
	slu_aead_free(u->aead);
	slu_batch_free(&u->in);
	slu_batch_free(&u->plain);
}

static const slu_bio_ops unseal_ops = {
	.name = "unseal",
	.size = sizeof(struct unseal),
	.read = unseal_read,
	.free = unseal_free,
};

slu_status
slu_unseal_runs(slu_bio **top, slu_identities *ids,
    const slu_unseal_options *options, size_t chunks)
{
	unsigned threads = options == NULL ? 0 : options->threads;
	bool *armored = options == NULL ? NULL : options->armored;
	struct unseal *u;
	slu_status st;

	if (threads > SLU_UNSEAL_THREADS_MAX)
		return slu_fail(SLU_ERR_USAGE, "unseal: at most %d threads",
		    SLU_UNSEAL_THREADS_MAX);
	st = slu_dearmor_if(top, armored);
	if (st)
		return st;
	u = slu_bio_push(top, &unseal_ops);
	if (u == NULL) {
		slu_bio_drop(top);
		return SLU_ERR_MEMORY;
	}
	u->threads = threads;
	u->chunks = chunks;
	slu_opening_begin(&u->opening, ids, options);
	return SLU_OK;
}

slu_status
slu_unseal(
    slu_bio **top, slu_identities *ids, const slu_unseal_options *options)
{
	return slu_unseal_runs(top, ids, options, SLU_RUN_CHUNKS);
}
