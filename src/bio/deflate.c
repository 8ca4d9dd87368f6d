/* SPDX-License-Identifier: ISC */
#include "sluice/deflate.h"

#include <stdbool.h>

#include "batch.h"
#include "deflate_internal.h"
#include "zblocks.h"
#include "zstream.h"

#define LEVEL 6

struct deflater {
	int bits, level; /* what zlib is to begin with */
	bool begun;      /* `z` is zlib's */
	z_stream z;
	gz_header header; /* zlib keeps a pointer to it */
	slu_batch batch;  /* compressed bytes under way */
	bool dirty;       /* something was written since the last flush */
	bool ended;       /* the trailer is in the batch, or below */
};

/* Have zlib take its memory, which a chain that nothing passes never needs. */
static slu_status
begin(struct deflater *d)
{
	int rc;

	if (d->begun)
		return SLU_OK;
	slu_zstream_memory(&d->z);
	rc = deflateInit2(&d->z, d->level, Z_DEFLATED, d->bits,
	    SLU_ZSTREAM_MEMORY, Z_DEFAULT_STRATEGY);
	if (rc != Z_OK)
		return slu_zstream_fail("deflate", rc);
	d->begun = true;
	/* zlib's own header would name the system that it was built on. */
	d->header.os = SLU_ZSTREAM_OS;
	if (d->bits > MAX_WBITS)
		rc = deflateSetHeader(&d->z, &d->header);
	return rc == Z_OK ? SLU_OK : slu_zstream_fail("deflate", rc);
}

/* Let zlib fill the rest of the batch; `*used` bytes of `data` went in. */
static int
run(struct deflater *d, const void *data, size_t len, int flush, size_t *used)
{
	slu_batch *b = &d->batch;
	z_stream *z = &d->z;
	uInt piece = slu_zstream_piece(len);
	int rc;

	z->next_in = data;
	z->avail_in = piece;
	z->next_out = b->mem + b->len;
	z->avail_out = (uInt)(b->cap - b->len);
	rc = deflate(z, flush);
	b->len = b->cap - z->avail_out;
	*used = piece - z->avail_in;
	z->next_in = NULL;
	z->avail_in = 0;
	return rc;
}

static slu_status
deflate_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct deflater *d = self;
	slu_batch *b = &d->batch;
	slu_status st;
	int rc;

	st = begin(d);
	if (st == SLU_OK)
		st = slu_batch_make(b, SLU_BATCH);
	while (st == SLU_OK && *put == 0) {
		if (b->len == b->cap)
			st = slu_batch_drain(b, next);
		if (st)
			break;
		rc = run(d, data, len, Z_NO_FLUSH, put);
		if (rc != Z_OK)
			return slu_zstream_fail("deflate", rc);
		d->dirty = true;
	}
	return st;
}

static slu_status
deflate_flush(void *self, slu_bio *next)
{
	struct deflater *d = self;
	slu_batch *b = &d->batch;
	slu_status st;
	size_t none;
	int rc;

	while (d->dirty) {
		/*
		 * Into an empty batch: zlib writes the marker of a flush twice
		 * where it meets the end of its room, and that must not depend
		 * on what `next` has taken.
		 */
		st = slu_batch_drain(b, next);
		if (st)
			return st;
		rc = run(d, NULL, 0, Z_SYNC_FLUSH, &none);
		if (rc != Z_OK)
			return slu_zstream_fail("deflate", rc);
		d->dirty = b->len == b->cap;
	}
	return slu_batch_drain(b, next);
}

static slu_status
deflate_finish(void *self, slu_bio *next)
{
	struct deflater *d = self;
	slu_status st;
	size_t none;
	int rc;

	/* From here on, a flush has nothing to do but to drain. */
	d->dirty = false;
	while (!d->ended) {
		st = begin(d);
		if (st == SLU_OK)
			st = slu_batch_make(&d->batch, SLU_BATCH);
		if (st == SLU_OK)
			st = slu_batch_drain(&d->batch, next);
		if (st)
			return st;
		rc = run(d, NULL, 0, Z_FINISH, &none);
		if (rc != Z_OK && rc != Z_STREAM_END)
			return slu_zstream_fail("deflate", rc);
		d->ended = rc == Z_STREAM_END;
	}
	return slu_batch_drain(&d->batch, next);
}

static void
deflate_free(void *self)
{
	struct deflater *d = self;

	if (d->begun)
		(void)deflateEnd(&d->z);
	slu_batch_free(&d->batch);
}

static const slu_bio_ops deflate_ops = {
	.name = "deflate",
	.size = sizeof(struct deflater),
	.write = deflate_write,
	.flush = deflate_flush,
	.finish = deflate_finish,
	.free = deflate_free,
};

int
slu_deflate_bits(slu_deflate_format format)
{
	switch (format) {
	case SLU_ZLIB: return MAX_WBITS;
	case SLU_GZIP: return MAX_WBITS + 16;
	case SLU_RAW: return -MAX_WBITS;
	}
	return 0;
}

/* zlib's number for a level of ours, or -1. */
static int
zlib_level(int level)
{
	if (level == 0)
		return LEVEL;
	if (level == SLU_DEFLATE_STORE)
		return Z_NO_COMPRESSION;
	return level >= 1 && level <= 9 ? level : -1;
}

static slu_status
push_plain(slu_bio **top, int bits, int level)
{
	struct deflater *d;

	d = slu_bio_push(top, &deflate_ops);
	if (d == NULL)
		return SLU_ERR_MEMORY;
	d->bits = bits;
	d->level = level;
	return SLU_OK;
}

slu_status
slu_deflate(slu_bio **top, const slu_deflate_options *options)
{
	static const slu_deflate_options defaults = { 0 };
	int bits, level;

	if (options == NULL)
		options = &defaults;
	bits = slu_deflate_bits(options->format);
	level = zlib_level(options->level);
	if (bits == 0)
		return slu_fail(SLU_ERR_USAGE, "deflate: no such format");
	if (level < 0)
		return slu_fail(SLU_ERR_USAGE,
		    "deflate: level %d is not 1 to 9", options->level);
	if (options->threads > SLU_DEFLATE_THREADS_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "deflate: %u threads are more than %d", options->threads,
		    SLU_DEFLATE_THREADS_MAX);
	return options->threads < 2 ? push_plain(top, bits, level)
				    : slu_zblocks(top, options, level);
}
