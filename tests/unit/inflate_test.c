/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* ru_maxrss */
#include "check.h"

#include <stdlib.h>
#include <sys/resource.h>

#include <openssl/evp.h>
#include <zlib.h>

#include "choke.h"
#include "drip.h"
#include "oom.h"
#include "packed.h"
#include "sluice/mem.h"
#include "sluice/view.h"
#include "vectors.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const trial_pace whole = { .name = "whole" };
static const trial_pace byte_by_byte = { .name = "byte by byte", .piece = 1 };

/* Read up to the WANT, one byte or all at a time; returns how many. */
static size_t
read_so_far(slu_bio *c, size_t piece)
{
	unsigned char buf[1024];
	size_t got, n = 0;
	slu_status st;

	while ((st = slu_bio_read(c, buf, piece, &got)) == SLU_OK)
		n += got;
	CHECK_IS(SLU_WANT_READ, st);
	return n;
}

static void
all_that_can_be_known_of_what_arrived_is_given_out(void **state)
{
	unsigned char plain[1024];
	slu_buf packed = { .limit = 2048 }, so_far = { .limit = 2048 };

	(void)state;
	trial_plain(plain, sizeof(plain));
	packed_make(plain, sizeof(plain), SLU_ZLIB, 0, &packed);
	for (size_t cut = 0; cut < packed.len; cut++) {
		slu_bio *c = NULL;
		int go = 0;

		slu_buf_skip(&so_far, so_far.len);
		CHECK_IS(SLU_ERR_TRUNCATED, packed_model(slu_buf_front(&packed),
						cut, MAX_WBITS, &so_far));
		CHECK_OK(drip_open(
		    &c, slu_buf_front(&packed), packed.len, cut, &go));
		CHECK_OK(slu_inflate(&c, NULL));
		CHECK(read_so_far(c, cut % 2 == 0 ? 1 : 1024) == so_far.len);
		slu_bio_free(c);
	}
	slu_buf_free(&packed);
	slu_buf_free(&so_far);
}

#define HELLO_ZLIB "789cf370f5f1f15708f70ff2710100128b031d"
#define HELLO_GZIP \
	"1f8b08000000000000fff370f5f1f15708f70ff27101005b86e5870b" \
	"000000"
#define EMPTY_GZIP "1f8b08000000000000ff03000000000000000000"

static void
each_fault_has_its_own_words(void **state)
{
	static const struct {
		slu_deflate_format format;
		const char *hex, *words;
	} rows[] = {
		{ SLU_ZLIB, "789cf370f5f1f15708f70ff2710100128b031e",
		    "the Adler-32 does not match near byte 19" },
		{ SLU_GZIP,
		    "1f8b08000000000000fff370f5f1f15708f70ff27101005b86e5880b"
		    "000000",
		    "the CRC-32 does not match near byte 27" },
		{ SLU_GZIP,
		    "1f8b08000000000000fff370f5f1f15708f70ff27101005b86e5870c"
		    "000000",
		    "the length does not match near byte 31" },
		{ SLU_ZLIB, HELLO_GZIP, "not a zlib stream" },
		{ SLU_GZIP, HELLO_ZLIB, "not a gzip stream" },
		{ SLU_RAW, "06", "invalid block type near byte 1" },
		{ SLU_ZLIB, "08b800000001", "needs a preset dictionary" },
		{ SLU_ZLIB, HELLO_ZLIB "00",
		    "bytes after the end of the stream, from byte 19" },
		{ SLU_GZIP, HELLO_GZIP "00",
		    "bytes after the end of the stream, from byte 31" },
		{ SLU_GZIP, HELLO_GZIP HELLO_GZIP "0000",
		    "bytes after the end of the stream, from byte 62" },
		{ SLU_GZIP, HELLO_GZIP "1f00",
		    "bytes after the end of the stream, from byte 31" },
		{ SLU_RAW, "030003", "bytes after the end of the stream" },
	};
	const trial_pace *paces[] = { &whole, &byte_by_byte };

	(void)state;
	for (size_t i = 0; i < COUNT(rows) * 2; i++) {
		const slu_inflate_options options = { .format =
							  rows[i / 2].format };
		slu_buf out = { .limit = 100 };
		unsigned char data[100];
		size_t len = packed_unhex(data, rows[i / 2].hex);

		CHECK_IS(SLU_ERR_FORMAT,
		    packed_read(data, len, &options, paces[i % 2], &out));
		CHECK_WORDS(rows[i / 2].words);
		slu_buf_free(&out);
	}
}

