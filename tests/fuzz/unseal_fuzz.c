/* SPDX-License-Identifier: ISC */
/*
 * What is fed says how to spoil a sealed file, or is one.
 *
 * Whatever was done to it, what comes out is a beginning of what was sealed,
 * in whole chunks, and it ends well only where nothing was changed at all.  Any
 * part of it that can be read is what was sealed there.
 */
#include "spoilt.h"

#include "sluice/sealed.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Open `file` and hold it to what is true of every file. */
static void
open_it(size_t piece)
{
	static unsigned char out[ROOM];
	slu_identities *ids = holder();
	slu_bio *c = NULL;
	size_t got, all = 0;
	slu_status st;

	must(slu_view_open(&c, file, file_len) == SLU_OK);
	must(slu_unseal(&c, ids, NULL) == SLU_OK);
	slu_identities_free(ids);
	while ((st = slu_bio_read(c, out + all,
		    piece < ROOM - all ? piece : ROOM - all, &got)) == SLU_OK)
		all += got;
	must(st == SLU_EOF || slu_failed(st));
	must(all <= PLAIN && memcmp(out, plain, all) == 0);
	if (st == SLU_EOF)
		must(all == PLAIN && file_len == original_len &&
		     memcmp(file, original, file_len) == 0);
	else
		must(all % SLU_CHUNK == 0);
	must(slu_bio_read(c, out, 1, &got) == st && got == 0);
	slu_bio_free(c);
}

/* Read it at offsets, wherever its end is authentic. */
static void
open_parts(const slu_sealed_source *source, slu_identities *ids, size_t piece)
{
	static unsigned char out[ROOM];
	slu_sealed *s = NULL;
	uint64_t size;
	size_t got;

	if (slu_sealed_open(&s, source, ids, NULL) != SLU_OK)
		return;
	size = slu_sealed_size(s);
	must(size <= PLAIN);
	for (uint64_t at = 0; at < size; at += piece)
		if (slu_sealed_read_at(s, at, out, piece, &got) == SLU_OK)
			must(got > 0 && got <= size - at &&
			     memcmp(out, plain + at, got) == 0);
	must(slu_sealed_read_at(s, size, out, 1, &got) == SLU_EOF);
	slu_sealed_free(s);
}

static void
open_otherwise(size_t piece)
{
	const slu_sealed_source source = { .read_at = read_spoilt,
		.size = file_len };
	slu_identities *ids = holder();

	open_parts(&source, ids, piece < 4096 ? 4096 : piece);
	slu_identities_free(ids);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece;

	make_original();
	if (size < 2 || size > ROOM)
		return 0;
	piece = data[1] % 2 == 0 ? ROOM : (size_t)data[1] * 641;
	if (data[0] % 4 == 0) {
		file_len = size - 2;
		memcpy(file, data + 2, file_len);
		open_it(piece);
		open_otherwise(piece);
		return 0;
	}
	spoil_all(data + 2, size - 2);
	open_it(piece);
	open_otherwise(piece);
	return 0;
}
