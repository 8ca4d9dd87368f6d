/* SPDX-License-Identifier: ISC */
/* ssh_locked.h: ssh keys that a passphrase protects, as they wait for it. */
#ifndef SLUICE_SEAL_SSH_LOCKED_H
#define SLUICE_SEAL_SSH_LOCKED_H

#include "locked.h"
#include "ssh_file.h"

/*
 * Take the text of an ssh key's file, in OpenSSH's form or in PEM, into a
 * zeroed `out`, which is to be freed whatever this answers.  It is left at zero
 * where nothing protects the key.
 */
slu_status slu_ssh_locked(
    slu_locked_file *out, const slu_buf *text) SLU_CHECKED;

#endif
