/* SPDX-License-Identifier: ISC */
/* tee.h: the filter that writes what passes to a second chain too. */
#ifndef SLUICE_TEE_H
#define SLUICE_TEE_H

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * Write each byte that passes, in either direction, to `other` as well, in
 * the order in which it passed.  `other` is lent: it stays the caller's,
 * must outlive the chain, and is finished by the caller, who then knows
 * whether the whole went well.  A flush or a finish hands all bytes over
 * and flushes `other`; so does the end of what is read.  A failure of
 * `other` is a failure of the chain; a WANT of `other` is a WANT.  Datagrams
 * stay whole, in `other` too; one of more than 64 KiB is SLU_ERR_LIMIT.
 */
slu_status slu_tee(slu_bio **top, slu_bio *other) SLU_CHECKED;

SLU_END_DECLS

#endif
