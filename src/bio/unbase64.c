/* SPDX-License-Identifier: ISC */
/*
 * The reading side of base64.h.  Clean text is decoded in blocks, with the
 * line breaks between groups; whatever else stands in it (line breaks within
 * groups, padding, faults) is taken one character at a time, which also
 * carries a group across batches.
 */
#include "sluice/base64.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base64_block.h"
#include "base64_internal.h"
#include "batch.h"

#define GROUP SLU_BASE64_GROUP
#define TEXT SLU_BASE64_TEXT
#define LONE_CR "a carriage return without its newline"

struct decoder {
	const slu_base64_path *path;
	slu_base64_alphabet alphabet;
	slu_base64_padding padding;
	slu_batch batch;           /* text that is not decoded yet */
	uint64_t at;               /* where in the text the batch begins */
	uint32_t bits;             /* of the group under way */
	size_t ntext;              /* characters of it, padding included */
	size_t npadding;           /* how many of these are padding */
	uint64_t latest;           /* where its last one but padding stood */
	bool cr;                   /* the character before was a CR */
	bool closed;               /* a group with padding has ended the data */
	bool ended;                /* there is no more text */
	unsigned char held[GROUP]; /* bytes that the caller had no room for */
	size_t nheld;
	const char *fault; /* why no more is decoded, once it is so */
	uint64_t fault_at;
};

static void
fault(struct decoder *d, const char *what, uint64_t at)
{
	d->fault = what;
	d->fault_at = at;
}

/* Let a character with its six bits join the group. */
static void
join_group(struct decoder *d, uint32_t value)
{
	d->bits = d->bits << 6 | value;
	if (++d->ntext < TEXT)
		return;
	d->held[0] = (unsigned char)(d->bits >> 16);
	d->held[1] = (unsigned char)(d->bits >> 8);
	d->held[2] = (unsigned char)d->bits;
	d->nheld = GROUP - d->npadding;
	d->closed = d->npadding > 0 && d->padding != SLU_BASE64_FLUSHED;
	d->bits = 0;
	d->ntext = d->npadding = 0;
}

/* Let padding join the group, be it there or not. */
static void
join_padding(struct decoder *d)
{
	/* Two characters carry 4 bits too many, three carry 2. */
	uint32_t rest = d->ntext == 2 ? 15 : 3;

	if (d->npadding == 0 && (d->bits & rest) != 0)
		fault(d, "nonzero bits after the last byte", d->latest);
	else {
		d->npadding++;
		join_group(d, 0);
	}
}

static void
take_padding(struct decoder *d)
{
	if (d->padding == SLU_BASE64_UNPADDED)
		fault(d, "padding where there is to be none", d->at);
	else if (d->closed)
		fault(d, "more padding than the last group needs", d->at);
	else if (d->ntext < 2)
		fault(d, "padding in the wrong place", d->at);
	else
		join_padding(d);
}

/* Take the character `c`, which stands at d->at, or find its fault. */
static void
take(struct decoder *d, unsigned char c)
{
	int value = slu_base64_value(c, d->alphabet);

	if (d->cr && c != '\n')
		fault(d, LONE_CR, d->at - 1);
	else if (c == '\n' || c == '\r')
		d->cr = c == '\r';
	else if (c == '=')
		take_padding(d);
	else if (value < 0)
		fault(d, "not a base64 character", d->at);
	else if (d->closed || d->npadding > 0)
		fault(d, "data after the padding", d->at);
	else {
		d->latest = d->at;
		join_group(d, (uint32_t)value);
	}
}

/* Decode whole groups of clean text; returns how many bytes they gave. */
static size_t
take_block(struct decoder *d, unsigned char *out, size_t cap)
{
	slu_batch *b = &d->batch;
	slu_base64_run r = { b->mem + b->off, slu_batch_left(b), out, cap };
	size_t used;

	if (d->ntext > 0 || d->cr || d->closed)
		return 0;
	d->path->decode(&r, d->alphabet);
	used = slu_batch_left(b) - r.in_len;
	b->off += used;
	d->at += used;
	return cap - r.out_cap;
}

static size_t
give_held(struct decoder *d, unsigned char *out, size_t cap)
{
	size_t n = d->nheld < cap ? d->nheld : cap;

	memcpy(out, d->held, n);
	memmove(d->held, d->held + n, GROUP - n);
	d->nheld -= n;
	return n;
}

/* Decode what the batch holds, as far as `out` has room. */
static size_t
decode_batch(struct decoder *d, unsigned char *out, size_t cap)
{
	slu_batch *b = &d->batch;
	size_t n = give_held(d, out, cap);

	while (n < cap && slu_batch_left(b) > 0 && d->fault == NULL) {
		n += take_block(d, out + n, cap - n);
		if (slu_batch_left(b) == 0)
			break;
		take(d, b->mem[b->off]);
		if (d->fault == NULL) {
			b->off++;
			d->at++;
			n += give_held(d, out + n, cap - n);
		}
	}
	return n;
}

static slu_status
faulty(const struct decoder *d)
{
	return slu_fail(SLU_ERR_FORMAT, "base64: %s at byte %" PRIu64, d->fault,
	    d->fault_at);
}

static slu_status
cut(const struct decoder *d)
{
	return slu_fail(SLU_ERR_TRUNCATED,
	    "base64: cut within a group of four, after %" PRIu64 " bytes",
	    d->at);
}

/* The text has ended: whether it may end here, and in which bytes. */
static slu_status
end_text(struct decoder *d)
{
	bool whole = d->padding != SLU_BASE64_PADDED && d->ntext >= 2 &&
		     d->npadding == 0;

	if (d->ntext > 0 && !whole)
		return cut(d);
	if (d->cr)
		fault(d, LONE_CR, d->at - 1);
	while (d->ntext > 0 && d->fault == NULL)
		join_padding(d);
	d->ended = true;
	return SLU_OK;
}

static slu_status
decode_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct decoder *d = self;
	slu_status st;

	st = slu_batch_make(&d->batch, SLU_BATCH);
	while (st == SLU_OK) {
		*got = decode_batch(d, buf, cap);
		if (*got > 0)
			return SLU_OK;
		if (d->fault != NULL)
			return faulty(d);
		if (d->ended)
			return SLU_EOF;
		st = slu_batch_fill(&d->batch, next);
		if (st == SLU_EOF)
			st = end_text(d);
	}
	return st;
}

static void
decode_free(void *self)
{
	struct decoder *d = self;

	slu_batch_free(&d->batch);
}

static const slu_bio_ops decode_ops = {
	.name = "base64",
	.size = sizeof(struct decoder),
	.read = decode_read,
	.free = decode_free,
};

slu_status
slu_base64_decode_by(slu_bio **top, const slu_base64_options *options,
    const slu_base64_path *path)
{
	static const slu_base64_options defaults = { 0 };
	struct decoder *d;
	slu_status st;

	if (options == NULL)
		options = &defaults;
	st = slu_base64_options_check(options);
	if (st)
		return st;
	d = slu_bio_push(top, &decode_ops);
	if (d == NULL)
		return SLU_ERR_MEMORY;
	d->path = path;
	d->alphabet = options->alphabet;
	d->padding = options->padding;
	return SLU_OK;
}

slu_status
slu_base64_decode(slu_bio **top, const slu_base64_options *options)
{
	return slu_base64_decode_by(top, options, slu_base64_path_at(0));
}
