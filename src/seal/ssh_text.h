/* SPDX-License-Identifier: ISC */
/* ssh_text.h: ssh's keys as its files have them. */
#ifndef SLUICE_SEAL_SSH_TEXT_H
#define SLUICE_SEAL_SSH_TEXT_H

#include "key_text.h"

#define SLU_SSH_PRIVATE "-----BEGIN OPENSSH PRIVATE KEY-----"

/* Read a line of authorized_keys or of a .pub file, whose comment is left. */
slu_status slu_ssh_read_public(
    slu_key *key, const char *text, size_t len) SLU_CHECKED;

/*
 * Read all of a private key's file (OpenSSH's PROTOCOL.key), if it is not
 * protected by a passphrase.
 */
slu_status slu_ssh_read_private(
    slu_key *key, const char *text, size_t len) SLU_CHECKED;

#endif
