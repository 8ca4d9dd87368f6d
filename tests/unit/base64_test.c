/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"

#include <stdlib.h>

#include "drip.h"
#include "sluice/base64.h"
#include "sluice/mem.h"
#include "sluice/view.h"
#include "trial.h"
#include "vectors.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const trial_pace whole = { .name = "whole" };
static const trial_pace byte_by_byte = { .name = "byte by byte", .piece = 1 };

/* Encode `plain` with the room under test, and add it to `out`. */
static void
encode(const void *plain, size_t len, size_t columns, slu_buf *out)
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

/* Decode `text` with the room under test, to its end or its fault. */
static slu_status
decode(const void *text, size_t len, const trial_pace *pace, slu_buf *out)
{
	trial t = { .room = "base64", .pace = pace->name, .len = len };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&c, text, len));
	CHECK_OK(slu_base64_decode(&c));
	st = trial_read(&t, c, out, pace);
	slu_bio_free(c);
	return st;
}

/* The plainest encoder there can be. */
static void
model_encode(
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

/*
 * What strictness means: a text is right if and only if, line breaks aside,
 * it is what encoding its bytes gives.  `plain` is what a lax decoder makes
 * of it.
 */
static bool
is_canonical(
    const char *text, size_t len, const unsigned char *plain, size_t plain_len)
{
	slu_buf again = { .limit = TRIAL_ROOM };
	char *bare = malloc(len + 1);
	size_t n;
	bool same;

	CHECK(bare != NULL);
	model_encode(plain, plain_len, 0, &again);
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

/* The room under test must judge a text as the model does. */
static void
check_as_model(const char *text, size_t len, const trial_pace *pace)
{
	slu_buf out = { .limit = TRIAL_ROOM };
	unsigned char *plain = malloc(len + 1);
	slu_status st;
	size_t n;

	CHECK(plain != NULL);
	n = model_decode(plain, text, len);
	st = decode(text, len, pace, &out);
	if (is_canonical(text, len, plain, n)) {
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

static void
the_vectors_of_rfc_4648_hold(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "HELLO WORLD", "SEVMTE8gV09STEQ=" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		slu_buf text = { .limit = 100 }, plain = { .limit = 100 };

		encode(rows[i][0], strlen(rows[i][0]), 0, &text);
		CHECK_BYTES(rows[i][1], strlen(rows[i][1]),
		    slu_buf_front(&text), text.len);
		CHECK_IS(SLU_EOF,
		    decode(rows[i][1], strlen(rows[i][1]), &whole, &plain));
		CHECK_BYTES(rows[i][0], strlen(rows[i][0]),
		    slu_buf_front(&plain), plain.len);
		slu_buf_free(&text);
		slu_buf_free(&plain);
	}
}

static slu_status
push_encode(slu_bio **top, void *arg)
{
	return slu_base64_encode(top, arg);
}

static slu_status
push_decode(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_base64_decode(top);
}

static void
base64_holds_the_contract(slu_base64_options *options)
{
	const contract_filter base64 = {
		.name = "base64",
		.encode = push_encode,
		.decode = push_decode,
		.arg = options,
	};

	contract_filter_holds(&base64);
}

static void
a_text_of_one_line_holds_the_contract(void **state)
{
	(void)state;
	base64_holds_the_contract(NULL);
}

static void
lines_of_any_length_hold_the_contract(void **state)
{
	static const size_t columns[] = { 1, 4, 57, 64, 76, 77 };
	size_t step = check_slow("lines of 1 only") ? COUNT(columns) : 1;

	(void)state;
	for (size_t i = 0; i < COUNT(columns); i += step)
		base64_holds_the_contract(
		    &(slu_base64_options){ .columns = columns[i] });
}

static void
lines_break_after_so_many_characters_and_at_the_end(void **state)
{
	static const size_t columns[] = { 0, 1, 2, 3, 4, 5, 7, 8, 57, 64, 76,
		77, 1000, SIZE_MAX };
	unsigned char plain[260];

	(void)state;
	trial_plain(plain, sizeof(plain));
	for (size_t i = 0; i < COUNT(columns); i++) {
		for (size_t len = 0; len <= sizeof(plain); len++) {
			slu_buf text = { .limit = TRIAL_ROOM };
			slu_buf model = { .limit = TRIAL_ROOM };
			slu_buf back = { .limit = TRIAL_ROOM };

			encode(plain, len, columns[i], &text);
			model_encode(plain, len, columns[i], &model);
			CHECK_BYTES(slu_buf_front(&model), model.len,
			    slu_buf_front(&text), text.len);
			CHECK_IS(SLU_EOF, decode(slu_buf_front(&text), text.len,
					      &whole, &back));
			CHECK_BYTES(plain, len, slu_buf_front(&back), back.len);
			slu_buf_free(&text);
			slu_buf_free(&model);
			slu_buf_free(&back);
		}
	}
}

static void
a_flush_keeps_at_most_two_bytes_back(void **state)
{
	slu_buf text = { .limit = 100 };
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &text));
	CHECK_OK(slu_base64_encode(&c, NULL));
	CHECK_OK(slu_bio_write_all(c, "HELLO", 5, &put));
	CHECK(text.len == 0);
	CHECK_OK(slu_bio_flush(c));
	CHECK_BYTES("SEVM", 4, slu_buf_front(&text), text.len);
	CHECK_OK(slu_bio_flush(c));
	CHECK(text.len == 4);
	CHECK_OK(slu_bio_write_all(c, " WORLD", 6, &put));
	CHECK_OK(slu_bio_finish(c));
	CHECK_BYTES("SEVMTE8gV09STEQ=", 16, slu_buf_front(&text), text.len);
	slu_bio_free(c);
	slu_buf_free(&text);
}

static void
each_fault_has_its_own_words_and_names_the_place(void **state)
{
	static const struct {
		const char *text, *plain, *words;
		slu_status st;
	} rows[] = {
		{ "QUJD*", "ABC", "not a base64 character at byte 4", 0 },
		{ "QU\nJ D", "", "not a base64 character at byte 4", 0 },
		{ "QUJD\tQUJD", "ABC", "not a base64 character at byte 4", 0 },
		{ "QUJ-", "", "not a base64 character at byte 3", 0 },
		{ "QUI=*", "AB", "not a base64 character at byte 4", 0 },
		{ "QU\rJD", "", "without its newline at byte 2", 0 },
		{ "QUJD\r\r\n", "ABC", "without its newline at byte 4", 0 },
		{ "QUJD\r", "ABC", "without its newline at byte 4", 0 },
		{ "=", "", "padding in the wrong place at byte 0", 0 },
		{ "QUJD=", "ABC", "padding in the wrong place at byte 4", 0 },
		{ "Q===", "", "padding in the wrong place at byte 1", 0 },
		{ "QQ===", "A",
		    "more padding than the last group needs at byte 4", 0 },
		{ "QUI==", "AB",
		    "more padding than the last group needs at byte 4", 0 },
		{ "QUJDQUJ\n=", "ABC", "bits behind the last byte at byte 6",
		    0 },
		{ "QR\r\n==", "", "bits behind the last byte at byte 1", 0 },
		{ "QQ==QQ==", "A", "data after the padding at byte 4", 0 },
		{ "QQ=\nQ", "", "data after the padding at byte 4", 0 },
		{ "QUI=\nQUJD", "AB", "data after the padding at byte 5", 0 },
		{ "Q", "", "cut within a group of four, after 1 bytes",
		    SLU_ERR_TRUNCATED },
		{ "QUJDQU\n", "ABC",
		    "cut within a group of four, after 7 bytes",
		    SLU_ERR_TRUNCATED },
		{ "QQ=", "", "cut within a group of four, after 3 bytes",
		    SLU_ERR_TRUNCATED },
		{ "QUJ\r", "", "cut within a group of four, after 4 bytes",
		    SLU_ERR_TRUNCATED },
	};
	const trial_pace *paces[] = { &whole, &byte_by_byte };

	(void)state;
	for (size_t i = 0; i < COUNT(rows) * 2; i++) {
		const char *text = rows[i / 2].text;
		slu_buf out = { .limit = 100 };
		slu_status st = rows[i / 2].st;

		CHECK_IS(st ? st : SLU_ERR_FORMAT,
		    decode(text, strlen(text), paces[i % 2], &out));
		CHECK_WORDS(rows[i / 2].words);
		CHECK_BYTES(rows[i / 2].plain, strlen(rows[i / 2].plain),
		    slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
}

static void
a_fault_far_behind_is_placed_too(void **state)
{
	unsigned char *plain = malloc(TRIAL_MOST);
	slu_buf text = { .limit = TRIAL_ROOM }, out = { .limit = TRIAL_ROOM };
	char words[64];

	(void)state;
	CHECK(plain != NULL);
	trial_plain(plain, TRIAL_MOST);
	encode(plain, TRIAL_MOST, 77, &text);
	text.mem[text.off + 200000] = '.';
	CHECK_IS(SLU_ERR_FORMAT,
	    decode(slu_buf_front(&text), text.len, &whole, &out));
	snprintf(words, sizeof(words), "character at byte %d", 200000);
	CHECK_WORDS(words);
	CHECK(out.len >= (200000 - 200000 / 78 - 1) / 4 * 3);
	CHECK_BYTES(plain, out.len, slu_buf_front(&out), out.len);
	free(plain);
	slu_buf_free(&text);
	slu_buf_free(&out);
}

static void
every_byte_at_every_place_of_a_block_is_judged_as_by_the_model(void **state)
{
	static const char good[] =
	    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==";
	char text[sizeof(good)];

	(void)state;
	for (size_t at = 0; at < sizeof(good) - 1; at++) {
		for (int c = 0; c < 256; c++) {
			memcpy(text, good, sizeof(good));
			text[at] = (char)c;
			check_as_model(text, sizeof(good) - 1, &whole);
			check_as_model(text, sizeof(good) - 1, &byte_by_byte);
		}
	}
}

static void
every_tail_is_judged_as_by_the_model(void **state)
{
	static const char some[] = "AQRwg/+=\r\n*";
	enum { KINDS = sizeof(some) - 1, MOST = 5 };
	size_t most = check_slow("tails of up to 3") ? 3 : MOST;
	char text[4 + MOST] = "AAAA";

	(void)state;
	for (size_t len = 0, all = 1; len <= most; len++, all *= KINDS) {
		for (size_t k = 0; k < all; k++) {
			size_t rest = k;

			for (size_t i = 0; i < len; i++, rest /= KINDS)
				text[4 + i] = some[rest % KINDS];
			check_as_model(text, 4 + len, &whole);
		}
	}
}

static void
line_breaks_may_stand_anywhere(void **state)
{
	static const char good[] = "SEVMTE8gV09STEQhIQ==";
	static const char *const breaks[] = { "\n", "\r\n", "\n\n", "\n\r\n",
		"\r\n\r\n" };
	char text[64];

	(void)state;
	for (size_t b = 0; b < COUNT(breaks); b++) {
		for (size_t at = 0; at <= sizeof(good) - 1; at++) {
			slu_buf out = { .limit = 100 };
			int n = snprintf(text, sizeof(text), "%.*s%s%s",
			    (int)at, good, breaks[b], good + at);

			CHECK_IS(SLU_EOF,
			    decode(text, (size_t)n, &byte_by_byte, &out));
			CHECK_BYTES(
			    "HELLO WORLD!!", 13, slu_buf_front(&out), out.len);
			slu_buf_free(&out);
		}
	}
}

static void
a_text_of_nothing_but_line_breaks_is_empty(void **state)
{
	slu_buf out = { .limit = 100 };

	(void)state;
	CHECK_IS(SLU_EOF, decode("", 0, &whole, &out));
	CHECK_IS(SLU_EOF, decode("\n", 1, &whole, &out));
	CHECK_IS(SLU_EOF, decode("\r\n\n\r\n", 5, &whole, &out));
	CHECK(out.len == 0);
	slu_buf_free(&out);
}

static void
whole_groups_are_given_out_before_more_is_waited_for(void **state)
{
	slu_bio *c = NULL;
	char out[8];
	int go = 0;
	size_t got;

	(void)state;
	CHECK_OK(drip_open(&c, "QUJDREVG", 8, 6, &go));
	CHECK_OK(slu_base64_decode(&c));
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
	CHECK_BYTES("ABC", 3, out, got);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, out, sizeof(out), &got));
	go = 1;
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
	CHECK_BYTES("DEF", 3, out, got);
	CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &got));
	slu_bio_free(c);
}

