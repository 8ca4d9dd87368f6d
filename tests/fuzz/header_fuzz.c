/* SPDX-License-Identifier: ISC */
/*
 * What is fed is a header, in pieces that its first bytes choose.
 *
 * It meets the same verdict however it is cut.  One that is right encodes to
 * the bytes it was parsed from.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seal/parse.h"
#include "seal/scrypt.h"

#define PIECES 4 /* bytes of the input that say how it is cut */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* Feed pieces whose sizes come round and round. */
static slu_status
feed(slu_parser *p, const uint8_t *text, size_t len, const uint8_t *sizes,
    size_t *used)
{
	slu_status st = SLU_WANT_READ;
	size_t n, moved;

	*used = 0;
	for (size_t i = 0; st == SLU_WANT_READ && *used < len; i++) {
		n = (size_t)1 + sizes[i % PIECES];
		if (n > len - *used)
			n = len - *used;
		st = slu_parser_feed(p, text + *used, n, &moved);
		must(moved <= n && (st != SLU_WANT_READ || moved == n));
		*used += moved;
	}
	return st;
}

static void
encode_again(const slu_parser *p, const uint8_t *text, size_t used)
{
	slu_buf out = { .limit = SLU_HEADER_MAX };

	must(slu_header_encode(&p->header, &out) == SLU_OK);
	must(out.len == p->covered);
	must(slu_header_encode_mac(&p->header, &out) == SLU_OK);
	must(out.len == used && memcmp(slu_buf_front(&out), text, used) == 0);
	must(p->text.len == used);
	slu_buf_free(&out);
}

static void
look_for_a_passphrase(const slu_header *h)
{
	slu_scrypt_stanza s;
	slu_status st;
	bool found;

	st = slu_scrypt_find(h, &s, &found);
	must(st == SLU_OK || st == SLU_ERR_FORMAT);
	if (st == SLU_OK && found)
		must(h->nstanzas == 1 && s.work_factor > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_parser whole = { 0 }, pieces = { 0 };
	char why[SLU_ERROR_MAX] = "";
	size_t used = 0, again;
	const uint8_t *text;
	slu_status st;

	if (size < PIECES)
		return 0;
	text = data + PIECES;
	size -= PIECES;
	st = slu_parser_feed(&whole, text, size, &used);
	if (slu_failed(st))
		memcpy(why, slu_error(), strlen(slu_error()) + 1);
	if (size > 0) {
		must(feed(&pieces, text, size, data, &again) == st);
		must(again == used);
	}
	if (slu_failed(st))
		must(strcmp(why, slu_error()) == 0);
	if (st == SLU_OK) {
		encode_again(&whole, text, used);
		look_for_a_passphrase(&whole.header);
	}
	slu_parser_free(&whole);
	slu_parser_free(&pieces);
	return 0;
}
