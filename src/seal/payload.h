/* SPDX-License-Identifier: ISC */
/* payload.h: a chunk of a payload that somebody reads from its beginning. */
#ifndef SLUICE_SEAL_PAYLOAD_H
#define SLUICE_SEAL_PAYLOAD_H

#include "chunk.h"

/*
 * Open the chunk at `index` into `out`, which has room for it: one of
 * SLU_CHUNK_SEALED bytes, or shorter where the file has ended.  `*place` says
 * which it is.  The words of a failure say at which byte of the plaintext, or
 * of the file, in which the chunk begins at byte `at`.
 *
 *     SLU_ERR_AUTH       it is not what was sealed; `out` is wiped
 *     SLU_ERR_TRUNCATED  too short for a chunk: the file is cut off here
 *     SLU_ERR_FORMAT     it is empty, and not the file's only one
 */
slu_status slu_payload_open(slu_aead *a, uint64_t index, uint64_t at,
    const void *in, size_t len, void *out, slu_chunk_place *place) SLU_CHECKED;

#endif
