/* SPDX-License-Identifier: ISC */
/* tap.h: streams digested, as they pass or to their end. */
#ifndef SLUICE_TAP_H
#define SLUICE_TAP_H

#include "sluice/bio.h"
#include "sluice/hash.h"

SLU_BEGIN_DECLS

/*
 * Pass bytes through in both directions, and show each one that moved to
 * `h`, which stays the caller's and must outlive the chain.
 */
slu_status slu_hash_tap(slu_bio **top, slu_hash *h) SLU_CHECKED;

/*
 * Digest all that `src` gives, to its end, waiting where it makes one wait, as
 * slu_bio_copy does.  After a failure `h` has taken in what was read before.
 * Of what is large and not in memory yet, slu_bio_copy_ahead into a tap on the
 * null sink is done sooner.
 */
slu_status slu_hash_read(slu_hash *h, slu_bio *src) SLU_CHECKED;

/*
 * Pass bytes through as a tap does, and hold them to a digest: at the end
 * of what is read, or at the finish of what is written, their digest by `h`
 * must be the `len` bytes at `digest`, or the answer is SLU_ERR_AUTH in
 * place of the end, and a file below is not committed.  `len` must be
 * slu_hash_size(h) (any but 0 for an extendable-output function), else
 * SLU_ERR_USAGE.  `digest` is copied, and compared in constant time; `h` is
 * lent, for one stream in one direction: to read what was written to, or the
 * other way round, is SLU_ERR_USAGE.  The finish of a chain that was only
 * read compares nothing.
 *
 * What was read before the end has been given out unchecked: do not act on
 * it before SLU_EOF.
 */
slu_status slu_hash_expect(
    slu_bio **top, slu_hash *h, const void *digest, size_t len) SLU_CHECKED;

SLU_END_DECLS

#endif
