/* SPDX-License-Identifier: ISC */
/*
 * A stream of any format gives the same bytes and the same verdict however
 * it arrives and however it is read, and what comes out keeps to its limits.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/buf.h"
#include "sluice/deflate.h"
#include "sluice/view.h"

#define MOST (64 * 1024) /* bytes of input that are looked at */
#define MAX_SIZE (16 * 1024)
#define GRACE (1024 * 1024) /* bytes that no ratio is asked of */

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* Lets at most `step` bytes pass a call, and every second call wait. */
struct trickle {
	size_t step;
	unsigned calls;
};

static slu_status
trickle_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct trickle *t = self;

	if (t->calls++ % 2 == 0)
		return SLU_WANT_READ;
	return slu_bio_read(next, buf, cap < t->step ? cap : t->step, got);
}

static const slu_bio_ops trickle_ops = {
	.name = "trickle",
	.size = sizeof(struct trickle),
	.read = trickle_read,
};

/*
 * Read to the end, `piece` bytes at a time, of what arrives in steps, and
 * count it in `*n`.  Only the first MAX_SIZE bytes are kept in `out`.
 */
static slu_status
unpack(const uint8_t *data, size_t len, const slu_inflate_options *options,
    size_t step, size_t piece, slu_buf *out, size_t *n)
{
	unsigned char buf[MAX_SIZE];
	slu_bio *c = NULL;
	struct trickle *t;
	slu_status st;
	size_t got;

	must(slu_view_open(&c, data, len) == SLU_OK);
	t = slu_bio_push(&c, &trickle_ops);
	must(t != NULL);
	t->step = step;
	must(slu_inflate(&c, options) == SLU_OK);
	*n = 0;
	do {
		st = slu_bio_read(c, buf, piece, &got);
		*n += got;
		if (*n <= MAX_SIZE)
			must(slu_buf_add(out, buf, got) == SLU_OK);
	} while (st == SLU_OK || st == SLU_WANT_READ);
	must(st == SLU_EOF || st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED ||
	     st == SLU_ERR_LIMIT);
	slu_bio_free(c);
	return st;
}

/* The bytes at the end of `data` that are not of its first stream. */
static size_t
unread_behind(const uint8_t *data, size_t len, slu_inflate_options options)
{
	unsigned char buf[MAX_SIZE];
	size_t got, behind = 0;
	slu_bio *c = NULL;
	slu_status st;

	options.first_only = true;
	must(slu_view_open(&c, data, len) == SLU_OK);
	must(slu_inflate(&c, &options) == SLU_OK);
	do
		st = slu_bio_read(c, buf, sizeof(buf), &got);
	while (st == SLU_OK);
	slu_bio_drop(&c);
	while (
	    st == SLU_EOF && slu_bio_read(c, buf, sizeof(buf), &got) == SLU_OK)
		behind += got;
	slu_bio_free(c);
	return behind;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the format and the sizes of steps and pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_inflate_options options = { .max_size = MAX_SIZE,
		.max_ratio = SLU_INFLATE_RATIO_MAX };
	slu_buf one = { .limit = MAX_SIZE }, two = { .limit = MAX_SIZE };
	size_t step, piece, n;
	slu_status st;

	if (size == 0 || size > MOST)
		return 0;
	options.format = (slu_deflate_format)(data[0] % 3);
	step = 1 + (data[0] / 3 % 8) * 3;
	piece = 1 + (data[0] / 24) * 100;
	data++;
	size--;
	st = unpack(data, size, &options, MOST, MAX_SIZE, &one, &n);
	must(n == one.len);
	must(unpack(data, size, &options, step, piece, &two, &n) == st);
	must(n == one.len && n == two.len &&
	     (n == 0 ||
		 memcmp(slu_buf_front(&one), slu_buf_front(&two), n) == 0));
	slu_buf_free(&two);

	n = unread_behind(data, size, options);
	must(n == 0 || (n < size && unpack(data, size - n, &options, MOST,
					MAX_SIZE, &two, &n) == SLU_EOF));
	slu_buf_free(&two);

	options.max_size = 0;
	options.max_ratio = 0;
	(void)unpack(data, size, &options, MOST, MAX_SIZE, &two, &n);
	must(n <= GRACE || n <= size * SLU_INFLATE_RATIO);
	slu_buf_free(&one);
	slu_buf_free(&two);
	return 0;
}
