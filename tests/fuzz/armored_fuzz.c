/* SPDX-License-Identifier: ISC */
/*
 * What is fed is a text, or says how to spoil armor that is known.
 *
 * Who reads it at offsets, strictly, gets what comes off it in order, and is
 * refused where that is; or else its lines are not alike.  What is rescued is
 * all of it where nothing is wrong, and never more than was in the text.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seal/armor_internal.h"
#include "seal/armored.h"
#include "sluice/mem.h"
#include "sluice/view.h"

#define ROOM ((size_t)64 * 1024)
#define OP 5 /* bytes of the input that spoil it once */

static const char first[] = "age-encryption.org/v1\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned char text[ROOM];
static size_t text_len;

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static slu_status
read_text(void *arg, uint64_t offset, void *buf, size_t len)
{
	(void)arg;
	must(offset <= text_len && len <= text_len - offset);
	memcpy(buf, text + offset, len);
	return SLU_OK;
}

/* Put so many bytes in armor; every n-th of its lines ends with CRLF. */
static void
make_text(size_t len, size_t nth)
{
	static unsigned char plain[ROOM / 2];
	slu_buf out = { .limit = ROOM };
	const unsigned char *in;
	slu_bio *c = NULL;
	size_t put, line = 0;

	for (size_t i = 0; i < len; i++)
		plain[i] = (unsigned char)(i < sizeof(first) - 1
					       ? (unsigned char)first[i]
					       : i * 17 + i / 256);
	must(slu_mem_open(&c, &out) == SLU_OK);
	must(slu_armor(&c) == SLU_OK);
	must(slu_bio_write_all(c, plain, len, &put) == SLU_OK);
	must(slu_bio_finish(c) == SLU_OK);
	slu_bio_free(c);
	in = slu_buf_front(&out);
	text_len = 0;
	for (size_t i = 0; i < out.len; i++) {
		if (in[i] == '\n' && nth > 0 && ++line % nth == 0)
			text[text_len++] = '\r';
		text[text_len++] = in[i];
	}
	slu_buf_free(&out);
}

/* Change a byte, cut, take out, or repeat. */
static void
spoil(const uint8_t op[OP])
{
	size_t at = (size_t)op[1] << 8 | op[2], len = op[3] + 1u;

	if (text_len == 0)
		return;
	at %= text_len;
	len = len < text_len - at ? len : text_len - at;
	switch (op[0] % 8) {
	case 0: text_len = at; break;
	case 1:
		memmove(text + at, text + at + len, text_len - at - len);
		text_len -= len;
		break;
	case 2:
		len = len < ROOM - text_len ? len : ROOM - text_len;
		memmove(text + at + len, text + at, text_len - at);
		text_len += len;
		break;
	case 3: memset(text + at, 0, len); break;
	default: text[at] = op[4];
	}
}

static slu_status
dearmor(slu_buf *out)
{
	static unsigned char room[ROOM];
	slu_bio *c = NULL;
	slu_status st;
	size_t got;

	must(slu_view_open(&c, text, text_len) == SLU_OK);
	must(slu_dearmor_if(&c, NULL) == SLU_OK);
	while ((st = slu_bio_read(c, room, ROOM, &got)) == SLU_OK)
		must(slu_buf_add(out, room, got) == SLU_OK);
	slu_bio_free(c);
	return st;
}

/* Read all of it, in pieces; SLU_EOF if that goes well. */
static slu_status
read_all(const slu_sealed_source *bare, size_t piece, unsigned char *out)
{
	slu_status st = SLU_OK;
	size_t n;

	must(bare->size <= text_len);
	for (uint64_t at = 0; at < bare->size && st == SLU_OK; at += n) {
		n = bare->size - at < piece ? (size_t)(bare->size - at) : piece;
		st = bare->read_at(bare->arg, at, out + at, n);
		must(st == SLU_OK || slu_failed(st));
	}
	return st ? st : SLU_EOF;
}

static bool
is(const slu_sealed_source *bare, const unsigned char *bytes, const slu_buf *b)
{
	return bare->size == b->len &&
	       (b->len == 0 || memcmp(bytes, slu_buf_front(b), b->len) == 0);
}

static void
check_strict(const slu_buf *whole, slu_status want, size_t piece)
{
	const slu_sealed_source source = { read_text, NULL, text_len };
	static unsigned char out[ROOM];
	slu_sealed_source bare;
	slu_armored *a = NULL;
	slu_status st;

	st = slu_armored_open(&a, &source, &bare);
	if (st == SLU_OK)
		st = read_all(&bare, piece, out);
	if (st == SLU_EOF)
		must(want == SLU_EOF && is(&bare, out, whole));
	else if (want == SLU_EOF)
		must(st == SLU_ERR_FORMAT &&
		     strstr(slu_error(), "has to come off") != NULL);
	slu_armored_free(a);
}

static void
check_lenient(const slu_buf *whole, slu_status want, size_t piece)
{
	const slu_sealed_source source = { read_text, NULL, text_len };
	static unsigned char out[ROOM];
	slu_sealed_source bare;
	slu_armored *a = NULL;
	slu_status st;

	st = slu_armored_rescue(&a, &source, &bare);
	if (st == SLU_OK)
		st = read_all(&bare, piece, out);
	if (want == SLU_EOF && whole->len >= sizeof(first) - 1 &&
	    memcmp(slu_buf_front(whole), first, sizeof(first) - 1) == 0)
		must(st == SLU_EOF && is(&bare, out, whole) &&
		     !slu_armored_is_damaged(a));
	slu_armored_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_buf whole = { .limit = ROOM };
	slu_status want;
	size_t piece;

	if (size < 4 || size > 8192)
		return 0;
	if (data[0] % 4 == 0) {
		text_len = size - 4;
		memcpy(text, data + 4, text_len);
	} else {
		make_text((size_t)data[1] << 5 | data[2], data[0] / 4 % 8);
		for (size_t at = 4; at + OP <= size; at += OP)
			spoil(data + at);
	}
	piece = (size_t)data[3] * 5 + 1;
	want = dearmor(&whole);
	check_strict(&whole, want, piece);
	check_lenient(&whole, want, piece);
	slu_buf_free(&whole);
	return 0;
}
