/* SPDX-License-Identifier: ISC */
#include "sluice/limit.h"

#include <inttypes.h>

#include "sluice/secret.h"

struct limit {
	uint64_t max;
	uint64_t to_read;  /* bytes that may still pass upwards */
	uint64_t to_write; /* and downwards */
};

static slu_status
over(const struct limit *l)
{
	return slu_fail(
	    SLU_ERR_LIMIT, "limit: more than %" PRIu64 " bytes", l->max);
}

static size_t
at_most(size_t len, uint64_t left)
{
	return len < left ? len : (size_t)left;
}

/* Nothing may pass any more: whether anything would tells end from excess. */
static slu_status
read_at_limit(const struct limit *l, slu_bio *next)
{
	unsigned char byte;
	slu_status st;
	size_t got;

	st = slu_bio_read(next, &byte, 1, &got);
	slu_wipe(&byte, 1);
	return st == SLU_OK ? over(l) : st;
}

static slu_status
limit_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct limit *l = self;
	slu_status st;

	if (l->to_read == 0)
		return read_at_limit(l, next);
	st = slu_bio_read(next, buf, at_most(cap, l->to_read), got);
	l->to_read -= *got;
	return st;
}

static slu_status
limit_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct limit *l = self;
	slu_status st;

	if (l->to_write == 0)
		return over(l);
	st = slu_bio_write(next, data, at_most(len, l->to_write), put);
	l->to_write -= *put;
	return st;
}

static const slu_bio_ops limit_ops = {
	.name = "limit",
	.size = sizeof(struct limit),
	.read = limit_read,
	.write = limit_write,
};

slu_status
slu_limit(slu_bio **top, uint64_t max)
{
	struct limit *l;

	l = slu_bio_push(top, &limit_ops);
	if (l == NULL)
		return SLU_ERR_MEMORY;
	l->max = l->to_read = l->to_write = max;
	return SLU_OK;
}
