/* SPDX-License-Identifier: ISC */
/*
 * What is fed is decoded as a text and encoded as bytes.
 *
 * A text gives the same bytes and the same verdict however it is read; one
 * that is right is, line breaks and case aside, what encoding its bytes
 * gives.  What was encoded decodes to what it was.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/hex.h"
#include "sluice/mem.h"
#include "sluice/view.h"

#define MOST (64 * 1024) /* bytes of input that are looked at */
#define ROOM (8 * MOST)

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* Read to the end, `piece` bytes at a time. */
static slu_status
decode(const uint8_t *text, size_t len, size_t piece, slu_buf *out)
{
	unsigned char *buf = malloc(piece);
	slu_bio *c = NULL;
	slu_status st;
	size_t got;

	must(buf != NULL);
	must(slu_view_open(&c, text, len) == SLU_OK);
	must(slu_hex_decode(&c, NULL) == SLU_OK);
	while ((st = slu_bio_read(c, buf, piece, &got)) == SLU_OK)
		must(slu_buf_add(out, buf, got) == SLU_OK);
	must(slu_bio_read(c, buf, piece, &got) == st && got == 0);
	slu_bio_free(c);
	free(buf);
	return st;
}

static void
encode(const uint8_t *plain, size_t len, size_t columns, size_t piece,
    slu_buf *out)
{
	const slu_hex_options options = {
		.columns = columns,
		.upper = columns % 2 != 0,
	};
	slu_bio *c = NULL;
	size_t put;

	must(slu_mem_open(&c, out) == SLU_OK);
	must(slu_hex_encode(&c, &options) == SLU_OK);
	for (size_t off = 0; off < len; off += put) {
		size_t n = len - off < piece ? len - off : piece;

		must(slu_bio_write(c, plain + off, n, &put) == SLU_OK);
	}
	must(slu_bio_finish(c) == SLU_OK);
	slu_bio_free(c);
}

static bool
same(const slu_buf *a, const slu_buf *b)
{
	return a->len == b->len &&
	       (a->len == 0 ||
		   memcmp(slu_buf_front(a), slu_buf_front(b), a->len) == 0);
}

static void
a_text(const uint8_t *text, size_t len, size_t piece)
{
	slu_buf one = { .limit = ROOM }, two = { .limit = ROOM };
	slu_buf bare = { .limit = ROOM }, again = { .limit = ROOM };
	slu_status st = decode(text, len, MOST, &one);

	must(decode(text, len, piece, &two) == st && same(&one, &two));
	if (st == SLU_EOF) {
		for (size_t i = 0; i < len; i++) {
			unsigned char c = (unsigned char)tolower(text[i]);

			if (c != '\r' && c != '\n')
				must(slu_buf_add(&bare, &c, 1) == SLU_OK);
		}
		encode(slu_buf_front(&one), one.len, 0, MOST, &again);
		must(same(&bare, &again));
	} else
		must(st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED);
	slu_buf_free(&one);
	slu_buf_free(&two);
	slu_buf_free(&bare);
	slu_buf_free(&again);
}

static void
some_bytes(const uint8_t *plain, size_t len, size_t columns, size_t piece)
{
	slu_buf one = { .limit = ROOM }, two = { .limit = ROOM };
	slu_buf back = { .limit = ROOM };

	encode(plain, len, columns, MOST, &one);
	encode(plain, len, columns, piece, &two);
	must(same(&one, &two));
	must(decode(slu_buf_front(&one), one.len, piece, &back) == SLU_EOF);
	must(back.len == len &&
	     (len == 0 || memcmp(slu_buf_front(&back), plain, len) == 0));
	slu_buf_free(&one);
	slu_buf_free(&two);
	slu_buf_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the sizes of lines and of pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t columns, piece;

	if (size == 0 || size > MOST)
		return 0;
	columns = data[0] & 15;
	piece = 1 + (data[0] >> 4) * 5;
	a_text(data + 1, size - 1, piece);
	some_bytes(data + 1, size - 1, columns, piece);
	return 0;
}
