/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"

#include <stdlib.h>

#include "drip.h"
#include "packed.h"
#include "sluice/mem.h"
#include "vectors.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const trial_pace whole = { .name = "whole" };

static void
deflate_holds_the_contract(slu_deflate_format format)
{
	static const int levels[] = { 0, 1, 9, SLU_DEFLATE_STORE };

	for (size_t i = 0; i < COUNT(levels); i++) {
		slu_deflate_options options = { .format = format,
			.level = levels[i] };
		const contract_filter deflate_filter = {
			.name = "deflate",
			.encode = packed_push_deflate,
			.decode = packed_push_inflate,
			.arg = &options,
			.fresh = levels[i] == SLU_DEFLATE_STORE,
			.delimited = true,
		};

		contract_filter_holds(&deflate_filter);
	}
}

static void
zlib_streams_hold_the_contract(void **state)
{
	(void)state;
	deflate_holds_the_contract(SLU_ZLIB);
}

static void
gzip_streams_hold_the_contract(void **state)
{
	(void)state;
	deflate_holds_the_contract(SLU_GZIP);
}

static void
raw_streams_hold_the_contract(void **state)
{
	(void)state;
	deflate_holds_the_contract(SLU_RAW);
}

static void
hello_world_is_compressed_as_it_always_was(void **state)
{
	unsigned char want[64];
	size_t len =
	    packed_unhex(want, "789cf370f5f1f15708f70ff2710100128b031d");
	slu_buf packed = { .limit = 100 }, out = { .limit = 100 };
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &packed));
	CHECK_OK(slu_deflate(&c, NULL));
	CHECK_OK(slu_bio_write_all(c, "HELLO WORLD", 11, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	CHECK_BYTES(want, len, slu_buf_front(&packed), packed.len);
	CHECK_IS(SLU_EOF, packed_read(want, len, NULL, &whole, &out));
	CHECK_BYTES("HELLO WORLD", 11, slu_buf_front(&out), out.len);
	slu_buf_free(&packed);
	slu_buf_free(&out);
}

static void
a_gzip_header_is_the_same_everywhere(void **state)
{
	static const struct {
		int level;
		const char *header;
	} rows[] = {
		{ 0, "1f8b08000000000000ff" },
		{ 1, "1f8b08000000000004ff" },
		{ 9, "1f8b08000000000002ff" },
	};
	unsigned char want[10];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		slu_buf packed = { .limit = 100 };

		packed_make("a", 1, SLU_GZIP, rows[i].level, &packed);
		CHECK(packed.len > packed_unhex(want, rows[i].header));
		CHECK_BYTES(want, 10, slu_buf_front(&packed), 10);
		slu_buf_free(&packed);
	}
}

static void
options_out_of_range_are_misuse_and_push_nothing(void **state)
{
	static const slu_deflate_options bad[] = { { .level = 10 },
		{ .level = -2 }, { .format = (slu_deflate_format)3 },
		{ .threads = SLU_DEFLATE_THREADS_MAX + 1 },
		{ .level = 10, .threads = 2 } };
	const slu_inflate_options bad_in = { .format = (slu_deflate_format)3 };
	slu_bio *c = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK_IS(SLU_ERR_USAGE, slu_deflate(&c, &bad[i]));
		CHECK(c == NULL);
	}
	CHECK_IS(SLU_ERR_USAGE, slu_deflate(&c, &bad[2]));
	CHECK_WORDS("no such format");
	CHECK_IS(SLU_ERR_USAGE, slu_deflate(&c, &bad[3]));
	CHECK_WORDS("65 threads are more than 64");
	CHECK_IS(SLU_ERR_USAGE, slu_inflate(&c, &bad_in));
	CHECK(c == NULL);
	CHECK_IS(SLU_ERR_USAGE, slu_deflate(&c, &bad[0]));
	CHECK_WORDS("level 10 is not 1 to 9");
}

