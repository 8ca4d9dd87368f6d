/* SPDX-License-Identifier: ISC */
/*
 * chunk.h: the payload of a sealed file, chunk by chunk (C2SP age,
 * "Payload").
 *
 * Each chunk is sealed on its own, under a nonce that says which one it is
 * and whether it is the last: none can be dropped, repeated, moved or added
 * unseen.  All but the last hold SLU_CHUNK bytes; the last holds 1 to
 * SLU_CHUNK bytes, or none where the whole file is empty.
 */
#ifndef SLUICE_SEAL_CHUNK_H
#define SLUICE_SEAL_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "aead.h"
#include "onetime.h"

#define SLU_CHUNK ((size_t)64 * 1024)               /* bytes, before */
#define SLU_CHUNK_SEALED (SLU_CHUNK + SLU_TAG_SIZE) /* and after sealing */

typedef enum slu_chunk_place {
	SLU_CHUNK_INNER = 0, /* as the nonce has it */
	SLU_CHUNK_LAST = 1,
} slu_chunk_place;

/*
 * Seal the chunk at `index`, counted from 0, as slu_aead_seal does.  An
 * index of UINT64_MAX is SLU_ERR_LIMIT: the counter never comes round.
 */
slu_status slu_chunk_seal(slu_aead *a, uint64_t index, slu_chunk_place place,
    const void *in, size_t len, void *out) SLU_CHECKED;

/* Open it, as slu_aead_open does: SLU_ERR_AUTH and nothing left in `out`. */
slu_status slu_chunk_open(slu_aead *a, uint64_t index, slu_chunk_place place,
    const void *in, size_t len, void *out) SLU_CHECKED;

/* From here on `o` looks for that chunk (onetime.h). */
slu_status slu_chunk_seek(
    slu_onetime *o, uint64_t index, slu_chunk_place place) SLU_CHECKED;

/*
 * Of the `len` bytes at `in`, which begin with the last chunk, at `index`: how
 * many are of it, as slu_prefix_find has it.
 */
slu_status slu_chunk_find_last(const unsigned char key[SLU_KEY_SIZE],
    uint64_t index, const void *in, size_t len, size_t *out) SLU_CHECKED;

#endif
