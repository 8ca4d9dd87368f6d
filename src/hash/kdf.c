/* SPDX-License-Identifier: ISC */
#include "sluice/kdf.h"

#include "../base/memory.h"
#include "derive.h"
#include "fault.h"
#include "lookup.h"

#define WORK_FACTOR 18
#define WORK_FACTOR_MAX 40
#define R 8
#define R_MAX 1024
#define P_MAX 64

#define ARGON2ID "ARGON2ID"
#define ARGON2_SALT_MIN 8 /* bytes, as is the next one */
#define ARGON2_MIN 4
#define MEMORY_KIB (64 * 1024)
#define LANE_KIB 8 /* the least of a lane */
#define LANES 4
#define LANES_MAX 255
#define PASSES 3
#define PASSES_MAX 1024

static slu_status
check_iterations(const EVP_MD *md, uint64_t iterations, size_t len)
{
	size_t size = (size_t)EVP_MD_get_size(md);
	uint64_t times = (len + size - 1) / size;

	if (iterations == 0)
		return slu_fail(
		    SLU_ERR_USAGE, "kdf: PBKDF2 takes one iteration or more");
	if (iterations <= SLU_PBKDF2_MAX / times)
		return SLU_OK;
	return slu_fail(SLU_ERR_LIMIT,
	    "kdf: %llu iterations for each of %llu blocks; limit is %llu in "
	    "all",
	    (unsigned long long)iterations, (unsigned long long)times,
	    (unsigned long long)SLU_PBKDF2_MAX);
}

slu_status
slu_pbkdf2(const char *digest, const void *passphrase, size_t passphrase_len,
    const void *salt, size_t salt_len, uint64_t iterations, void *out,
    size_t len)
{
	/* What NIST recommends, SP 800-132, is not for us to enforce. */
	int pkcs5 = 1;
	OSSL_PARAM params[6];
	EVP_MD *md = NULL;
	slu_status st;

	st = slu_derive_check(passphrase_len, salt_len, len);
	if (st == SLU_OK)
		st = slu_lookup_fixed(&md, digest, "PBKDF2");
	if (st == SLU_OK)
		st = check_iterations(md, iterations, len);
	if (st)
		goto out;
	params[0] = slu_derive_digest(md);
	params[1] = slu_derive_bytes(
	    OSSL_KDF_PARAM_PASSWORD, passphrase, passphrase_len);
	params[2] = slu_derive_bytes(OSSL_KDF_PARAM_SALT, salt, salt_len);
	params[3] =
	    OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &iterations);
	params[4] = OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &pkcs5);
	params[5] = OSSL_PARAM_construct_end();
	st = slu_derive(
	    slu_derive_fetch(OSSL_KDF_NAME_PBKDF2), "PBKDF2", params, out, len);
out:
	EVP_MD_free(md);
	return st;
}

/* Hold memory to what the caller allows, and to what there is. */
static slu_status
check_memory(const char *name, uint64_t need, uint64_t most)
{
	uint64_t left;

	if (most == 0)
		most = SLU_KDF_MEMORY;
	if (need > most)
		return slu_fail(SLU_ERR_LIMIT,
		    "kdf: %s needs %llu KiB of memory; limit is %llu", name,
		    (unsigned long long)(need >> 10),
		    (unsigned long long)(most >> 10));
	left = slu_memory_available();
	if (left > SIZE_MAX)
		left = SIZE_MAX;
	if (need > left)
		return slu_fail(SLU_ERR_LIMIT,
		    "kdf: %s needs %llu KiB of memory; %llu are available",
		    name, (unsigned long long)(need >> 10),
		    (unsigned long long)(left >> 10));
	return SLU_OK;
}

/* Fill in the defaults, and see what it all costs. */
static slu_status
check_scrypt(slu_scrypt_cost *c, uint64_t *memory)
{
	slu_status st;

	c->work_factor = c->work_factor > 0 ? c->work_factor : WORK_FACTOR;
	c->r = c->r > 0 ? c->r : R;
	c->p = c->p > 0 ? c->p : 1;
	st = slu_derive_limit("a work factor", c->work_factor, WORK_FACTOR_MAX);
	if (st == SLU_OK)
		st = slu_derive_limit("scrypt's r", c->r, R_MAX);
	if (st == SLU_OK)
		st = slu_derive_limit("scrypt's p", c->p, P_MAX);
	if (st)
		return st;
	if (c->work_factor >= 16 * c->r)
		return slu_fail(SLU_ERR_USAGE,
		    "kdf: a work factor of %u is too high for r = %u",
		    c->work_factor, (unsigned)c->r);
	/* The table, two blocks to work in, and the p blocks it begins with. */
	*memory =
	    128 * (uint64_t)c->r * ((UINT64_C(1) << c->work_factor) + 2 + c->p);
	return check_memory("scrypt", *memory, c->memory_max);
}

