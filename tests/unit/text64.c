/* SPDX-License-Identifier: ISC */
#include "text64.h"

#include <stdlib.h>

#include "bio/base64_internal.h"
#include "check.h"
#include "sluice/mem.h"
#include "sluice/view.h"

#define WORDS_ROOM 128

const slu_base64_options text64_kinds[TEXT64_KINDS] = {
	{ .alphabet = SLU_BASE64_STANDARD, .padding = SLU_BASE64_PADDED },
	{ .alphabet = SLU_BASE64_STANDARD, .padding = SLU_BASE64_MAY_PAD },
	{ .alphabet = SLU_BASE64_STANDARD, .padding = SLU_BASE64_UNPADDED },
	{ .alphabet = SLU_BASE64_URL, .padding = SLU_BASE64_PADDED },
	{ .alphabet = SLU_BASE64_URL, .padding = SLU_BASE64_MAY_PAD },
	{ .alphabet = SLU_BASE64_URL, .padding = SLU_BASE64_UNPADDED },
};

static const char *
alphabet_of(const slu_base64_options *options)
{
	return options != NULL && options->alphabet == SLU_BASE64_URL
		   ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		     "0123456789-_"
		   : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		     "0123456789+/";
}

static slu_base64_padding
padding_of(const slu_base64_options *options)
{
	return options != NULL ? options->padding : SLU_BASE64_PADDED;
}

static void
encode_by(const slu_base64_path *path, const void *plain, size_t len,
    const slu_base64_options *options, slu_buf *out)
{
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, out));
	CHECK_OK(slu_base64_encode_by(&c, options, path));
	CHECK_OK(slu_bio_write_all(c, plain, len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

static slu_status
decode_by(const slu_base64_path *path, const void *text, size_t len,
    const slu_base64_options *options, const trial_pace *pace, slu_buf *out)
{
	trial t = { .room = path->name, .pace = pace->name, .len = len };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&c, text, len));
	CHECK_OK(slu_base64_decode_by(&c, options, path));
	st = trial_read(&t, c, out, pace);
	slu_bio_free(c);
	return st;
}

/* What two paths made must not differ. */
static void
must_agree(const slu_base64_path *path, const slu_buf *first, size_t before,
    const slu_buf *other)
{
	size_t len = first->len - before;

	if (len == other->len &&
	    (len == 0 || memcmp(slu_buf_front(first) + before,
			     slu_buf_front(other), len) == 0))
		return;
	print_error("path %s differs\n", path->name);
	CHECK(false);
}

void
text64_encode(const void *plain, size_t len, const slu_base64_options *options,
    slu_buf *out)
{
	const slu_base64_path *path;
	size_t before = out->len;

	encode_by(slu_base64_path_at(0), plain, len, options, out);
	for (size_t i = 1; (path = slu_base64_path_at(i)) != NULL; i++) {
		slu_buf again = { .limit = TRIAL_ROOM };

		encode_by(path, plain, len, options, &again);
		must_agree(path, out, before, &again);
		slu_buf_free(&again);
	}
}

slu_status
text64_decode(const void *text, size_t len, const slu_base64_options *options,
    const trial_pace *pace, slu_buf *out)
{
	const slu_base64_path *path;
	size_t before = out->len;
	char words[WORDS_ROOM];
	slu_status st;

	st = decode_by(slu_base64_path_at(0), text, len, options, pace, out);
	snprintf(words, sizeof(words), "%s", slu_error());
	for (size_t i = 1; (path = slu_base64_path_at(i)) != NULL; i++) {
		slu_buf again = { .limit = TRIAL_ROOM };

		CHECK_IS(st, decode_by(path, text, len, options, pace, &again));
		must_agree(path, out, before, &again);
		if (slu_failed(st))
			CHECK_WORDS(words);
		slu_buf_free(&again);
	}
	return st;
}

void
text64_model(const unsigned char *plain, size_t len,
    const slu_base64_options *options, slu_buf *out)
{
	const char *alphabet = alphabet_of(options);
	size_t columns = options != NULL ? options->columns : 0, column = 0;

	for (size_t bit = 0; bit < (len + 2) / 3 * 24; bit += 6) {
		unsigned value = 0;
		char c = '=';

		for (size_t i = bit; i < bit + 6; i++) {
			unsigned byte = i / 8 < len ? plain[i / 8] : 0;

			value = value << 1 | (byte >> (7 - i % 8) & 1);
		}
		if (bit / 8 < len)
			c = alphabet[value];
		else if (padding_of(options) == SLU_BASE64_UNPADDED)
			break;
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

/* Whether a text without line breaks is what encoding its bytes gives. */
static bool
is_encoding(const char *bare, size_t len, const slu_base64_options *options,
    const unsigned char *plain, size_t plain_len)
{
	slu_buf again = { .limit = TRIAL_ROOM };
	bool same;

	text64_model(plain, plain_len, options, &again);
	same = len == again.len &&
	       (len == 0 || memcmp(bare, slu_buf_front(&again), len) == 0);
	slu_buf_free(&again);
	return same;
}

bool
text64_is_canonical(const char *text, size_t len,
    const slu_base64_options *options, const unsigned char *plain,
    size_t plain_len)
{
	slu_base64_options with = { .padding = SLU_BASE64_PADDED };
	slu_base64_options without = { .padding = SLU_BASE64_UNPADDED };
	char *bare = malloc(len + 1);
	bool same = false;
	size_t n;

	CHECK(bare != NULL);
	n = without_breaks(bare, text, len);
	with.alphabet = without.alphabet =
	    options != NULL ? options->alphabet : SLU_BASE64_STANDARD;
	if (padding_of(options) != SLU_BASE64_UNPADDED)
		same = is_encoding(bare, n, &with, plain, plain_len);
	if (padding_of(options) != SLU_BASE64_PADDED && !same)
		same = is_encoding(bare, n, &without, plain, plain_len);
	free(bare);
	return same;
}

/* The laxest decoder there can be: it skips what it does not know. */
static size_t
model_decode(unsigned char *plain, const char *text, size_t len,
    const slu_base64_options *options)
{
	const char *alphabet = alphabet_of(options);
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
text64_check(const char *text, size_t len, const slu_base64_options *options,
    const trial_pace *pace)
{
	slu_buf out = { .limit = TRIAL_ROOM };
	unsigned char *plain = malloc(len + 1);
	slu_status st;
	size_t n;

	CHECK(plain != NULL);
	n = model_decode(plain, text, len, options);
	st = text64_decode(text, len, options, pace, &out);
	if (text64_is_canonical(text, len, options, plain, n)) {
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
