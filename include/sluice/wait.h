/* SPDX-License-Identifier: ISC */
/*
 * wait.h: what a chain waits for, after it answered a WANT.
 *
 * A chain does no waiting by itself unless its transport blocks.  After
 * SLU_WANT_READ or SLU_WANT_WRITE it can say which descriptors it needs
 * ready, and by when it wants to be called again, so that any event loop
 * can run it:
 *
 *     st = slu_bio_read(c, buf, sizeof(buf), &got);
 *     if (st == SLU_WANT_READ || st == SLU_WANT_WRITE) {
 *             slu_waits w;
 *             st = slu_bio_waits(c, st, &w);
 *             ... watch w.fds[0] to w.fds[w.count - 1], at most w.ms ...
 *     }
 */
#ifndef SLUICE_WAIT_H
#define SLUICE_WAIT_H

#include <poll.h>
#include <stddef.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/* The most descriptors that one chain waits for at a time. */
#define SLU_WAITS_MAX 16

struct slu_waits {
	struct pollfd fds[SLU_WAITS_MAX]; /* for poll(2), each `fd` once */
	size_t count;                     /* how many of them are used */
	int ms; /* call again within so many milliseconds; -1: no hurry */
};

/*
 * For an operation of a user's BIO: wait for `events` (POLLIN, POLLOUT or
 * both) on `fd` as well.  SLU_ERR_LIMIT past SLU_WAITS_MAX.
 */
slu_status slu_waits_add(slu_waits *w, int fd, short events) SLU_CHECKED;

/*
 * The same for what `bio` waits for, the `next` of a filter or another chain
 * that it holds.
 */
slu_status slu_waits_add_chain(
    slu_waits *w, slu_bio *bio, slu_status want) SLU_CHECKED;

/* The same for a time: ask to be called again within `ms` milliseconds. */
void slu_waits_within(slu_waits *w, int ms);

/*
 * Wait until the chain that answered `want` can go on, for `ms` milliseconds
 * at most (-1: for ever).  SLU_OK says to call it again; `want` itself, that
 * the time ran out.  An interrupted wait is taken up again.  SLU_ERR_USAGE
 * where slu_bio_waits has nothing to wait for: what moves such a chain is a
 * call of yours.
 */
slu_status slu_bio_wait(slu_bio *bio, slu_status want, int ms) SLU_CHECKED;

SLU_END_DECLS

#endif
