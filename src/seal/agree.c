/* SPDX-License-Identifier: ISC */
#include "agree.h"

#include <string.h>

#include <openssl/evp.h>

#include "crypto.h"
#include "sluice/secret.h"

/* Each wrap key is made for one message, so its nonce needs no number. */
static const unsigned char zero_nonce[SLU_NONCE_SIZE];

slu_status
slu_agree_public(
    unsigned char point[SLU_POINT], const unsigned char secret[SLU_POINT])
{
	size_t len = SLU_POINT;
	slu_status st = SLU_OK;
	EVP_PKEY *key;

	key = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_X25519, NULL, secret, SLU_POINT);
	if (key == NULL || EVP_PKEY_get_raw_public_key(key, point, &len) != 1)
		st = slu_crypto_failed("agree");
	EVP_PKEY_free(key);
	return st;
}

/* Where the outcome is zero, libcrypto fails, and another provider may not. */
static slu_status
derive(unsigned char shared[SLU_POINT], EVP_PKEY_CTX *ctx)
{
	static const unsigned char zero[SLU_POINT];
	size_t len = SLU_POINT;
	slu_status st = SLU_OK;

	memset(shared, 0, SLU_POINT);
	if (EVP_PKEY_derive(ctx, shared, &len) != 1)
		st = slu_crypto_failed("agree");
	if (st != SLU_ERR_MEMORY && slu_equal(shared, zero, sizeof(zero)))
		return slu_fail(SLU_ERR_FORMAT, "agree: a point of low order");
	return st;
}

slu_status
slu_agree(unsigned char shared[SLU_POINT],
    const unsigned char secret[SLU_POINT], const unsigned char point[SLU_POINT])
{
	EVP_PKEY *ours, *theirs;
	EVP_PKEY_CTX *ctx = NULL;
	slu_status st;

	ours = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_X25519, NULL, secret, SLU_POINT);
	theirs = EVP_PKEY_new_raw_public_key(
	    EVP_PKEY_X25519, NULL, point, SLU_POINT);
	if (ours != NULL && theirs != NULL)
		ctx = EVP_PKEY_CTX_new(ours, NULL);
	if (ctx == NULL || EVP_PKEY_derive_init(ctx) != 1 ||
	    EVP_PKEY_derive_set_peer(ctx, theirs) != 1)
		st = slu_crypto_failed("agree");
	else
		st = derive(shared, ctx);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(ours);
	EVP_PKEY_free(theirs);
	return st;
}

static slu_status
make_wrapper(slu_aead **out, const unsigned char shared[SLU_POINT],
    const slu_agree_salt *salt)
{
	unsigned char both[2 * SLU_POINT], key[SLU_KEY_SIZE];
	slu_status st;

	memcpy(both, salt->share, SLU_POINT);
	memcpy(both + SLU_POINT, salt->point, SLU_POINT);
	st = slu_kdf_hkdf(key, sizeof(key), shared, SLU_POINT, both,
	    sizeof(both), salt->label, strlen(salt->label));
	if (st == SLU_OK)
		st = slu_aead_new(out, key);
	slu_wipe(key, sizeof(key));
	return st;
}

slu_status
slu_agree_wrap(unsigned char body[SLU_WRAPPED],
    const unsigned char shared[SLU_POINT], const slu_agree_salt *salt,
    const unsigned char file_key[SLU_FILE_KEY])
{
	slu_aead *wrapper = NULL;
	slu_status st;

	st = make_wrapper(&wrapper, shared, salt);
	if (st == SLU_OK)
		st = slu_aead_seal(
		    wrapper, zero_nonce, file_key, SLU_FILE_KEY, body);
	slu_aead_free(wrapper);
	return st;
}

slu_status
slu_agree_unwrap(unsigned char file_key[SLU_FILE_KEY],
    const unsigned char shared[SLU_POINT], const slu_agree_salt *salt,
    const unsigned char body[SLU_WRAPPED])
{
	slu_aead *wrapper = NULL;
	slu_status st;

	st = make_wrapper(&wrapper, shared, salt);
	if (st == SLU_OK)
		st = slu_aead_open(
		    wrapper, zero_nonce, body, SLU_WRAPPED, file_key);
	slu_aead_free(wrapper);
	if (st == SLU_ERR_AUTH)
		return slu_fail(
		    SLU_ERR_NO_MATCH, "unseal: wrapped for another key");
	return st;
}
