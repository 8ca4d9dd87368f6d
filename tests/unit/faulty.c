/* SPDX-License-Identifier: ISC */
#include "faulty.h"

struct faulty {
	size_t left; /* calls that still go well */
};

static slu_status
one_call(struct faulty *f)
{
	if (f->left-- == 0)
		return slu_fail(SLU_ERR_IO, "%s", FAULTY_WORDS);
	return SLU_OK;
}

static slu_status
faulty_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	slu_status st = one_call(self);

	return st ? st : slu_bio_read(next, buf, cap, got);
}

static slu_status
faulty_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	slu_status st = one_call(self);

	return st ? st : slu_bio_write(next, data, len, put);
}

static slu_status
faulty_part(void *self, slu_bio *next)
{
	(void)next;
	return one_call(self);
}

static const slu_bio_ops faulty_ops = {
	.name = "faulty",
	.size = sizeof(struct faulty),
	.read = faulty_read,
	.write = faulty_write,
	.flush = faulty_part,
	.finish = faulty_part,
};

slu_status
faulty_push(slu_bio **top, size_t k)
{
	struct faulty *f;

	f = slu_bio_push(top, &faulty_ops);
	if (f == NULL)
		return SLU_ERR_MEMORY;
	f->left = k;
	return SLU_OK;
}