static void
every_flipped_byte_is_noticed_or_harmless(void **state)
{
	unsigned char plain[300];

	(void)state;
	trial_plain(plain, sizeof(plain));
	for (size_t f = 0; f < 2; f++) {
		slu_buf packed = { .limit = 1000 };
		unsigned char *mem;

		packed_make(
		    plain, sizeof(plain), packed_formats[f], 0, &packed);
		mem = packed.mem + packed.off;
		for (size_t i = 0; i < packed.len * 8; i++) {
			slu_buf out = { .limit = MIB };
			const slu_inflate_options options = {
				.format = packed_formats[f]
			};

			mem[i / 8] ^= (unsigned char)(1 << i % 8);
			(void)packed_check(mem, packed.len, f);
			if (packed_read(mem, packed.len, &options, &whole,
				&out) == SLU_EOF)
				CHECK_BYTES(plain, sizeof(plain),
				    slu_buf_front(&out), out.len);
			mem[i / 8] ^= (unsigned char)(1 << i % 8);
			slu_buf_free(&out);
		}
		slu_buf_free(&packed);
	}
}

static void
gzip_members_are_one_stream(void **state)
{
	static const char all[] = EMPTY_GZIP HELLO_GZIP EMPTY_GZIP HELLO_GZIP;
	static const size_t ends[] = { 20, 51, 71, 102 };
	unsigned char data[sizeof(all)];
	size_t len = packed_unhex(data, all), end = 0;
	slu_buf out = { .limit = 100 };

	(void)state;
	CHECK(len == 102);
	for (size_t cut = 0; cut <= len; cut++) {
		bool is_end = cut == ends[end];

		end += is_end;
		CHECK_IS(is_end ? SLU_EOF : SLU_ERR_TRUNCATED,
		    packed_check(data, cut, 1));
	}
	CHECK_IS(SLU_EOF,
	    packed_read(data, len, &(slu_inflate_options){ .format = SLU_GZIP },
		&whole, &out));
	CHECK_BYTES("HELLO WORLDHELLO WORLD", 22, slu_buf_front(&out), out.len);
	slu_buf_free(&out);
}

/* Read one stream with a filter of its own, and take that off again. */
static slu_status
read_one(slu_bio **c, slu_deflate_format format, size_t piece, slu_buf *out)
{
	const slu_inflate_options options = { .format = format,
		.first_only = true };
	const trial_pace pace = { .name = "one stream", .piece = piece };
	trial t = { .room = "inflate", .pace = pace.name };
	slu_status st;

	CHECK_OK(slu_inflate(c, &options));
	st = trial_read(&t, *c, out, &pace);
	CHECK_IS(st, trial_read(&t, *c, out, &pace));
	slu_bio_drop(c);
	return st;
}

