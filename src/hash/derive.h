/* SPDX-License-Identifier: ISC */
/* derive.h: what all derivations of keys have in common. */
#ifndef SLUICE_HASH_DERIVE_H
#define SLUICE_HASH_DERIVE_H

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stddef.h>
#include <stdint.h>

#include "sluice/status.h"

/*
 * Bytes as a parameter; no bytes are bytes too, where OpenSSL takes NULL for
 * a parameter that was left out.
 */
OSSL_PARAM slu_derive_bytes(const char *name, const void *data, size_t len);

/* A digest as a parameter, which lives as long as `md`. */
OSSL_PARAM slu_derive_digest(const EVP_MD *md);

/* SLU_ERR_LIMIT where `n`, of `what`, is more than `most`. */
slu_status slu_derive_limit(
    const char *what, uint64_t n, uint64_t most) SLU_CHECKED;

/* Hold to their limits what all derivations take and give. */
slu_status slu_derive_check(
    size_t key_len, size_t salt_len, size_t len) SLU_CHECKED;

/* Fetch a function, NULL where there is none: see slu_derive. */
EVP_KDF *slu_derive_fetch(const char *name);

/*
 * Derive by `kdf`, which is let go; NULL fails, as OpenSSL's error queue
 * tells.  `name` is what it is called.  The stack below is wiped.
 */
slu_status slu_derive(EVP_KDF *kdf, const char *name, const OSSL_PARAM *params,
    void *out, size_t len) SLU_CHECKED;

#endif
