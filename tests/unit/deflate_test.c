/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"

#include <stdlib.h>

#include <openssl/evp.h>
#define ZLIB_CONST
#include <zlib.h>

#include "drip.h"
#include "sluice/deflate.h"
#include "sluice/mem.h"
#include "sluice/view.h"
#include "trial.h"
#include "vectors.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MIB ((size_t)1 << 20)

static const slu_deflate_format formats[] = { SLU_ZLIB, SLU_GZIP, SLU_RAW };
static const int window_bits[] = { MAX_WBITS, MAX_WBITS + 16, -MAX_WBITS };

static const trial_pace whole = { .name = "whole" };
static const trial_pace byte_by_byte = { .name = "byte by byte", .piece = 1 };

/* Compress `plain` with the room under test, and add it to `out`. */
static void
pack(const void *plain, size_t len, slu_deflate_format format, int level,
    slu_buf *out)
{
	const slu_deflate_options options = { format, level };
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, out));
	CHECK_OK(slu_deflate(&c, &options));
	CHECK_OK(slu_bio_write_all(c, plain, len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

/* Decompress with the room under test, to the end or to a fault. */
static slu_status
unpack(const void *data, size_t len, const slu_inflate_options *options,
    const trial_pace *pace, slu_buf *out)
{
	trial t = { .room = "inflate", .pace = pace->name, .len = len };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&c, data, len));
	CHECK_OK(slu_inflate(&c, options));
	st = trial_read(&t, c, out, pace);
	slu_bio_free(c);
	return st;
}

/* As plain zlib has it: the bytes of one stream or of gzip's members. */
static slu_status
model(const void *data, size_t len, int bits, slu_buf *out)
{
	unsigned char *buf = malloc(MIB);
	z_stream z = { .next_in = data, .avail_in = (uInt)len };
	int rc = Z_OK;

	CHECK(buf != NULL && inflateInit2(&z, bits) == Z_OK);
	while (rc == Z_OK) {
		z.next_out = buf;
		z.avail_out = (uInt)MIB;
		rc = inflate(&z, Z_NO_FLUSH);
		CHECK_OK(slu_buf_add(out, buf, MIB - z.avail_out));
		if (rc == Z_STREAM_END && bits > MAX_WBITS && z.avail_in > 0 &&
		    *z.next_in == 0x1f)
			rc = inflateReset(&z);
	}
	len = z.avail_in;
	CHECK(inflateEnd(&z) == Z_OK);
	free(buf);
	if (rc == Z_STREAM_END)
		return len == 0 ? SLU_EOF : SLU_ERR_FORMAT;
	return rc == Z_BUF_ERROR ? SLU_ERR_TRUNCATED : SLU_ERR_FORMAT;
}

/* The room under test must judge what it reads as plain zlib does. */
static slu_status
check_as_model(const void *data, size_t len, size_t format)
{
	const slu_inflate_options options = { .format = formats[format],
		.max_ratio = SLU_INFLATE_RATIO_MAX };
	slu_buf want = { .limit = 64 * MIB }, out = { .limit = 64 * MIB };
	slu_status st = model(data, len, window_bits[format], &want);

	CHECK_IS(st, unpack(data, len, &options, &whole, &out));
	CHECK_BYTES(
	    slu_buf_front(&want), want.len, slu_buf_front(&out), out.len);
	slu_buf_skip(&out, out.len);
	CHECK_IS(st, unpack(data, len, &options, &byte_by_byte, &out));
	CHECK_BYTES(
	    slu_buf_front(&want), want.len, slu_buf_front(&out), out.len);
	slu_buf_free(&want);
	slu_buf_free(&out);
	return st;
}

/* Put the bytes that `hex` spells at `out`. */
static size_t
unhex(unsigned char *out, const char *hex)
{
	size_t n = strlen(hex) / 2;
	unsigned byte;

	for (size_t i = 0; i < n; i++) {
		CHECK(sscanf(hex + 2 * i, "%2x", &byte) == 1);
		out[i] = (unsigned char)byte;
	}
	return n;
}

static slu_status
push_deflate(slu_bio **top, void *arg)
{
	return slu_deflate(top, arg);
}

static slu_status
push_inflate(slu_bio **top, void *arg)
{
	const slu_deflate_options *d = arg;
	const slu_inflate_options options = { .format = d->format };

	return slu_inflate(top, &options);
}