static void
the_web_platforms_lax_texts_pass_only_where_they_are_strict(void **state)
{
	json *rows = vectors_json("base64/wpt-forgiving-base64.json");
	size_t passed = 0;

	(void)state;
	CHECK(json_count(rows) > 50);
	for (const json *row = rows->first; row != NULL; row = row->next) {
		const json *text = row->first, *lax = text->next;
		slu_buf plain = { .limit = 100 }, out = { .limit = 100 };
		slu_status st = decode(text->text, text->len, &whole, &out);

		for (const json *v = lax->first; v != NULL; v = v->next) {
			unsigned char byte = (unsigned char)v->number;

			CHECK_OK(slu_buf_add(&plain, &byte, 1));
		}
		if (lax->kind == JSON_ARRAY &&
		    is_canonical(text->text, text->len, slu_buf_front(&plain),
			plain.len)) {
			CHECK_IS(SLU_EOF, st);
			CHECK_BYTES(slu_buf_front(&plain), plain.len,
			    slu_buf_front(&out), out.len);
			passed++;
		} else
			CHECK(st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED);
		slu_buf_free(&plain);
		slu_buf_free(&out);
	}
	CHECK(passed > 5);
	json_free(rows);
}

/* A value in OpenSSL's vectors: a quoted string with escapes, or hex. */
static void
evp_value(slu_buf *out, const char *value)
{
	size_t len = strcspn(value, "\r\n");
	unsigned byte;

	slu_buf_skip(out, out->len);
	if (value[0] != '"') {
		for (size_t i = 0; i + 1 < len; i += 2) {
			CHECK(sscanf(value + i, "%2x", &byte) == 1);
			CHECK_OK(slu_buf_add(
			    out, &(unsigned char){ (unsigned char)byte }, 1));
		}
		return;
	}
	for (const char *p = value + 1; *p != '"' && *p != '\0'; p++) {
		char c = *p;

		if (c == '\\' && *++p == 'n')
			c = '\n';
		CHECK_OK(slu_buf_add(out, &c, 1));
	}
}

