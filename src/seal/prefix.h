/* SPDX-License-Identifier: ISC */
/*
 * prefix.h: where a sealed message ends, if bytes may have been added to it.
 *
 * To open each beginning of a chunk takes seconds, since each reads all that
 * is in it.  Poly1305 goes on from block to block: one pass has the tags of all
 * of them.
 */
#ifndef SLUICE_SEAL_PREFIX_H
#define SLUICE_SEAL_PREFIX_H

#include "aead.h"

/*
 * Find the shortest beginning of the `len` bytes at `in` that slu_aead_open
 * would open under that key and nonce; `*out` gets its length, with the tag, or
 * 0 where there is none.
 */
slu_status slu_prefix_find(const unsigned char key[SLU_KEY_SIZE],
    const unsigned char nonce[SLU_NONCE_SIZE], const void *in, size_t len,
    size_t *out) SLU_CHECKED;

#endif
