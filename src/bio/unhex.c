/* SPDX-License-Identifier: ISC */
/*
 * The reading side of hex.h.  Clean text is decoded in blocks; whatever else
 * stands in it (line breaks, faults) is taken one character at a time, which
 * also carries a pair across lines and batches.
 */
#include "sluice/hex.h"

#include <inttypes.h>

#include "batch.h"
#include "hex_block.h"

#define PAIR 2
#define LONE_CR "a carriage return without its newline"

struct decoder {
	slu_batch batch;     /* text that is not decoded yet */
	uint64_t at;         /* where in the text the batch begins */
	bool half;           /* a pair lacks its second digit */
	unsigned char first; /* the value of its first one */
	bool cr;             /* the character before was a CR */
	const char *fault;   /* why no more is decoded, once it is so */
	uint64_t fault_at;
};

static void
fault(struct decoder *d, const char *what, uint64_t at)
{
	d->fault = what;
	d->fault_at = at;
}

/* The value of one digit, or -1. */
static int
value_of(unsigned char c)
{
	unsigned char lower = c | 0x20;

	if (c >= '0' && c <= '9')
		return c - '0';
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/*
 * Take the character `c`, which stands at d->at, or find its fault; returns
 * how many bytes it completes at `out`, none or one.
 */
static size_t
take(struct decoder *d, unsigned char c, unsigned char *out)
{
	int value = value_of(c);

	if (d->cr && c != '\n')
		fault(d, LONE_CR, d->at - 1);
	else if (c == '\n' || c == '\r')
		d->cr = c == '\r';
	else if (value < 0)
		fault(d, "not a hexadecimal digit", d->at);
	else if (d->half) {
		*out = (unsigned char)(d->first << 4 | value);
		d->half = false;
		return 1;
	} else {
		d->first = (unsigned char)value;
		d->half = true;
	}
	return 0;
}

/* Decode pairs of clean text; returns how many. */
static size_t
take_block(struct decoder *d, unsigned char *out, size_t cap)
{
	slu_batch *b = &d->batch;
	size_t n = slu_batch_left(b) / PAIR;

	if (d->half || d->cr)
		return 0;
	if (n > cap)
		n = cap;
	n = slu_hex_block_decode(out, b->mem + b->off, n);
	b->off += n * PAIR;
	d->at += n * PAIR;
	return n;
}

/* Decode what the batch holds, as far as `out` has room. */
static size_t
decode_batch(struct decoder *d, unsigned char *out, size_t cap)
{
	slu_batch *b = &d->batch;
	size_t n = 0;

	while (n < cap && slu_batch_left(b) > 0) {
		n += take_block(d, out + n, cap - n);
		if (n == cap || slu_batch_left(b) == 0)
			break;
		n += take(d, b->mem[b->off], out + n);
		if (d->fault != NULL)
			break;
		b->off++;
		d->at++;
	}
	return n;
}

static slu_status
faulty(const struct decoder *d)
{
	return slu_fail(
	    SLU_ERR_FORMAT, "hex: %s at byte %" PRIu64, d->fault, d->fault_at);
}

static slu_status
no_more_text(struct decoder *d)
{
	if (d->half)
		return slu_fail(SLU_ERR_TRUNCATED,
		    "hex: cut within a pair of digits, after %" PRIu64 " bytes",
		    d->at);
	if (!d->cr)
		return SLU_EOF;
	fault(d, LONE_CR, d->at - 1);
	return faulty(d);
}

static slu_status
decode_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct decoder *d = self;
	slu_status st;

	st = slu_batch_make(&d->batch, SLU_BATCH);
	while (st == SLU_OK) {
		*got = d->fault == NULL ? decode_batch(d, buf, cap) : 0;
		if (*got > 0)
			return SLU_OK;
		if (d->fault != NULL)
			return faulty(d);
		st = slu_batch_fill(&d->batch, next);
	}
	return st == SLU_EOF ? no_more_text(d) : st;
}

static void
decode_free(void *self)
{
	struct decoder *d = self;

	slu_batch_free(&d->batch);
}

static const slu_bio_ops decode_ops = {
	.name = "hex",
	.size = sizeof(struct decoder),
	.read = decode_read,
	.free = decode_free,
};

slu_status
slu_hex_decode(slu_bio **top, const slu_hex_options *options)
{
	(void)options;
	return slu_bio_push(top, &decode_ops) ? SLU_OK : SLU_ERR_MEMORY;
}