static void
check_evp(const char *kind, const slu_buf *plain, const slu_buf *text)
{
	slu_buf out = { .limit = 1000 };
	slu_status st =
	    decode(slu_buf_front(text), text->len, &byte_by_byte, &out);
	bool valid =
	    *kind != 'i' && is_canonical((const char *)slu_buf_front(text),
				text->len, slu_buf_front(plain), plain->len);

	if (!valid)
		CHECK(st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED);
	else
		CHECK_IS(SLU_EOF, st);
	if (valid)
		CHECK_BYTES(slu_buf_front(plain), plain->len,
		    slu_buf_front(&out), out.len);
	if (*kind == 'c') { /* canonical: in lines of 64 */
		slu_buf_skip(&out, out.len);
		encode(slu_buf_front(plain), plain->len, 64, &out);
		CHECK_BYTES(slu_buf_front(text), text->len, slu_buf_front(&out),
		    out.len);
	}
	slu_buf_free(&out);
}

static void
openssls_texts_are_judged_as_openssl_does_but_strictly(void **state)
{
	char *file = vectors_read("base64/openssl-evpencod.txt", NULL);
	slu_buf plain = { .limit = 1000 }, text = { .limit = 1000 };
	const char *kind = NULL;
	size_t rows = 0;

	(void)state;
	for (char *line = file; *line != '\0';) {
		if (strncmp(line, "Encoding = ", 11) == 0) {
			kind = line + 11;
			slu_buf_skip(&plain, plain.len);
		} else if (strncmp(line, "Input = ", 8) == 0)
			evp_value(&plain, line + 8);
		else if (strncmp(line, "Output = ", 9) == 0) {
			evp_value(&text, line + 9);
			CHECK(kind != NULL);
			check_evp(kind, &plain, &text);
			rows++;
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	CHECK(rows > 40);
	slu_buf_free(&plain);
	slu_buf_free(&text);
	free(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_rfc_4648_hold),
		cmocka_unit_test(a_text_of_one_line_holds_the_contract),
		cmocka_unit_test(lines_of_any_length_hold_the_contract),
		cmocka_unit_test(
		    lines_break_after_so_many_characters_and_at_the_end),
		cmocka_unit_test(a_flush_keeps_at_most_two_bytes_back),
		cmocka_unit_test(
		    each_fault_has_its_own_words_and_names_the_place),
		cmocka_unit_test(a_fault_far_behind_is_placed_too),
		cmocka_unit_test(
		    every_byte_at_every_place_of_a_block_is_judged_as_by_the_model),
		cmocka_unit_test(every_tail_is_judged_as_by_the_model),
		cmocka_unit_test(line_breaks_may_stand_anywhere),
		cmocka_unit_test(a_text_of_nothing_but_line_breaks_is_empty),
		cmocka_unit_test(
		    whole_groups_are_given_out_before_more_is_waited_for),
		cmocka_unit_test(
		    the_web_platforms_lax_texts_pass_only_where_they_are_strict),
		cmocka_unit_test(
		    openssls_texts_are_judged_as_openssl_does_but_strictly),
	};

	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
