/* SPDX-License-Identifier: ISC */
#include "seal/chunk.h"

#include <limits.h>
#include <stdlib.h>

#include "check.h"
#include "kit.h"
#include "vectors.h"

#include "seal/kdf.h"

static const unsigned char key[SLU_KEY_SIZE] = "an example of a key for chunks";
static const unsigned char nonce[SLU_NONCE_SIZE] = "a nonce here";

static const size_t lengths[] = { 0, 1, 63, 64, 65, 4096, SLU_CHUNK - 1,
	SLU_CHUNK };

static void
fill(unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		p[i] = (unsigned char)(i * 31 + i / 256);
}

static bool
is_all_zero(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != 0)
			return false;
	return true;
}

static void
what_was_sealed_opens(void **state)
{
	unsigned char plain[SLU_CHUNK], sealed[SLU_CHUNK_SEALED];
	unsigned char opened[SLU_CHUNK];
	slu_aead *a = NULL;

	(void)state;
	fill(plain, sizeof(plain));
	CHECK_OK(slu_aead_new(&a, key));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t len = lengths[i];

		CHECK_OK(slu_aead_seal(a, nonce, plain, len, sealed));
		CHECK_OK(slu_aead_open(
		    a, nonce, sealed, len + SLU_TAG_SIZE, opened));
		CHECK_BYTES(plain, len, opened, len);
	}
	slu_aead_free(a);
}

/*
 * OpenSSL finds anything authentic where it was given no tag, and some of
 * its calls have skipped the check where there is nothing to decrypt.
 */
static void
a_forgery_of_any_length_is_found_and_wiped(void **state)
{
	unsigned char plain[SLU_CHUNK], sealed[SLU_CHUNK_SEALED];
	unsigned char opened[SLU_CHUNK];
	slu_aead *a = NULL;

	(void)state;
	fill(plain, sizeof(plain));
	CHECK_OK(slu_aead_new(&a, key));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t len = lengths[i], all = len + SLU_TAG_SIZE;
		size_t at[] = { 0, len / 2, len, all - 1 };

		CHECK_OK(slu_aead_seal(a, nonce, plain, len, sealed));
		for (size_t k = 0; k < 4; k++) {
			sealed[at[k]] ^= 0x80;
			memset(opened, 0xaa, sizeof(opened));
			CHECK_IS(SLU_ERR_AUTH,
			    slu_aead_open(a, nonce, sealed, all, opened));
			CHECK(is_all_zero(opened, len));
			sealed[at[k]] ^= 0x80;
		}
		memset(sealed + len, 0, SLU_TAG_SIZE);
		CHECK_IS(
		    SLU_ERR_AUTH, slu_aead_open(a, nonce, sealed, all, opened));
		for (size_t n = 0; n < SLU_TAG_SIZE; n++)
			CHECK_IS(SLU_ERR_AUTH,
			    slu_aead_open(a, nonce, sealed, n, opened));
	}
	slu_aead_free(a);
}

/* A failure leaves nothing behind that the next message would notice. */
static void
a_key_serves_on_after_a_forgery(void **state)
{
	unsigned char sealed[5 + SLU_TAG_SIZE], opened[5];
	slu_aead *a = NULL;

	(void)state;
	CHECK_OK(slu_aead_new(&a, key));
	CHECK_OK(slu_aead_seal(a, nonce, "hello", 5, sealed));
	sealed[0] ^= 1;
	CHECK_IS(SLU_ERR_AUTH,
	    slu_aead_open(a, nonce, sealed, sizeof(sealed), opened));
	sealed[0] ^= 1;
	CHECK_OK(slu_aead_open(a, nonce, sealed, sizeof(sealed), opened));
	CHECK_BYTES("hello", 5, opened, 5);
	slu_aead_free(a);
}

static void
more_than_openssl_can_count_is_misuse(void **state)
{
	unsigned char byte = 0;
	slu_aead *a = NULL;
	size_t most = INT_MAX;

	(void)state;
	CHECK_OK(slu_aead_new(&a, key));
	CHECK_IS(
	    SLU_ERR_USAGE, slu_aead_seal(a, nonce, &byte, most + 1, &byte));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_aead_open(a, nonce, &byte, most + 1 + SLU_TAG_SIZE, &byte));
	slu_aead_free(a);
}

