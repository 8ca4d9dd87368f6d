/* SPDX-License-Identifier: ISC */
/*
 * What is fed is the text of a key, public and secret.  One that is taken is
 * spelt as we would spell it, and has a public half that is taken too; or it is
 * of a kind that we do not have, which is said in words that can be printed.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seal/key_text.h"
#include "seal/x25519.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
must_be_spelt(
    const char *text, size_t size, const char *name, const unsigned char *bytes)
{
	char again[SLU_X25519_SECRET_CHARS + 1];

	slu_bech32_encode(again, name, bytes, SLU_POINT);
	must(strlen(again) == size && memcmp(again, text, size) == 0);
}

static void
must_have_a_public_half(const slu_key *secret)
{
	slu_buf name = { .limit = 1024 };
	slu_key key = SLU_KEY_NONE;

	must(
	    secret->kind->name(slu_buf_front(&secret->bytes), &name) == SLU_OK);
	must(slu_key_read_public(
		 &key, (const char *)slu_buf_front(&name), name.len) == SLU_OK);
	slu_buf_free(&key.bytes);
	slu_buf_free(&name);
}

static void
must_be_words(const slu_key *foreign)
{
	const char *words = (const char *)slu_buf_front(&foreign->bytes);

	must(foreign->bytes.len > 0 && foreign->bytes.len < 200);
	for (size_t i = 0; i < foreign->bytes.len; i++)
		must(words[i] >= ' ' && words[i] <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_key public = SLU_KEY_NONE, secret = SLU_KEY_NONE;
	const char *text = (const char *)data;
	slu_status st;

	st = slu_key_read_public(&public, text, size);
	must(st == SLU_OK || st == SLU_ERR_FORMAT || st == SLU_ERR_LIMIT);
	if (st == SLU_OK && public.kind == NULL)
		must_be_words(&public);
	else if (st == SLU_OK && public.kind == &slu_x25519)
		must_be_spelt(text, size, SLU_X25519_PUBLIC_NAME,
		    slu_buf_front(&public.bytes));
	st = slu_key_read_secret(&secret, text, size);
	must(st == SLU_OK || st == SLU_ERR_FORMAT || st == SLU_ERR_LIMIT);
	if (st == SLU_OK && secret.kind == NULL)
		must_be_words(&secret);
	else if (st == SLU_OK)
		must_have_a_public_half(&secret);
	if (st == SLU_OK && secret.kind == &slu_x25519)
		must_be_spelt(text, size, SLU_X25519_SECRET_NAME,
		    slu_buf_front(&secret.bytes));
	slu_buf_free(&public.bytes);
	slu_buf_free(&secret.bytes);
	return 0;
}
