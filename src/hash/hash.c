/* SPDX-License-Identifier: ISC */
#include "sluice/hash.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "../base/failure.h"
#include "fault.h"
#include "lookup.h"
#include "names.h"
#include "sluice/secret.h"

#define KECCAK 200 /* bytes of the state of Keccak-f[1600] */

struct slu_hash {
	EVP_MD *md;      /* owned */
	EVP_MD_CTX *ctx; /* owned */
	size_t size;
	char name[SLU_NAMES_MAX];
	slu_failure failure;
};

static slu_status
refused(slu_hash *h, const char *what)
{
	slu_status st;

	if (slu_fault_drain())
		st = slu_fault_memory();
	else
		st = slu_fail(SLU_ERR_CRYPTO, "hash: OpenSSL refused to %s %s",
		    what, h->name);
	return slu_failure_keep(&h->failure, st);
}

/* Start, with the same digest as before where `md` is NULL. */
static slu_status
start(slu_hash *h, const EVP_MD *md)
{
	if (EVP_DigestInit_ex2(h->ctx, md, NULL) != 1)
		return refused(h, "start");
	return SLU_OK;
}

/*
 * SHAKE has no size of its own, and OpenSSL's default keeps half of its
 * strength.  Twice the strength is the capacity of its sponge, which is what
 * a block leaves of the state (FIPS 202, section 6.2).
 */
static size_t
size_of(const EVP_MD *md)
{
	if (EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF)
		return KECCAK - (size_t)EVP_MD_get_block_size(md);
	return (size_t)EVP_MD_get_size(md);
}

/* Make a digest of `md`, which is taken over, that is not started yet. */
static slu_status
make(slu_hash **out, EVP_MD *md)
{
	slu_status st;
	slu_hash *h;

	h = calloc(1, sizeof(*h));
	if (h == NULL) {
		EVP_MD_free(md);
		return slu_fault_memory();
	}
	h->md = md;
	h->size = size_of(md);
	st = slu_names_of(md, h->name);
	if (st)
		goto out;
	h->ctx = EVP_MD_CTX_new();
	if (h->ctx == NULL) {
		st = slu_fault_memory();
		goto out;
	}
	*out = h;
	h = NULL;
out:
	if (st)
		(void)slu_fault_drain();
	slu_hash_free(h);
	return st;
}

slu_status
slu_hash_new(slu_hash **out, const char *name)
{
	slu_hash *h = NULL;
	EVP_MD *md = NULL;
	slu_status st;

	st = slu_lookup(&md, name);
	if (st == SLU_OK)
		st = make(&h, md);
	if (st == SLU_OK)
		st = start(h, md);
	if (st)
		goto out;
	*out = h;
	h = NULL;
out:
	slu_hash_free(h);
	return st;
}

void
slu_hash_free(slu_hash *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->md);
	slu_wipe(h, sizeof(*h));
	free(h);
}

slu_status
slu_hash_update(slu_hash *h, const void *data, size_t len)
{
	if (h->failure.st)
		return slu_failure_again(&h->failure);
	if (len > 0 && EVP_DigestUpdate(h->ctx, data, len) != 1)
		return refused(h, "update");
	return SLU_OK;
}

static slu_status
finish(slu_hash *h, void *out, size_t len)
{
	slu_status st;
	int ok;

	st = slu_failure_again(&h->failure);
	if (st)
		return st;
	if (slu_hash_is_xof(h))
		ok = EVP_DigestFinalXOF(h->ctx, out, len);
	else
		ok = EVP_DigestFinal_ex(h->ctx, out, NULL);
	return ok == 1 ? start(h, NULL) : refused(h, "finish");
}

slu_status
slu_hash_final(slu_hash *h, void *digest, size_t cap, size_t *len)
{
	slu_status st;

	*len = 0;
	if (cap < h->size)
		return slu_fail(SLU_ERR_USAGE,
		    "hash: %s gives %zu bytes, there is room for %zu", h->name,
		    h->size, cap);
	st = finish(h, digest, h->size);
	if (st == SLU_OK)
		*len = h->size;
	return st;
}

slu_status
slu_hash_xof(slu_hash *h, void *out, size_t len)
{
	if (!slu_hash_is_xof(h))
		return slu_fail(SLU_ERR_USAGE,
		    "hash: %s always gives %zu bytes", h->name, h->size);
	if (len == 0)
		return slu_fail(SLU_ERR_USAGE, "hash: no output asked for");
	return finish(h, out, len);
}

slu_status
slu_hash_copy(slu_hash **out, const slu_hash *h)
{
	slu_hash *copy = NULL;
	slu_status st;

	st = slu_failure_again(&h->failure);
	if (st)
		return st;
	if (!EVP_MD_up_ref(h->md))
		return slu_fault_memory();
	st = make(&copy, h->md);
	if (st == SLU_OK && EVP_MD_CTX_copy_ex(copy->ctx, h->ctx) != 1)
		st = refused(copy, "copy");
	if (st)
		goto out;
	*out = copy;
	copy = NULL;
out:
	slu_hash_free(copy);
	return st;
}

const char *
slu_hash_name(const slu_hash *h)
{
	return h->name;
}

size_t
slu_hash_size(const slu_hash *h)
{
	return h->size;
}

size_t
slu_hash_block_size(const slu_hash *h)
{
	return (size_t)EVP_MD_get_block_size(h->md);
}

bool
slu_hash_is_xof(const slu_hash *h)
{
	return (EVP_MD_get_flags(h->md) & EVP_MD_FLAG_XOF) != 0;
}

slu_status
slu_hash_names(void (*each)(const char *name, void *arg), void *arg)
{
	return slu_names_each(each, arg);
}