static void
what_follows_the_first_stream_can_be_left_unread(void **state)
{
	static const char rest[] = "\x1f\x8b, or whatever comes behind";
	static const size_t steps[] = { 0, 1, 2, 7 };
	const trial_pace *paces[] = { &whole, &byte_by_byte };

	(void)state;
	for (size_t k = 0; k < COUNT(packed_formats) * COUNT(steps) * 2; k++) {
		slu_deflate_format format = packed_formats[k % 3];
		size_t step = steps[k / 3 % COUNT(steps)];
		slu_buf packed = { .limit = 200 }, out = { .limit = 100 };
		slu_buf behind = { .limit = 100 };
		trial t = { .room = "view", .pace = "behind" };
		slu_bio *c = NULL;

		packed_make("HELLO WORLD", 11, format, 0, &packed);
		CHECK_OK(slu_buf_add(&packed, rest, sizeof(rest)));
		CHECK_OK(slu_view_open(&c, slu_buf_front(&packed), packed.len));
		if (step > 0)
			CHECK_OK(choke_push(&c, step));
		CHECK_IS(SLU_EOF, read_one(&c, format, k % 2, &out));
		CHECK_BYTES("HELLO WORLD", 11, slu_buf_front(&out), out.len);
		CHECK_IS(SLU_EOF, trial_read(&t, c, &behind, paces[k % 2]));
		CHECK_BYTES(
		    rest, sizeof(rest), slu_buf_front(&behind), behind.len);
		slu_bio_free(c);
		slu_buf_free(&packed);
		slu_buf_free(&out);
		slu_buf_free(&behind);
	}
}

/* Whether another member follows: a byte is read, and given back. */
static bool
is_more_below(slu_bio *c)
{
	unsigned char byte;
	slu_status st;
	size_t n;

	st = slu_bio_read(c, &byte, 1, &n);
	CHECK_IS(st == SLU_OK ? SLU_OK : SLU_EOF, st);
	CHECK_OK(slu_bio_unread(c, &byte, n));
	return st == SLU_OK;
}

static void
gzip_members_can_be_read_one_by_one(void **state)
{
	static const char all[] = HELLO_GZIP EMPTY_GZIP HELLO_GZIP;
	static const size_t ends[] = { 11, 11, 22 };
	unsigned char data[sizeof(all)];
	size_t len = packed_unhex(data, all);
	slu_buf out = { .limit = 100 };
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_view_open(&c, data, len));
	for (size_t i = 0; i < COUNT(ends); i++) {
		CHECK(is_more_below(c));
		CHECK_IS(SLU_EOF, read_one(&c, SLU_GZIP, 0, &out));
		CHECK(out.len == ends[i]);
	}
	CHECK(!is_more_below(c));
	CHECK_IS(SLU_ERR_TRUNCATED, read_one(&c, SLU_GZIP, 0, &out));
	CHECK_WORDS("after 0 bytes");
	slu_bio_free(c);
	slu_buf_free(&out);
}

static void
the_end_of_the_first_stream_is_told_without_another_byte(void **state)
{
	(void)state;
	for (size_t f = 0; f < COUNT(packed_formats); f++) {
		const slu_inflate_options options = {
			.format = packed_formats[f], .first_only = true
		};
		slu_buf packed = { .limit = 200 };
		slu_bio *c = NULL;
		char out[64];
		size_t got, end;
		int go = 0;

		packed_make("HELLO WORLD", 11, options.format, 0, &packed);
		end = packed.len;
		CHECK_OK(slu_buf_add(&packed, "more", 4));
		CHECK_OK(drip_open(
		    &c, slu_buf_front(&packed), packed.len, end, &go));
		CHECK_OK(slu_inflate(&c, &options));
		CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
		CHECK_BYTES("HELLO WORLD", 11, out, got);
		CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &got));
		slu_bio_free(c);
		slu_buf_free(&packed);
	}
}

static void
a_first_stream_that_is_cut_or_spoilt_is_no_end(void **state)
{
	unsigned char data[64];
	size_t len = packed_unhex(data, HELLO_GZIP);
	slu_buf out = { .limit = 2000 };

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		slu_bio *c = NULL;

		CHECK_OK(slu_view_open(&c, data, cut));
		CHECK_IS(SLU_ERR_TRUNCATED, read_one(&c, SLU_GZIP, 1, &out));
		slu_bio_free(c);
	}
	data[len - 1] ^= 1;
	for (size_t piece = 0; piece < 2; piece++) {
		slu_bio *c = NULL;

		CHECK_OK(slu_view_open(&c, data, len));
		CHECK_IS(SLU_ERR_FORMAT, read_one(&c, SLU_GZIP, piece, &out));
		CHECK_WORDS("the length does not match");
		slu_bio_free(c);
	}
	slu_buf_free(&out);
}

