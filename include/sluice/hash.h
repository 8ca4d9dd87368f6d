/* SPDX-License-Identifier: ISC */
/*
 * hash.h: message digests, every one that libcrypto offers, by name.
 *
 *     slu_hash *h = NULL;
 *     slu_hash_new(&h, "sha256");
 *     slu_hash_update(h, data, len);
 *     slu_hash_final(h, digest, sizeof(digest), &n);
 *     slu_hash_free(h);
 *
 * To digest a stream while it is read or written, or all that a chain gives,
 * see tap.h; for digests with a key, mac.h.  A digest that is to be shorter
 * is cut to its first bytes (NIST SP 800-107, section 5.1), for which nothing
 * is needed here; SHA-512/256 and its like, which differ in more than their
 * length, have names of their own.
 */
#ifndef SLUICE_HASH_H
#define SLUICE_HASH_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/status.h"

SLU_BEGIN_DECLS

#define SLU_HASH_MAX 64 /* the longest digest of a fixed size, in bytes */

typedef struct slu_hash slu_hash;

/*
 * Start a digest.  Names are OpenSSL's, in any case, with or without their
 * dashes: "sha256", "SHA-256", "sha3-256", "blake2b512", "shake128".  An
 * unknown name is SLU_ERR_USAGE, and the reason names a near one.  `*out`
 * is the caller's, to be freed.
 *
 * Where OpenSSL fails later on, or forbids a digest that it has, that is
 * SLU_ERR_CRYPTO; an object that failed so answers likewise from then on.
 */
slu_status slu_hash_new(slu_hash **out, const char *name) SLU_CHECKED;

/* Wipe and free; NULL is fine. */
void slu_hash_free(slu_hash *h);

/* Digest `len` more bytes. */
slu_status slu_hash_update(
    slu_hash *h, const void *data, size_t len) SLU_CHECKED;

/*
 * Write the digest and start afresh.  `*len` is how many bytes it has,
 * always slu_hash_size(h), or 0 after a failure; a `cap` below that size is
 * SLU_ERR_USAGE, and the digest goes on as if not asked.
 */
slu_status slu_hash_final(
    slu_hash *h, void *digest, size_t cap, size_t *len) SLU_CHECKED;

/*
 * Write `len` bytes of output of an extendable-output function (SHAKE,
 * FIPS 202 section 6.2) and start afresh.  `len` may be any number but 0; of
 * KMAC, see mac.h.  SLU_ERR_USAGE for digests of a fixed size.
 */
slu_status slu_hash_xof(slu_hash *h, void *out, size_t len) SLU_CHECKED;

/*
 * Make `*out` a second digest that has taken in what `h` has; the two then
 * go their own ways.  It is the caller's, to be freed.
 */
slu_status slu_hash_copy(slu_hash **out, const slu_hash *h) SLU_CHECKED;

/*
 * The name by which slu_hash_names lists it, "sha256"; of a MAC, the one in
 * mac.h.  It lives with `h`.
 */
const char *slu_hash_name(const slu_hash *h);

/*
 * The bytes of a digest; for SHAKE those that keep its full strength (32
 * for shake128, 64 for shake256), whatever OpenSSL's own default is.
 */
size_t slu_hash_size(const slu_hash *h);

/* The bytes of a block, as HMAC needs to know. */
size_t slu_hash_block_size(const slu_hash *h);

/* Whether the output may have any length: slu_hash_xof works. */
bool slu_hash_is_xof(const slu_hash *h);

/*
 * Call `each` with the name of every digest that slu_hash_new knows, sorted,
 * each once; a name stays valid only during the call.
 */
slu_status slu_hash_names(
    void (*each)(const char *name, void *arg), void *arg) SLU_CHECKED;

SLU_END_DECLS

#endif
