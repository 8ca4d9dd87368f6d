/* SPDX-License-Identifier: ISC */
#include "derive.h"

#include "../base/stack.h"
#include "fault.h"
#include "sluice/kdf.h"

OSSL_PARAM
slu_derive_bytes(const char *name, const void *data, size_t len)
{
	return OSSL_PARAM_construct_octet_string(
	    name, (void *)(len > 0 ? data : ""), len);
}

OSSL_PARAM
slu_derive_digest(const EVP_MD *md)
{
	return OSSL_PARAM_construct_utf8_string(
	    OSSL_KDF_PARAM_DIGEST, (char *)EVP_MD_get0_name(md), 0);
}

slu_status
slu_derive_limit(const char *what, uint64_t n, uint64_t most)
{
	if (n <= most)
		return SLU_OK;
	return slu_fail(SLU_ERR_LIMIT, "kdf: %s of %llu; limit is %llu", what,
	    (unsigned long long)n, (unsigned long long)most);
}

slu_status
slu_derive_check(size_t key_len, size_t salt_len, size_t len)
{
	slu_status st;

	if (len == 0)
		return slu_fail(SLU_ERR_USAGE, "kdf: no output asked for");
	st = slu_derive_limit("bytes of a key", key_len, SLU_KDF_INPUT_MAX);
	if (st == SLU_OK)
		st = slu_derive_limit(
		    "bytes of a salt", salt_len, SLU_KDF_INPUT_MAX);
	if (st == SLU_OK)
		st = slu_derive_limit("bytes of output", len, SLU_KDF_MAX);
	return st;
}

EVP_KDF *
slu_derive_fetch(const char *name)
{
	/* What the caller's own use of OpenSSL left says nothing of ours. */
	(void)slu_fault_drain();
	return EVP_KDF_fetch(NULL, name, NULL);
}

static slu_status
failed(const char *name)
{
	if (slu_fault_drain())
		return slu_fail(SLU_ERR_MEMORY, "kdf: out of memory");
	return slu_fail(SLU_ERR_CRYPTO, "kdf: OpenSSL refused %s", name);
}

slu_status
slu_derive(EVP_KDF *kdf, const char *name, const OSSL_PARAM *params, void *out,
    size_t len)
{
	EVP_KDF_CTX *ctx = NULL;
	slu_status st = SLU_OK;

	if (kdf != NULL)
		ctx = EVP_KDF_CTX_new(kdf);
	if (ctx == NULL || EVP_KDF_derive(ctx, out, len, params) != 1)
		st = failed(name);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	slu_wipe_stack();
	return st;
}
