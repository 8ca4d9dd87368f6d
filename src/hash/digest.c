/* SPDX-License-Identifier: ISC */
#include "digest.h"

#include <openssl/evp.h>
#include <stdint.h>

#include "fault.h"
#include "lookup.h"

#define KECCAK 200 /* bytes of the state of Keccak-f[1600] */

static void *
digest_copy(const void *ctx)
{
	EVP_MD_CTX *copy = EVP_MD_CTX_new();

	if (copy != NULL && EVP_MD_CTX_copy_ex(copy, ctx) != 1) {
		EVP_MD_CTX_free(copy);
		return NULL;
	}
	return copy;
}

static void
digest_free(void *ctx)
{
	EVP_MD_CTX_free(ctx);
}

static bool
digest_start(void *ctx)
{
	return EVP_DigestInit_ex2(ctx, NULL, NULL) == 1;
}

static bool
digest_update(void *ctx, const void *data, size_t len)
{
	return EVP_DigestUpdate(ctx, data, len) == 1;
}

static bool
fixed_finish(void *ctx, void *out, size_t len)
{
	(void)len;
	return EVP_DigestFinal_ex(ctx, out, NULL) == 1;
}

static bool
xof_finish(void *ctx, void *out, size_t len)
{
	return EVP_DigestFinalXOF(ctx, out, len) == 1;
}

static const slu_hash_kind fixed = {
	.copy = digest_copy,
	.free = digest_free,
	.start = digest_start,
	.update = digest_update,
	.finish = fixed_finish,
};

static const slu_hash_kind xof = {
	.copy = digest_copy,
	.free = digest_free,
	.start = digest_start,
	.update = digest_update,
	.finish = xof_finish,
};

/*
 * SHAKE has no size of its own, and OpenSSL's default keeps half of its
 * strength.  Twice the strength is the capacity of its sponge, which is what
 * a block leaves of the state (FIPS 202, section 6.2).
 */
static void
describe(slu_hash *h, const EVP_MD *md)
{
	h->block = (size_t)EVP_MD_get_block_size(md);
	if (EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF) {
		h->kind = &xof;
		h->size = KECCAK - h->block;
		h->most = SIZE_MAX;
	} else {
		h->kind = &fixed;
		h->size = (size_t)EVP_MD_get_size(md);
		h->most = 0;
	}
}

slu_status
slu_digest_make(slu_hash *h, const char *name)
{
	EVP_MD_CTX *ctx = NULL;
	EVP_MD *md = NULL;
	slu_status st;

	st = slu_lookup(&md, name);
	if (st == SLU_OK)
		st = slu_names_of(md, h->name);
	if (st)
		goto out;
	ctx = EVP_MD_CTX_new();
	/* The context keeps the digest from here on. */
	if (ctx == NULL || EVP_DigestInit_ex2(ctx, md, NULL) != 1) {
		st = slu_fault_refused("start", h->name);
		goto out;
	}
	describe(h, md);
	h->ctx = ctx;
	ctx = NULL;
out:
	if (st)
		(void)slu_fault_drain();
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return st;
}
