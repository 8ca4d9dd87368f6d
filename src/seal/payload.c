/* SPDX-License-Identifier: ISC */
#include "payload.h"

/* Intact bytes of plaintext before a chunk. */
static unsigned long long
intact(uint64_t index)
{
	return (unsigned long long)index * SLU_CHUNK;
}

/*
 * Open a chunk that is as long as all but the last are.  Only its nonce says
 * whether it is the last, and to try is quicker than to wait for what might
 * follow.
 */
static slu_status
open_full(slu_aead *a, uint64_t index, const void *in, void *out,
    slu_chunk_place *place)
{
	slu_status st;

	*place = SLU_CHUNK_INNER;
	st = slu_chunk_open(a, index, *place, in, SLU_CHUNK_SEALED, out);
	if (st == SLU_ERR_AUTH) {
		*place = SLU_CHUNK_LAST;
		st =
		    slu_chunk_open(a, index, *place, in, SLU_CHUNK_SEALED, out);
	}
	if (st == SLU_ERR_AUTH)
		return slu_fail(
		    st, "unseal: damaged at byte %llu", intact(index));
	return st;
}

/*
 * Open what is left where the file has ended: a last chunk, or what a cut
 * has left of any.  Nothing tells damage, a cut and what was added to it from
 * each other, unless it is too short for a chunk.
 */
static slu_status
open_short(slu_aead *a, uint64_t index, uint64_t at, const void *in, size_t len,
    void *out)
{
	slu_status st;

	if (len < SLU_TAG_SIZE)
		return slu_fail(SLU_ERR_TRUNCATED,
		    "unseal: truncated after %llu bytes", intact(index));
	st = slu_chunk_open(a, index, SLU_CHUNK_LAST, in, len, out);
	if (st == SLU_ERR_AUTH)
		return slu_fail(st,
		    "unseal: damaged, cut short or added to at byte %llu",
		    intact(index));
	if (st)
		return st;
	if (len == SLU_TAG_SIZE && index > 0)
		return slu_fail(SLU_ERR_FORMAT,
		    "unseal: an empty chunk at byte %llu",
		    (unsigned long long)at);
	return SLU_OK;
}

slu_status
slu_payload_open(slu_aead *a, uint64_t index, uint64_t at, const void *in,
    size_t len, void *out, slu_chunk_place *place)
{
	if (len >= SLU_CHUNK_SEALED)
		return open_full(a, index, in, out, place);
	*place = SLU_CHUNK_LAST;
	return open_short(a, index, at, in, len, out);
}
