/* SPDX-License-Identifier: ISC */
#include "prefix.h"

#include <string.h>

#include <openssl/evp.h>

#include "crypto.h"
#include "onetime.h"
#include "sluice/secret.h"

#define BLOCK 16 /* of Poly1305, bytes */

static slu_status
begin(EVP_MAC_CTX **out, const unsigned char key[SLU_ONETIME_KEY])
{
	EVP_MAC *mac;
	slu_status st = SLU_OK;

	mac = EVP_MAC_fetch(NULL, "POLY1305", NULL);
	*out = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	if (*out == NULL || EVP_MAC_init(*out, key, SLU_ONETIME_KEY, NULL) != 1)
		st = slu_crypto_failed("prefix");
	return st;
}

/* The tag of `len` bytes, all but the last `left` of which are in `whole`. */
static slu_status
tag_of(const EVP_MAC_CTX *whole, const unsigned char *rest, size_t left,
    size_t len, unsigned char tag[SLU_TAG_SIZE])
{
	unsigned char end[2 * BLOCK] = { 0 }, *sizes = end;
	slu_status st = SLU_OK;
	EVP_MAC_CTX *ctx;
	size_t n;

	/* Zeros up to a whole block; no associated data; how many bytes. */
	memcpy(end, rest, left);
	if (left > 0)
		sizes += BLOCK;
	for (size_t i = 0; i < sizeof(uint64_t); i++)
		sizes[8 + i] = (unsigned char)((uint64_t)len >> 8 * i);
	ctx = EVP_MAC_CTX_dup(whole);
	if (ctx == NULL ||
	    EVP_MAC_update(ctx, end, (size_t)(sizes - end) + BLOCK) != 1 ||
	    EVP_MAC_final(ctx, tag, &n, SLU_TAG_SIZE) != 1)
		st = slu_crypto_failed("prefix");
	EVP_MAC_CTX_free(ctx);
	return st;
}

/* Go through the lengths, with what is before the last block in `mac`. */
static slu_status
search(EVP_MAC_CTX *mac, const unsigned char *in, size_t len, size_t *out)
{
	unsigned char tag[SLU_TAG_SIZE];
	slu_status st = SLU_OK;
	size_t left;

	for (size_t n = 0; n + SLU_TAG_SIZE <= len && st == SLU_OK; n++) {
		left = n % BLOCK;
		if (left == 0 && n > 0 &&
		    EVP_MAC_update(mac, in + n - BLOCK, BLOCK) != 1)
			return slu_crypto_failed("prefix");
		st = tag_of(mac, in + n - left, left, n, tag);
		if (st == SLU_OK && slu_equal(tag, in + n, SLU_TAG_SIZE)) {
			*out = n + SLU_TAG_SIZE;
			break;
		}
	}
	slu_wipe(tag, sizeof(tag));
	return st;
}

slu_status
slu_prefix_find(const unsigned char key[SLU_KEY_SIZE],
    const unsigned char nonce[SLU_NONCE_SIZE], const void *in, size_t len,
    size_t *out)
{
	unsigned char once[SLU_ONETIME_KEY];
	EVP_MAC_CTX *mac = NULL;
	slu_status st;

	*out = 0;
	st = slu_onetime_key(once, key, nonce);
	if (st == SLU_OK)
		st = begin(&mac, once);
	if (st == SLU_OK)
		st = search(mac, in, len, out);
	EVP_MAC_CTX_free(mac);
	slu_wipe(once, sizeof(once));
	return st;
}