slu_status
slu_scrypt(const void *passphrase, size_t passphrase_len, const void *salt,
    size_t salt_len, const slu_scrypt_cost *cost, void *out, size_t len)
{
	slu_scrypt_cost c = { 0 };
	OSSL_PARAM params[7];
	uint64_t n, memory;
	slu_status st;

	if (cost != NULL)
		c = *cost;
	st = slu_derive_check(passphrase_len, salt_len, len);
	if (st == SLU_OK)
		st = check_scrypt(&c, &memory);
	if (st)
		return st;
	n = UINT64_C(1) << c.work_factor;
	params[0] = slu_derive_bytes(
	    OSSL_KDF_PARAM_PASSWORD, passphrase, passphrase_len);
	params[1] = slu_derive_bytes(OSSL_KDF_PARAM_SALT, salt, salt_len);
	params[2] = OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n);
	params[3] = OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &c.r);
	params[4] = OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &c.p);
	params[5] =
	    OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory);
	params[6] = OSSL_PARAM_construct_end();
	return slu_derive(
	    slu_derive_fetch(OSSL_KDF_NAME_SCRYPT), "scrypt", params, out, len);
}

static slu_status
check_argon2id(slu_argon2id_cost *c)
{
	slu_status st;

	c->memory_kib = c->memory_kib > 0 ? c->memory_kib : MEMORY_KIB;
	c->passes = c->passes > 0 ? c->passes : PASSES;
	c->lanes = c->lanes > 0 ? c->lanes : LANES;
	st = slu_derive_limit("passes of Argon2", c->passes, PASSES_MAX);
	if (st == SLU_OK)
		st = slu_derive_limit("lanes of Argon2", c->lanes, LANES_MAX);
	if (st)
		return st;
	if (c->memory_kib < LANE_KIB * c->lanes)
		return slu_fail(SLU_ERR_USAGE,
		    "kdf: Argon2 needs %u KiB of memory for %u lanes",
		    (unsigned)(LANE_KIB * c->lanes), (unsigned)c->lanes);
	return check_memory(
	    "Argon2", (uint64_t)c->memory_kib << 10, c->memory_max);
}

static slu_status
check_argon2id_lengths(size_t passphrase_len, size_t salt_len, size_t len)
{
	if (salt_len < ARGON2_SALT_MIN)
		return slu_fail(SLU_ERR_USAGE,
		    "kdf: Argon2 needs a salt of %d bytes", ARGON2_SALT_MIN);
	if (len > 0 && len < ARGON2_MIN)
		return slu_fail(SLU_ERR_USAGE,
		    "kdf: Argon2 gives %d bytes or more", ARGON2_MIN);
	return slu_derive_check(passphrase_len, salt_len, len);
}

slu_status
slu_argon2id(const void *passphrase, size_t passphrase_len, const void *salt,
    size_t salt_len, const slu_argon2id_cost *cost, void *out, size_t len)
{
	slu_argon2id_cost c = { 0 };
	OSSL_PARAM params[6];
	EVP_KDF *kdf;
	slu_status st;

	if (cost != NULL)
		c = *cost;
	st = check_argon2id_lengths(passphrase_len, salt_len, len);
	if (st == SLU_OK)
		st = check_argon2id(&c);
	if (st)
		return st;
	kdf = slu_derive_fetch(ARGON2ID);
	if (kdf == NULL)
		return slu_fault_drain()
			   ? slu_fail(SLU_ERR_MEMORY, "kdf: out of memory")
			   : slu_fail(SLU_ERR_CRYPTO,
				 "kdf: this OpenSSL has no Argon2, as 3.2 "
				 "and later have");
	params[0] = slu_derive_bytes(
	    OSSL_KDF_PARAM_PASSWORD, passphrase, passphrase_len);
	params[1] = slu_derive_bytes(OSSL_KDF_PARAM_SALT, salt, salt_len);
	/* By their names, which the headers of 3.0 have no macros for. */
	params[2] = OSSL_PARAM_construct_uint32("memcost", &c.memory_kib);
	params[3] = OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &c.passes);
	params[4] = OSSL_PARAM_construct_uint32("lanes", &c.lanes);
	params[5] = OSSL_PARAM_construct_end();
	return slu_derive(kdf, "Argon2", params, out, len);
}
