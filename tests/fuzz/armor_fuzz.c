/* SPDX-License-Identifier: ISC */
/*
 * A file has one armor, but for line ends and white space around: what comes
 * off any text, put into armor again, is that text, if these are taken away.
 * The first byte chooses the pace.  An odd one has the rest put into armor
 * first, so that bytes of any kind are met too.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/armor.h"
#include "sluice/buf.h"
#include "sluice/mem.h"
#include "sluice/view.h"

#define ROOM (1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int ok)
{
	if (!ok)
		abort();
}

static void
armor(slu_buf *out, const void *plain, size_t len)
{
	slu_bio *c = NULL;
	size_t put;

	must(slu_mem_open(&c, out) == SLU_OK);
	must(slu_armor(&c) == SLU_OK);
	must(slu_bio_write_all(c, plain, len, &put) == SLU_OK);
	must(slu_bio_finish(c) == SLU_OK);
	slu_bio_free(c);
}

static slu_status
dearmor(slu_buf *out, const void *text, size_t len, size_t piece)
{
	static unsigned char room[ROOM];
	slu_bio *c = NULL;
	slu_status st;
	size_t got;

	must(slu_view_open(&c, text, len) == SLU_OK);
	must(slu_dearmor(&c) == SLU_OK);
	while ((st = slu_bio_read(c, room, piece, &got)) == SLU_OK) {
		must(got > 0 && got <= piece);
		must(slu_buf_add(out, room, got) == SLU_OK);
	}
	must(st == SLU_EOF || st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED ||
	     st == SLU_ERR_LIMIT);
	slu_bio_free(c);
	return st;
}

/* Take away what may differ: carriage returns, white space around. */
static void
make_plain(slu_buf *out, const unsigned char *text, size_t len)
{
	static const char blanks[] = " \t\n\v\f\r";

	while (len > 0 && strchr(blanks, text[0]) != NULL && text[0] != 0) {
		text++;
		len--;
	}
	while (len > 0 && strchr(blanks, text[len - 1]) != NULL &&
	       text[len - 1] != 0)
		len--;
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r')
			must(slu_buf_add(out, text + i, 1) == SLU_OK);
	must(slu_buf_add(out, "\n", 1) == SLU_OK);
}

static void
check(const unsigned char *text, size_t len, size_t piece)
{
	slu_buf whole = { .limit = ROOM }, plain = { .limit = ROOM };
	slu_buf again = { .limit = 2 * ROOM }, want = { .limit = 2 * ROOM };
	slu_status st;

	st = dearmor(&whole, text, len, ROOM);
	must(dearmor(&plain, text, len, piece) == st);
	must(plain.len == whole.len);
	must(plain.len == 0 || memcmp(slu_buf_front(&plain),
				   slu_buf_front(&whole), plain.len) == 0);
	if (st == SLU_EOF) {
		armor(&again, slu_buf_front(&plain), plain.len);
		make_plain(&want, text, len);
		must(again.len == want.len);
		must(memcmp(slu_buf_front(&again), slu_buf_front(&want),
			 want.len) == 0);
	}
	slu_buf_free(&whole);
	slu_buf_free(&plain);
	slu_buf_free(&again);
	slu_buf_free(&want);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_buf text = { .limit = ROOM };
	size_t piece;

	if (size < 1 || size > ROOM / 2)
		return 0;
	piece = (size_t)data[0] / 2 + 1;
	check(data + 1, size - 1, piece);
	if (data[0] % 2 == 1) {
		armor(&text, data + 1, size - 1);
		check(slu_buf_front(&text), text.len, piece);
	}
	slu_buf_free(&text);
	return 0;
}