static void
without_memory_to_give_bytes_back_the_stream_fails(void **state)
{
	const slu_inflate_options options = { .format = SLU_GZIP,
		.first_only = true };
	unsigned char data[128];
	size_t len = packed_unhex(data, HELLO_GZIP HELLO_GZIP), got;
	slu_bio *c = NULL;
	char out[64];

	(void)state;
	CHECK_OK(slu_view_open(&c, data, len));
	CHECK_OK(slu_inflate(&c, &options));
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
	oom_arm(0);
	CHECK_IS(SLU_ERR_MEMORY, slu_bio_read(c, out, sizeof(out), &got));
	CHECK(oom_disarm() == OOM_OURS);
	CHECK_IS(SLU_ERR_MEMORY, slu_bio_read(c, out, sizeof(out), &got));
	slu_bio_free(c);
}

static void
an_empty_input_is_cut_short(void **state)
{
	slu_buf out = { .limit = 100 };

	(void)state;
	for (size_t f = 0; f < COUNT(packed_formats); f++) {
		const slu_inflate_options options = { .format =
							  packed_formats[f] };

		CHECK_IS(SLU_ERR_TRUNCATED,
		    packed_read("", 0, &options, &whole, &out));
		CHECK_WORDS("before the stream does, after 0 bytes");
	}
	slu_buf_free(&out);
}

/* The stream of `len` zeros. */
static void
pack_zeros(size_t len, slu_buf *packed)
{
	unsigned char *zeros = calloc(1, MIB);
	slu_bio *c = NULL;
	size_t put;

	CHECK(zeros != NULL);
	CHECK_OK(slu_mem_open(&c, packed));
	CHECK_OK(slu_deflate(&c, NULL));
	for (size_t n; len > 0; len -= n) {
		n = len < MIB ? len : MIB;
		CHECK_OK(slu_bio_write_all(c, zeros, n, &put));
	}
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	free(zeros);
}

static void
a_bomb_is_stopped_by_its_ratio(void **state)
{
	const slu_inflate_options none = { .max_ratio = SLU_INFLATE_RATIO_MAX };
	const slu_inflate_options few = { .max_ratio = 2 };
	const trial_pace odd = { .name = "in odd pieces", .piece = PACE_ODD };
	slu_buf packed = { .limit = MIB }, out = { .limit = 64 * MIB };

	(void)state;
	pack_zeros(64 * MIB, &packed);
	CHECK(packed.len < 64 * MIB / 1000);
	CHECK_IS(SLU_ERR_LIMIT, packed_read(slu_buf_front(&packed), packed.len,
				    NULL, &whole, &out));
	CHECK_WORDS("more than 250 bytes for each one read");
	CHECK(out.len == MIB);
	slu_buf_skip(&out, out.len);
	CHECK_IS(SLU_ERR_LIMIT,
	    packed_read(slu_buf_front(&packed), packed.len, &few, &odd, &out));
	CHECK_WORDS("more than 2 bytes for each one read");
	CHECK(out.len == MIB);
	slu_buf_skip(&out, out.len);
	CHECK_IS(SLU_EOF, packed_read(slu_buf_front(&packed), packed.len, &none,
			      &whole, &out));
	CHECK(out.len == 64 * MIB);
	slu_buf_free(&out);
	slu_buf_free(&packed);
}

/* Memory that this process has taken so far, at the most: KiB. */
static long
peak(void)
{
	struct rusage use;

	CHECK(getrusage(RUSAGE_SELF, &use) == 0);
	return use.ru_maxrss;
}

/* Read `packed` into nothing: how many bytes came, and how it ended. */
static slu_status
read_away(
    const slu_buf *packed, const slu_inflate_options *options, uint64_t *count)
{
	static unsigned char buf[64 * 1024];
	slu_bio *c = NULL;
	slu_status st;
	size_t got;

	*count = 0;
	CHECK_OK(slu_view_open(&c, slu_buf_front(packed), packed->len));
	CHECK_OK(slu_inflate(&c, options));
	while ((st = slu_bio_read(c, buf, sizeof(buf), &got)) == SLU_OK)
		*count += got;
	slu_bio_free(c);
	return st;
}

