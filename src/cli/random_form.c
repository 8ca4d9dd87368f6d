/* SPDX-License-Identifier: ISC */
#include "random_form.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "suggest.h"
#include "text.h"
#include "utf8.h"
#include "sluice/buf.h"
#include "sluice/rand.h"
#include "sluice/secret.h"
#include "sluice/words.h"

#define BATCH (48 * 1024) /* bytes; a whole number of base64's groups */

static slu_status
put(slu_bio *out, const void *data, size_t len)
{
	size_t n;

	return slu_bio_write_all(out, data, len, &n);
}

/* Read exactly `len` bytes of a source that has no end. */
static slu_status
fill(slu_bio *from, unsigned char *buf, size_t len)
{
	slu_status st = SLU_OK;
	size_t at = 0, n;

	while (st == SLU_OK && at < len) {
		st = slu_bio_read(from, buf + at, len - at, &n);
		at += n;
	}
	return st;
}

static slu_status
encode(slu_buf *text, random_code code, const unsigned char *data, size_t len)
{
	switch (code) {
	case RANDOM_HEX: return text_hex(text, data, len);
	case RANDOM_BASE64: return text_base64(text, data, len);
	default: return text_base64url(text, data, len);
	}
}

static slu_status
put_text(slu_bio *out, slu_buf *text, random_code code,
    const unsigned char *data, size_t len)
{
	slu_status st;

	st = encode(text, code, data, len);
	if (st == SLU_OK)
		st = put(out, slu_buf_front(text), text->len);
	slu_buf_skip(text, text->len);
	return st;
}

slu_status
random_bytes(slu_bio *out, slu_bio *from, random_code code, uint64_t size)
{
	slu_buf text = { .limit = 2 * BATCH };
	unsigned char *data;
	slu_status st = SLU_OK;
	size_t n;

	data = malloc(BATCH);
	if (data == NULL)
		return slu_fail(SLU_ERR_MEMORY, "random: out of memory");
	while (st == SLU_OK && size > 0) {
		n = size < BATCH ? (size_t)size : BATCH;
		st = fill(from, data, n);
		if (st == SLU_OK && code == RANDOM_RAW)
			st = put(out, data, n);
		else if (st == SLU_OK)
			st = put_text(out, &text, code, data, n);
		if (size != RANDOM_ENDLESS)
			size -= n;
	}
	slu_wipe(data, BATCH);
	free(data);
	slu_buf_free(&text);
	return st;
}

static exit_code
unknown_set(const char *name, const char *const *names, size_t n)
{
	suggestion best = { 0 };

	for (size_t i = 0; i < n; i++)
		suggest(&best, name, names[i]);
	if (best.word != NULL)
		return say_fail(EXIT_MISUSED,
		    "unknown characters '%s'; did you mean '%s'?", name,
		    best.word);
	(void)say_fail(EXIT_MISUSED, "unknown characters '%s'", name);
	say_hint("they are alnum, alpha, digits, lower, safe, printable or "
		 "=CHARACTERS");
	return EXIT_MISUSED;
}

/* Bytes that are no UTF-8 stand for themselves. */
static exit_code
take_literal(random_set *set, const char *text)
{
	size_t left = strlen(text), size;
	uint32_t c;

	for (; left > 0; text += size, left -= size) {
		size = utf8_char(text, left);
		size = size == 0 ? 1 : size;
		c = 0;
		for (size_t i = size; i > 0; i--)
			c = c << 8 | (unsigned char)text[i - 1];
		for (size_t i = 0; i < set->n; i++)
			if (set->each[i] == c)
				return say_fail(EXIT_MISUSED,
				    "--chars: '%.*s' is there twice", (int)size,
				    text);
		if (set->n == RANDOM_SET_MAX)
			return say_fail(EXIT_MISUSED,
			    "--chars: more than %d characters", RANDOM_SET_MAX);
		set->each[set->n++] = c;
	}
	if (set->n == 0)
		return say_fail(EXIT_MISUSED, "--chars: there are none in '='");
	if (set->n < 2)
		return say_fail(EXIT_MISUSED,
		    "--chars: one character leaves nothing to chance");
	return EXIT_DONE;
}

