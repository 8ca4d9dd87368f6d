/* SPDX-License-Identifier: ISC */
#include "sluice/base64.h"

#include <stdint.h>
#include <string.h>

#include "base64_internal.h"
#include "batch.h"

#define GROUP SLU_BASE64_GROUP
#define TEXT SLU_BASE64_TEXT
#define BATCH (16 * 1024) /* bytes that are taken before a cache lets go */
#define ROOM (2 * TEXT)   /* a group with a newline behind each character */

struct encoder {
	const slu_base64_path *path;
	slu_base64_alphabet alphabet;
	slu_base64_padding padding;
	slu_batch batch;           /* text under way */
	size_t columns;            /* characters a line; 0: no lines */
	size_t column;             /* characters on this line so far */
	unsigned char held[GROUP]; /* the group that is not full yet */
	size_t nheld;
};

/* Put at most a group of text, broken wherever a line is full. */
static void
put_text(struct encoder *e, const unsigned char *text, size_t len)
{
	slu_batch *b = &e->batch;

	for (size_t i = 0; i < len; i++) {
		b->mem[b->len++] = text[i];
		if (e->columns > 0 && ++e->column == e->columns) {
			b->mem[b->len++] = '\n';
			e->column = 0;
		}
	}
}

/* Put one group, which may lie across lines. */
static void
put_group(struct encoder *e, const unsigned char *in)
{
	unsigned char text[TEXT];

	e->path->encode(text, in, 1, e->alphabet);
	put_text(e, text, TEXT);
}

/*
 * Where a line begins, and groups fill lines exactly, encode whole lines;
 * returns how many groups they had.
 */
static size_t
put_lines(struct encoder *e, const unsigned char *in, size_t groups)
{
	slu_batch *b = &e->batch;
	size_t line = e->columns / TEXT, lines;

	if (e->column > 0 || line == 0 || e->columns % TEXT > 0)
		return 0;
	if (e->columns >= b->cap - b->len)
		return 0;
	lines = (b->cap - b->len) / (e->columns + 1);
	if (lines > groups / line)
		lines = groups / line;
	e->path->encode_lines(b->mem + b->len, in, line, lines, e->alphabet);
	b->len += lines * (e->columns + 1);
	return lines * line;
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
	size_t n = put_lines(e, in, groups);

	if (n > 0)
		return n;
	n = (b->cap - b->len - 1) / TEXT; /* spare a newline */
	if (n > groups)
		n = groups;
	if (n > line / TEXT)
		n = line / TEXT;
	if (n == 0) {
		put_group(e, in);
		return 1;
	}
	e->path->encode(b->mem + b->len, in, n, e->alphabet);
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

	st = slu_batch_make(b, BATCH);
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

/* Put the group that will not fill, with or without its padding. */
static void
put_last(struct encoder *e)
{
	size_t len = e->nheld + 1;
	unsigned char text[TEXT];

	memset(e->held + e->nheld, 0, GROUP - e->nheld);
	e->path->encode(text, e->held, 1, e->alphabet);
	memset(text + len, '=', TEXT - len);
	put_text(e, text, e->padding == SLU_BASE64_UNPADDED ? len : TEXT);
	e->nheld = 0;
}

static slu_status
encode_flush(void *self, slu_bio *next)
{
	struct encoder *e = self;
	slu_status st;

	st = slu_batch_drain(&e->batch, next);
	if (st || e->padding != SLU_BASE64_FLUSHED || e->nheld == 0)
		return st;
	put_last(e);
	return slu_batch_drain(&e->batch, next);
}

static slu_status
encode_finish(void *self, slu_bio *next)
{
	struct encoder *e = self;
	slu_batch *b = &e->batch;
	slu_status st;

	st = slu_batch_drain(b, next);
	if (st)
		return st;
	if (e->nheld > 0)
		put_last(e);
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

slu_status
slu_base64_options_check(const slu_base64_options *options)
{
	unsigned alphabet = options->alphabet, padding = options->padding;

	if (alphabet <= SLU_BASE64_URL && padding <= SLU_BASE64_FLUSHED)
		return SLU_OK;
	return slu_fail(SLU_ERR_USAGE, "base64: no such alphabet or padding");
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
slu_base64_encode_by(slu_bio **top, const slu_base64_options *options,
    const slu_base64_path *path)
{
	static const slu_base64_options defaults = { 0 };
	struct encoder *e;
	slu_status st;

	if (options == NULL)
		options = &defaults;
	st = slu_base64_options_check(options);
	if (st)
		return st;
	e = slu_bio_push(top, &encode_ops);
	if (e == NULL)
		return SLU_ERR_MEMORY;
	e->path = path;
	e->alphabet = options->alphabet;
	e->padding = options->padding;
	e->columns = options->columns;
	return SLU_OK;
}

slu_status
slu_base64_encode(slu_bio **top, const slu_base64_options *options)
{
	return slu_base64_encode_by(top, options, slu_base64_path_at(0));
}