static size_t
try_aead(const json *test, bool valid)
{
	size_t n, len, ct_len, tag_len;
	unsigned char *k = json_hex(test, "key", &n);
	unsigned char *iv = json_hex(test, "iv", &n);
	unsigned char *aad = json_hex(test, "aad", &len);
	unsigned char *msg = json_hex(test, "msg", &n);
	unsigned char *ct = json_hex(test, "ct", &ct_len);
	unsigned char *tag = json_hex(test, "tag", &tag_len);
	unsigned char *sealed = malloc(ct_len + tag_len + SLU_TAG_SIZE);
	unsigned char *out = malloc(ct_len + SLU_TAG_SIZE);
	slu_aead *a = NULL;

	CHECK(k != NULL && iv != NULL && aad != NULL && sealed != NULL);
	CHECK(msg != NULL && ct != NULL && tag != NULL && out != NULL);
	if (len == 0) {
		CHECK_OK(slu_aead_new(&a, k));
		memcpy(sealed, ct, ct_len);
		memcpy(sealed + ct_len, tag, tag_len);
		CHECK_IS(valid ? SLU_OK : SLU_ERR_AUTH,
		    slu_aead_open(a, iv, sealed, ct_len + tag_len, out));
	}
	if (len == 0 && valid) {
		CHECK_BYTES(msg, n, out, ct_len);
		CHECK_OK(slu_aead_seal(a, iv, msg, n, out));
		CHECK_BYTES(sealed, ct_len + tag_len, out, n + SLU_TAG_SIZE);
	}
	slu_aead_free(a);
	free(k);
	free(iv);
	free(aad);
	free(msg);
	free(ct);
	free(tag);
	free(sealed);
	free(out);
	return len == 0 ? 1 : 0;
}

static void
the_aead_passes_wycheproof_where_nothing_is_associated(void **state)
{
	json *root = vectors_json("wycheproof/chacha20_poly1305_test.json");
	size_t tried = 0;

	(void)state;
	for (const json *group = json_get(root, "testGroups")->first;
	     group != NULL; group = group->next) {
		if (json_get(group, "ivSize")->number != 96 ||
		    json_get(group, "tagSize")->number != 128)
			continue;
		for (const json *test = json_get(group, "tests")->first;
		     test != NULL; test = test->next)
			tried += try_aead(test,
			    strcmp(json_text(test, "result"), "valid") == 0);
	}
	json_free(root);
	print_message("%zu cases\n", tried);
	CHECK(tried >= 45);
}

static void
a_chunk_opens_only_in_its_place(void **state)
{
	static const uint64_t indices[] = { 0, 1, 255, 256, UINT32_MAX,
		UINT64_C(1) << 32, UINT64_MAX - 1 };
	size_t n = sizeof(indices) / sizeof(indices[0]);
	unsigned char sealed[3 + SLU_TAG_SIZE], opened[3];
	slu_aead *a = NULL;

	(void)state;
	CHECK_OK(slu_aead_new(&a, key));
	for (size_t i = 0; i < n; i++) {
		CHECK_OK(slu_chunk_seal(
		    a, indices[i], SLU_CHUNK_INNER, "abc", 3, sealed));
		for (size_t k = 0; k < n; k++) {
			CHECK_IS(i == k ? SLU_OK : SLU_ERR_AUTH,
			    slu_chunk_open(a, indices[k], SLU_CHUNK_INNER,
				sealed, sizeof(sealed), opened));
			CHECK_IS(SLU_ERR_AUTH,
			    slu_chunk_open(a, indices[k], SLU_CHUNK_LAST,
				sealed, sizeof(sealed), opened));
		}
	}
	slu_aead_free(a);
}

/* The format's nonce, written down byte by byte. */
static void
the_nonce_is_a_counter_and_the_place(void **state)
{
	static const unsigned char written[SLU_NONCE_SIZE] = { 0, 0, 0, 0x01,
		0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x01 };
	unsigned char a_sealed[3 + SLU_TAG_SIZE], b_sealed[3 + SLU_TAG_SIZE];
	slu_aead *a = NULL;

	(void)state;
	CHECK_OK(slu_aead_new(&a, key));
	CHECK_OK(slu_chunk_seal(a, UINT64_C(0x0102030405060708), SLU_CHUNK_LAST,
	    "abc", 3, a_sealed));
	CHECK_OK(slu_aead_seal(a, written, "abc", 3, b_sealed));
	CHECK_BYTES(b_sealed, sizeof(b_sealed), a_sealed, sizeof(a_sealed));
	slu_aead_free(a);
}

static void
the_counter_never_comes_round(void **state)
{
	unsigned char sealed[3 + SLU_TAG_SIZE], opened[3];
	slu_aead *a = NULL;

	(void)state;
	CHECK_OK(slu_aead_new(&a, key));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_chunk_seal(a, UINT64_MAX, SLU_CHUNK_LAST, "abc", 3, sealed));
	CHECK_OK(slu_chunk_seal(
	    a, UINT64_MAX - 1, SLU_CHUNK_LAST, "abc", 3, sealed));
	CHECK_IS(SLU_ERR_LIMIT, slu_chunk_open(a, UINT64_MAX, SLU_CHUNK_LAST,
				    sealed, sizeof(sealed), opened));
	slu_aead_free(a);
}

