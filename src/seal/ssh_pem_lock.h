/* SPDX-License-Identifier: ISC */
/*
 * ssh_pem_lock.h: how a passphrase protects a key in PEM: by PBES2 with PBKDF2
 * (RFC 8018), or by OpenSSL's older way, which a header in the file tells of.
 */
#ifndef SLUICE_SEAL_SSH_PEM_LOCK_H
#define SLUICE_SEAL_SSH_PEM_LOCK_H

#include "ssh_pem.h"

/* Of PBKDF2: seconds.  ssh-keygen makes 2048. */
#define SLU_SSH_PEM_ROUNDS_MAX 10000000

/*
 * See how a key is protected.  SLU_ERR_FORMAT where we do not know it,
 * SLU_ERR_LIMIT where it costs too much.
 */
slu_status slu_ssh_pem_lock_check(const slu_ssh_pem *p) SLU_CHECKED;

/* Read the secret key; SLU_ERR_NO_MATCH if it is another passphrase. */
slu_status slu_ssh_pem_unlock(
    const slu_ssh_pem *p, const slu_buf *passphrase, slu_key *key) SLU_CHECKED;

#endif
