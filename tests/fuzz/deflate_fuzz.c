/* SPDX-License-Identifier: ISC */
/*
 * What was compressed, at any level, in any pieces and with flushes in
 * between, is what comes out again.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/deflate.h"
#include "sluice/mem.h"

#define MOST (64 * 1024) /* bytes of input that are looked at */
#define ROOM (64 * MOST)

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
pack(const uint8_t *plain, size_t len, const slu_deflate_options *options,
    size_t piece, slu_buf *packed)
{
	slu_bio *c = NULL;
	size_t put;

	must(slu_mem_open(&c, packed) == SLU_OK);
	must(slu_deflate(&c, options) == SLU_OK);
	for (size_t off = 0; off < len; off += put) {
		size_t n = len - off < piece ? len - off : piece;

		must(slu_bio_write(c, plain + off, n, &put) == SLU_OK);
		/* The bytes themselves say when. */
		if (plain[off] % 16 == 0)
			must(slu_bio_flush(c) == SLU_OK);
	}
	must(slu_bio_finish(c) == SLU_OK);
	slu_bio_free(c);
}

static void
unpack(slu_buf *packed, slu_deflate_format format, const uint8_t *plain,
    size_t len)
{
	const slu_inflate_options options = { .format = format };
	unsigned char buf[1000];
	size_t got, done = 0;
	slu_bio *c = NULL;
	slu_status st;

	must(slu_mem_open(&c, packed) == SLU_OK);
	must(slu_inflate(&c, &options) == SLU_OK);
	while ((st = slu_bio_read(c, buf, sizeof(buf), &got)) == SLU_OK) {
		must(got <= len - done && memcmp(buf, plain + done, got) == 0);
		done += got;
	}
	must(st == SLU_EOF && done == len);
	slu_bio_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The first byte chooses format, level and whether it is in blocks, the
 * second the pieces.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_buf packed = { .limit = ROOM };
	slu_deflate_options options;

	if (size < 2 || size > MOST)
		return 0;
	options.format = (slu_deflate_format)(data[0] % 3);
	options.level = data[0] / 3 % 11 - 1;
	options.threads = data[0] / 33 % 4;
	pack(data + 2, size - 2, &options, 1 + data[1] * 16U, &packed);
	unpack(&packed, options.format, data + 2, size - 2);
	slu_buf_free(&packed);
	return 0;
}