static void
deflate_holds_the_contract(slu_deflate_format format)
{
	static const int levels[] = { 0, 1, 9, SLU_DEFLATE_STORE };
	size_t step = check_slow("the default level only") ? COUNT(levels) : 1;

	for (size_t i = 0; i < COUNT(levels); i += step) {
		slu_deflate_options options = { format, levels[i] };
		const contract_filter deflate_filter = {
			.name = "deflate",
			.encode = push_deflate,
			.decode = push_inflate,
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
	size_t len = unhex(want, "789cf370f5f1f15708f70ff2710100128b031d");
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
	CHECK_IS(SLU_EOF, unpack(want, len, NULL, &whole, &out));
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

		pack("a", 1, SLU_GZIP, rows[i].level, &packed);
		CHECK(packed.len > unhex(want, rows[i].header));
		CHECK_BYTES(want, 10, slu_buf_front(&packed), 10);
		slu_buf_free(&packed);
	}
}

static void
options_out_of_range_are_misuse_and_push_nothing(void **state)
{
	static const slu_deflate_options bad[] = { { SLU_ZLIB, 10 },
		{ SLU_ZLIB, -2 }, { (slu_deflate_format)3, 6 } };
	const slu_inflate_options bad_in = { .format = (slu_deflate_format)3 };
	slu_bio *c = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK_IS(SLU_ERR_USAGE, slu_deflate(&c, &bad[i]));
		CHECK(c == NULL);
	}
	CHECK_WORDS("no such format");
	CHECK_IS(SLU_ERR_USAGE, slu_inflate(&c, &bad_in));
	CHECK(c == NULL);
	CHECK_IS(SLU_ERR_USAGE, slu_deflate(&c, &bad[0]));
	CHECK_WORDS("level 10 is not 1 to 9");
}

