/* SPDX-License-Identifier: ISC */
#include "chunk.h"

#include "prefix.h"

/*
 * Eleven bytes count, big-endian, and the last one is the place.  Eight of
 * them are enough: 2^64 chunks are a file of 2^80 bytes.
 */
static slu_status
make_nonce(
    unsigned char nonce[SLU_NONCE_SIZE], uint64_t index, slu_chunk_place place)
{
	if (index == UINT64_MAX)
		return slu_fail(SLU_ERR_LIMIT, "chunk: more than 2^64 chunks");
	for (size_t i = 0; i < SLU_NONCE_SIZE - 1; i++) {
		nonce[SLU_NONCE_SIZE - 2 - i] = (unsigned char)index;
		index >>= 8;
	}
	nonce[SLU_NONCE_SIZE - 1] = (unsigned char)place;
	return SLU_OK;
}

slu_status
slu_chunk_seal(slu_aead *a, uint64_t index, slu_chunk_place place,
    const void *in, size_t len, void *out)
{
	unsigned char nonce[SLU_NONCE_SIZE];
	slu_status st;

	st = make_nonce(nonce, index, place);
	return st ? st : slu_aead_seal(a, nonce, in, len, out);
}

slu_status
slu_chunk_open(slu_aead *a, uint64_t index, slu_chunk_place place,
    const void *in, size_t len, void *out)
{
	unsigned char nonce[SLU_NONCE_SIZE];
	slu_status st;

	st = make_nonce(nonce, index, place);
	return st ? st : slu_aead_open(a, nonce, in, len, out);
}

slu_status
slu_chunk_seek(slu_onetime *o, uint64_t index, slu_chunk_place place)
{
	unsigned char nonce[SLU_NONCE_SIZE];
	slu_status st;

	st = make_nonce(nonce, index, place);
	return st ? st : slu_onetime_set(o, nonce);
}

slu_status
slu_chunk_find_last(const unsigned char key[SLU_KEY_SIZE], uint64_t index,
    const void *in, size_t len, size_t *out)
{
	unsigned char nonce[SLU_NONCE_SIZE];
	slu_status st;

	st = make_nonce(nonce, index, SLU_CHUNK_LAST);
	return st ? st : slu_prefix_find(key, nonce, in, len, out);
}
