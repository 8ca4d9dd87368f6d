/* SPDX-License-Identifier: ISC */
/* ssh_text.h: ssh's public keys, as lines have them. */
#ifndef SLUICE_SEAL_SSH_TEXT_H
#define SLUICE_SEAL_SSH_TEXT_H

#include "key_text.h"
#include "ssh_wire.h"

/* Set the kind of key that ssh calls so: SLU_ERR_FORMAT where we have none. */
slu_status slu_ssh_kind(slu_key *key, const slu_ssh_string *type) SLU_CHECKED;

/* Read a public key of that kind in its wire form. */
slu_status slu_ssh_public(slu_key *key, const slu_ssh_string *wire) SLU_CHECKED;

/*
 * Read a line of authorized_keys or of a .pub file, whose comment is left.  One
 * of another type, or of RSA of a size that is not ours, is without a kind.
 */
slu_status slu_ssh_read_public(
    slu_key *key, const char *text, size_t len) SLU_CHECKED;

#endif
