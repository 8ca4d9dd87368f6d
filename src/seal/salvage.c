/* SPDX-License-Identifier: ISC */
#include "sluice/salvage.h"

#include <stdbool.h>
#include <stdlib.h>

#include "../bio/copy_internal.h"
#include "armored.h"
#include "chunk.h"
#include "mend.h"
#include "resync.h"
#include "sluice/secret.h"

struct salvage {
	const slu_sealed_source *source; /* lent */
	const slu_salvage_options *told; /* lent */
	slu_bio *dst;                    /* lent */
	slu_salvaged *out;               /* lent */
	unsigned char key[SLU_KEY_SIZE];
	slu_aead *aead;     /* owned */
	slu_resync *resync; /* owned */
	uint64_t at;        /* behind all that was intact so far */
	uint64_t index;     /* of the chunk that follows */
	unsigned char sealed[SLU_CHUNK_SEALED];
	unsigned char plain[SLU_CHUNK];
};

/* What is left of the file, as far as it may be of the next chunk. */
static size_t
next_len(const struct salvage *s)
{
	uint64_t left = s->source->size - s->at;

	return left < SLU_CHUNK_SEALED ? (size_t)left : SLU_CHUNK_SEALED;
}

static bool
opens(struct salvage *s, slu_chunk_place place, size_t len)
{
	return len >= SLU_TAG_SIZE && slu_chunk_open(s->aead, s->index, place,
					  s->sealed, len, s->plain) == SLU_OK;
}

/* What cannot be read is as good as damaged. */
static bool
read_next(struct salvage *s, size_t len)
{
	return s->source->read_at(s->source->arg, s->at, s->sealed, len) ==
	       SLU_OK;
}

/* Bytes that are lost behind those written, up to the next chunk. */
static uint64_t
lost(const struct salvage *s)
{
	return s->index * SLU_CHUNK - s->out->size;
}

static void
tell_hole(struct salvage *s, uint64_t len)
{
	if (len == 0)
		return;
	s->out->holes++;
	if (s->told->hole != NULL)
		s->told->hole(s->told->arg, s->out->size, len);
}

/* Fill the hole, and put behind it what is intact. */
static slu_status
put(struct salvage *s, size_t len)
{
	static const unsigned char zeros[4096];
	slu_status st = SLU_OK;
	uint64_t left = lost(s);
	size_t n;

	tell_hole(s, left);
	s->out->size += left;
	for (; left > 0 && st == SLU_OK; left -= n) {
		n = left < sizeof(zeros) ? (size_t)left : sizeof(zeros);
		st = slu_copy_write(s->dst, zeros, n);
	}
	if (st == SLU_OK && len > 0)
		st = slu_copy_write(s->dst, s->plain, len);
	s->out->size += len;
	s->out->intact += len;
	s->at += len + SLU_TAG_SIZE;
	s->index++;
	return st;
}

/* The last chunk was found, of so many bytes. */
static slu_status
put_last(struct salvage *s, size_t len)
{
	s->out->end = SLU_SALVAGE_WHOLE;
	s->out->extra = s->source->size - s->at - len;
	/* Behind others, an empty one is what no whole file has. */
	if (len == SLU_TAG_SIZE && s->index > 0)
		s->out->extra += len;
	return put(s, len - SLU_TAG_SIZE);
}

/* Put the next chunk, if these are its bytes. */
static slu_status
put_next(struct salvage *s, size_t len, bool *is)
{
	*is = read_next(s, len);
	if (!*is)
		return SLU_OK;
	if (len == SLU_CHUNK_SEALED && opens(s, SLU_CHUNK_INNER, len))
		return put(s, SLU_CHUNK);
	*is = opens(s, SLU_CHUNK_LAST, len);
	return *is ? put_last(s, len) : SLU_OK;
}

