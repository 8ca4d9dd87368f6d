/* SPDX-License-Identifier: ISC */
/*
 * ssh_ed25519.h: ssh's Ed25519 keys, as age seals for them.
 *
 * A key to sign with becomes one to agree with: its point is mapped from the
 * curve's Edwards form to the Montgomery form, of which X25519 takes u = (1 +
 * y) / (1 - y), and its scalar is the one that signing derives from the seed
 * (RFC 8032 section 5.1.5).  What is agreed on is multiplied by a number that
 * the key gives, so that it is of no use as X25519.
 */
#ifndef SLUICE_SEAL_SSH_ED25519_H
#define SLUICE_SEAL_SSH_ED25519_H

#include "key_kind.h"
#include "ssh_wire.h"

/*
 * A public key's bytes are the point's u and the string of its wire form; a
 * secret one's have the scalar in front.
 */
extern const slu_key_kind slu_ssh_ed25519;

/* Append the key whose wire form that is, or say what is wrong with it. */
slu_status slu_ssh_ed25519_public(
    slu_buf *key, const slu_ssh_string *wire) SLU_CHECKED;

/*
 * The same for a secret key: what follows the kind's name in OpenSSH's file.
 * `wire` is the public half that the file names.
 */
slu_status slu_ssh_ed25519_secret(
    slu_buf *key, slu_ssh_wire *file, const slu_ssh_string *wire) SLU_CHECKED;

#endif
