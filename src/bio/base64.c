/* SPDX-License-Identifier: ISC */
#include "sluice/base64.h"

#include <stdint.h>
#include <string.h>

#include "base64_block.h"
#include "batch.h"

#define GROUP 3 /* bytes that make four characters */
#define TEXT 4
#define ROOM (2 * TEXT) /* a group with a newline behind each character */

struct encoder {
	slu_batch batch;           /* text under way */
	size_t columns;            /* characters a line; 0: no lines */
	size_t column;             /* characters on this line so far */
	unsigned char held[GROUP]; /* the group that is not full yet */
	size_t nheld;
};

/* Put one group of text, broken wherever a line is full. */
static void
put_text(struct encoder *e, const unsigned char *text)
{
	slu_batch *b = &e->batch;

	for (int i = 0; i < TEXT; i++) {
		b->mem[b->len++] = text[i];
		if (e->columns > 0 && ++e->column == e->columns) {
			b->mem[b->len++] = '\n';
			e->column = 0;
		}
	}
}

/*
 * Encode at most `groups` groups from `in`, as the line and the batch have
 * room for; returns how many, at least one if there is ROOM.
 */
static size_t
put_groups(struct encoder *e, const unsigned char *in, size_t groups)
{
	slu_batch *b = &e->batch;
	size_t line = e->columns > 0 ? e->columns - e->column : SIZE_MAX;
	size_t n = (b->cap - b->len - 1) / TEXT; /* spare a newline */
	unsigned char text[TEXT];

	if (n > groups)
		n = groups;
	if (n > line / TEXT)
		n = line / TEXT;
	if (n == 0) {
		slu_base64_block_encode(text, in, 1);
		put_text(e, text);
		return 1;
	}
	slu_base64_block_encode(b->mem + b->len, in, n);
	b->len += n * TEXT;
	if (e->columns == 0)
		return n;
	e->column += n * TEXT;
	if (e->column == e->columns) {
		b->mem[b->len++] = '\n';
		e->column = 0;
	}
	return n;
}

/* Take bytes until the held group is full, and encode it. */
static size_t
fill_held(struct encoder *e, const unsigned char *in, size_t len)
{
	size_t n = GROUP - e->nheld;

	if (n > len)
		n = len;
	memcpy(e->held + e->nheld, in, n);
	e->nheld += n;
	if (e->nheld == GROUP) {
		(void)put_groups(e, e->held, 1);
		e->nheld = 0;
	}
	return n;
}

static slu_status
encode_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct encoder *e = self;
	slu_batch *b = &e->batch;
	const unsigned char *in = data;
	slu_status st;
	size_t used = 0;

	st = slu_batch_make(b, SLU_BATCH);
	if (st == SLU_OK && b->cap - b->len < ROOM)
		st = slu_batch_drain(b, next);
	if (st)
		return st;
	if (e->nheld > 0)
		used = fill_held(e, in, len);
	while (len - used >= GROUP && b->cap - b->len >= ROOM)
		used += GROUP * put_groups(e, in + used, (len - used) / GROUP);
	if (len - used < GROUP)
		used += fill_held(e, in + used, len - used);
	*put = used;
	return SLU_OK;
}

static slu_status
encode_flush(void *self, slu_bio *next)
{
	struct encoder *e = self;

	return slu_batch_drain(&e->batch, next);
}

static slu_status
encode_finish(void *self, slu_bio *next)
{
	struct encoder *e = self;
	slu_batch *b = &e->batch;
	unsigned char text[TEXT];
	slu_status st;

	st = slu_batch_drain(b, next);
	if (st)
		return st;
	if (e->nheld > 0) {
		memset(e->held + e->nheld, 0, GROUP - e->nheld);
		slu_base64_block_encode(text, e->held, 1);
		memset(text + e->nheld + 1, '=', GROUP - e->nheld);
		put_text(e, text);
		e->nheld = 0;
	}
	if (e->columns > 0 && e->column > 0) {
		b->mem[b->len++] = '\n';
		e->column = 0;
	}
	return slu_batch_drain(b, next);
}

static void
encode_free(void *self)
{
	struct encoder *e = self;

	slu_batch_free(&e->batch);
}

static const slu_bio_ops encode_ops = {
	.name = "base64",
	.size = sizeof(struct encoder),
	.write = encode_write,
	.flush = encode_flush,
	.finish = encode_finish,
	.free = encode_free,
};

slu_status
slu_base64_encode(slu_bio **top, const slu_base64_options *options)
{
	struct encoder *e;

	e = slu_bio_push(top, &encode_ops);
	if (e == NULL)
		return SLU_ERR_MEMORY;
	if (options != NULL)
		e->columns = options->columns;
	return SLU_OK;
}
