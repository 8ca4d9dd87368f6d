/* SPDX-License-Identifier: ISC */
/*
 * ssh_rsa.h: ssh's RSA keys, as age seals for them: by RSAES-OAEP (RFC 8017).
 */
#ifndef SLUICE_SEAL_SSH_RSA_H
#define SLUICE_SEAL_SSH_RSA_H

#include "key_kind.h"
#include "ssh_wire.h"

#define SLU_SSH_RSA_BITS_MIN 2048
#define SLU_SSH_RSA_BITS_MAX 16384

/*
 * A public key's bytes are the string of its wire form; a secret one's have
 * the string of the secret exponent behind.
 */
extern const slu_key_kind slu_ssh_rsa;

/*
 * Append the key whose wire form that is, or say what is wrong with it:
 * SLU_ERR_LIMIT is that it has fewer bits, or more.
 */
slu_status slu_ssh_rsa_public(
    slu_buf *key, const slu_ssh_string *wire) SLU_CHECKED;

/*
 * The same for a secret key: what follows the kind's name in OpenSSH's file.
 * `wire` is the public half that the file names.
 */
slu_status slu_ssh_rsa_secret(
    slu_buf *key, slu_ssh_wire *file, const slu_ssh_string *wire) SLU_CHECKED;

#endif
