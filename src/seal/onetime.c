/* SPDX-License-Identifier: ISC */
#include "onetime.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "crypto.h"
#include "sluice/secret.h"

#define BLOCK 16  /* of Poly1305, bytes */
#define COUNTER 4 /* of ChaCha20, in front of the nonce */

struct slu_onetime {
	EVP_CIPHER_CTX *stream; /* owned */
	EVP_MAC_CTX *mac;       /* owned */
	unsigned char key[SLU_ONETIME_KEY];
};

static slu_status
new_mac(EVP_MAC_CTX **out)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "POLY1305", NULL);

	*out = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	return *out == NULL ? slu_crypto_failed("onetime") : SLU_OK;
}

static slu_status
new_stream(EVP_CIPHER_CTX **out, const unsigned char key[SLU_KEY_SIZE])
{
	*out = EVP_CIPHER_CTX_new();
	if (*out == NULL ||
	    EVP_EncryptInit_ex2(*out, EVP_chacha20(), key, NULL, NULL) != 1)
		return slu_crypto_failed("onetime");
	return SLU_OK;
}

/* The first block of the stream is for this, its counter being 0. */
static slu_status
first_of(EVP_CIPHER_CTX *stream, const unsigned char nonce[SLU_NONCE_SIZE],
    unsigned char out[SLU_ONETIME_KEY])
{
	static const unsigned char zeros[SLU_ONETIME_KEY];
	unsigned char iv[COUNTER + SLU_NONCE_SIZE] = { 0 };
	int n;

	memcpy(iv + COUNTER, nonce, SLU_NONCE_SIZE);
	if (EVP_EncryptInit_ex2(stream, NULL, NULL, iv, NULL) != 1 ||
	    EVP_EncryptUpdate(stream, out, &n, zeros, sizeof(zeros)) != 1)
		return slu_crypto_failed("onetime");
	return SLU_OK;
}

slu_status
slu_onetime_new(slu_onetime **out, const unsigned char key[SLU_KEY_SIZE])
{
	slu_onetime *o = calloc(1, sizeof(*o));
	slu_status st;

	if (o == NULL)
		return slu_fail(SLU_ERR_MEMORY, "onetime: out of memory");
	st = new_mac(&o->mac);
	if (st == SLU_OK)
		st = new_stream(&o->stream, key);
	if (st == SLU_OK) {
		*out = o;
		o = NULL;
	}
	slu_onetime_free(o);
	return st;
}

void
slu_onetime_free(slu_onetime *o)
{
	if (o == NULL)
		return;
	EVP_CIPHER_CTX_free(o->stream);
	EVP_MAC_CTX_free(o->mac);
	slu_wipe(o, sizeof(*o));
	free(o);
}

slu_status
slu_onetime_set(slu_onetime *o, const unsigned char nonce[SLU_NONCE_SIZE])
{
	return first_of(o->stream, nonce, o->key);
}

slu_status
slu_onetime_is(slu_onetime *o, const void *in, size_t len, bool *is)
{
	unsigned char tag[SLU_TAG_SIZE], end[2 * BLOCK] = { 0 }, *sizes;
	const unsigned char *bytes = in;
	slu_status st = SLU_OK;
	size_t n;

	*is = false;
	if (len < SLU_TAG_SIZE)
		return SLU_OK;
	len -= SLU_TAG_SIZE;
	/* Zeros up to a whole block; no associated data; how many bytes. */
	sizes = end + (BLOCK - len % BLOCK) % BLOCK;
	for (size_t i = 0; i < sizeof(uint64_t); i++)
		sizes[8 + i] = (unsigned char)((uint64_t)len >> 8 * i);
	if (EVP_MAC_init(o->mac, o->key, sizeof(o->key), NULL) != 1 ||
	    EVP_MAC_update(o->mac, bytes, len) != 1 ||
	    EVP_MAC_update(o->mac, end, (size_t)(sizes - end) + BLOCK) != 1 ||
	    EVP_MAC_final(o->mac, tag, &n, sizeof(tag)) != 1)
		st = slu_crypto_failed("onetime");
	else
		*is = slu_equal(tag, bytes + len, SLU_TAG_SIZE);
	slu_wipe(tag, sizeof(tag));
	return st;
}

slu_status
slu_onetime_key(unsigned char out[SLU_ONETIME_KEY],
    const unsigned char key[SLU_KEY_SIZE],
    const unsigned char nonce[SLU_NONCE_SIZE])
{
	EVP_CIPHER_CTX *stream;
	slu_status st;

	st = new_stream(&stream, key);
	if (st == SLU_OK)
		st = first_of(stream, nonce, out);
	EVP_CIPHER_CTX_free(stream);
	return st;
}
