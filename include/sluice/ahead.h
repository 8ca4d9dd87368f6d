/* SPDX-License-Identifier: ISC */
/* ahead.h: one chain poured into another, by two threads. */
#ifndef SLUICE_AHEAD_H
#define SLUICE_AHEAD_H

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * Copy as slu_bio_copy does, and in less time where both chains have work to
 * do: of what is longer than 4 MiB, a thread of its own writes the rest to
 * `dst`, while this one goes on reading `src`, at most 1 MiB ahead.  What was
 * read before a failure of `src` is still written; where `dst` fails, `src`
 * has been read further than what was written.
 *
 * All that `dst` is made of, a user's BIOs and callbacks among it, is then
 * used by that thread, and `src` by the caller's, as ever.  So the two must
 * share nothing, and nobody may look meanwhile at what was lent to `dst` (a
 * digest, a counter).  Signals to the process are left to its other threads.
 * When this returns, whatever it returns, the thread has ended, its memory
 * is wiped, and both chains are the caller's alone.
 *
 * A read that is under way when `dst` fails is waited for: a pipe that
 * nobody writes to holds the failure up until it is closed.  Where there is
 * no memory for all this, or no thread to be had, the caller's thread does
 * the work of both, and only time is lost.
 */
slu_status slu_bio_copy_ahead(slu_bio *dst, slu_bio *src) SLU_CHECKED;

SLU_END_DECLS

#endif
