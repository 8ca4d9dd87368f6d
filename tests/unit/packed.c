/* SPDX-License-Identifier: ISC */
#include "packed.h"

#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

#include "check.h"
#include "choke.h"
#include "sluice/base64.h"
#include "sluice/mem.h"
#include "sluice/view.h"

const slu_deflate_format packed_formats[3] = { SLU_ZLIB, SLU_GZIP, SLU_RAW };

static const int window_bits[] = { MAX_WBITS, MAX_WBITS + 16, -MAX_WBITS };

static const trial_pace whole = { .name = "whole" };
static const trial_pace byte_by_byte = { .name = "byte by byte", .piece = 1 };

slu_status
packed_push_deflate(slu_bio **top, void *arg)
{
	return slu_deflate(top, arg);
}

slu_status
packed_push_inflate(slu_bio **top, void *arg)
{
	const slu_deflate_options *d = arg;

	return slu_inflate(top, &(slu_inflate_options){ .format = d->format });
}

slu_bio *
packed_text_writer(slu_buf *queue)
{
	slu_bio *c = NULL;

	CHECK_OK(slu_mem_open(&c, queue));
	CHECK_OK(slu_base64_encode(&c, &(slu_base64_options){ .columns = 64 }));
	CHECK_OK(slu_deflate(&c, NULL));
	return c;
}

slu_bio *
packed_text_reader(slu_buf *queue)
{
	slu_bio *c = NULL;

	CHECK_OK(slu_mem_open(&c, queue));
	CHECK_OK(slu_base64_decode(&c, NULL));
	CHECK_OK(slu_inflate(&c, NULL));
	return c;
}

void
packed_make(const void *plain, size_t len, slu_deflate_format format, int level,
    slu_buf *out)
{
	const slu_deflate_options options = { .format = format,
		.level = level };

	packed_make_with(plain, len, &options, &whole, out);
}

void
packed_make_with(const void *plain, size_t len,
    const slu_deflate_options *options, const trial_pace *pace, slu_buf *out)
{
	trial t = { .room = "deflate", .pace = pace->name, .len = len };
	slu_bio *c = NULL;

	CHECK_OK(slu_mem_open(&c, out));
	if (pace->choke > 0)
		CHECK_OK(choke_push(&c, pace->choke));
	CHECK_OK(slu_deflate(&c, options));
	CHECK_OK(trial_write(&t, c, plain, len, pace));
	CHECK_OK(trial_finish(&t, c));
	slu_bio_free(c);
}

slu_status
packed_read(const void *data, size_t len, const slu_inflate_options *options,
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

slu_status
packed_model(const void *data, size_t len, int bits, slu_buf *out)
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

slu_status
packed_check(const void *data, size_t len, size_t format)
{
	const slu_inflate_options options = { .format = packed_formats[format],
		.max_ratio = SLU_INFLATE_RATIO_MAX };
	slu_buf want = { .limit = 64 * MIB }, out = { .limit = 64 * MIB };
	slu_status st = packed_model(data, len, window_bits[format], &want);

	CHECK_IS(st, packed_read(data, len, &options, &whole, &out));
	CHECK_BYTES(
	    slu_buf_front(&want), want.len, slu_buf_front(&out), out.len);
	slu_buf_skip(&out, out.len);
	CHECK_IS(st, packed_read(data, len, &options, &byte_by_byte, &out));
	CHECK_BYTES(
	    slu_buf_front(&want), want.len, slu_buf_front(&out), out.len);
	slu_buf_free(&want);
	slu_buf_free(&out);
	return st;
}

size_t
packed_unhex(unsigned char *out, const char *hex)
{
	size_t n = strlen(hex) / 2;
	unsigned byte;

	for (size_t i = 0; i < n; i++) {
		CHECK(sscanf(hex + 2 * i, "%2x", &byte) == 1);
		out[i] = (unsigned char)byte;
	}
	return n;
}
