/* SPDX-License-Identifier: ISC */
/*
 * What is fed is what a proxy answers.
 *
 * The verdict is the same however it arrives, no more than the limit is
 * read, and of a tunnel that stands, what was read ends with the first empty
 * line, or with the one behind an interim answer.
 */
#include "far_end.h"

#include "sluice/http_proxy.h"

#define MOST (SLU_HTTP_HEADER_MAX + 512)

static slu_status
meet(struct far_end *f)
{
	slu_bio *c = NULL;
	slu_status st;

	far_end_open(&c, f);
	must(slu_http_connect(&c, "example.org", 443, NULL) == SLU_OK);
	st = far_end_meet(c);
	slu_bio_free(c);
	return st;
}

/* Where the first empty line from `at` on ends. */
static size_t
behind_empty_line(const uint8_t *p, size_t len, size_t at)
{
	for (size_t begin = at; at < len; at++) {
		if (p[at] != '\n')
			continue;
		if (at == begin || (at == begin + 1 && p[begin] == '\r'))
			return at + 1;
		begin = at + 1;
	}
	abort();
}

/* Bytes of the answers at `p`, of which the last one is a success. */
static size_t
answered(const uint8_t *p, size_t len)
{
	size_t at = 0, code;

	do {
		must(len - at > 12 && memcmp(p + at, "HTTP/1.", 7) == 0);
		code = at + 9;
		at = behind_empty_line(p, len, at);
	} while (p[code] == '1');
	must(p[code] == '2');
	return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the size of pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct far_end whole, pieces;
	slu_status st;

	if (size == 0 || size > MOST)
		return 0;
	whole = (struct far_end){ data + 1, size - 1, MOST, 0 };
	pieces = whole;
	pieces.piece = 1 + data[0] % 16;
	st = meet(&whole);
	must(meet(&pieces) == st);
	must(whole.data <= data + 1 + SLU_HTTP_HEADER_MAX + 14);
	if (st == SLU_OK) {
		must(whole.data == data + 1 + answered(data + 1, size - 1));
		must(pieces.data == whole.data);
	} else
		must(st == SLU_ERR_FORMAT || st == SLU_ERR_PEER ||
		     st == SLU_ERR_TRUNCATED || st == SLU_ERR_LIMIT);
	return 0;
}
