/* SPDX-License-Identifier: ISC */
/*
 * The writing side of armor.h: base64 on top of a frame, which lies below it
 * and writes the lines at both ends.
 */
#include "armor_internal.h"

#include <string.h>

#include "sluice/base64.h"

struct frame {
	const char *line; /* what is to be written before anything else */
	bool ending;      /* `line` is, or was, the one at the end */
};

/* Write what is left of the line. */
static slu_status
put_line(struct frame *f, slu_bio *next)
{
	slu_status st;
	size_t put;

	if (*f->line == '\0')
		return SLU_OK;
	st = slu_bio_write_all(next, f->line, strlen(f->line), &put);
	f->line += put;
	return st;
}

static slu_status
frame_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	slu_status st;

	st = put_line(self, next);
	return st ? st : slu_bio_write(next, data, len, put);
}

static slu_status
frame_flush(void *self, slu_bio *next)
{
	return put_line(self, next);
}

static slu_status
frame_finish(void *self, slu_bio *next)
{
	struct frame *f = self;
	slu_status st;

	st = put_line(f, next);
	if (st || f->ending)
		return st;
	f->line = SLU_ARMOR_END "\n";
	f->ending = true;
	return put_line(f, next);
}

static const slu_bio_ops frame_ops = {
	.name = "armor",
	.size = sizeof(struct frame),
	.write = frame_write,
	.flush = frame_flush,
	.finish = frame_finish,
};

slu_status
slu_armor(slu_bio **top)
{
	const slu_base64_options lines = { .columns = SLU_ARMOR_COLUMNS };
	struct frame *f;
	slu_status st;

	f = slu_bio_push(top, &frame_ops);
	if (f == NULL)
		return SLU_ERR_MEMORY;
	f->line = SLU_ARMOR_BEGIN "\n";
	st = slu_base64_encode(top, &lines);
	if (st)
		slu_bio_drop(top);
	return st;
}
