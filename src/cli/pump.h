/* SPDX-License-Identifier: ISC */
/*
 * pump.h: bytes from one chain to another, one way or both ways, for who has
 * a loop that waits.
 *
 * Each way reads its chain to the end, writes the other one, and then
 * finishes that: the end of one direction is not that of the other.  What it
 * holds is what the other chain has not taken yet, one batch at most, and
 * until that is gone nothing more is read.  Nothing here waits.
 */
#ifndef SLUICE_CLI_PUMP_H
#define SLUICE_CLI_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/failure.h"
#include "sluice/buf.h"
#include "sluice/tls.h"
#include "sluice/wait.h"

#define PUMP_BATCH (64 * 1024) /* bytes */

/* Where a batch is under way for a moment: one serves many pumps. */
typedef struct pump_room {
	unsigned char bytes[PUMP_BATCH];
} pump_room;

typedef struct pump_way {
	slu_bio *from, *to; /* lent */
	slu_tls *tls;       /* lent: what ends `to`; NULL: a finish does */
	slu_bio *at;        /* lent: who waits, or failed */
	slu_status want;    /* what that one answered */
	slu_waits waits;    /* what it waited for then */
	slu_buf held;       /* read, and not taken yet */
	uint64_t moved;     /* bytes that were taken */
	bool unflushed;     /* some of them may wait inside */
	bool kept_open;     /* the end is not to be said yet: the caller's */
	bool still;         /* `from` can't be written: what came is read */
	enum { PUMP_MOVING = 0, PUMP_ENDING, PUMP_ENDED } phase;
} pump_way;

#define PUMP_WAYS 2

typedef struct pump {
	pump_way ways[PUMP_WAYS];
	size_t n;
	slu_bio *failed; /* lent: whose failure it was */
	slu_failure why; /* kept while what came before it is carried */
} pump;

/*
 * Add a way, of those that the pump has.  Where `to` leads to an engine, that
 * may be told in `tls`: then the end is said by TLS alone, and the connection
 * below stays open both ways, since many a proxy takes the end of one way for
 * that of both.
 */
void pump_add(pump *p, slu_bio *from, slu_bio *to, slu_tls *tls);

/*
 * Move what can be moved now, but not for ever: SLU_OK says that there is
 * more, SLU_WANT_READ that all wait (see pump_waits), SLU_EOF that all ways
 * have ended.  A failure is that of the chain `p->failed`, for good.  Who can
 * no longer be written may have said something before, and why: that is still
 * carried, and then that is the failure.
 */
slu_status pump_step(pump *p, pump_room *room) SLU_CHECKED;

/* What it takes for the next step to go further. */
slu_status pump_waits(const pump *p, slu_waits *waits) SLU_CHECKED;

/* Bytes that were moved, all ways together. */
uint64_t pump_moved(const pump *p);

/* Wipe and release what is held; the chains are left alone. */
void pump_free(pump *p);

#endif
