/* SPDX-License-Identifier: ISC */
#include "kdf.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "../base/stack.h"
#include "crypto.h"
#include "sluice/secret.h"

#define R 8u /* scrypt's block size, and p = 1, as the format has them */

static OSSL_PARAM
bytes_param(const char *name, const void *data, size_t len)
{
	return OSSL_PARAM_construct_octet_string(name, (void *)data, len);
}

slu_status
slu_kdf_hkdf(void *out, size_t out_len, const void *key, size_t key_len,
    const void *salt, size_t salt_len, const void *info, size_t info_len)
{
	EVP_KDF *kdf = NULL;
	EVP_KDF_CTX *ctx = NULL;
	OSSL_PARAM params[5];
	slu_status st = SLU_OK;

	params[0] = OSSL_PARAM_construct_utf8_string(
	    OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0);
	params[1] = bytes_param(OSSL_KDF_PARAM_KEY, key, key_len);
	params[2] = bytes_param(OSSL_KDF_PARAM_INFO, info, info_len);
	params[3] = OSSL_PARAM_construct_end();
	if (salt_len > 0) {
		params[3] = bytes_param(OSSL_KDF_PARAM_SALT, salt, salt_len);
		params[4] = OSSL_PARAM_construct_end();
	}
	kdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_HKDF, NULL);
	if (kdf != NULL)
		ctx = EVP_KDF_CTX_new(kdf);
	if (ctx == NULL || EVP_KDF_derive(ctx, out, out_len, params) != 1)
		st = slu_crypto_failed("kdf");
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return st;
}

uint64_t
slu_kdf_scrypt_memory(unsigned work_factor)
{
	return (uint64_t)128 * R << work_factor;
}

slu_status
slu_kdf_scrypt(unsigned char key[SLU_KEY_SIZE], const void *passphrase,
    size_t len, const void *salt, size_t salt_len, unsigned work_factor)
{
	/* What OpenSSL counts beside the table is a few blocks more. */
	uint64_t most = slu_kdf_scrypt_memory(work_factor) + 1024 * R;
	int ok;

	ok = EVP_PBE_scrypt(passphrase, len, salt, salt_len,
	    (uint64_t)1 << work_factor, R, 1, most, key, SLU_KEY_SIZE);
	slu_wipe_stack();
	return ok == 1 ? SLU_OK : slu_crypto_failed("kdf");
}

slu_status
slu_kdf_payload(unsigned char key[SLU_KEY_SIZE],
    const unsigned char file_key[SLU_FILE_KEY],
    const unsigned char nonce[SLU_PAYLOAD_NONCE])
{
	return slu_kdf_hkdf(key, SLU_KEY_SIZE, file_key, SLU_FILE_KEY, nonce,
	    SLU_PAYLOAD_NONCE, "payload", strlen("payload"));
}

slu_status
slu_kdf_mac(unsigned char mac[SLU_MAC_SIZE],
    const unsigned char file_key[SLU_FILE_KEY], const void *text, size_t len)
{
	unsigned char key[SLU_KEY_SIZE];
	slu_status st;

	st = slu_kdf_hkdf(key, sizeof(key), file_key, SLU_FILE_KEY, NULL, 0,
	    "header", strlen("header"));
	if (st)
		return st;
	if (EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, sizeof(key),
		text, len, mac, SLU_MAC_SIZE, NULL) == NULL)
		st = slu_crypto_failed("kdf");
	slu_wipe(key, sizeof(key));
	return st;
}
