/* SPDX-License-Identifier: ISC */
/* kdf.h: the keys of a sealed file, and the MAC of its header. */
#ifndef SLUICE_SEAL_KDF_H
#define SLUICE_SEAL_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "aead.h"
#include "header.h"

#define SLU_FILE_KEY 16      /* bytes, as are all sizes here */
#define SLU_PAYLOAD_NONCE 16 /* it follows the header */

/* HKDF with SHA-256 (RFC 5869); without a salt where `salt_len` is 0. */
slu_status slu_kdf_hkdf(void *out, size_t out_len, const void *key,
    size_t key_len, const void *salt, size_t salt_len, const void *info,
    size_t info_len) SLU_CHECKED;

/* The bytes of memory that slu_kdf_scrypt takes. */
uint64_t slu_kdf_scrypt_memory(unsigned work_factor);

/*
 * scrypt (RFC 7914) with N = 2^work_factor, r = 8 and p = 1.
 * SLU_ERR_LIMIT where the machine has not that much to give.
 */
slu_status slu_kdf_scrypt(unsigned char key[SLU_KEY_SIZE],
    const void *passphrase, size_t len, const void *salt, size_t salt_len,
    unsigned work_factor) SLU_CHECKED;

/* The key of the payload (C2SP age, "Payload"). */
slu_status slu_kdf_payload(unsigned char key[SLU_KEY_SIZE],
    const unsigned char file_key[SLU_FILE_KEY],
    const unsigned char nonce[SLU_PAYLOAD_NONCE]) SLU_CHECKED;

/* The MAC of a header's text (C2SP age, "Header MAC"). */
slu_status slu_kdf_mac(unsigned char mac[SLU_MAC_SIZE],
    const unsigned char file_key[SLU_FILE_KEY], const void *text,
    size_t len) SLU_CHECKED;

#endif
