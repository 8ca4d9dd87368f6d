/* SPDX-License-Identifier: ISC */
#include "sluice/tap.h"

#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "sluice/copy.h"
#include "sluice/null.h"
#include "sluice/secret.h"

struct tap {
	slu_hash *h; /* lent by the caller */
};

static slu_status
tap_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct tap *t = self;
	slu_status st;

	st = slu_bio_read(next, buf, cap, got);
	if (st)
		return st;
	return slu_hash_update(t->h, buf, *got);
}

static slu_status
tap_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct tap *t = self;
	slu_status st;

	st = slu_bio_write(next, data, len, put);
	if (st)
		return st;
	return slu_hash_update(t->h, data, *put);
}

static const slu_bio_ops tap_ops = {
	.name = "hash",
	.size = sizeof(struct tap),
	.datagram = true,
	.read = tap_read,
	.write = tap_write,
};

slu_status
slu_hash_tap(slu_bio **top, slu_hash *h)
{
	struct tap *t;

	t = slu_bio_push(top, &tap_ops);
	if (t == NULL)
		return SLU_ERR_MEMORY;
	t->h = h;
	return SLU_OK;
}

slu_status
slu_hash_read(slu_hash *h, slu_bio *src)
{
	slu_bio *nowhere = NULL;
	slu_status st;

	st = slu_null_open(&nowhere);
	if (st == SLU_OK)
		st = slu_hash_tap(&nowhere, h);
	if (st == SLU_OK)
		st = slu_bio_copy(nowhere, src);
	slu_bio_free(nowhere);
	return st;
}

struct expect {
	slu_hash *h;         /* lent by the caller */
	unsigned char *want; /* owned: `len` bytes, and as many to compare */
	size_t len;
	enum { UNUSED, READ, READ_TO_END, WRITTEN } use;
};

/* A digest is of one stream: bytes of both directions are none. */
static slu_status
both_ways(void)
{
	return slu_fail(
	    SLU_ERR_USAGE, "hash: both read and written, under one digest");
}

static slu_status
compare(struct expect *e)
{
	unsigned char *got = e->want + e->len;
	slu_status st;
	size_t n;

	if (slu_hash_is_xof(e->h))
		st = slu_hash_xof(e->h, got, e->len);
	else
		st = slu_hash_final(e->h, got, e->len, &n);
	if (st)
		return st;
	if (!slu_equal(got, e->want, e->len))
		return slu_fail(SLU_ERR_AUTH, "hash: the %s does not match",
		    slu_hash_name(e->h));
	return SLU_OK;
}

static slu_status
expect_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct expect *e = self;
	slu_status st;

	if (e->use == WRITTEN)
		return both_ways();
	if (e->use == READ_TO_END)
		return SLU_EOF;
	e->use = READ;
	st = slu_bio_read(next, buf, cap, got);
	if (st == SLU_OK)
		return slu_hash_update(e->h, buf, *got);
	if (st != SLU_EOF)
		return st;
	st = compare(e);
	if (st)
		return st;
	e->use = READ_TO_END;
	return SLU_EOF;
}

static slu_status
expect_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct expect *e = self;
	slu_status st;

	if (e->use == READ || e->use == READ_TO_END)
		return both_ways();
	e->use = WRITTEN;
	st = slu_bio_write(next, data, len, put);
	if (st)
		return st;
	return slu_hash_update(e->h, data, *put);
}

static slu_status
expect_finish(void *self, slu_bio *next)
{
	struct expect *e = self;

	(void)next;
	/* What is only read has nothing to finish; nothing at all is output. */
	if (e->use == READ || e->use == READ_TO_END)
		return SLU_OK;
	e->use = WRITTEN;
	return compare(e);
}

static void
expect_free(void *self)
{
	struct expect *e = self;

	if (e->want != NULL)
		slu_wipe(e->want, 2 * e->len);
	free(e->want);
}

static const slu_bio_ops expect_ops = {
	.name = "hash",
	.size = sizeof(struct expect),
	.read = expect_read,
	.write = expect_write,
	.finish = expect_finish,
	.free = expect_free,
};

slu_status
slu_hash_expect(slu_bio **top, slu_hash *h, const void *digest, size_t len)
{
	struct expect *e;

	if (len == 0 || (!slu_hash_is_xof(h) && len != slu_hash_size(h)))
		return slu_fail(SLU_ERR_USAGE,
		    "hash: a digest of %zu bytes is no %s", len,
		    slu_hash_name(h));
	e = slu_bio_push(top, &expect_ops);
	if (e == NULL)
		return SLU_ERR_MEMORY;
	/* No object has more than half of SIZE_MAX bytes. */
	e->want = malloc(2 * len);
	if (e->want == NULL) {
		slu_bio_drop(top);
		return slu_fault_memory();
	}
	memcpy(e->want, digest, len);
	e->h = h;
	e->len = len;
	return SLU_OK;
}
