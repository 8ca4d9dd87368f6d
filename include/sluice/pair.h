/* SPDX-License-Identifier: ISC */
/*
 * pair.h: the two ends of a connection in memory.
 *
 * What is written to one end is read from the other, in both directions:
 * two protocol engines can talk to each other without a socket, and a test
 * decides who moves when.  The two ends are one object for the rule that one
 * thread at a time uses a chain.
 *
 * An end that was finished can still be read, as with a socket that is half
 * closed.  The other end reads SLU_EOF behind the last byte; if this one is
 * freed without a finish, that is SLU_ERR_TRUNCATED.  To write to an end that
 * was freed is SLU_ERR_IO.
 */
#ifndef SLUICE_PAIR_H
#define SLUICE_PAIR_H

#include <stddef.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/* The most datagrams that wait in one direction, however short they are. */
#define SLU_PAIR_DATAGRAMS 256

/*
 * Begin two chains, `*a` and `*b`, with the ends of a stream.  At most `cap`
 * bytes wait in each direction: a write where there is no room is
 * SLU_WANT_WRITE, a read where nothing waits is SLU_WANT_READ, and what moves
 * either on is a call on the other end (slu_bio_wait has nothing to wait for).
 * Memory is taken at the first write of a direction, and bytes are wiped as
 * they are read.  SLU_ERR_USAGE where `cap` is 0, or larger than memory can
 * be.
 */
slu_status slu_pair_open(slu_bio **a, slu_bio **b, size_t cap) SLU_CHECKED;

/*
 * The same with datagrams, which arrive whole and in order: no more than
 * SLU_PAIR_DATAGRAMS of them, and no more than `cap` bytes, wait in each
 * direction.  Nothing is ever lost: where there is no room for all of one, a
 * write is SLU_WANT_WRITE.  A datagram of more than `cap` bytes is
 * SLU_ERR_LIMIT, and so is a read that has not the room for the next one.
 */
slu_status slu_pair_datagrams(slu_bio **a, slu_bio **b, size_t cap) SLU_CHECKED;

SLU_END_DECLS

#endif
