/* SPDX-License-Identifier: ISC */
#include "kdf.h"

#include <string.h>

#include "sluice/kdf.h"
#include "sluice/mac.h"
#include "sluice/secret.h"

#define R 8u /* scrypt's block size, and p = 1, as the format has them */

slu_status
slu_kdf_hkdf(void *out, size_t out_len, const void *key, size_t key_len,
    const void *salt, size_t salt_len, const void *info, size_t info_len)
{
	return slu_hkdf("sha256", key, key_len, salt, salt_len, info, info_len,
	    out, out_len);
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
	/* Who calls knows what it costs, and has said so in better words. */
	slu_scrypt_cost cost = { .work_factor = work_factor,
		.r = R,
		.p = 1,
		.memory_max = UINT64_MAX };

	return slu_scrypt(
	    passphrase, len, salt, salt_len, &cost, key, SLU_KEY_SIZE);
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
	st = slu_mac(
	    "hmac-sha256", key, sizeof(key), text, len, mac, SLU_MAC_SIZE);
	slu_wipe(key, sizeof(key));
	return st;
}
