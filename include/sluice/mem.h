/* SPDX-License-Identifier: ISC */
/* mem.h: the sink that is a queue in memory. */
#ifndef SLUICE_MEM_H
#define SLUICE_MEM_H

#include "sluice/bio.h"
#include "sluice/buf.h"

SLU_BEGIN_DECLS

/*
 * Read from and write to `buf`, a queue that stays the caller's and must
 * outlive the chain: what the chain wrote is found there.  Reading an
 * empty queue is SLU_EOF, until more is put in.  A write past the queue's
 * limit is SLU_ERR_LIMIT; what fits is accepted first.
 */
slu_status slu_mem_open(slu_bio **top, slu_buf *buf) SLU_CHECKED;

SLU_END_DECLS

#endif
