/* SPDX-License-Identifier: ISC */
/* lookup.h: from a name that somebody typed to a digest of libcrypto. */
#ifndef SLUICE_HASH_LOOKUP_H
#define SLUICE_HASH_LOOKUP_H

#include <openssl/evp.h>

#include "sluice/status.h"

/*
 * Fetch the digest that has `name` among its names, the case of letters,
 * dashes, underscores and slashes aside.  SLU_ERR_USAGE where there is none;
 * the reason names a near one, if any is near.  SLU_ERR_CRYPTO where there
 * is one that the process's settings of OpenSSL forbid.  `*out` is the
 * caller's, to be freed, and NULL on failure.
 */
slu_status slu_lookup(EVP_MD **out, const char *name) SLU_CHECKED;

/*
 * The same for `use`, "HMAC", which needs a digest of a fixed size: others
 * are SLU_ERR_USAGE.
 */
slu_status slu_lookup_fixed(
    EVP_MD **out, const char *name, const char *use) SLU_CHECKED;

/* As slu_near, but for an end that was left out, which is no slip. */
size_t slu_lookup_slips(const char *typed, const char *known);

/*
 * Fail with SLU_ERR_USAGE: `name` names no `what`, "digest"; `near` is one
 * that does, or "".  A strange name, as strangers' files have them, is not
 * shown.
 */
slu_status slu_lookup_unknown(
    const char *what, const char *name, const char *near);

#endif
