/* SPDX-License-Identifier: ISC */
/*
 * text_code.h: what holds for each code that writes bytes as text.
 *
 * A text gives the same bytes and the same verdict however it is read; one
 * that is right is, line breaks aside, what encoding its bytes gives.  What
 * was encoded decodes to what it was.
 */
#ifndef SLUICE_TESTS_TEXT_CODE_H
#define SLUICE_TESTS_TEXT_CODE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/mem.h"
#include "sluice/view.h"

#define TEXT_CODE_MOST (64 * 1024) /* bytes of input that are looked at */
#define TEXT_CODE_ROOM (8 * TEXT_CODE_MOST)

struct text_code {
	slu_status (*encode)(slu_bio **top, size_t columns);
	slu_status (*decode)(slu_bio **top);
	/* The character that encoding gives for one that is as good. */
	unsigned char (*plain)(unsigned char c);
};

static inline void
must(bool ok)
{
	if (!ok)
		abort();
}

/* Read to the end, `piece` bytes at a time. */
static inline slu_status
text_code_read(const struct text_code *code, const uint8_t *text, size_t len,
    size_t piece, slu_buf *out)
{
	unsigned char *buf = malloc(piece);
	slu_bio *c = NULL;
	slu_status st;
	size_t got;

	must(buf != NULL);
	must(slu_view_open(&c, text, len) == SLU_OK);
	must(code->decode(&c) == SLU_OK);
	while ((st = slu_bio_read(c, buf, piece, &got)) == SLU_OK)
		must(slu_buf_add(out, buf, got) == SLU_OK);
	must(slu_bio_read(c, buf, piece, &got) == st && got == 0);
	slu_bio_free(c);
	free(buf);
	return st;
}

static inline void
text_code_write(const struct text_code *code, const uint8_t *plain, size_t len,
    size_t columns, size_t piece, slu_buf *out)
{
	slu_bio *c = NULL;
	size_t put;

	must(slu_mem_open(&c, out) == SLU_OK);
	must(code->encode(&c, columns) == SLU_OK);
	for (size_t off = 0; off < len; off += put) {
		size_t n = len - off < piece ? len - off : piece;

		must(slu_bio_write(c, plain + off, n, &put) == SLU_OK);
	}
	must(slu_bio_finish(c) == SLU_OK);
	slu_bio_free(c);
}

static inline bool
text_code_same(const slu_buf *a, const slu_buf *b)
{
	return a->len == b->len &&
	       (a->len == 0 ||
		   memcmp(slu_buf_front(a), slu_buf_front(b), a->len) == 0);
}

static inline void
text_code_a_text(
    const struct text_code *code, const uint8_t *text, size_t len, size_t piece)
{
	slu_buf one = { .limit = TEXT_CODE_ROOM }, two = one, bare = one;
	slu_buf again = one;
	slu_status st = text_code_read(code, text, len, TEXT_CODE_MOST, &one);

	must(text_code_read(code, text, len, piece, &two) == st);
	must(text_code_same(&one, &two));
	if (st == SLU_EOF) {
		for (size_t i = 0; i < len; i++) {
			unsigned char c = code->plain(text[i]);

			if (c != '\r' && c != '\n')
				must(slu_buf_add(&bare, &c, 1) == SLU_OK);
		}
		text_code_write(code, slu_buf_front(&one), one.len, 0,
		    TEXT_CODE_MOST, &again);
		must(text_code_same(&bare, &again));
	} else
		must(st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED);
	slu_buf_free(&one);
	slu_buf_free(&two);
	slu_buf_free(&bare);
	slu_buf_free(&again);
}

static inline void
text_code_some_bytes(const struct text_code *code, const uint8_t *plain,
    size_t len, size_t columns, size_t piece)
{
	slu_buf one = { .limit = TEXT_CODE_ROOM }, two = one, back = one;

	text_code_write(code, plain, len, columns, TEXT_CODE_MOST, &one);
	text_code_write(code, plain, len, columns, piece, &two);
	must(text_code_same(&one, &two));
	must(text_code_read(code, slu_buf_front(&one), one.len, piece, &back) ==
	     SLU_EOF);
	must(back.len == len &&
	     (len == 0 || memcmp(slu_buf_front(&back), plain, len) == 0));
	slu_buf_free(&one);
	slu_buf_free(&two);
	slu_buf_free(&back);
}

/* The first byte chooses the sizes of lines and of pieces. */
static inline void
text_code_holds(const struct text_code *code, const uint8_t *data, size_t size)
{
	size_t columns, piece;

	if (size == 0 || size > TEXT_CODE_MOST)
		return;
	columns = data[0] & 15;
	piece = 1 + (data[0] >> 4) * 5;
	text_code_a_text(code, data + 1, size - 1, piece);
	text_code_some_bytes(code, data + 1, size - 1, columns, piece);
}

#endif