/* Go to a chunk that was found, over what is lost before it. */
static void
go_to(struct salvage *s, const slu_found *f)
{
	uint64_t chunks = f->index - s->index, bytes = f->at - s->at;

	if (bytes > chunks * SLU_CHUNK_SEALED)
		s->out->added += bytes - chunks * SLU_CHUNK_SEALED;
	else if (bytes < chunks * SLU_CHUNK_SEALED && s->index == 0)
		s->out->front = chunks * SLU_CHUNK;
	s->at = f->at;
	s->index = f->index;
}

/* Nothing more is intact; what is left may have been as many bytes as fit. */
static void
lose_rest(struct salvage *s)
{
	uint64_t left = s->source->size - s->at;
	uint64_t rest = left % SLU_CHUNK_SEALED;

	s->out->end = SLU_SALVAGE_LOST;
	left = left / SLU_CHUNK_SEALED * SLU_CHUNK;
	left += rest > SLU_TAG_SIZE ? rest - SLU_TAG_SIZE : 0;
	if (s->out->intact > 0)
		tell_hole(s, lost(s) + left);
}

/* Find what is intact behind this, and put it. */
static slu_status
go_on(struct salvage *s)
{
	slu_status st;
	slu_found f;
	bool is;

	st = slu_resync_find(s->resync, s->at, s->index, &f);
	if (st)
		return st;
	if (f.len == 0) {
		lose_rest(s);
		return SLU_OK;
	}
	go_to(s, &f);
	st = put_next(s, f.len, &is);
	/* A disk may have read it once, and never again. */
	if (st == SLU_OK && !is) {
		s->at += f.len;
		s->index++;
	}
	return st;
}

static slu_status
do_all(struct salvage *s)
{
	slu_status st = SLU_OK;
	bool is;

	s->out->end = SLU_SALVAGE_MISSING;
	while (s->at < s->source->size && st == SLU_OK &&
	       s->out->end == SLU_SALVAGE_MISSING) {
		st = put_next(s, next_len(s), &is);
		if (st == SLU_OK && !is)
			st = go_on(s);
	}
	if (s->out->end == SLU_SALVAGE_MISSING && lost(s) > 0)
		lose_rest(s);
	if (st == SLU_OK && s->out->end != SLU_SALVAGE_WHOLE &&
	    s->out->intact == 0)
		st = slu_fail(SLU_ERR_AUTH,
		    "unseal: nothing is intact: it is damaged all over, or "
		    "the front of the payload is damaged or was cut off");
	return st;
}

slu_status
slu_salvage(slu_bio *dst, const slu_sealed_source *source, slu_identities *ids,
    const slu_salvage_options *options, slu_salvaged *out)
{
	static const slu_salvage_options nothing_told = { 0 };
	slu_unseal_options told = { 0 };
	slu_armored *armored = NULL;
	slu_sealed_source bare;
	struct salvage *s;
	slu_status st;

	*out = (slu_salvaged){ 0 };
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return slu_fail(SLU_ERR_MEMORY, "salvage: out of memory");
	s->source = &bare;
	s->told = options == NULL ? &nothing_told : options;
	s->dst = dst;
	s->out = out;
	told.over_limit = s->told->over_limit;
	told.foreign = s->told->foreign;
	st = slu_armored_rescue(&armored, source, &bare);
	out->armor_damaged = slu_armored_is_damaged(armored);
	if (st == SLU_OK)
		st = slu_mend_open(
		    &bare, ids, &told, s->key, &s->at, &out->header_damaged);
	if (st == SLU_OK)
		st = slu_aead_new(&s->aead, s->key);
	if (st == SLU_OK)
		st = slu_resync_new(&s->resync, &bare, s->key,
		    s->told->tries > 0 ? s->told->tries : SLU_SALVAGE_TRIES);
	if (st == SLU_OK)
		st = do_all(s);
	slu_resync_free(s->resync);
	slu_aead_free(s->aead);
	slu_armored_free(armored);
	slu_wipe(s, sizeof(*s));
	free(s);
	return st;
}
