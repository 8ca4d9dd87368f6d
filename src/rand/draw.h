/* SPDX-License-Identifier: ISC */
/*
 * draw.h: numbers made of random bytes, whichever source these come from.
 *
 * A source is a slu_draw: a pool of bytes that are ready, and the operation
 * that makes those that follow.  The secure generator of a thread is one, a
 * reproducible stream another; numbers, choices and distributions are the
 * same code for both, and take a slu_draw from slu_stream_draw.
 *
 * A number is made of the bytes that are next, whatever was drawn before, in
 * little-endian order on every machine; and what was taken from the pool is
 * wiped there.
 */
#ifndef SLUICE_RAND_DRAW_H
#define SLUICE_RAND_DRAW_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SLU_DRAW_BLOCK 64  /* bytes: what ciphers make at a time, or more */
#define SLU_DRAW_ROOM 1024 /* bytes, a multiple of that */

typedef struct slu_draw_pool {
	size_t left; /* bytes that are ready: the last ones */
	unsigned char bytes[SLU_DRAW_ROOM];
} slu_draw_pool;

typedef struct slu_draw slu_draw;

struct slu_draw {
	slu_draw_pool *pool; /* lent by the source */
	/*
	 * Make the next `len` bytes, one block or more and nothing else: of a
	 * block begun OpenSSL would keep a copy.  It cannot fail.
	 */
	void (*make)(slu_draw *d, void *out, size_t len);
};

/* Fill `out` with the next `len` bytes. */
void slu_draw_bytes(slu_draw *d, void *out, size_t len);

/* A number made of the next 8 bytes, where the pool holds fewer. */
uint64_t slu_draw_u64_anew(slu_draw *d);

/* Written out, since compilers make one load of it, and of no loop. */
static inline uint64_t
slu_draw_load(const unsigned char at[8])
{
	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
	       (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
	       (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
	       (uint64_t)at[7] << 56;
}

static inline uint64_t
slu_draw_u64(slu_draw *d)
{
	slu_draw_pool *p = d->pool;
	unsigned char *at;
	uint64_t v;

	if (p->left < sizeof(v))
		return slu_draw_u64_anew(d);
	at = p->bytes + (SLU_DRAW_ROOM - p->left);
	p->left -= sizeof(v);
	v = slu_draw_load(at);
	memset(at, 0, sizeof(v));
	return v;
}

/* A real number in [0, 1), of 53 bits. */
static inline double
slu_draw_real(slu_draw *d)
{
	return (double)(slu_draw_u64(d) >> 11) * 0x1p-53;
}

/* A number of `n` bits; from 64 on it is all of them, and of none it is 0. */
static inline uint64_t
slu_draw_bits(slu_draw *d, unsigned n)
{
	if (n == 0)
		return 0;
	return slu_draw_u64(d) >> (n < 64 ? 64 - n : 0);
}

/* A number below `bound`; 0 where that is 0. */
uint64_t slu_draw_below(slu_draw *d, uint64_t bound);

/* A number from `a` to `b`, in either order, both included. */
int64_t slu_draw_between(slu_draw *d, int64_t a, int64_t b);

/*
 * A big-endian number of `len` bytes below `bound`, of as many, in a time
 * that tells nothing of it; 0 where the bound is 0.
 */
void slu_draw_big(slu_draw *d, void *out, const void *bound, size_t len);

#endif
