/* SPDX-License-Identifier: ISC */
/*
 * ssh_pem.h: private keys in PEM, as older programs and `ssh-keygen -m` write
 * them: RSA's own form (RFC 8017), and PKCS #8 (RFC 5958) of RSA and Ed25519
 * (RFC 8410), with a passphrase or without.
 */
#ifndef SLUICE_SEAL_SSH_PEM_H
#define SLUICE_SEAL_SSH_PEM_H

#include "key_text.h"

#define SLU_SSH_PEM "-----BEGIN " /* and more */

typedef enum slu_ssh_pem_form {
	SLU_SSH_PEM_RSA,
	SLU_SSH_PEM_PKCS8,
	SLU_SSH_PEM_PKCS8_LOCKED,
} slu_ssh_pem_form;

#define SLU_SSH_PEM_HEADER 200 /* characters of the lines before the key */

/* A file, as far as it is read without its passphrase; zero at first. */
typedef struct slu_ssh_pem {
	slu_ssh_pem_form form;
	char header[SLU_SSH_PEM_HEADER + 1]; /* how it is encrypted, or "" */
	slu_buf der;                         /* owned */
} slu_ssh_pem;

/* Read all of a file's text; after a failure there is nothing to be freed. */
slu_status slu_ssh_pem_read(
    slu_ssh_pem *p, const char *text, size_t len) SLU_CHECKED;

/* Whether a passphrase protects it. */
bool slu_ssh_pem_is_locked(const slu_ssh_pem *p);

/* Read the key, which nothing protects, into SLU_KEY_NONE. */
slu_status slu_ssh_pem_secret(const slu_ssh_pem *p, slu_key *key) SLU_CHECKED;

void slu_ssh_pem_free(slu_ssh_pem *p);

/* Read a secret key from a file's text, if no passphrase protects it. */
slu_status slu_ssh_pem_read_private(
    slu_key *key, const char *text, size_t len) SLU_CHECKED;

#endif
