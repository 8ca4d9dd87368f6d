/* SPDX-License-Identifier: ISC */
#include "sluice/salvage.h"

#include <stdbool.h>
#include <stdlib.h>

#include "../bio/copy_internal.h"
#include "armored.h"
#include "chunk.h"
#include "sluice/secret.h"
#include "source.h"

#define FRONT_MOST 1024 /* chunks in front that may be missing */

struct salvage {
	const slu_sealed_source *source; /* lent */
	const slu_salvage_options *told; /* lent */
	slu_bio *dst;                    /* lent */
	slu_salvaged *out;               /* lent */
	unsigned char key[SLU_KEY_SIZE];
	slu_aead *aead; /* owned */
	uint64_t begin; /* of the first chunk in the file */
	uint64_t shift; /* chunks that are missing in front */
	uint64_t hole;  /* bytes lost behind those written, so far */
	uint64_t first; /* the slot in which they begin */
	unsigned char sealed[SLU_CHUNK_SEALED];
	unsigned char plain[SLU_CHUNK];
};

/* Where a chunk lies in the file, and how long it is if it is the last. */
static uint64_t
place_of(const struct salvage *s, uint64_t slot)
{
	return s->begin + slot * SLU_CHUNK_SEALED;
}

static size_t
len_of(const struct salvage *s, uint64_t slot)
{
	uint64_t left = s->source->size - place_of(s, slot);

	return left < SLU_CHUNK_SEALED ? (size_t)left : SLU_CHUNK_SEALED;
}

static bool
opens(struct salvage *s, uint64_t index, slu_chunk_place place, size_t len)
{
	return len >= SLU_TAG_SIZE && slu_chunk_open(s->aead, index, place,
					  s->sealed, len, s->plain) == SLU_OK;
}

/* What cannot be read is as good as damaged. */
static bool
read_slot(struct salvage *s, uint64_t slot)
{
	return s->source->read_at(s->source->arg, place_of(s, slot), s->sealed,
		   len_of(s, slot)) == SLU_OK;
}

static void
tell_hole(struct salvage *s)
{
	if (s->hole == 0)
		return;
	s->out->holes++;
	if (s->told->hole != NULL)
		s->told->hole(s->told->arg, s->out->size, s->hole);
}

/* Fill the hole, and put behind it what is intact. */
static slu_status
put(struct salvage *s, size_t len)
{
	static const unsigned char zeros[4096];
	slu_status st = SLU_OK;
	size_t n;

	tell_hole(s);
	s->out->size += s->hole;
	for (; s->hole > 0 && st == SLU_OK; s->hole -= n) {
		n = s->hole < sizeof(zeros) ? (size_t)s->hole : sizeof(zeros);
		st = slu_copy_write(s->dst, zeros, n);
	}
	if (st == SLU_OK && len > 0)
		st = slu_copy_write(s->dst, s->plain, len);
	s->out->size += len;
	s->out->intact += len;
	return st;
}

/* The last chunk was found, of so many bytes, in a slot. */
static slu_status
put_last(struct salvage *s, uint64_t slot, size_t len)
{
	s->out->end = SLU_SALVAGE_WHOLE;
	s->out->extra = s->source->size - place_of(s, slot) - len;
	/* Behind others, an empty one is what no whole file has. */
	if (len == SLU_TAG_SIZE && slot + s->shift > 0)
		s->out->extra += len;
	return put(s, len - SLU_TAG_SIZE);
}

/* If the first chunk is none, see whether it is a later one. */
static void
find_front(struct salvage *s)
{
	if (len_of(s, 0) < SLU_CHUNK_SEALED || !read_slot(s, 0))
		return;
	for (uint64_t i = 0; i <= FRONT_MOST; i++)
		if (opens(s, i, SLU_CHUNK_INNER, SLU_CHUNK_SEALED) ||
		    opens(s, i, SLU_CHUNK_LAST, SLU_CHUNK_SEALED)) {
			s->shift = i;
			s->hole = s->out->front = i * SLU_CHUNK;
			return;
		}
}

/* Do one slot; `*ended` says that it held the last chunk. */
static slu_status
do_slot(struct salvage *s, uint64_t slot, bool *ended)
{
	size_t len = len_of(s, slot);
	bool there = read_slot(s, slot);
	uint64_t index = slot + s->shift;

	*ended = false;
	if (there && len == SLU_CHUNK_SEALED &&
	    opens(s, index, SLU_CHUNK_INNER, len))
		return put(s, SLU_CHUNK);
	*ended = there && opens(s, index, SLU_CHUNK_LAST, len);
	if (*ended)
		return put_last(s, slot, len);
	if (s->hole == 0)
		s->first = slot;
	s->hole += len > SLU_TAG_SIZE ? len - SLU_TAG_SIZE : 0;
	return SLU_OK;
}

/*
 * The file goes on behind its last intact chunk with what does not open.  It
 * may be the last chunk, with something added to it.
 */
static slu_status
find_end(struct salvage *s)
{
	uint64_t index = s->first + s->shift;
	slu_status st;
	size_t n = 0;

	s->out->end = SLU_SALVAGE_LOST;
	if (read_slot(s, s->first)) {
		st = slu_chunk_find_last(
		    s->key, index, s->sealed, len_of(s, s->first), &n);
		if (st)
			return st;
	}
	if (opens(s, index, SLU_CHUNK_LAST, n)) {
		s->hole = 0;
		return put_last(s, s->first, n);
	}
	if (s->out->intact > 0)
		tell_hole(s);
	return SLU_OK;
}

static slu_status
do_all(struct salvage *s)
{
	slu_status st = SLU_OK;
	uint64_t slot = 0;
	bool ended = false;

	s->out->end = SLU_SALVAGE_MISSING;
	if (place_of(s, 0) < s->source->size)
		find_front(s);
	for (; place_of(s, slot) < s->source->size && !ended && st == SLU_OK;
	     slot++)
		st = do_slot(s, slot, &ended);
	if (st == SLU_OK && !ended && s->hole > 0)
		st = find_end(s);
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
	st = slu_armored_rescue(&armored, source, &bare);
	out->armor_damaged = slu_armored_is_damaged(armored);
	if (st == SLU_OK)
		st = slu_source_open(&bare, ids, &told, s->key, &s->begin);
	if (st == SLU_OK)
		st = slu_aead_new(&s->aead, s->key);
	if (st == SLU_OK)
		st = do_all(s);
	slu_aead_free(s->aead);
	slu_armored_free(armored);
	slu_wipe(s, sizeof(*s));
	free(s);
	return st;
}
