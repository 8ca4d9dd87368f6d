/* SPDX-License-Identifier: ISC */
/*
 * ssh_file.h: the file of a private key, in OpenSSH's own form (its
 * PROTOCOL.key).  The public half is in the clear in each.
 */
#ifndef SLUICE_SEAL_SSH_FILE_H
#define SLUICE_SEAL_SSH_FILE_H

#include "bcrypt.h"
#include "key_text.h"
#include "ssh_cipher.h"

#define SLU_SSH_PRIVATE "-----BEGIN OPENSSH PRIVATE KEY-----"

/* A file, as far as it is read without its passphrase; zero at first. */
typedef struct slu_ssh_file {
	slu_buf bytes; /* owned: all that is in it */
	slu_ssh_string public;
	slu_ssh_string secrets; /* behind them may be their tag */
	slu_ssh_lock lock;
} slu_ssh_file;

/* Read all of a file's text; after a failure there is nothing to be freed. */
slu_status slu_ssh_file_read(
    slu_ssh_file *f, const char *text, size_t len) SLU_CHECKED;

/* Read the public half into SLU_KEY_NONE. */
slu_status slu_ssh_file_public(const slu_ssh_file *f, slu_key *key) SLU_CHECKED;

/* Read the secret half of a key that nothing protects. */
slu_status slu_ssh_file_secret(const slu_ssh_file *f, slu_key *key) SLU_CHECKED;

/* The same where a passphrase does; SLU_ERR_NO_MATCH if it is another one. */
slu_status slu_ssh_file_unlock(const slu_ssh_file *f, const slu_bcrypt *b,
    const slu_buf *passphrase, slu_key *key) SLU_CHECKED;

void slu_ssh_file_free(slu_ssh_file *f);

/* What a key is that a passphrase protects, to who has none: NO_MATCH. */
slu_status slu_ssh_nobody_to_ask(void) SLU_CHECKED;

/* Read a secret key from a file's text, if no passphrase protects it. */
slu_status slu_ssh_read_private(
    slu_key *key, const char *text, size_t len) SLU_CHECKED;

#endif
