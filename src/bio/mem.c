/* SPDX-License-Identifier: ISC */
#include "sluice/mem.h"

#include "sink.h"

struct mem {
	slu_buf *buf; /* lent by the caller */
};

static slu_status
mem_read(void *self, slu_bio *next, void *out, size_t cap, size_t *got)
{
	struct mem *m = self;

	(void)next;
	*got = slu_buf_take(m->buf, out, cap);
	return *got > 0 ? SLU_OK : SLU_EOF;
}

static slu_status
mem_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct mem *m = self;
	size_t room;
	slu_status st;

	(void)next;
	room = m->buf->limit > m->buf->len ? m->buf->limit - m->buf->len : 0;
	if (room > 0 && len > room)
		len = room;
	st = slu_buf_add(m->buf, data, len);
	if (st == SLU_OK)
		*put = len;
	return st;
}

static const slu_bio_ops mem_ops = {
	.name = "memory",
	.size = sizeof(struct mem),
	.read = mem_read,
	.write = mem_write,
};

slu_status
slu_mem_open(slu_bio **top, slu_buf *buf)
{
	struct mem *m;
	void *state;
	slu_status st;

	st = slu_sink_push(top, &mem_ops, &state);
	if (st)
		return st;
	m = state;
	m->buf = buf;
	return SLU_OK;
}
