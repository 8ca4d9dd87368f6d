/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"

#include "bio/base64_internal.h"
#include "sluice/mem.h"
#include "text64.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const trial_pace whole = { .name = "whole" };

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

		text64_encode(rows[i][0], strlen(rows[i][0]), NULL, &text);
		CHECK_BYTES(rows[i][1], strlen(rows[i][1]),
		    slu_buf_front(&text), text.len);
		CHECK_IS(SLU_EOF, text64_decode(rows[i][1], strlen(rows[i][1]),
				      NULL, &whole, &plain));
		CHECK_BYTES(rows[i][0], strlen(rows[i][0]),
		    slu_buf_front(&plain), plain.len);
		slu_buf_free(&text);
		slu_buf_free(&plain);
	}
}

struct pair {
	const slu_base64_options *options;
	const slu_base64_path *path;
};

static slu_status
push_encode(slu_bio **top, void *arg)
{
	const struct pair *p = arg;

	return slu_base64_encode_by(top, p->options, p->path);
}

static slu_status
push_decode(slu_bio **top, void *arg)
{
	const struct pair *p = arg;

	return slu_base64_decode_by(top, p->options, p->path);
}

static void
base64_holds_the_contract(
    const slu_base64_options *options, const slu_base64_path *path)
{
	struct pair p = { options, path };
	const contract_filter base64 = {
		.name = path->name,
		.encode = push_encode,
		.decode = push_decode,
		.arg = &p,
	};

	contract_filter_holds(&base64);
}

static void
a_text_of_one_line_holds_the_contract_by_every_path(void **state)
{
	const slu_base64_path *path;

	(void)state;
	for (size_t i = 0; (path = slu_base64_path_at(i)) != NULL; i++)
		base64_holds_the_contract(NULL, path);
}

static void
a_text_without_padding_holds_the_contract(void **state)
{
	(void)state;
	base64_holds_the_contract(
	    &(slu_base64_options){
		.alphabet = SLU_BASE64_URL, .padding = SLU_BASE64_UNPADDED },
	    slu_base64_path_at(0));
}

static void
lines_of_any_length_hold_the_contract(void **state)
{
	static const size_t columns[] = { 1, 4, 57, 64, 76, 77 };

	(void)state;
	for (size_t i = 0; i < COUNT(columns); i++)
		base64_holds_the_contract(
		    &(slu_base64_options){ .columns = columns[i] },
		    slu_base64_path_at(0));
}

/* A flush leaves nothing waiting, and what follows it is read as well. */
static void
a_conversation_is_heard_word_by_word(void **state)
{
	static const slu_base64_options often = { .padding =
						      SLU_BASE64_FLUSHED };
	static const char *const words[] = { "A", "BC", "DEF", "GHIJ", "K" };
	slu_buf text = { .limit = 1000 };
	slu_bio *out = NULL, *in = NULL;
	char heard[10];
	size_t n;

	(void)state;
	CHECK_OK(slu_mem_open(&out, &text));
	CHECK_OK(slu_base64_encode(&out, &often));
	CHECK_OK(slu_mem_open(&in, &text));
	CHECK_OK(slu_base64_decode(&in, &often));
	for (size_t i = 0; i < COUNT(words); i++) {
		CHECK_OK(slu_bio_write(out, words[i], strlen(words[i]), &n));
		CHECK_OK(slu_bio_flush(out));
		CHECK(text.len % 4 == 0);
		for (size_t at = 0; at < strlen(words[i]); at += n) {
			CHECK_OK(slu_bio_read(in, heard, sizeof(heard), &n));
			CHECK_BYTES(words[i] + at, n, heard, n);
		}
	}
	CHECK_OK(slu_bio_finish(out));
	CHECK(text.len == 0);
	slu_bio_free(out);
	slu_bio_free(in);
	slu_buf_free(&text);
}

/* Encode by the room and by the model, and decode that again. */
static void
check_both_ways(
    const unsigned char *plain, size_t len, const slu_base64_options *options)
{
	slu_buf text = { .limit = TRIAL_ROOM };
	slu_buf model = { .limit = TRIAL_ROOM };
	slu_buf back = { .limit = TRIAL_ROOM };

	text64_encode(plain, len, options, &text);
	text64_model(plain, len, options, &model);
	CHECK_BYTES(
	    slu_buf_front(&model), model.len, slu_buf_front(&text), text.len);
	CHECK_IS(SLU_EOF, text64_decode(slu_buf_front(&text), text.len, options,
			      &whole, &back));
	CHECK_BYTES(plain, len, slu_buf_front(&back), back.len);
	slu_buf_free(&text);
	slu_buf_free(&model);
	slu_buf_free(&back);
}

