/* SPDX-License-Identifier: ISC */
/*
 * What is fed is what a proxy answers.
 *
 * The verdict is the same however it arrives, and of a tunnel that stands,
 * what was read is exactly the answer, as counted here once more.
 */
#include "far_end.h"

#include "sluice/socks.h"

#define MOST 4096

static slu_status
meet(struct far_end *f, const slu_socks_options *options)
{
	slu_bio *c = NULL;
	slu_status st;

	far_end_open(&c, f);
	must(slu_socks_connect(&c, "192.0.2.7", 443, options) == SLU_OK);
	st = far_end_meet(c);
	slu_bio_free(c);
	return st;
}

/* Bytes of the answers at `p`, which are known to be whole and right. */
static size_t
answered(const uint8_t *p, const slu_socks_options *options)
{
	size_t n = 2;

	if (options->version == SLU_SOCKS4A)
		return 8;
	must(p[0] == 5 && (p[1] == 0 || (p[1] == 2 && options->user)));
	if (p[1] == 2) {
		must(p[2] == 1 && p[3] == 0);
		n = 4;
	}
	must(p[n] == 5 && p[n + 1] == 0 && p[n + 2] == 0);
	switch (p[n + 3]) {
	case 1: return n + 10;
	case 3: return n + 7 + p[n + 4];
	case 4: return n + 22;
	}
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the version, a login, and the size of pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_socks_options options = { 0 };
	struct far_end whole, pieces;
	slu_status st;

	if (size == 0 || size > MOST)
		return 0;
	if (data[0] & 1)
		options.version = SLU_SOCKS4A;
	else if (data[0] & 2)
		options.user = options.password = "alice";
	whole = (struct far_end){ data + 1, size - 1, MOST, 0 };
	pieces = whole;
	pieces.piece = 1 + (data[0] >> 2);
	st = meet(&whole, &options);
	must(meet(&pieces, &options) == st);
	if (st == SLU_OK) {
		size_t n = answered(data + 1, &options);

		must(whole.data == data + 1 + n);
		must(pieces.data == whole.data);
	} else
		must(st == SLU_ERR_FORMAT || st == SLU_ERR_PEER ||
		     st == SLU_ERR_TRUNCATED);
	return 0;
}
