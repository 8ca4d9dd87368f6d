/* SPDX-License-Identifier: ISC */
/* ssh_cipher.h: how a passphrase protects a key in OpenSSH's files. */
#ifndef SLUICE_SEAL_SSH_CIPHER_H
#define SLUICE_SEAL_SSH_CIPHER_H

#include "ssh_wire.h"

#define SLU_SSH_ROUNDS_MAX 10000 /* of bcrypt: ssh-keygen makes 16 to 24 */
#define SLU_SSH_SALT_MAX 64      /* bytes: ssh-keygen makes 16 */

/* A way to encrypt: AES, in one of its modes. */
typedef struct slu_ssh_cipher {
	const char *name;   /* ssh's */
	const char *called; /* libcrypto's */
	size_t key, nonce;  /* bytes, as is all here */
	size_t tag;         /* 0: nothing authenticates it */
} slu_ssh_cipher;

#define SLU_SSH_SECRET_MAX 48 /* a key and a nonce */
#define SLU_SSH_BLOCK 16      /* what is encrypted is in so long pieces */

/* Zero: nothing protects it. */
typedef struct slu_ssh_lock {
	const slu_ssh_cipher *cipher;
	slu_ssh_string salt; /* lent by the file */
	uint32_t rounds;
} slu_ssh_lock;

/*
 * Read what a file says of its protection.  SLU_ERR_FORMAT where we do not
 * know it, SLU_ERR_LIMIT where it costs too much.
 */
slu_status slu_ssh_lock_read(slu_ssh_lock *lock, const slu_ssh_string *cipher,
    const slu_ssh_string *kdf, const slu_ssh_string *options) SLU_CHECKED;

/*
 * Decrypt `in`, behind which is its tag where there is one, into `out`, which
 * has room for it.  `secret` is the cipher's key and its nonce behind.
 * SLU_ERR_AUTH where the tag is another one.
 */
slu_status slu_ssh_decrypt(const slu_ssh_cipher *c, const unsigned char *secret,
    const slu_ssh_string *in, unsigned char *out) SLU_CHECKED;

#endif
