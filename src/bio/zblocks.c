/* SPDX-License-Identifier: ISC */
#include "zblocks.h"

#include <stdlib.h>
#include <string.h>

#include "../base/pool.h"
#include "batch.h"
#include "sluice/secret.h"
#include "zstream.h"

#define BLOCK ((size_t)SLU_DEFLATE_BLOCK)
#define WINDOW ((size_t)32 * 1024) /* how far deflate looks back, in bytes */
#define ROOM (WINDOW + BLOCK)
#define EDGES 64 /* bytes for a header, a trailer and a flush's marker */

struct block {
	unsigned char *mem; /* owned: WINDOW bytes, and the block behind them */
	size_t before;      /* bytes, up to the block, of what came before it */
	size_t len;         /* bytes of the block that are filled in */
	size_t done;        /* of these, bytes that zlib took */
	z_stream z;
	slu_batch out; /* compressed bytes under way */

	/* What was compressed last. */
	enum { NOTHING, MORE, END } news; /* not told to the stream yet */
	size_t fresh;                     /* bytes */
	uLong check;                      /* theirs */
	int rc;                           /* how it went */
};

struct zblocks {
	slu_deflate_format format;
	int level;
	slu_pool *pool;       /* owned */
	struct block *blocks; /* owned: one for each slot of the pool */
	size_t slots;
	struct block *at; /* the one being filled, not put in yet; or NULL */
	const unsigned char *window; /* WINDOW bytes before it; NULL: none */
	uLong check;                 /* of all that was collected */
	uLong total;                 /* bytes, modulo 2^32 at least */
	bool begun, ended;           /* the header, the last bytes are made */
};

static uLong
check_of(const struct zblocks *d, const unsigned char *data, size_t len)
{
	switch (d->format) {
	case SLU_ZLIB: return adler32(1, data, (uInt)len);
	case SLU_GZIP: return crc32(0, data, (uInt)len);
	case SLU_RAW: break;
	}
	return 0;
}

/* Have zlib know what came before the block. */
static int
prime(const struct zblocks *d, struct block *b)
{
	int rc = deflateReset(&b->z);

	/* Nothing is looked up where nothing is compressed. */
	if (rc != Z_OK || b->before == 0 || d->level == Z_NO_COMPRESSION)
		return rc;
	return deflateSetDictionary(
	    &b->z, b->mem + WINDOW - b->before, (uInt)b->before);
}

/* Compress what is new in a block: its beginning, all, or the rest. */
static void
compress_news(const struct zblocks *d, struct block *b, int flush)
{
	const unsigned char *data = b->mem + WINDOW + b->done;
	z_stream *z = &b->z;
	int good = flush == Z_FINISH ? Z_STREAM_END : Z_OK, rc;

	b->fresh = b->len - b->done;
	b->news = flush == Z_FINISH ? END : MORE;
	b->rc = b->done == 0 ? prime(d, b) : Z_OK;
	if (b->rc != Z_OK)
		return;
	z->next_in = data;
	z->avail_in = (uInt)b->fresh;
	z->next_out = b->out.mem + b->out.len;
	z->avail_out = (uInt)(b->out.cap - b->out.len);
	rc = deflate(z, flush);
	b->out.len = b->out.cap - z->avail_out;
	b->done = b->len;
	b->check = check_of(d, data, b->fresh);
	/* There was room for all, as zlib itself had said. */
	b->rc = rc == good && z->avail_out > 0 ? Z_OK : Z_BUF_ERROR;
}

/* For the pool: a block that is full. */
static void
compress_block(void *arg, size_t slot)
{
	struct zblocks *d = arg;

	compress_news(d, &d->blocks[slot], Z_SYNC_FLUSH);
}

static void
put_bytes(slu_batch *out, const unsigned char *bytes, size_t len)
{
	memcpy(out->mem + out->len, bytes, len);
	out->len += len;
}

