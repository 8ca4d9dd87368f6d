/* SPDX-License-Identifier: ISC */
#include "aead.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto.h"
#include "sluice/secret.h"

struct slu_aead {
	EVP_CIPHER_CTX *ctx; /* owned */
};

slu_status
slu_aead_new(slu_aead **out, const unsigned char key[SLU_KEY_SIZE])
{
	slu_status st;
	slu_aead *a;

	a = calloc(1, sizeof(*a));
	if (a == NULL) {
		st = slu_fail(SLU_ERR_MEMORY, "aead: out of memory");
		goto out;
	}
	a->ctx = EVP_CIPHER_CTX_new();
	if (a->ctx == NULL ||
	    EVP_EncryptInit_ex2(
		a->ctx, EVP_chacha20_poly1305(), key, NULL, NULL) != 1) {
		st = slu_crypto_failed("aead");
		goto out;
	}
	*out = a;
	a = NULL;
	st = SLU_OK;
out:
	slu_aead_free(a);
	return st;
}

void
slu_aead_free(slu_aead *a)
{
	if (a == NULL)
		return;
	EVP_CIPHER_CTX_free(a->ctx);
	free(a);
}

slu_status
slu_aead_seal(slu_aead *a, const unsigned char nonce[SLU_NONCE_SIZE],
    const void *in, size_t len, void *out)
{
	unsigned char *o = out;
	int n;

	if (len > INT_MAX)
		return slu_fail(
		    SLU_ERR_USAGE, "aead: more than %d bytes", INT_MAX);
	if (EVP_EncryptInit_ex2(a->ctx, NULL, NULL, nonce, NULL) != 1)
		return slu_crypto_failed("aead");
	if (len > 0 && EVP_EncryptUpdate(a->ctx, o, &n, in, (int)len) != 1)
		return slu_crypto_failed("aead");
	if (EVP_EncryptFinal_ex(a->ctx, o + len, &n) != 1)
		return slu_crypto_failed("aead");
	if (EVP_CIPHER_CTX_ctrl(
		a->ctx, EVP_CTRL_AEAD_GET_TAG, SLU_TAG_SIZE, o + len) != 1)
		return slu_crypto_failed("aead");
	return SLU_OK;
}

slu_status
slu_aead_open(slu_aead *a, const unsigned char nonce[SLU_NONCE_SIZE],
    const void *in, size_t len, void *out)
{
	unsigned char tag[SLU_TAG_SIZE], *o = out;
	const unsigned char *i = in;
	slu_status st = SLU_OK;
	int n;

	if (len < SLU_TAG_SIZE)
		return slu_fail(SLU_ERR_AUTH, "aead: shorter than its tag");
	len -= SLU_TAG_SIZE;
	if (len > INT_MAX)
		return slu_fail(
		    SLU_ERR_USAGE, "aead: more than %d bytes", INT_MAX);
	memcpy(tag, i + len, sizeof(tag));
	/* Without a tag to check, the final call would find all well. */
	if (EVP_DecryptInit_ex2(a->ctx, NULL, NULL, nonce, NULL) != 1 ||
	    EVP_CIPHER_CTX_ctrl(
		a->ctx, EVP_CTRL_AEAD_SET_TAG, SLU_TAG_SIZE, tag) != 1)
		return slu_crypto_failed("aead");
	if (len > 0 && EVP_DecryptUpdate(a->ctx, o, &n, i, (int)len) != 1) {
		st = slu_crypto_failed("aead");
	} else if (EVP_DecryptFinal_ex(a->ctx, o + len, &n) != 1) {
		ERR_clear_error();
		st = slu_fail(SLU_ERR_AUTH, "aead: not authentic");
	}
	if (st)
		slu_wipe(o, len);
	return st;
}
