/* SPDX-License-Identifier: ISC */
/*
 * many.h: several digests of one stream, made by several threads.
 *
 *     slu_many *m = NULL;
 *     slu_hash *h;
 *     slu_many_new(&m, 2);
 *     slu_many_add(m, "sha256");
 *     slu_many_add(m, "blake2b512");
 *     slu_many_update(m, data, len);
 *     slu_many_hash(m, 0, &h);
 *     slu_hash_final(h, digest, sizeof(digest), &n);
 *     slu_many_free(m);
 */
#ifndef SLUICE_MANY_H
#define SLUICE_MANY_H

#include <stddef.h>

#include "sluice/bio.h"
#include "sluice/hash.h"

SLU_BEGIN_DECLS

#define SLU_MANY_MAX 64         /* digests */
#define SLU_MANY_THREADS_MAX 64 /* threads */

typedef struct slu_many slu_many;

/*
 * Make a set of digests, none yet, that `threads` work on beside the
 * caller's, but never more of them than there are digests; 0 and 1 mean: the
 * caller's does all.  More than SLU_MANY_THREADS_MAX are SLU_ERR_USAGE.
 * `*out` is the caller's, to be freed.
 *
 * Threads are started once more than 256 KiB came between two looks at the
 * digests, with all signals blocked but those of a fault, and end in the free.
 * Where none can be had, there are fewer, or the caller's does it all.  In a
 * child of fork they are missing: there, a set that has started them can be
 * freed, and the first call that needs them, a later one perhaps, is
 * SLU_ERR_USAGE.
 */
slu_status slu_many_new(slu_many **out, unsigned threads) SLU_CHECKED;

/*
 * Add the digest that slu_hash_new knows by that name.  One may be there
 * twice.  SLU_ERR_USAGE for a name that none has, for more than SLU_MANY_MAX
 * digests, and once there was an update.
 */
slu_status slu_many_add(slu_many *m, const char *name) SLU_CHECKED;

/*
 * Add a copy of `h`, with what it has taken in: a MAC, or a digest that goes
 * on.  SLU_ERR_USAGE as above.
 */
slu_status slu_many_add_copy(slu_many *m, const slu_hash *h) SLU_CHECKED;

/* How many digests there are. */
size_t slu_many_count(const slu_many *m);

/*
 * Have all digests take in `len` more bytes.  With threads these are copied,
 * and worked on while the caller goes on; up to 768 KiB may be under way.  A
 * digest that fails is SLU_ERR_CRYPTO or SLU_ERR_MEMORY, if need be at a later
 * call; the set that failed answers likewise from then on.
 */
slu_status slu_many_update(
    slu_many *m, const void *data, size_t len) SLU_CHECKED;

/*
 * Wait until all bytes are taken in, and lend digest `i`, counted from 0 in
 * the order of the adds, to be asked for its output, its name, its size, or
 * to be copied.  It is the caller's to use until the next update.  Each
 * digest that gave its output starts afresh: once all did, the set is ready
 * for another stream.  `i` over the last one is SLU_ERR_USAGE.
 */
slu_status slu_many_hash(slu_many *m, size_t i, slu_hash **h) SLU_CHECKED;

/*
 * Pass bytes through in both directions, and show each one that moved to the
 * set, which stays the caller's and must outlive the chain.
 */
slu_status slu_many_tap(slu_bio **top, slu_many *m) SLU_CHECKED;

/* End the threads, wipe and free; NULL is fine. */
void slu_many_free(slu_many *m);

SLU_END_DECLS

#endif