/* RFC 1950, section 2.2: the level is told in two bits. */
static void
put_zlib_header(slu_batch *out, int level)
{
	static const unsigned char of_level[10][2] = { { 0x78, 0x01 },
		{ 0x78, 0x01 }, { 0x78, 0x5e }, { 0x78, 0x5e }, { 0x78, 0x5e },
		{ 0x78, 0x5e }, { 0x78, 0x9c }, { 0x78, 0xda }, { 0x78, 0xda },
		{ 0x78, 0xda } };

	put_bytes(out, of_level[level], 2);
}

/* RFC 1952, section 2.3: whether it is the best or the fastest is told. */
static void
put_gzip_header(slu_batch *out, int level)
{
	unsigned char header[10] = { 0x1f, 0x8b, Z_DEFLATED };

	if (level == Z_BEST_COMPRESSION)
		header[8] = 2;
	if (level <= Z_BEST_SPEED)
		header[8] = 4;
	header[9] = SLU_ZSTREAM_OS;
	put_bytes(out, header, sizeof(header));
}

static void
put_header(const struct zblocks *d, slu_batch *out)
{
	if (d->format == SLU_ZLIB)
		put_zlib_header(out, d->level);
	if (d->format == SLU_GZIP)
		put_gzip_header(out, d->level);
}

static void
put_trailer(const struct zblocks *d, slu_batch *out)
{
	unsigned char zlib[4], gzip[8];

	for (unsigned i = 0; i < 4; i++) {
		zlib[3 - i] = (unsigned char)(d->check >> 8 * i);
		gzip[i] = (unsigned char)(d->check >> 8 * i);
		gzip[4 + i] = (unsigned char)(d->total >> 8 * i);
	}
	if (d->format == SLU_ZLIB)
		put_bytes(out, zlib, sizeof(zlib));
	if (d->format == SLU_GZIP)
		put_bytes(out, gzip, sizeof(gzip));
}

/* The stream learns what became of a block, and ends where the block does. */
static slu_status
collect(struct zblocks *d, struct block *b)
{
	z_off_t len = (z_off_t)b->fresh;

	if (b->news == NOTHING)
		return SLU_OK;
	if (b->rc != Z_OK)
		return slu_zstream_fail("deflate", b->rc);
	if (d->format == SLU_GZIP)
		d->check = crc32_combine(d->check, b->check, len);
	if (d->format == SLU_ZLIB)
		d->check = adler32_combine(d->check, b->check, len);
	d->total += b->fresh;
	if (b->news == END)
		put_trailer(d, &b->out);
	b->news = NOTHING;
	return SLU_OK;
}

static slu_status
drain(struct zblocks *d, struct block *b, slu_bio *next)
{
	slu_status st = collect(d, b);

	return st ? st : slu_batch_drain(&b->out, next);
}

static slu_status
drain_oldest(struct zblocks *d, slu_bio *next)
{
	slu_status st;
	size_t slot;

	st = slu_pool_wait(d->pool, &slot);
	if (st == SLU_OK)
		st = drain(d, &d->blocks[slot], next);
	if (st == SLU_OK)
		slu_pool_take(d->pool);
	return st;
}

/* All that is compressed goes down. */
static slu_status
drain_all(struct zblocks *d, slu_bio *next)
{
	slu_status st = SLU_OK;

	while (st == SLU_OK && !slu_pool_is_empty(d->pool))
		st = drain_oldest(d, next);
	if (st == SLU_OK && d->at != NULL)
		st = drain(d, d->at, next);
	return st;
}

static slu_status
make_block(const struct zblocks *d, struct block *b)
{
	int rc = Z_OK;

	if (b->mem == NULL)
		b->mem = malloc(ROOM);
	if (b->mem == NULL)
		return slu_fail(SLU_ERR_MEMORY, "deflate: out of memory");
	if (b->z.state == NULL) {
		slu_zstream_memory(&b->z);
		rc = deflateInit2(&b->z, d->level, Z_DEFLATED, -MAX_WBITS,
		    SLU_ZSTREAM_MEMORY, Z_DEFAULT_STRATEGY);
	}
	if (rc != Z_OK)
		return slu_zstream_fail("deflate", rc);
	return slu_batch_make(
	    &b->out, deflateBound(&b->z, (uLong)BLOCK) + EDGES);
}