/* Open a vector's payload chunk by chunk, and seal each chunk again. */
static void
seal_again(const kit_vector *v, const unsigned char *payload, size_t len)
{
	unsigned char payload_key[SLU_KEY_SIZE], plain[SLU_CHUNK];
	unsigned char sealed[SLU_CHUNK_SEALED];
	slu_aead *a = NULL;

	CHECK_OK(slu_kdf_payload(payload_key, v->file_key, payload));
	CHECK_OK(slu_aead_new(&a, payload_key));
	payload += SLU_PAYLOAD_NONCE;
	len -= SLU_PAYLOAD_NONCE;
	for (uint64_t i = 0; len > 0; i++) {
		bool last = len <= SLU_CHUNK_SEALED;
		size_t n = last ? len : SLU_CHUNK_SEALED;
		slu_chunk_place place = last ? SLU_CHUNK_LAST : SLU_CHUNK_INNER;

		CHECK_OK(slu_chunk_open(a, i, place, payload, n, plain));
		CHECK_OK(slu_chunk_seal(
		    a, i, place, plain, n - SLU_TAG_SIZE, sealed));
		CHECK_BYTES(payload, n, sealed, n);
		payload += n;
		len -= n;
	}
	slu_aead_free(a);
}

static void
try_vector(const kit_vector *v, void *arg)
{
	static const char end[] = "\n--- ";
	size_t at = 0, *tried = arg;

	if (v->expect != KIT_SUCCESS || v->armored)
		return;
	while (memcmp(v->file + at, end, strlen(end)) != 0)
		at++;
	at += strlen(end) + SLU_MAC_CHARS + 1;
	seal_again(v, v->file + at, v->len - at);
	++*tried;
}

static void
the_kits_chunks_are_sealed_byte_for_byte_as_there(void **state)
{
	size_t tried = 0;

	(void)state;
	(void)kit_each(try_vector, &tried);
	CHECK(tried >= 18);
}

/* A last chunk of `len` bytes, with others behind it. */
static size_t
find_among(size_t len, size_t more, size_t damaged)
{
	unsigned char plain[SLU_CHUNK] = { 0 };
	unsigned char sealed[SLU_CHUNK_SEALED + 40];
	size_t all = len + SLU_TAG_SIZE, found = 1;
	slu_aead *a = NULL;

	fill(plain, len);
	fill(sealed, sizeof(sealed));
	CHECK_OK(slu_aead_new(&a, key));
	CHECK_OK(slu_chunk_seal(a, 7, SLU_CHUNK_LAST, plain, len, sealed));
	slu_aead_free(a);
	if (damaged < all)
		sealed[damaged] ^= 1;
	CHECK_OK(slu_chunk_find_last(key, 7, sealed, all + more, &found));
	return found;
}

static void
where_the_last_chunk_ends_is_found_among_bytes_behind_it(void **state)
{
	(void)state;
	for (size_t len = 0; len <= 50; len++)
		for (size_t more = 0; more <= 40; more += 5)
			CHECK(find_among(len, more, SIZE_MAX) ==
			      len + SLU_TAG_SIZE);
	CHECK(find_among(SLU_CHUNK - 1, 1, SIZE_MAX) == SLU_CHUNK_SEALED - 1);
	CHECK(find_among(30000, 40, SIZE_MAX) == 30000 + SLU_TAG_SIZE);
}

static void
no_end_is_found_where_a_byte_is_another_one(void **state)
{
	size_t found = 1;

	(void)state;
	for (size_t i = 0; i < 50 + SLU_TAG_SIZE; i++)
		CHECK(find_among(50, 40, i) == 0);
	CHECK_OK(slu_chunk_find_last(key, 7, "fifteen bytes..", 15, &found));
	CHECK(found == 0);
	CHECK_IS(
	    SLU_ERR_LIMIT, slu_chunk_find_last(key, UINT64_MAX, "", 0, &found));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sealed_opens),
		cmocka_unit_test(a_forgery_of_any_length_is_found_and_wiped),
		cmocka_unit_test(a_key_serves_on_after_a_forgery),
		cmocka_unit_test(more_than_openssl_can_count_is_misuse),
		cmocka_unit_test(
		    the_aead_passes_wycheproof_where_nothing_is_associated),
		cmocka_unit_test(a_chunk_opens_only_in_its_place),
		cmocka_unit_test(the_nonce_is_a_counter_and_the_place),
		cmocka_unit_test(the_counter_never_comes_round),
		cmocka_unit_test(
		    the_kits_chunks_are_sealed_byte_for_byte_as_there),
		cmocka_unit_test(
		    where_the_last_chunk_ends_is_found_among_bytes_behind_it),
		cmocka_unit_test(no_end_is_found_where_a_byte_is_another_one),
	};

	return cmocka_run_group_tests_name("chunk", tests, NULL, NULL);
}
