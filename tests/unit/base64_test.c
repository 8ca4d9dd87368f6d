/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"

#include "sluice/base64.h"
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

		text64_encode(rows[i][0], strlen(rows[i][0]), 0, &text);
		CHECK_BYTES(rows[i][1], strlen(rows[i][1]),
		    slu_buf_front(&text), text.len);
		CHECK_IS(SLU_EOF, text64_decode(rows[i][1], strlen(rows[i][1]),
				      &whole, &plain));
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
	return slu_base64_decode(top, NULL);
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

	(void)state;
	for (size_t i = 0; i < COUNT(columns); i++)
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

			text64_encode(plain, len, columns[i], &text);
			text64_model(plain, len, columns[i], &model);
			CHECK_BYTES(slu_buf_front(&model), model.len,
			    slu_buf_front(&text), text.len);
			CHECK_IS(SLU_EOF, text64_decode(slu_buf_front(&text),
					      text.len, &whole, &back));
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
	};

	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
