/* SPDX-License-Identifier: ISC */
#include "sluice/seal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../bio/batch.h"
#include "chunk.h"
#include "front.h"
#include "runs.h"
#include "seal_threads.h"
#include "sluice/secret.h"

/*
 * Sealed chunks in a batch: large writes that still fit a core's cache.  One
 * may be for what is held, so only from 2 on does each write take something.
 */
#define BATCH (4 * SLU_CHUNK_SEALED)

struct seal {
	slu_aead *aead;      /* owned */
	slu_buf front;       /* owned: the header and the payload's nonce */
	slu_batch out;       /* sealed, and not taken by `next` yet */
	unsigned char *held; /* owned: a chunk that may yet be the last one */
	size_t nheld;        /* bytes of it, up to SLU_CHUNK */
	uint64_t index;      /* of the chunk to be sealed next */
	bool ended;          /* the last chunk is sealed */
};

/* Have a batch, for so many bytes behind the front. */
static slu_status
begin(struct seal *s, size_t room)
{
	slu_status st;

	if (s->out.mem != NULL)
		return SLU_OK;
	st = slu_batch_make(&s->out, s->front.len + room);
	if (st)
		return st;
	s->out.len = slu_buf_take(&s->front, s->out.mem, s->out.cap);
	slu_buf_free(&s->front);
	return SLU_OK;
}

static bool
has_room(const struct seal *s)
{
	return s->out.cap - s->out.len >= SLU_CHUNK_SEALED;
}

/* Whether so many bytes more are known to be more than the last chunk. */
static bool
is_more(const struct seal *s, size_t len)
{
	return len > SLU_CHUNK - s->nheld;
}

static slu_status
seal_chunk(struct seal *s, slu_chunk_place place, const unsigned char *data,
    size_t len)
{
	slu_status st;

	st = slu_chunk_seal(
	    s->aead, s->index, place, data, len, s->out.mem + s->out.len);
	if (st)
		return st;
	s->out.len += len + SLU_TAG_SIZE;
	s->index++;
	return SLU_OK;
}

/* Keep what may be the end of the plaintext; returns how much that is. */
static size_t
hold(struct seal *s, const unsigned char *data, size_t len)
{
	size_t n = SLU_CHUNK - s->nheld;

	if (n > len)
		n = len;
	memcpy(s->held + s->nheld, data, n);
	s->nheld += n;
	return n;
}

/*
 * Chunks that more input follows are sealed from where they lie; only what
 * may be the last one is copied.  Some always is, also where the batch is
 * full: a caller may stop after any write, and an inner chunk cannot become
 * the last one any more.
 */
static slu_status
seal_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct seal *s = self;
	const unsigned char *in = data;
	slu_status st = SLU_OK;
	size_t at = 0;

	/* A file that is short takes as little memory. */
	if (is_more(s, len))
		st = begin(s, BATCH);
	if (st == SLU_OK)
		st = slu_batch_drain(&s->out, next);
	if (st)
		return st;
	while (is_more(s, len - at) && has_room(s)) {
		if (s->nheld == 0) {
			st = seal_chunk(s, SLU_CHUNK_INNER, in + at, SLU_CHUNK);
			at += SLU_CHUNK;
		} else {
			at += hold(s, in + at, len - at);
			st = seal_chunk(s, SLU_CHUNK_INNER, s->held, SLU_CHUNK);
			s->nheld = 0;
		}
		if (st)
			return st;
	}
	at += hold(s, in + at, len - at);
	*put = at;
	return SLU_OK;
}

static slu_status
seal_flush(void *self, slu_bio *next)
{
	struct seal *s = self;
	slu_status st;

	st = begin(s, BATCH);
	return st ? st : slu_batch_drain(&s->out, next);
}

/* Earlier chunks, if there were any, were longer. */
static void
wipe_held(struct seal *s, uint64_t earlier)
{
	slu_wipe(s->held, earlier > 0 ? SLU_CHUNK : s->nheld);
	s->nheld = 0;
}

static slu_status
seal_finish(void *self, slu_bio *next)
{
	struct seal *s = self;
	size_t last = s->nheld + SLU_TAG_SIZE;
	slu_status st;

	st = begin(s, last);
	if (st == SLU_OK && (s->ended || s->out.cap - s->out.len < last))
		st = slu_batch_drain(&s->out, next);
	if (st || s->ended)
		return st;
	st = seal_chunk(s, SLU_CHUNK_LAST, s->held, s->nheld);
	if (st)
		return st;
	s->ended = true;
	wipe_held(s, s->index - 1);
	return slu_batch_drain(&s->out, next);
}

static void
seal_free(void *self)
{
	struct seal *s = self;

	slu_aead_free(s->aead);
	slu_buf_free(&s->front);
	slu_batch_free(&s->out);
	if (s->held != NULL && !s->ended)
		wipe_held(s, s->index);
	free(s->held);
}

static const slu_bio_ops seal_ops = {
	.name = "seal",
	.size = sizeof(struct seal),
	.write = seal_write,
	.flush = seal_flush,
	.finish = seal_finish,
	.free = seal_free,
};

/* Draw the file's secrets, and make of them all that the filter keeps. */
static slu_status
make_front(struct seal *s, const slu_recipients *r)
{
	unsigned char key[SLU_KEY_SIZE];
	slu_status st;

	st = slu_front_make(r, &s->front, key);
	if (st == SLU_OK)
		st = slu_aead_new(&s->aead, key);
	slu_wipe(key, sizeof(key));
	return st;
}

slu_status
slu_seal(
    slu_bio **top, const slu_recipients *r, const slu_seal_options *options)
{
	unsigned threads = options == NULL ? 0 : options->threads;
	struct seal *s;
	slu_status st;

	if (threads > SLU_SEAL_THREADS_MAX)
		return slu_fail(SLU_ERR_USAGE, "seal: at most %d threads",
		    SLU_SEAL_THREADS_MAX);
	if (threads > 1)
		return slu_seal_threads(top, r, threads, SLU_RUN_CHUNKS);
	s = slu_bio_push(top, &seal_ops);
	if (s == NULL)
		return SLU_ERR_MEMORY;
	s->held = malloc(SLU_CHUNK);
	st = s->held == NULL ? slu_fail(SLU_ERR_MEMORY, "seal: out of memory")
			     : make_front(s, r);
	if (st)
		slu_bio_drop(top);
	return st;
}
