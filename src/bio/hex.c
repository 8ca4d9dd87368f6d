/* SPDX-License-Identifier: ISC */
#include "sluice/hex.h"

#include <stdint.h>

#include "batch.h"
#include "hex_block.h"

#define PAIR 2
#define ROOM (2 * PAIR) /* a pair with a newline behind each digit */

struct encoder {
	slu_batch batch; /* text under way */
	size_t columns;  /* digits a line; 0: no lines */
	size_t column;   /* digits on this line so far */
	unsigned char ten;
};

/* Count the digits just put, and break the line if that has filled it. */
static void
end_of_line(struct encoder *e, size_t digits)
{
	slu_batch *b = &e->batch;

	if (e->columns == 0)
		return;
	e->column += digits;
	if (e->column == e->columns) {
		b->mem[b->len++] = '\n';
		e->column = 0;
	}
}

/* Encode one byte whose digits may come to stand on two lines. */
static void
put_pair(struct encoder *e, const unsigned char *in)
{
	slu_batch *b = &e->batch;
	unsigned char text[PAIR];

	slu_hex_block_encode(text, in, 1, e->ten);
	for (int i = 0; i < PAIR; i++) {
		b->mem[b->len++] = text[i];
		end_of_line(e, 1);
	}
}

/*
 * Encode at most `len` bytes from `in`, as the line and the batch have room
 * for; returns how many, at least one if there is ROOM.
 */
static size_t
put_bytes(struct encoder *e, const unsigned char *in, size_t len)
{
	slu_batch *b = &e->batch;
	size_t line = e->columns > 0 ? e->columns - e->column : SIZE_MAX;
	size_t n = (b->cap - b->len - 1) / PAIR; /* spare a newline */

	if (n > len)
		n = len;
	if (n > line / PAIR)
		n = line / PAIR;
	if (n == 0) {
		put_pair(e, in);
		return 1;
	}
	slu_hex_block_encode(b->mem + b->len, in, n, e->ten);
	b->len += n * PAIR;
	end_of_line(e, n * PAIR);
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

	st = slu_batch_make(b, SLU_BATCH);
	if (st == SLU_OK && b->cap - b->len < ROOM)
		st = slu_batch_drain(b, next);
	if (st)
		return st;
	while (*put < len && b->cap - b->len >= ROOM)
		*put += put_bytes(e, in + *put, len - *put);
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
	slu_status st;

	st = slu_batch_drain(b, next);
	if (st == SLU_OK && e->column > 0) {
		b->mem[b->len++] = '\n';
		e->column = 0;
		st = slu_batch_drain(b, next);
	}
	return st;
}

static void
encode_free(void *self)
{
	struct encoder *e = self;

	slu_batch_free(&e->batch);
}

static const slu_bio_ops encode_ops = {
	.name = "hex",
	.size = sizeof(struct encoder),
	.write = encode_write,
	.flush = encode_flush,
	.finish = encode_finish,
	.free = encode_free,
};

slu_status
slu_hex_encode(slu_bio **top, const slu_hex_options *options)
{
	static const slu_hex_options defaults = { 0 };
	struct encoder *e;

	e = slu_bio_push(top, &encode_ops);
	if (e == NULL)
		return SLU_ERR_MEMORY;
	if (options == NULL)
		options = &defaults;
	e->columns = options->columns;
	e->ten = options->upper ? 'A' : 'a';
	return SLU_OK;
}
