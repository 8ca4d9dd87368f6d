/* SPDX-License-Identifier: ISC */
/*
 * What is fed says how to spoil a sealed file, or is one.
 *
 * Whatever was done to it, what comes out is a beginning of what was sealed,
 * in whole chunks, and it ends well only where nothing was changed at all.  Any
 * part of it that can be read is what was sealed there.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seal/chunk.h"
#include "seal/header.h"
#include "seal/identity_internal.h"
#include "seal/kdf.h"
#include "sluice/sealed.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define PLAIN (2 * SLU_CHUNK + 1000)
#define ROOM (8 * SLU_CHUNK) /* bytes that a spoilt file may have */
#define OP 6                 /* bytes of the input that spoil it once */

static const unsigned char file_key[SLU_FILE_KEY] = "YELLOW SUBMARIN";
static unsigned char plain[PLAIN];
static unsigned char original[ROOM];
static size_t original_len;
static unsigned char file[ROOM];
static size_t file_len;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
append(const void *data, size_t len)
{
	memcpy(original + original_len, data, len);
	original_len += len;
}

static void
append_header(void)
{
	slu_buf text = { .limit = SLU_HEADER_MAX };
	slu_header h = { 0 };
	slu_stanza *s;

	must(slu_header_add(&h, &s) == SLU_OK);
	must(slu_stanza_add_arg(s, "fuzz") == SLU_OK);
	must(slu_header_encode(&h, &text) == SLU_OK);
	must(slu_kdf_mac(h.mac, file_key, slu_buf_front(&text), text.len) ==
	     SLU_OK);
	must(slu_header_encode_mac(&h, &text) == SLU_OK);
	append(slu_buf_front(&text), text.len);
	slu_buf_free(&text);
	slu_header_free(&h);
}

static void
append_payload(void)
{
	static const unsigned char nonce[SLU_PAYLOAD_NONCE] = "no random nonce";
	unsigned char key[SLU_KEY_SIZE], sealed[SLU_CHUNK_SEALED];
	slu_aead *a = NULL;

	append(nonce, sizeof(nonce));
	must(slu_kdf_payload(key, file_key, nonce) == SLU_OK);
	must(slu_aead_new(&a, key) == SLU_OK);
	for (size_t at = 0; at < PLAIN; at += SLU_CHUNK) {
		bool last = PLAIN - at <= SLU_CHUNK;
		size_t n = last ? PLAIN - at : SLU_CHUNK;

		must(slu_chunk_seal(a, at / SLU_CHUNK,
			 last ? SLU_CHUNK_LAST : SLU_CHUNK_INNER, plain + at, n,
			 sealed) == SLU_OK);
		append(sealed, n + SLU_TAG_SIZE);
	}
	slu_aead_free(a);
}

static void
make_original(void)
{
	for (size_t i = 0; i < PLAIN; i++)
		plain[i] = (unsigned char)(i * 17 + i / 4096);
	append_header();
	append_payload();
}

/* Copy, cut out or flip; positions beyond the end count from its start. */
static void
spoil(const uint8_t op[OP])
{
	size_t at = (size_t)(op[1] << 16 | op[2] << 8 | op[3]);
	size_t len = (size_t)(op[4] << 8 | op[5]);

	if (file_len == 0)
		return;
	at %= file_len;
	if (op[0] % 8 >= 6)
		len = SLU_CHUNK_SEALED; /* whole chunks, here and there */
	switch (op[0] % 4) {
	case 0: file[at] ^= (unsigned char)len; break;
	case 1: file_len = at; break;
	case 2:
		len = len < file_len - at ? len : file_len - at;
		memmove(file + at, file + at + len, file_len - at - len);
		file_len -= len;
		break;
	case 3:
		len = len < file_len - at ? len : file_len - at;
		len = len < ROOM - file_len ? len : ROOM - file_len;
		memmove(file + at + len, file + at, file_len - at);
		file_len += len;
		break;
	}
}

/* Open `file` and hold it to what is true of every file. */
static void
open_it(size_t piece)
{
	static unsigned char out[ROOM];
	slu_identities *ids = NULL;
	slu_bio *c = NULL;
	size_t got, all = 0;
	slu_status st;

	must(slu_identities_new(&ids) == SLU_OK);
	must(slu_identities_file_key(ids, file_key) == SLU_OK);
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

static slu_status
read_at(void *arg, uint64_t offset, void *buf, size_t len)
{
	(void)arg;
	must(offset <= file_len && len <= file_len - offset);
	memcpy(buf, file + offset, len);
	return SLU_OK;
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
	const slu_sealed_source source = { .read_at = read_at,
		.size = file_len };
	slu_identities *ids = NULL;

	must(slu_identities_new(&ids) == SLU_OK);
	must(slu_identities_file_key(ids, file_key) == SLU_OK);
	open_parts(&source, ids, piece < 4096 ? 4096 : piece);
	slu_identities_free(ids);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece;

	if (original_len == 0)
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
	memcpy(file, original, original_len);
	file_len = original_len;
	for (size_t at = 2; at + OP <= size; at += OP)
		spoil(data + at);
	open_it(piece);
	open_otherwise(piece);
	return 0;
}