static void
what_was_flushed_is_read_before_more_arrives(void **state)
{
	(void)state;
	for (size_t f = 0; f < COUNT(packed_formats); f++) {
		const slu_deflate_options to = { .format = packed_formats[f] };
		const slu_inflate_options from = { .format =
						       packed_formats[f] };
		slu_buf packed = { .limit = 100 };
		slu_bio *c = NULL;
		size_t put, got, flushed;
		char out[64];
		int go = 0;

		CHECK_OK(slu_mem_open(&c, &packed));
		CHECK_OK(slu_deflate(&c, &to));
		CHECK_OK(slu_bio_write_all(c, "HELLO", 5, &put));
		CHECK(packed.len == 0);
		CHECK_OK(slu_bio_flush(c));
		flushed = packed.len;
		CHECK_OK(slu_bio_write_all(c, " WORLD", 6, &put));
		CHECK_OK(slu_bio_finish(c));
		slu_bio_free(c);

		c = NULL;
		CHECK_OK(drip_open(
		    &c, slu_buf_front(&packed), packed.len, flushed, &go));
		CHECK_OK(slu_inflate(&c, &from));
		CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
		CHECK_BYTES("HELLO", 5, out, got);
		CHECK_IS(
		    SLU_WANT_READ, slu_bio_read(c, out, sizeof(out), &got));
		go = 1;
		CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
		CHECK_BYTES(" WORLD", 6, out, got);
		CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &got));
		slu_bio_free(c);
		slu_buf_free(&packed);
	}
}

static void
a_flush_without_news_writes_nothing(void **state)
{
	slu_buf packed = { .limit = 100 };
	slu_bio *c = NULL;
	size_t put, len;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &packed));
	CHECK_OK(slu_deflate(&c, NULL));
	CHECK_OK(slu_bio_flush(c));
	CHECK(packed.len == 0);
	CHECK_OK(slu_bio_write_all(c, "HELLO", 5, &put));
	CHECK_OK(slu_bio_flush(c));
	len = packed.len;
	CHECK_OK(slu_bio_flush(c));
	CHECK_OK(slu_bio_flush(c));
	CHECK(packed.len == len);
	slu_bio_free(c);
	slu_buf_free(&packed);
}

static void
what_once_broke_zlib_is_judged_as_zlib_does_now(void **state)
{
	static const char *const names[] = { "CVE-2002-0059/test.gz",
		"CVE-2004-0797/test.gz", "CVE-2005-1849/test.gz",
		"CVE-2005-2096/test.gz", "CVE-2018-25032/default.txt",
		"CVE-2018-25032/fixed.txt", "GH-1600/packobj.gz",
		"GH-361/test.txt", "GH-364/test.bin", "GH-382/defneg3.dat",
		"GH-751/test.txt", "GH-979/pigz-2.6.tar.gz" };
	static const int levels[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9,
		SLU_DEFLATE_STORE };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		char name[100];
		size_t len;
		char *data;

		snprintf(name, sizeof(name), "zlib-inputs/test/%s", names[i]);
		data = vectors_read(name, &len);
		for (size_t f = 0; f < COUNT(packed_formats); f++)
			(void)packed_check(data, len, f);
		for (size_t k = 0; k < COUNT(levels); k++) {
			slu_buf packed = { .limit = 4 * MIB };
			slu_buf out = { .limit = 4 * MIB };

			packed_make(data, len, SLU_ZLIB, levels[k], &packed);
			CHECK_IS(SLU_EOF, packed_read(slu_buf_front(&packed),
					      packed.len, NULL, &whole, &out));
			CHECK_BYTES(data, len, slu_buf_front(&out), out.len);
			slu_buf_free(&packed);
			slu_buf_free(&out);
		}
		free(data);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zlib_streams_hold_the_contract),
		cmocka_unit_test(gzip_streams_hold_the_contract),
		cmocka_unit_test(raw_streams_hold_the_contract),
		cmocka_unit_test(hello_world_is_compressed_as_it_always_was),
		cmocka_unit_test(a_gzip_header_is_the_same_everywhere),
		cmocka_unit_test(
		    options_out_of_range_are_misuse_and_push_nothing),
		cmocka_unit_test(what_was_flushed_is_read_before_more_arrives),
		cmocka_unit_test(a_flush_without_news_writes_nothing),
		cmocka_unit_test(
		    what_once_broke_zlib_is_judged_as_zlib_does_now),
	};

	return cmocka_run_group_tests_name("deflate", tests, NULL, NULL);
}
