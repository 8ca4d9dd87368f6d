/* SPDX-License-Identifier: ISC */
#include "sluice/count.h"

struct count {
	uint64_t *n; /* lent by the caller */
};

static slu_status
count_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct count *c = self;
	slu_status st;

	st = slu_bio_read(next, buf, cap, got);
	*c->n += *got;
	return st;
}

static slu_status
count_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct count *c = self;
	slu_status st;

	st = slu_bio_write(next, data, len, put);
	*c->n += *put;
	return st;
}

static const slu_bio_ops count_ops = {
	.name = "count",
	.size = sizeof(struct count),
	.datagram = true,
	.read = count_read,
	.write = count_write,
};

slu_status
slu_count(slu_bio **top, uint64_t *n)
{
	struct count *c;

	c = slu_bio_push(top, &count_ops);
	if (c == NULL)
		return SLU_ERR_MEMORY;
	c->n = n;
	return SLU_OK;
}
