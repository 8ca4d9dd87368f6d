/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"
#include "trial.h"

#include "sluice/hex.h"
#include "sluice/mem.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
encode(
    const void *plain, size_t len, const slu_hex_options *options, slu_buf *out)
{
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, out));
	CHECK_OK(slu_hex_encode(&c, options));
	CHECK_OK(slu_bio_write_all(c, plain, len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

static slu_status
push_encode(slu_bio **top, void *arg)
{
	return slu_hex_encode(top, arg);
}

static slu_status
push_decode(slu_bio **top, void *arg)
{
	return slu_hex_decode(top, arg);
}

static void
hex_holds_the_contract(slu_hex_options *options)
{
	const contract_filter hex = {
		.name = "hex",
		.encode = push_encode,
		.decode = push_decode,
		.arg = options,
	};

	contract_filter_holds(&hex);
}

static void
a_text_of_one_line_holds_the_contract(void **state)
{
	(void)state;
	hex_holds_the_contract(NULL);
	hex_holds_the_contract(&(slu_hex_options){ .upper = true });
}

static void
lines_of_any_length_hold_the_contract(void **state)
{
	static const size_t columns[] = { 1, 2, 57, 64 };

	(void)state;
	for (size_t i = 0; i < COUNT(columns); i++)
		hex_holds_the_contract(
		    &(slu_hex_options){ .columns = columns[i] });
}

static void
the_vectors_of_rfc_4648_hold(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "f", "66" },
		{ "fo", "666f" },
		{ "foo", "666f6f" },
		{ "foob", "666f6f62" },
		{ "fooba", "666f6f6261" },
		{ "foobar", "666f6f626172" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		slu_buf text = { .limit = 100 };

		encode(rows[i][0], strlen(rows[i][0]), NULL, &text);
		CHECK_BYTES(rows[i][1], strlen(rows[i][1]),
		    slu_buf_front(&text), text.len);
		slu_buf_free(&text);
	}
}

/* Every byte, at each place among the others that are worked on with it. */
static void
every_byte_is_two_digits_of_the_case_that_was_asked_for(void **state)
{
	static const char *const forms[] = { "%02x", "%02X" };

	(void)state;
	for (int upper = 0; upper < 2; upper++) {
		const slu_hex_options options = { .upper = upper != 0 };

		for (int first = 0; first < 256; first++) {
			slu_buf text = { .limit = 100 };
			unsigned char plain[11];
			char model[23];

			for (size_t i = 0; i < sizeof(plain); i++) {
				plain[i] = (unsigned char)(first + (int)i * 23);
				snprintf(
				    model + 2 * i, 3, forms[upper], plain[i]);
			}
			encode(plain, sizeof(plain), &options, &text);
			CHECK_BYTES(model, 22, slu_buf_front(&text), text.len);
			slu_buf_free(&text);
		}
	}
}

/* The plainest encoder there can be. */
static void
add_model(const unsigned char *plain, size_t len, size_t columns, slu_buf *out)
{
	size_t column = 0;

	for (size_t i = 0; i < 2 * len; i++) {
		unsigned v = plain[i / 2] >> (i % 2 ? 0 : 4) & 15;

		CHECK_OK(slu_buf_add(out, &"0123456789abcdef"[v], 1));
		if (columns > 0 && ++column % columns == 0)
			CHECK_OK(slu_buf_add(out, "\n", 1));
	}
	if (columns > 0 && column % columns != 0)
		CHECK_OK(slu_buf_add(out, "\n", 1));
}

static void
lines_break_after_so_many_digits_and_at_the_end(void **state)
{
	static const size_t columns[] = { 0, 1, 2, 3, 4, 5, 7, 8, 57, 64, 1000,
		SIZE_MAX };
	unsigned char plain[130];

	(void)state;
	trial_plain(plain, sizeof(plain));
	for (size_t i = 0; i < COUNT(columns); i++) {
		const slu_hex_options options = { .columns = columns[i] };

		for (size_t len = 0; len <= sizeof(plain); len++) {
			slu_buf text = { .limit = TRIAL_ROOM };
			slu_buf model = { .limit = TRIAL_ROOM };

			encode(plain, len, &options, &text);
			add_model(plain, len, columns[i], &model);
			CHECK_BYTES(slu_buf_front(&model), model.len,
			    slu_buf_front(&text), text.len);
			slu_buf_free(&text);
			slu_buf_free(&model);
		}
	}
}

static void
a_flush_keeps_nothing_back_and_ends_no_line(void **state)
{
	const slu_hex_options options = { .columns = 3 };
	slu_buf text = { .limit = 100 };
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &text));
	CHECK_OK(slu_hex_encode(&c, &options));
	CHECK_OK(slu_bio_write_all(c, "AB", 2, &put));
	CHECK(text.len == 0);
	CHECK_OK(slu_bio_flush(c));
	CHECK_BYTES("414\n2", 5, slu_buf_front(&text), text.len);
	CHECK_OK(slu_bio_write_all(c, "C", 1, &put));
	CHECK_OK(slu_bio_finish(c));
	CHECK_BYTES("414\n243\n", 8, slu_buf_front(&text), text.len);
	slu_bio_free(c);
	slu_buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_of_one_line_holds_the_contract),
		cmocka_unit_test(lines_of_any_length_hold_the_contract),
		cmocka_unit_test(the_vectors_of_rfc_4648_hold),
		cmocka_unit_test(
		    every_byte_is_two_digits_of_the_case_that_was_asked_for),
		cmocka_unit_test(
		    lines_break_after_so_many_digits_and_at_the_end),
		cmocka_unit_test(a_flush_keeps_nothing_back_and_ends_no_line),
	};

	return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
