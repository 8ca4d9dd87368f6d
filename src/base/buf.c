/* SPDX-License-Identifier: ISC */
#include "sluice/buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/secret.h"

#define FIRST 256 /* bytes of the first block */

/*
 * Make room at the end for what waits and more, `need` bytes in all.  Bytes
 * are moved down only where that frees as many as it moves, so that a queue
 * costs the same per byte however it is used; for this a block may be twice
 * as large as the limit.
 */
static slu_status
make_room(slu_buf *b, size_t need)
{
	size_t most = b->limit > SIZE_MAX / 2 ? SIZE_MAX : b->limit * 2;
	size_t cap = b->cap > 0 ? b->cap : FIRST;
	unsigned char *mem;

	if (need <= b->cap && b->off >= b->len) {
		memmove(b->mem, b->mem + b->off, b->len);
		b->off = 0;
		return SLU_OK;
	}
	while (cap < need || cap == b->cap)
		cap = cap > most / 2 ? most : cap * 2;
	mem = malloc(cap);
	if (mem == NULL)
		return slu_fail(SLU_ERR_MEMORY, "buffer: out of memory");
	if (b->len > 0)
		memcpy(mem, b->mem + b->off, b->len);
	slu_wipe(b->mem, b->cap);
	free(b->mem);
	b->mem = mem;
	b->cap = cap;
	b->off = 0;
	return SLU_OK;
}

slu_status
slu_buf_add(slu_buf *b, const void *data, size_t len)
{
	slu_status st;

	if (len == 0)
		return SLU_OK;
	if (b->len > b->limit || len > b->limit - b->len)
		return slu_fail(
		    SLU_ERR_LIMIT, "buffer: more than %zu bytes", b->limit);
	if (len > b->cap - b->off - b->len) {
		st = make_room(b, b->len + len);
		if (st)
			return st;
	}
	memcpy(b->mem + b->off + b->len, data, len);
	b->len += len;
	return SLU_OK;
}

size_t
slu_buf_take(slu_buf *b, void *out, size_t cap)
{
	size_t n = cap < b->len ? cap : b->len;

	if (n > 0)
		memcpy(out, b->mem + b->off, n);
	slu_buf_skip(b, n);
	return n;
}

void
slu_buf_skip(slu_buf *b, size_t len)
{
	size_t n = len < b->len ? len : b->len;

	if (n == 0)
		return;
	slu_wipe(b->mem + b->off, n);
	b->off += n;
	b->len -= n;
	if (b->len == 0)
		b->off = 0;
}

void
slu_buf_free(slu_buf *b)
{
	slu_wipe(b->mem, b->cap);
	free(b->mem);
	*b = (slu_buf){ .limit = b->limit };
}