static void
lines_break_after_so_many_characters_and_at_the_end(void **state)
{
	static const size_t columns[] = { 0, 1, 2, 3, 4, 5, 7, 8, 57, 64, 76,
		77, 128, 1000, SIZE_MAX };
	unsigned char plain[260];

	(void)state;
	trial_plain(plain, sizeof(plain));
	for (size_t i = 0; i < COUNT(columns); i++)
		for (size_t len = 0; len <= sizeof(plain); len++)
			check_both_ways(plain, len,
			    &(slu_base64_options){ .columns = columns[i] });
}

static void
long_texts_with_lines_come_back(void **state)
{
	static const size_t columns[] = { 4, 40, 64, 76, 77, 65532, 65536,
		80000 };
	unsigned char *plain = malloc(TRIAL_MOST);

	(void)state;
	CHECK(plain != NULL);
	trial_plain(plain, TRIAL_MOST);
	for (size_t i = 0; i < COUNT(columns); i++)
		check_both_ways(plain, TRIAL_MOST,
		    &(slu_base64_options){ .columns = columns[i] });
	free(plain);
}

static void
every_alphabet_and_padding_comes_back_from_every_length(void **state)
{
	unsigned char plain[260];

	(void)state;
	trial_plain(plain, sizeof(plain));
	for (size_t kind = 0; kind < TEXT64_KINDS; kind++) {
		slu_base64_options options = text64_kinds[kind];

		for (size_t len = 0; len <= sizeof(plain); len++) {
			options.columns = len % 3 * 38;
			check_both_ways(plain, len, &options);
		}
	}
}

static void
padding_and_alphabet_are_as_the_options_say(void **state)
{
	static const struct {
		slu_base64_options options;
		const char *text;
	} rows[] = {
		{ { .padding = SLU_BASE64_PADDED }, "+/8=" },
		{ { .padding = SLU_BASE64_MAY_PAD }, "+/8=" },
		{ { .padding = SLU_BASE64_UNPADDED }, "+/8" },
		{ { .alphabet = SLU_BASE64_URL }, "-_8=" },
		{ { .columns = 3, .padding = SLU_BASE64_UNPADDED }, "+/8\n" },
		{ { .columns = 3 }, "+/8\n=\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		slu_buf text = { .limit = 100 };

		text64_encode("\xfb\xff", 2, &rows[i].options, &text);
		CHECK_BYTES(rows[i].text, strlen(rows[i].text),
		    slu_buf_front(&text), text.len);
		slu_buf_free(&text);
	}
}

static void
an_alphabet_or_a_padding_that_is_none_is_refused(void **state)
{
	static const slu_base64_options rows[] = {
		{ .alphabet = (slu_base64_alphabet)2 },
		{ .alphabet = (slu_base64_alphabet)-1 },
		{ .padding = (slu_base64_padding)4 },
		{ .padding = (slu_base64_padding)-1 },
	};
	slu_bio *c = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_IS(SLU_ERR_USAGE, slu_base64_encode(&c, &rows[i]));
		CHECK_IS(SLU_ERR_USAGE, slu_base64_decode(&c, &rows[i]));
		CHECK_WORDS("no such alphabet or padding");
		CHECK(c == NULL);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_rfc_4648_hold),
		cmocka_unit_test(
		    a_text_of_one_line_holds_the_contract_by_every_path),
		cmocka_unit_test(a_text_without_padding_holds_the_contract),
		cmocka_unit_test(lines_of_any_length_hold_the_contract),
		cmocka_unit_test(a_conversation_is_heard_word_by_word),
		cmocka_unit_test(
		    lines_break_after_so_many_characters_and_at_the_end),
		cmocka_unit_test(long_texts_with_lines_come_back),
		cmocka_unit_test(
		    every_alphabet_and_padding_comes_back_from_every_length),
		cmocka_unit_test(padding_and_alphabet_are_as_the_options_say),
		cmocka_unit_test(
		    an_alphabet_or_a_padding_that_is_none_is_refused),
		cmocka_unit_test(a_flush_keeps_at_most_two_bytes_back),
	};

	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
