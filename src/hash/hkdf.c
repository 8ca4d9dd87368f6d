/* SPDX-License-Identifier: ISC */
#include "derive.h"
#include "lookup.h"
#include "sluice/kdf.h"

#define DIGESTS 255 /* of output, since a byte counts them */

/* One of HKDF's modes, with the params that it takes beside the digest. */
static slu_status
hkdf(const EVP_MD *md, int mode, OSSL_PARAM first, OSSL_PARAM second,
    OSSL_PARAM third, void *out, size_t len)
{
	OSSL_PARAM params[6];

	params[0] = slu_derive_digest(md);
	params[1] = OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode);
	params[2] = first;
	params[3] = second;
	params[4] = third;
	params[5] = OSSL_PARAM_construct_end();
	return slu_derive(
	    slu_derive_fetch(OSSL_KDF_NAME_HKDF), "HKDF", params, out, len);
}

static slu_status
check_expand(const EVP_MD *md, size_t info_len, size_t len)
{
	size_t most = DIGESTS * (size_t)EVP_MD_get_size(md);
	slu_status st;

	st = slu_derive_limit("bytes of info", info_len, SLU_HKDF_INFO_MAX);
	return st ? st : slu_derive_limit("bytes of output", len, most);
}

slu_status
slu_hkdf(const char *digest, const void *key, size_t key_len, const void *salt,
    size_t salt_len, const void *info, size_t info_len, void *out, size_t len)
{
	EVP_MD *md = NULL;
	slu_status st;

	st = slu_derive_check(key_len, salt_len, len);
	if (st == SLU_OK)
		st = slu_lookup_fixed(&md, digest, "HKDF");
	if (st == SLU_OK)
		st = check_expand(md, info_len, len);
	if (st == SLU_OK)
		st = hkdf(md, EVP_KDF_HKDF_MODE_EXTRACT_AND_EXPAND,
		    slu_derive_bytes(OSSL_KDF_PARAM_KEY, key, key_len),
		    slu_derive_bytes(OSSL_KDF_PARAM_SALT, salt, salt_len),
		    slu_derive_bytes(OSSL_KDF_PARAM_INFO, info, info_len), out,
		    len);
	EVP_MD_free(md);
	return st;
}

slu_status
slu_hkdf_extract(const char *digest, const void *key, size_t key_len,
    const void *salt, size_t salt_len, void *prk, size_t cap, size_t *len)
{
	EVP_MD *md = NULL;
	slu_status st;
	size_t size = 0;

	*len = 0;
	st = slu_lookup_fixed(&md, digest, "HKDF");
	if (st)
		return st;
	size = (size_t)EVP_MD_get_size(md);
	st = slu_derive_check(key_len, salt_len, size);
	if (st == SLU_OK && cap < size)
		st = slu_fail(SLU_ERR_USAGE,
		    "kdf: a key of %zu bytes, there is room for %zu", size,
		    cap);
	if (st == SLU_OK)
		st = hkdf(md, EVP_KDF_HKDF_MODE_EXTRACT_ONLY,
		    slu_derive_bytes(OSSL_KDF_PARAM_KEY, key, key_len),
		    slu_derive_bytes(OSSL_KDF_PARAM_SALT, salt, salt_len),
		    OSSL_PARAM_construct_end(), prk, size);
	EVP_MD_free(md);
	if (st == SLU_OK)
		*len = size;
	return st;
}

slu_status
slu_hkdf_expand(const char *digest, const void *prk, size_t prk_len,
    const void *info, size_t info_len, void *out, size_t len)
{
	EVP_MD *md = NULL;
	slu_status st;

	st = slu_derive_check(prk_len, 0, len);
	if (st == SLU_OK)
		st = slu_lookup_fixed(&md, digest, "HKDF");
	if (st == SLU_OK && prk_len < (size_t)EVP_MD_get_size(md))
		st = slu_fail(SLU_ERR_USAGE,
		    "kdf: a key of %zu bytes, shorter than the digest",
		    prk_len);
	if (st == SLU_OK)
		st = check_expand(md, info_len, len);
	if (st == SLU_OK)
		st = hkdf(md, EVP_KDF_HKDF_MODE_EXPAND_ONLY,
		    slu_derive_bytes(OSSL_KDF_PARAM_KEY, prk, prk_len),
		    slu_derive_bytes(OSSL_KDF_PARAM_INFO, info, info_len),
		    OSSL_PARAM_construct_end(), out, len);
	EVP_MD_free(md);
	return st;
}
