/* SPDX-License-Identifier: ISC */
/*
 * spoilt.h: a sealed file that is known, and what the input does to it.  Its
 * only stanza is of a type that nobody knows; its file key opens it.
 */
#ifndef SLUICE_TESTS_SPOILT_H
#define SLUICE_TESTS_SPOILT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seal/chunk.h"
#include "seal/header.h"
#include "seal/identity_internal.h"
#include "seal/kdf.h"

#define PLAIN (2 * SLU_CHUNK + 1000)
#define ROOM (8 * SLU_CHUNK) /* bytes that a spoilt file may have */
#define OP 6                 /* bytes of the input that spoil it once */

static const unsigned char file_key[SLU_FILE_KEY] = "YELLOW SUBMARIN";
static unsigned char plain[PLAIN];
static unsigned char original[ROOM];
static size_t original_len;
static size_t payload_at; /* where the first chunk is in it */
static unsigned char file[ROOM];
static size_t file_len;

static inline void
must(bool ok)
{
	if (!ok)
		abort();
}

static inline void
append(const void *data, size_t len)
{
	memcpy(original + original_len, data, len);
	original_len += len;
}

static inline void
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

static inline void
append_payload(void)
{
	static const unsigned char nonce[SLU_PAYLOAD_NONCE] = "no random nonce";
	unsigned char key[SLU_KEY_SIZE], sealed[SLU_CHUNK_SEALED];
	slu_aead *a = NULL;

	append(nonce, sizeof(nonce));
	payload_at = original_len;
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

static inline void
make_original(void)
{
	if (original_len > 0)
		return;
	for (size_t i = 0; i < PLAIN; i++)
		plain[i] = (unsigned char)(i * 17 + i / 4096);
	append_header();
	append_payload();
}

/* Copy, cut out or flip; positions beyond the end count from its start. */
static inline void
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

/* The original, with all done to it that the input says. */
static inline void
spoil_all(const uint8_t *data, size_t size)
{
	memcpy(file, original, original_len);
	file_len = original_len;
	for (size_t at = 0; at + OP <= size; at += OP)
		spoil(data + at);
}

/* Who has the file's own key. */
static inline slu_identities *
holder(void)
{
	slu_identities *ids = NULL;

	must(slu_identities_new(&ids) == SLU_OK);
	must(slu_identities_file_key(ids, file_key) == SLU_OK);
	return ids;
}

/* A source of the spoilt file (slu_sealed_source). */
static inline slu_status
read_spoilt(void *arg, uint64_t offset, void *buf, size_t len)
{
	(void)arg;
	must(offset <= file_len && len <= file_len - offset);
	memcpy(buf, file + offset, len);
	return SLU_OK;
}

#endif