exit_code
random_set_find(random_set *set, const char *name)
{
	static const char *const names[] = { "alnum", "alpha", "digits",
		"lower", "safe", "printable" };
	static const char *const texts[] = {
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
		"0123456789",
		"abcdefghijklmnopqrstuvwxyz",
		"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789",
		"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
	};
	const size_t n = sizeof(names) / sizeof(names[0]);

	if (name[0] == '=')
		return take_literal(set, name + 1);
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return take_literal(set, texts[i]);
	return unknown_set(name, names, n);
}

/*
 * Read the whole set for each character, so that no address in memory tells
 * which one it was.
 */
static uint32_t
look_up(const random_set *set, unsigned char secret)
{
	uint32_t c = 0, keep;

	for (uint32_t i = 0; i < set->n; i++) {
		keep = 0 - (((i ^ secret) - 1) >> 31);
		c |= set->each[i] & keep;
	}
	return c;
}

/* Draws are cut to the bits that a number below n has, and kept if below. */
slu_status
random_chars(slu_bio *out, const random_set *set, uint64_t size)
{
	unsigned char draws[4096], mask = 0, text[4096 * 4];
	slu_status st = SLU_OK;
	size_t len;
	uint32_t c;

	while (mask < set->n - 1)
		mask = (unsigned char)(mask << 1 | 1);
	while (st == SLU_OK && size > 0) {
		slu_rand_bytes(draws, sizeof(draws));
		len = 0;
		for (size_t i = 0; i < sizeof(draws) && size > 0; i++) {
			if ((draws[i] & mask) >= set->n)
				continue;
			c = look_up(set, draws[i] & mask);
			for (; c != 0; c >>= 8)
				text[len++] = (unsigned char)c;
			if (size != RANDOM_ENDLESS)
				size--;
		}
		st = put(out, text, len);
	}
	slu_wipe(draws, sizeof(draws));
	slu_wipe(text, sizeof(text));
	return st;
}

slu_status
random_words(slu_bio *out, unsigned count, const char *separator)
{
	slu_buf text = { .limit = count * (strlen(separator) + 10) };
	slu_status st;

	st = slu_words_append(&text, count, separator);
	if (st == SLU_OK)
		st = put(out, slu_buf_front(&text), text.len);
	slu_buf_free(&text);
	return st;
}

slu_status
random_int(slu_bio *out, int64_t a, int64_t b)
{
	char text[24];
	slu_status st;
	int n;

	n = snprintf(text, sizeof(text), "%" PRId64, slu_rand_between(a, b));
	st = put(out, text, (size_t)n);
	slu_wipe(text, sizeof(text));
	return st;
}

slu_status
random_uuid(slu_bio *out)
{
	static const size_t groups[] = { 4, 2, 2, 2, 6 };
	unsigned char id[16];
	slu_buf text = { .limit = 36 };
	slu_status st = SLU_OK;
	size_t at = 0;

	slu_rand_bytes(id, sizeof(id));
	id[6] = (unsigned char)(0x40 | (id[6] & 0x0f)); /* the version */
	id[8] = (unsigned char)(0x80 | (id[8] & 0x3f)); /* the variant */
	for (size_t i = 0; i < 5 && st == SLU_OK; i++) {
		if (i > 0)
			st = slu_buf_add(&text, "-", 1);
		if (st == SLU_OK)
			st = text_hex(&text, id + at, groups[i]);
		at += groups[i];
	}
	if (st == SLU_OK)
		st = put(out, slu_buf_front(&text), text.len);
	slu_wipe(id, sizeof(id));
	slu_buf_free(&text);
	return st;
}
