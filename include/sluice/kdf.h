/* SPDX-License-Identifier: ISC */
/*
 * kdf.h: keys derived from other keys, and from passphrases.
 *
 * A key becomes other keys by HKDF, which costs next to nothing.  A
 * passphrase, which can be guessed, becomes a key by a function that is dear
 * on purpose: Argon2id or scrypt, which take memory as well as time; PBKDF2
 * where something else prescribes it.
 *
 * Keys, passphrases, salts and infos are bytes, NULs among them, and may be
 * of length 0 where nothing else is said; each is SLU_KDF_INPUT_MAX at most.
 * `len` bytes of output are asked for, 1 to SLU_KDF_MAX.  What is over a
 * limit, of length or of cost, is SLU_ERR_LIMIT, and is found before memory
 * or time is spent, so that costs may be taken from a stranger's file.
 */
#ifndef SLUICE_KDF_H
#define SLUICE_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "sluice/status.h"

SLU_BEGIN_DECLS

#define SLU_KDF_INPUT_MAX 1048576 /* bytes, as are those below */
#define SLU_KDF_MAX 65536
#define SLU_KDF_MEMORY 1073741824 /* that a passphrase may cost, by default */
#define SLU_HKDF_INFO_MAX 1024

/*
 * HKDF (RFC 5869): from `key`, which has enough entropy but need not be
 * uniform, and a salt, to keys for the purpose that `info` tells.  `digest`
 * is one of a fixed size that slu_hash_new knows, of which 255 digests of
 * output can be had.
 */
slu_status slu_hkdf(const char *digest, const void *key, size_t key_len,
    const void *salt, size_t salt_len, const void *info, size_t info_len,
    void *out, size_t len) SLU_CHECKED;

/*
 * Its first step alone (section 2.2): a pseudorandom key of the digest's size,
 * which is written to `prk` and told by `*len`.  SLU_ERR_USAGE where `cap` is
 * too little for it.
 */
slu_status slu_hkdf_extract(const char *digest, const void *key, size_t key_len,
    const void *salt, size_t salt_len, void *prk, size_t cap,
    size_t *len) SLU_CHECKED;

/*
 * Its second step alone (section 2.3), from a key that is uniform, such as
 * the first step's.  One that is shorter than the digest is SLU_ERR_USAGE.
 */
slu_status slu_hkdf_expand(const char *digest, const void *prk, size_t prk_len,
    const void *info, size_t info_len, void *out, size_t len) SLU_CHECKED;

/* The most that PBKDF2 may cost: iterations, for each digest of output. */
#define SLU_PBKDF2_MAX (UINT64_C(1) << 28)

/*
 * PBKDF2 with HMAC over `digest` (RFC 8018, section 5.2).  The iterations,
 * 1 and up, are done once for every digest of output, or part of one: all
 * together, SLU_PBKDF2_MAX at most.
 */
slu_status slu_pbkdf2(const char *digest, const void *passphrase,
    size_t passphrase_len, const void *salt, size_t salt_len,
    uint64_t iterations, void *out, size_t len) SLU_CHECKED;

/*
 * What scrypt costs.  It takes 128 * r * 2^work_factor bytes of memory, and p
 * times the time for that; zero is the default of each.
 */
typedef struct slu_scrypt_cost {
	unsigned work_factor; /* log2 of N, 1 to 40; by default 18 */
	uint32_t r;           /* the block size, 1 to 1024; by default 8 */
	uint32_t p;           /* 1 to 64; by default 1 */
	uint64_t memory_max;  /* bytes; by default SLU_KDF_MEMORY */
} slu_scrypt_cost;

/*
 * scrypt (RFC 7914).  It is SLU_ERR_LIMIT to need more memory than the cost
 * allows, or than the machine has to give.  N must be less than 2^(16 * r),
 * else SLU_ERR_USAGE.  NULL for the cost is all defaults: 256 MiB.
 */
slu_status slu_scrypt(const void *passphrase, size_t passphrase_len,
    const void *salt, size_t salt_len, const slu_scrypt_cost *cost, void *out,
    size_t len) SLU_CHECKED;

/* What Argon2id costs; zero is the default of each (RFC 9106, section 4). */
typedef struct slu_argon2id_cost {
	uint32_t memory_kib; /* 8 a lane and up; by default 65536 */
	uint32_t passes;     /* over it, 1 to 1024; by default 3 */
	uint32_t lanes;      /* 1 to 255; by default 4 */
	uint64_t memory_max; /* bytes; by default SLU_KDF_MEMORY */
} slu_argon2id_cost;

/*
 * Argon2id, version 19 (RFC 9106), one thread working on all lanes.  The
 * salt has 8 bytes or more, the output 4 or more.  Memory is limited as it
 * is for scrypt.  OpenSSL has it since 3.2: SLU_ERR_CRYPTO, whose reason says
 * so, where the one that is linked does not.
 */
slu_status slu_argon2id(const void *passphrase, size_t passphrase_len,
    const void *salt, size_t salt_len, const slu_argon2id_cost *cost, void *out,
    size_t len) SLU_CHECKED;

SLU_END_DECLS

#endif
