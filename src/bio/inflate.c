/* SPDX-License-Identifier: ISC */
/* The reading side of deflate.h. */
#include "sluice/deflate.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "batch.h"
#include "deflate_internal.h"
#include "zstream.h"

#define GRACE ((uint64_t)1 << 20) /* bytes that no ratio is asked of */
#define GZIP_MAGIC 0x1f           /* its first byte: RFC 1952, section 2.3.1 */

struct inflater {
	z_stream z;
	slu_batch batch; /* compressed bytes that zlib has not taken */
	slu_inflate_options options;
	uint64_t in;    /* bytes that zlib took: its own counts may be short */
	uint64_t out;   /* bytes given out */
	uint64_t begin; /* where in the input this gzip member begins */
	bool ended;     /* the stream, or a gzip member, is complete */
};

/* The most bytes that may have come out by now. */
static uint64_t
most(const struct inflater *i)
{
	uint64_t n = i->in * i->options.max_ratio;

	if (n < GRACE)
		n = GRACE;
	if (i->options.max_size > 0 && n > i->options.max_size)
		n = i->options.max_size;
	return n;
}

static slu_status
past_limit(const struct inflater *i)
{
	if (i->options.max_size > 0 && i->out > i->options.max_size)
		return slu_fail(SLU_ERR_LIMIT,
		    "inflate: more than %" PRIu64 " bytes (max_size)",
		    i->options.max_size);
	return slu_fail(SLU_ERR_LIMIT,
	    "inflate: more than %u bytes for each one read",
	    i->options.max_ratio);
}

static slu_status
bytes_after(uint64_t at)
{
	return slu_fail(SLU_ERR_FORMAT,
	    "inflate: bytes after the end of the stream, from byte %" PRIu64,
	    at);
}

static slu_status
malformed(const struct inflater *i)
{
	const char *why = i->z.msg != NULL ? i->z.msg : "malformed stream";
	bool gzip = i->options.format == SLU_GZIP;

	if (strcmp(why, "incorrect header check") == 0) {
		if (i->begin > 0)
			return bytes_after(i->begin);
		why = gzip ? "not a gzip stream" : "not a zlib stream";
		return slu_fail(SLU_ERR_FORMAT, "inflate: %s", why);
	}
	if (strcmp(why, "incorrect data check") == 0)
		why = gzip ? "the CRC-32 does not match"
			   : "the Adler-32 does not match";
	else if (strcmp(why, "incorrect length check") == 0)
		why = "the length does not match";
	return slu_fail(
	    SLU_ERR_FORMAT, "inflate: %s near byte %" PRIu64, why, i->in);
}

/* What zlib answered where it gave no bytes. */
static slu_status
verdict(const struct inflater *i, int rc)
{
	switch (rc) {
	case Z_OK:
	case Z_STREAM_END: return SLU_OK;
	case Z_DATA_ERROR: return malformed(i);
	case Z_NEED_DICT:
		return slu_fail(SLU_ERR_FORMAT,
		    "inflate: the stream needs a preset dictionary");
	default: return slu_zstream_fail("inflate", rc);
	}
}

/*
 * Let zlib take from the batch and fill `buf`.  A fault found behind bytes
 * that are good waits: zlib will answer it again.
 */
static slu_status
run(struct inflater *i, void *buf, size_t cap, size_t *got)
{
	slu_batch *b = &i->batch;
	z_stream *z = &i->z;
	uint64_t room = most(i) - i->out;
	size_t left = slu_batch_left(b);
	uInt piece;
	int rc;

	/* At a limit, one byte shows whether the stream goes on. */
	if (room == 0)
		room = 1;
	piece = slu_zstream_piece(room < cap ? (size_t)room : cap);
	z->next_in = b->mem + b->off;
	z->avail_in = (uInt)left;
	z->next_out = buf;
	z->avail_out = piece;
	rc = inflate(z, Z_NO_FLUSH);
	b->off += left - z->avail_in;
	i->in += left - z->avail_in;
	*got = piece - z->avail_out;
	i->out += *got;
	if (i->out > most(i)) {
		*got = 0;
		return past_limit(i);
	}
	i->ended = rc == Z_STREAM_END;
	if (*got > 0 || (rc == Z_BUF_ERROR && z->avail_in == 0))
		return SLU_OK;
	return verdict(i, rc);
}