static void
what_was_flushed_is_read_before_more_arrives(void **state)
{
	(void)state;
	for (size_t f = 0; f < COUNT(formats); f++) {
		const slu_deflate_options to = { .format = formats[f] };
		const slu_inflate_options from = { .format = formats[f] };
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
	pack(plain, sizeof(plain), SLU_ZLIB, 0, &packed);
	for (size_t cut = 0; cut < packed.len; cut++) {
		slu_bio *c = NULL;
		int go = 0;

		slu_buf_skip(&so_far, so_far.len);
		CHECK_IS(SLU_ERR_TRUNCATED,
		    model(slu_buf_front(&packed), cut, MAX_WBITS, &so_far));
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
		size_t len = unhex(data, rows[i / 2].hex);

		CHECK_IS(SLU_ERR_FORMAT,
		    unpack(data, len, &options, paces[i % 2], &out));
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

		pack(plain, sizeof(plain), formats[f], 0, &packed);
		mem = packed.mem + packed.off;
		for (size_t i = 0; i < packed.len * 8; i++) {
			slu_buf out = { .limit = MIB };
			const slu_inflate_options options = { .format =
								  formats[f] };

			mem[i / 8] ^= (unsigned char)(1 << i % 8);
			(void)check_as_model(mem, packed.len, f);
			if (unpack(mem, packed.len, &options, &whole, &out) ==
			    SLU_EOF)
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
	size_t len = unhex(data, all), end = 0;
	slu_buf out = { .limit = 100 };

	(void)state;
	CHECK(len == 102);
	for (size_t cut = 0; cut <= len; cut++) {
		bool is_end = cut == ends[end];

		end += is_end;
		CHECK_IS(is_end ? SLU_EOF : SLU_ERR_TRUNCATED,
		    check_as_model(data, cut, 1));
	}
	CHECK_IS(SLU_EOF,
	    unpack(data, len, &(slu_inflate_options){ .format = SLU_GZIP },
		&whole, &out));
	CHECK_BYTES("HELLO WORLDHELLO WORLD", 22, slu_buf_front(&out), out.len);
	slu_buf_free(&out);
}

static void
an_empty_input_is_cut_short(void **state)
{
	slu_buf out = { .limit = 100 };

	(void)state;
	for (size_t f = 0; f < COUNT(formats); f++) {
		const slu_inflate_options options = { .format = formats[f] };

		CHECK_IS(
		    SLU_ERR_TRUNCATED, unpack("", 0, &options, &whole, &out));
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
	CHECK_IS(SLU_ERR_LIMIT,
	    unpack(slu_buf_front(&packed), packed.len, NULL, &whole, &out));
	CHECK_WORDS("more than 250 bytes for each one read (max_ratio)");
	CHECK(out.len == MIB);
	slu_buf_skip(&out, out.len);
	CHECK_IS(SLU_ERR_LIMIT,
	    unpack(slu_buf_front(&packed), packed.len, &few, &odd, &out));
	CHECK_WORDS("more than 2 bytes for each one read (max_ratio)");
	CHECK(out.len == MIB);
	slu_buf_skip(&out, out.len);
	CHECK_IS(SLU_EOF,
	    unpack(slu_buf_front(&packed), packed.len, &none, &whole, &out));
	CHECK(out.len == 64 * MIB);
	slu_buf_free(&out);
	slu_buf_free(&packed);
}

static void
a_ratio_is_not_asked_of_the_first_mebibyte(void **state)
{
	slu_buf packed = { .limit = MIB }, out = { .limit = 2 * MIB };

	(void)state;
	pack_zeros(MIB, &packed);
	CHECK_IS(SLU_EOF,
	    unpack(slu_buf_front(&packed), packed.len, NULL, &whole, &out));
	CHECK(out.len == MIB);
	slu_buf_skip(&packed, packed.len);
	slu_buf_skip(&out, out.len);
	pack_zeros(MIB + 1, &packed);
	CHECK_IS(SLU_ERR_LIMIT,
	    unpack(slu_buf_front(&packed), packed.len, NULL, &whole, &out));
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
	pack(plain, 4 * MIB, SLU_ZLIB, 0, &packed);
	CHECK(packed.len < 32 * 1024);
	CHECK_IS(SLU_EOF,
	    unpack(slu_buf_front(&packed), packed.len, NULL, &whole, &out));
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
	pack(plain, sizeof(plain), SLU_ZLIB, 0, &packed);
	for (size_t i = 0; i < 2; i++) {
		slu_inflate_options options = { .max_size = sizeof(plain) };
		slu_buf out = { .limit = 2000 };

		CHECK_IS(SLU_EOF, unpack(slu_buf_front(&packed), packed.len,
				      &options, paces[i], &out));
		CHECK(out.len == sizeof(plain));
		slu_buf_skip(&out, out.len);
		options.max_size--;
		CHECK_IS(
		    SLU_ERR_LIMIT, unpack(slu_buf_front(&packed), packed.len,
				       &options, paces[i], &out));
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
	unhex(want, want_hex);
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
	const slu_inflate_options options = { .format = formats[format] };
	slu_buf out = { .limit = MIB };
	slu_status st;

	CHECK(data != NULL && result != NULL);
	st = check_as_model(data, len, format);
	CHECK_IS(st, unpack(data, len, &options, &whole, &out));
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
hostile_streams_are_judged_as_zlib_does_and_nothing_may_follow(void **state)
{
	json *file = vectors_json("deflate/streams.json");
	const json *rows = json_get(file, "cases");

	(void)state;
	CHECK(rows != NULL && json_count(rows) > 40);
	for (const json *row = rows->first; row != NULL; row = row->next)
		check_stream(row);
	json_free(file);
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
		for (size_t f = 0; f < COUNT(formats); f++)
			(void)check_as_model(data, len, f);
		for (size_t k = 0; k < COUNT(levels); k++) {
			slu_buf packed = { .limit = 4 * MIB };
			slu_buf out = { .limit = 4 * MIB };

			pack(data, len, SLU_ZLIB, levels[k], &packed);
			CHECK_IS(SLU_EOF, unpack(slu_buf_front(&packed),
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
		    all_that_can_be_known_of_what_arrived_is_given_out),
		cmocka_unit_test(each_fault_has_its_own_words),
		cmocka_unit_test(every_flipped_byte_is_noticed_or_harmless),
		cmocka_unit_test(gzip_members_are_one_stream),
		cmocka_unit_test(an_empty_input_is_cut_short),
		cmocka_unit_test(a_bomb_is_stopped_by_its_ratio),
		cmocka_unit_test(a_ratio_is_not_asked_of_the_first_mebibyte),
		cmocka_unit_test(a_ratio_counts_all_that_was_read),
		cmocka_unit_test(
		    a_stream_of_the_greatest_size_passes_and_no_larger_one),
		cmocka_unit_test(
		    hostile_streams_are_judged_as_zlib_does_and_nothing_may_follow),
		cmocka_unit_test(
		    what_once_broke_zlib_is_judged_as_zlib_does_now),
	};

	return cmocka_run_group_tests_name("deflate", tests, NULL, NULL);
}
