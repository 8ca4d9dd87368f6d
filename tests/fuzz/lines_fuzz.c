/* SPDX-License-Identifier: ISC */
/*
 * A reader of lines gives what splitting at newlines gives, whatever the
 * limit and the pace.  The first three bytes choose these, and how often
 * each byte is repeated, so that small inputs make lines that do not fit
 * what the reader reads at a time.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/lines.h"

#define LONGEST (512 * 1024) /* of the repeated bytes */

/* A source that gives a few bytes at a time, and waits in between. */
struct drip {
	const uint8_t *data;
	size_t left, step;
	unsigned calls;
};

static slu_status
drip_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct drip *d = self;
	size_t n = d->step < cap ? d->step : cap;

	(void)next;
	if (d->step < 128 && d->calls++ % 3 == 0)
		return SLU_WANT_READ;
	if (n > d->left)
		n = d->left;
	if (n == 0)
		return SLU_EOF;
	memcpy(buf, d->data, n);
	d->data += n;
	d->left -= n;
	*got = n;
	return SLU_OK;
}

static const slu_bio_ops drip_ops = {
	.name = "drip",
	.size = sizeof(struct drip),
	.read = drip_read,
};

static void
must(int ok)
{
	if (!ok)
		abort();
}

static slu_status
next_line(slu_lines *lines, const char **line, size_t *len)
{
	slu_status st;

	do {
		st = slu_lines_next(lines, line, len);
	} while (st == SLU_WANT_READ);
	return st;
}

static slu_status
skip_line(slu_lines *lines)
{
	slu_status st;

	do {
		st = slu_lines_skip(lines);
	} while (st == SLU_WANT_READ);
	return st;
}

static void
check(slu_lines *lines, const uint8_t *data, size_t size, size_t limit)
{
	const uint8_t *end = data + size, *newline;
	const char *line;
	slu_status st;
	size_t len, want;

	while (data < end) {
		newline = memchr(data, '\n', (size_t)(end - data));
		want = (size_t)((newline != NULL ? newline : end) - data);
		st = next_line(lines, &line, &len);
		if (want > limit) {
			must(st == SLU_ERR_LIMIT);
			must(next_line(lines, &line, &len) == SLU_ERR_LIMIT);
			must(skip_line(lines) == SLU_OK);
		} else {
			must(st == SLU_OK && len == want);
			must(memcmp(line, data, len) == 0);
			must(line[len] == '\0');
		}
		data += want + (newline != NULL);
	}
	must(next_line(lines, &line, &len) == SLU_EOF);
	must(next_line(lines, &line, &len) == SLU_EOF);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_lines *lines = NULL;
	slu_bio *src = NULL;
	struct drip *d;
	uint8_t *text;
	size_t limit, times, len = 0;

	if (size < 3)
		return 0;
	times = data[2] < 128 ? 1 : (size_t)data[2] * 8;
	limit = data[0] < 255 ? data[0] * times : SIZE_MAX;
	text = malloc(LONGEST);
	must(text != NULL);
	for (size_t i = 3; i < size && len + times <= LONGEST; i++) {
		memset(text + len, data[i], data[i] == '\n' ? 1 : times);
		len += data[i] == '\n' ? 1 : times;
	}
	d = slu_bio_push(&src, &drip_ops);
	must(d != NULL);
	d->step = data[1] < 128 ? (size_t)data[1] + 1 : (size_t)data[1] * 512;
	d->data = text;
	d->left = len;
	must(slu_lines_new(&lines, src, limit) == SLU_OK);
	check(lines, text, len, limit);
	slu_lines_free(lines);
	slu_bio_free(src);
	free(text);
	return 0;
}
