/* SPDX-License-Identifier: ISC */
/*
 * buf.h: a byte queue that grows up to a limit.
 *
 * Bytes are appended at the end and taken from the front.  The zero state,
 * `slu_buf b = { .limit = N }`, is empty and owns nothing; freeing returns
 * to it.  Memory that held bytes is wiped before it is let go, so a queue
 * is a fit place for a secret.
 */
#ifndef SLUICE_BUF_H
#define SLUICE_BUF_H

#include <stddef.h>

#include "sluice/status.h"

SLU_BEGIN_DECLS

typedef struct slu_buf {
	unsigned char *mem; /* owned */
	size_t off;         /* first byte not taken yet */
	size_t len;         /* bytes waiting, from mem + off */
	size_t cap;         /* bytes that mem has room for */
	size_t limit;       /* never hold more bytes than this */
} slu_buf;

/*
 * Append all `len` bytes, or none: SLU_ERR_LIMIT past the limit,
 * SLU_ERR_MEMORY.  `data` is copied, and must not lie in the queue itself.
 */
slu_status slu_buf_add(slu_buf *b, const void *data, size_t len) SLU_CHECKED;

/* Take at most `cap` bytes from the front into `out`; returns how many. */
size_t slu_buf_take(slu_buf *b, void *out, size_t cap);

/* Let `len` bytes at the front go, at most all: a take that keeps nothing. */
void slu_buf_skip(slu_buf *b, size_t len);

/* Wipe and release; the queue is empty and can be used again. */
void slu_buf_free(slu_buf *b);

/*
 * The bytes that wait, `b->len` of them; they move at the next call that
 * changes `b`.  NULL while nothing was ever added.
 */
static inline const unsigned char *
slu_buf_front(const slu_buf *b)
{
	return b->mem == NULL ? NULL : b->mem + b->off;
}

SLU_END_DECLS

#endif
