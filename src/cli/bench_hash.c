/* SPDX-License-Identifier: ISC */
/* Digests beside libcrypto's own. */
#include "bench_group.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "cores.h"
#include "sluice/hash.h"
#include "sluice/many.h"
#include "sluice/rand.h"

#define SIZE (16 * BENCH_MIB)
#define UPDATE (256 * 1024)

struct hash {
	unsigned char *data;
};

static slu_status
begin(void *state)
{
	struct hash *h = state;

	h->data = malloc(SIZE);
	if (h->data == NULL)
		return slu_fail(SLU_ERR_MEMORY, "bench: out of memory");
	slu_rand_bytes(h->data, SIZE);
	return SLU_OK;
}

static void
end(void *state)
{
	struct hash *h = state;

	free(h->data);
}

static slu_status
digest(const struct hash *h, const char *name)
{
	unsigned char md[SLU_HASH_MAX];
	slu_hash *hash = NULL;
	slu_status st;
	size_t len;

	st = slu_hash_new(&hash, name);
	for (size_t at = 0; at < SIZE && st == SLU_OK; at += UPDATE)
		st = slu_hash_update(hash, h->data + at, UPDATE);
	if (st == SLU_OK)
		st = slu_hash_final(hash, md, sizeof(md), &len);
	slu_hash_free(hash);
	return st;
}

static slu_status
evp_digest(const struct hash *h, const char *name)
{
	EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char value[EVP_MAX_MD_SIZE];
	int ok;

	ok = md != NULL && ctx != NULL && EVP_DigestInit_ex2(ctx, md, NULL);
	for (size_t at = 0; at < SIZE && ok; at += UPDATE)
		ok = EVP_DigestUpdate(ctx, h->data + at, UPDATE);
	if (ok)
		ok = EVP_DigestFinal_ex(ctx, value, NULL);
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return ok ? SLU_OK : slu_fail(SLU_ERR_CRYPTO, "bench: EVP_Digest");
}

static slu_status
run_sha256(void *state)
{
	return digest(state, "sha256");
}

static slu_status
run_their_sha256(void *state)
{
	return evp_digest(state, "sha256");
}

static slu_status
run_sha512(void *state)
{
	return digest(state, "sha512");
}

static slu_status
run_their_sha512(void *state)
{
	return evp_digest(state, "sha512");
}

static slu_status
run_blake2b(void *state)
{
	return digest(state, "blake2b512");
}

static slu_status
run_their_blake2b(void *state)
{
	return evp_digest(state, "blake2b512");
}

static slu_status
run_all(void *state)
{
	static const char *const names[] = { "sha256", "sha512", "blake2b512" };
	struct hash *h = state;
	unsigned char md[SLU_HASH_MAX];
	slu_many *many = NULL;
	slu_hash *hash;
	slu_status st;
	size_t len;

	st = slu_many_new(&many, cores_count() < 3 ? cores_count() : 3);
	for (size_t i = 0; i < 3 && st == SLU_OK; i++)
		st = slu_many_add(many, names[i]);
	for (size_t at = 0; at < SIZE && st == SLU_OK; at += UPDATE)
		st = slu_many_update(many, h->data + at, UPDATE);
	for (size_t i = 0; i < 3 && st == SLU_OK; i++) {
		st = slu_many_hash(many, i, &hash);
		if (st == SLU_OK)
			st = slu_hash_final(hash, md, sizeof(md), &len);
	}
	slu_many_free(many);
	return st;
}

static slu_status
run_all_of_theirs(void *state)
{
	slu_status st = run_their_sha256(state);

	if (st == SLU_OK)
		st = run_their_sha512(state);
	return st == SLU_OK ? run_their_blake2b(state) : st;
}

static const bench_job jobs[] = {
	{ "sha256", run_sha256, SIZE, 0, "EVP_Digest", run_their_sha256 },
	{ "sha512", run_sha512, SIZE, 0, "EVP_Digest", run_their_sha512 },
	{ "blake2b512", run_blake2b, SIZE, 0, "EVP_Digest", run_their_blake2b },
	{ "these three at once", run_all, SIZE, 0, "one after the other",
	    run_all_of_theirs },
};

const bench_group bench_hash = {
	.name = "hash",
	.jobs = jobs,
	.n = sizeof(jobs) / sizeof(jobs[0]),
	.size = sizeof(struct hash),
	.begin = begin,
	.end = end,
};