/* Have a block to fill, of which what was flushed has gone down. */
static slu_status
have_block(struct zblocks *d, slu_bio *next)
{
	slu_status st = SLU_OK;
	struct block *b;

	if (d->at != NULL && d->at->done > 0)
		return drain_all(d, next);
	if (d->at != NULL)
		return SLU_OK;
	while (st == SLU_OK && slu_pool_is_full(d->pool))
		st = drain_oldest(d, next);
	b = &d->blocks[slu_pool_next(d->pool)];
	if (st == SLU_OK)
		st = make_block(d, b);
	if (st)
		return st;
	if (!d->begun)
		put_header(d, &b->out);
	if (d->window != NULL)
		memcpy(b->mem, d->window, WINDOW);
	b->before = d->window != NULL ? WINDOW : 0;
	b->len = b->done = 0;
	d->begun = true;
	d->at = b;
	return SLU_OK;
}

static slu_status
zblocks_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct zblocks *d = self;
	struct block *b;
	slu_status st;
	size_t n;

	st = have_block(d, next);
	if (st)
		return st;
	b = d->at;
	n = len < BLOCK - b->len ? len : BLOCK - b->len;
	memcpy(b->mem + WINDOW + b->len, data, n);
	b->len += n;
	*put = n;
	if (b->len == BLOCK) {
		d->window = b->mem + ROOM - WINDOW;
		d->at = NULL;
		slu_pool_put(d->pool);
	}
	return SLU_OK;
}

static slu_status
zblocks_flush(void *self, slu_bio *next)
{
	struct zblocks *d = self;

	if (d->at != NULL && d->at->len > d->at->done)
		compress_news(d, d->at, Z_SYNC_FLUSH);
	return drain_all(d, next);
}

static slu_status
zblocks_finish(void *self, slu_bio *next)
{
	struct zblocks *d = self;
	slu_status st;

	if (!d->ended) {
		st = have_block(d, next);
		if (st)
			return st;
		/* Meanwhile the threads work on what is full. */
		compress_news(d, d->at, Z_FINISH);
		d->ended = true;
	}
	return drain_all(d, next);
}

static void
zblocks_free(void *self)
{
	struct zblocks *d = self;
	struct block *b;

	slu_pool_free(d->pool);
	for (size_t i = 0; i < d->slots; i++) {
		b = &d->blocks[i];
		(void)deflateEnd(&b->z);
		slu_batch_free(&b->out);
		if (b->mem != NULL)
			slu_wipe(b->mem, ROOM);
		free(b->mem);
	}
	free(d->blocks);
}

static const slu_bio_ops zblocks_ops = {
	.name = "deflate",
	.size = sizeof(struct zblocks),
	.write = zblocks_write,
	.flush = zblocks_flush,
	.finish = zblocks_finish,
	.free = zblocks_free,
};

slu_status
slu_zblocks(slu_bio **top, const slu_deflate_options *options, int level)
{
	size_t slots = SLU_POOL_SLOTS(options->threads);
	struct zblocks *d;
	slu_status st;

	d = slu_bio_push(top, &zblocks_ops);
	if (d == NULL)
		return SLU_ERR_MEMORY;
	d->format = options->format;
	d->level = level;
	d->check = check_of(d, NULL, 0);
	st = slu_pool_new(&d->pool, options->threads, compress_block, d);
	if (st)
		goto out;
	d->blocks = calloc(slots, sizeof(*d->blocks));
	if (d->blocks == NULL) {
		st = slu_fail(SLU_ERR_MEMORY, "deflate: out of memory");
		goto out;
	}
	d->slots = slots;
out:
	if (st)
		slu_bio_drop(top);
	return st;
}