static void
a_gibibyte_of_zeros_stops_at_any_limit_in_little_memory(void **state)
{
	size_t all = (size_t)(check_slow("64 MiB") ? 64 : 1024) * MIB;
	const slu_inflate_options by_size = { .max_size = all - 1,
		.max_ratio = SLU_INFLATE_RATIO_MAX };
	const slu_inflate_options unlimited = { .max_size = all,
		.max_ratio = SLU_INFLATE_RATIO_MAX };
	slu_buf packed = { .limit = 2 * MIB };
	uint64_t count;
	long before;

	(void)state;
	pack_zeros(all, &packed);
	before = peak();
	CHECK_IS(SLU_ERR_LIMIT, read_away(&packed, NULL, &count));
	CHECK(count == MIB);
	CHECK_IS(SLU_ERR_LIMIT, read_away(&packed, &by_size, &count));
	CHECK(count == all - 1);
	CHECK_IS(SLU_EOF, read_away(&packed, &unlimited, &count));
	CHECK(count == all);
	CHECK(peak() - before < 1024);
	slu_buf_free(&packed);
}

static void
a_ratio_is_not_asked_of_the_first_mebibyte(void **state)
{
	slu_buf packed = { .limit = MIB }, out = { .limit = 2 * MIB };

	(void)state;
	pack_zeros(MIB, &packed);
	CHECK_IS(SLU_EOF, packed_read(slu_buf_front(&packed), packed.len, NULL,
			      &whole, &out));
	CHECK(out.len == MIB);
	slu_buf_skip(&packed, packed.len);
	slu_buf_skip(&out, out.len);
	pack_zeros(MIB + 1, &packed);
	CHECK_IS(SLU_ERR_LIMIT, packed_read(slu_buf_front(&packed), packed.len,
				    NULL, &whole, &out));
	CHECK(out.len == MIB);
	slu_buf_free(&packed);
	slu_buf_free(&out);
}

static void
a_ratio_counts_all_that_was_read(void **state)
{
	unsigned char *plain = calloc(1, 4 * MIB);
	slu_buf packed = { .limit = 4 * MIB }, out = { .limit = 4 * MIB };

	(void)state;
	CHECK(plain != NULL);
	/* Enough noise in front to pay for the zeros behind it. */
	for (size_t i = 0, x = 1; i < 16 * 1024; i++) {
		x = x * 1103515245 + 12345;
		plain[i] = (unsigned char)(x >> 16);
	}
	packed_make(plain, 4 * MIB, SLU_ZLIB, 0, &packed);
	CHECK(packed.len < 32 * 1024);
	CHECK_IS(SLU_EOF, packed_read(slu_buf_front(&packed), packed.len, NULL,
			      &whole, &out));
	CHECK(out.len == 4 * MIB);
	free(plain);
	slu_buf_free(&packed);
	slu_buf_free(&out);
}

