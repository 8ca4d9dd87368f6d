/* SPDX-License-Identifier: ISC */
/*
 * stream.h: random numbers that come again, for simulations and tests.
 *
 *     slu_stream *s = NULL;
 *     slu_stream_new(&s, seed);
 *     roll = slu_stream_between(s, 1, 6);
 *     slu_stream_free(s);
 *
 * Whoever knows the seed knows all that follows: nothing that makes a secret
 * takes a slu_stream.  The same seed and the same calls give the same
 * results on every machine, and in later versions too.  Once made, a stream
 * cannot fail; streams share nothing, one thread at a time uses one, and
 * after a fork both processes go on alike.
 */
#ifndef SLUICE_STREAM_H
#define SLUICE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "sluice/status.h"

SLU_BEGIN_DECLS

#define SLU_STREAM_SEED 32 /* bytes */

typedef struct slu_stream slu_stream;

/*
 * Begin the stream of a seed, which is copied.  Its bytes are the key stream
 * of ChaCha20 (RFC 8439) with the seed as key and "LibsodiumDRG" as nonce,
 * as libsodium's randombytes_buf_deterministic gives them; that one ends
 * after 256 GiB, where here the block counter goes on with 64 bits.  `*out`
 * is the caller's, to be freed.  SLU_ERR_CRYPTO where libcrypto has no
 * ChaCha20 to give.
 */
slu_status slu_stream_new(
    slu_stream **out, const unsigned char seed[SLU_STREAM_SEED]) SLU_CHECKED;

/* Wipe and free; NULL is fine. */
void slu_stream_free(slu_stream *s);

/* Fill `buf` with the next `len` bytes. */
void slu_stream_bytes(slu_stream *s, void *buf, size_t len);

/* A number from 0 to UINT64_MAX: the next 8 bytes, the least one first. */
uint64_t slu_stream_u64(slu_stream *s);

/* A number of `n` bits, at most 64: the upper ones of 8 bytes. */
uint64_t slu_stream_bits(slu_stream *s, unsigned n);

/* A number from 0 to `bound` - 1; bounds 0 and 1 leave only 0. */
uint64_t slu_stream_below(slu_stream *s, uint64_t bound);

/* A number from `a` to `b`, both included, whichever is the larger one. */
int64_t slu_stream_between(slu_stream *s, int64_t a, int64_t b);

/* A real number from 0 on, below 1: a multiple of 2^-53. */
double slu_stream_real(slu_stream *s);

/*
 * A number below `bound`, both big-endian and of `len` bytes; they do not
 * overlap.  A bound of 0 leaves only 0.
 */
void slu_stream_big(slu_stream *s, void *out, const void *bound, size_t len);

SLU_END_DECLS

#endif