/* More input after a complete stream: of gzip, it may be a member. */
static slu_status
next_member(struct inflater *i)
{
	int rc;

	if (i->options.format != SLU_GZIP ||
	    i->batch.mem[i->batch.off] != GZIP_MAGIC)
		return bytes_after(i->in);
	rc = inflateReset(&i->z);
	if (rc != Z_OK)
		return slu_zstream_fail("inflate", rc);
	i->begin = i->in;
	i->ended = false;
	return SLU_OK;
}

/* Whether what follows, if anything, is not for us to read. */
static bool
is_over(const struct inflater *i)
{
	return i->ended && i->options.first_only;
}

/* Inflate what is at hand; nothing is given once that does not suffice. */
static slu_status
inflate_batch(struct inflater *i, void *buf, size_t cap, size_t *got)
{
	slu_status st = SLU_OK;

	do {
		if (i->ended && slu_batch_left(&i->batch) > 0)
			st = next_member(i);
		if (st == SLU_OK && !i->ended)
			st = run(i, buf, cap, got);
	} while (st == SLU_OK && *got == 0 && slu_batch_left(&i->batch) > 0 &&
		 !is_over(i));
	return st;
}

/* The end of the first stream: what was read past it is below's again. */
static slu_status
give_back(struct inflater *i, slu_bio *next)
{
	slu_batch *b = &i->batch;
	slu_status st;

	if (slu_batch_left(b) == 0)
		return SLU_EOF;
	st = slu_bio_unread(next, b->mem + b->off, slu_batch_left(b));
	b->off = b->len;
	return st ? st : SLU_EOF;
}

static slu_status
inflate_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct inflater *i = self;
	slu_status st;

	st = slu_batch_make(&i->batch, SLU_BATCH);
	while (st == SLU_OK && !is_over(i)) {
		st = inflate_batch(i, buf, cap, got);
		if (st || *got > 0)
			return st;
		if (!is_over(i))
			st = slu_batch_fill(&i->batch, next);
	}
	if (st == SLU_OK)
		return give_back(i, next);
	if (st != SLU_EOF || i->ended)
		return st;
	return slu_fail(SLU_ERR_TRUNCATED,
	    "inflate: the input ends before the stream does, after %" PRIu64
	    " bytes",
	    i->in);
}

static void
inflate_free(void *self)
{
	struct inflater *i = self;

	(void)inflateEnd(&i->z);
	slu_batch_free(&i->batch);
}

static const slu_bio_ops inflate_ops = {
	.name = "inflate",
	.size = sizeof(struct inflater),
	.read = inflate_read,
	.free = inflate_free,
};

slu_status
slu_inflate(slu_bio **top, const slu_inflate_options *options)
{
	static const slu_inflate_options defaults = { 0 };
	struct inflater *i;
	int bits, rc;

	if (options == NULL)
		options = &defaults;
	bits = slu_deflate_bits(options->format);
	if (bits == 0)
		return slu_fail(SLU_ERR_USAGE, "inflate: no such format");
	i = slu_bio_push(top, &inflate_ops);
	if (i == NULL)
		return SLU_ERR_MEMORY;
	i->options = *options;
	if (i->options.max_ratio == 0)
		i->options.max_ratio = SLU_INFLATE_RATIO;
	if (i->options.max_ratio > SLU_INFLATE_RATIO_MAX)
		i->options.max_ratio = SLU_INFLATE_RATIO_MAX;
	slu_zstream_memory(&i->z);
	rc = inflateInit2(&i->z, bits);
	if (rc == Z_OK)
		return SLU_OK;
	slu_bio_drop(top);
	return slu_zstream_fail("inflate", rc);
}