static void
a_stream_of_the_greatest_size_passes_and_no_larger_one(void **state)
{
	const trial_pace *paces[] = { &whole, &byte_by_byte };
	unsigned char plain[1000];
	slu_buf packed = { .limit = 2000 };

	(void)state;
	trial_plain(plain, sizeof(plain));
	packed_make(plain, sizeof(plain), SLU_ZLIB, 0, &packed);
	for (size_t i = 0; i < 2; i++) {
		slu_inflate_options options = { .max_size = sizeof(plain) };
		slu_buf out = { .limit = 2000 };

		CHECK_IS(SLU_EOF, packed_read(slu_buf_front(&packed),
				      packed.len, &options, paces[i], &out));
		CHECK(out.len == sizeof(plain));
		slu_buf_skip(&out, out.len);
		options.max_size--;
		CHECK_IS(
		    SLU_ERR_LIMIT, packed_read(slu_buf_front(&packed),
				       packed.len, &options, paces[i], &out));
		CHECK_WORDS("more than 999 bytes (max_size)");
		CHECK_BYTES(plain, 999, slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
	slu_buf_free(&packed);
}

static size_t
format_named(const char *name)
{
	CHECK(name != NULL);
	if (strcmp(name, "zlib") == 0)
		return 0;
	if (strcmp(name, "gzip") == 0)
		return 1;
	CHECK(strcmp(name, "raw") == 0);
	return 2;
}

static void
check_digest(const char *want_hex, const slu_buf *out)
{
	unsigned char want[32], md[EVP_MAX_MD_SIZE];
	const void *bytes = out->len > 0 ? slu_buf_front(out) : md;
	size_t len;

	CHECK(want_hex != NULL && strlen(want_hex) == 64);
	packed_unhex(want, want_hex);
	CHECK(EVP_Q_digest(NULL, "sha256", NULL, bytes, out->len, md, &len));
	CHECK_BYTES(want, 32, md, len);
}

/* What zlib said of a stream, and then whether anything followed it. */
static void
check_stream(const json *row)
{
	const json *said = json_get(row, "zlib_1_2_13");
	const char *result = json_text(said, "result");
	size_t len, format = format_named(json_text(row, "format"));
	unsigned char *data = json_hex(row, "hex", &len);
	const slu_inflate_options options = { .format =
						  packed_formats[format] };
	slu_buf out = { .limit = MIB };
	slu_status st;

	CHECK(data != NULL && result != NULL);
	st = packed_check(data, len, format);
	CHECK_IS(st, packed_read(data, len, &options, &whole, &out));
	if (strcmp(result, "truncated") == 0)
		CHECK_IS(SLU_ERR_TRUNCATED, st);
	else if (strcmp(result, "error") == 0 ||
		 json_get(said, "trailing")->number > 0)
		CHECK_IS(SLU_ERR_FORMAT, st);
	else
		CHECK_IS(SLU_EOF, st);
	if (strcmp(result, "ok") == 0) {
		CHECK(out.len == (size_t)json_get(said, "outlen")->number);
		check_digest(json_text(said, "sha256"), &out);
	}
	slu_buf_free(&out);
	free(data);
}

static void
hostile_streams_are_judged_as_zlib_judges_them(void **state)
{
	json *file = vectors_json("deflate/streams.json");
	const json *rows = json_get(file, "cases");

	(void)state;
	CHECK(rows != NULL && json_count(rows) > 40);
	for (const json *row = rows->first; row != NULL; row = row->next)
		check_stream(row);
	json_free(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    all_that_can_be_known_of_what_arrived_is_given_out),
		cmocka_unit_test(each_fault_has_its_own_words),
		cmocka_unit_test(every_flipped_byte_is_noticed_or_harmless),
		cmocka_unit_test(gzip_members_are_one_stream),
		cmocka_unit_test(
		    what_follows_the_first_stream_can_be_left_unread),
		cmocka_unit_test(gzip_members_can_be_read_one_by_one),
		cmocka_unit_test(
		    the_end_of_the_first_stream_is_told_without_another_byte),
		cmocka_unit_test(
		    a_first_stream_that_is_cut_or_spoilt_is_no_end),
		cmocka_unit_test(
		    without_memory_to_give_bytes_back_the_stream_fails),
		cmocka_unit_test(an_empty_input_is_cut_short),
		cmocka_unit_test(a_bomb_is_stopped_by_its_ratio),
		cmocka_unit_test(
		    a_gibibyte_of_zeros_stops_at_any_limit_in_little_memory),
		cmocka_unit_test(a_ratio_is_not_asked_of_the_first_mebibyte),
		cmocka_unit_test(a_ratio_counts_all_that_was_read),
		cmocka_unit_test(
		    a_stream_of_the_greatest_size_passes_and_no_larger_one),
		cmocka_unit_test(
		    hostile_streams_are_judged_as_zlib_judges_them),
	};

	return cmocka_run_group_tests_name("inflate", tests, NULL, NULL);
}
