/* SPDX-License-Identifier: ISC */
#include "text64.h"

#include <stdlib.h>

#include "check.h"
#include "sluice/base64.h"
#include "sluice/mem.h"
#include "sluice/view.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
text64_encode(const void *plain, size_t len, size_t columns, slu_buf *out)
{
	const slu_base64_options options = { .columns = columns };
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, out));
	CHECK_OK(slu_base64_encode(&c, &options));
	CHECK_OK(slu_bio_write_all(c, plain, len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

slu_status
text64_decode(
    const void *text, size_t len, const trial_pace *pace, slu_buf *out)
{
	trial t = { .room = "base64", .pace = pace->name, .len = len };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&c, text, len));
	CHECK_OK(slu_base64_decode(&c, NULL));
	st = trial_read(&t, c, out, pace);
	slu_bio_free(c);
	return st;
}

void
text64_model(
    const unsigned char *plain, size_t len, size_t columns, slu_buf *out)
{
	size_t column = 0;

	for (size_t bit = 0; bit < (len + 2) / 3 * 24; bit += 6) {
		unsigned value = 0;
		char c = '=';

		for (size_t i = bit; i < bit + 6; i++) {
			unsigned byte = i / 8 < len ? plain[i / 8] : 0;

			value = value << 1 | (byte >> (7 - i % 8) & 1);
		}
		if (bit / 8 < len)
			c = alphabet[value];
		CHECK_OK(slu_buf_add(out, &c, 1));
		if (columns > 0 && ++column == columns) {
			CHECK_OK(slu_buf_add(out, "\n", 1));
			column = 0;
		}
	}
	if (column > 0)
		CHECK_OK(slu_buf_add(out, "\n", 1));
}

/* Remove line breaks, LF and CRLF. */
static size_t
without_breaks(char *to, const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			i++;
		if (text[i] != '\n')
			to[n++] = text[i];
	}
	return n;
}

bool
text64_is_canonical(
    const char *text, size_t len, const unsigned char *plain, size_t plain_len)
{
	slu_buf again = { .limit = TRIAL_ROOM };
	char *bare = malloc(len + 1);
	size_t n;
	bool same;

	CHECK(bare != NULL);
	text64_model(plain, plain_len, 0, &again);
	n = without_breaks(bare, text, len);
	same = n == again.len &&
	       (n == 0 || memcmp(bare, slu_buf_front(&again), n) == 0);
	free(bare);
	slu_buf_free(&again);
	return same;
}

/* The laxest decoder there can be: it skips what it does not know. */
static size_t
model_decode(unsigned char *plain, const char *text, size_t len)
{
	uint32_t bits = 0;
	size_t n = 0, nbits = 0;

	for (size_t i = 0; i < len; i++) {
		const char *at =
		    text[i] != '\0' ? strchr(alphabet, text[i]) : NULL;

		if (at == NULL)
			continue;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		nbits += 6;
		if (nbits >= 8) {
			nbits -= 8;
			plain[n++] = (unsigned char)(bits >> nbits);
		}
	}
	return n;
}

void
text64_check(const char *text, size_t len, const trial_pace *pace)
{
	slu_buf out = { .limit = TRIAL_ROOM };
	unsigned char *plain = malloc(len + 1);
	slu_status st;
	size_t n;

	CHECK(plain != NULL);
	n = model_decode(plain, text, len);
	st = text64_decode(text, len, pace, &out);
	if (text64_is_canonical(text, len, plain, n)) {
		CHECK_IS(SLU_EOF, st);
		CHECK_BYTES(plain, n, slu_buf_front(&out), out.len);
	} else {
		CHECK(st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED);
		CHECK(out.len <= n);
		CHECK_BYTES(plain, out.len, slu_buf_front(&out), out.len);
	}
	free(plain);
	slu_buf_free(&out);
}
