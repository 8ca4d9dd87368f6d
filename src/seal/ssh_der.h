/* SPDX-License-Identifier: ISC */
/* ssh_der.h: private keys in DER become those that ssh has. */
#ifndef SLUICE_SEAL_SSH_DER_H
#define SLUICE_SEAL_SSH_DER_H

#include "der.h"
#include "key_text.h"

/* Read RSA's own form (RFC 8017 appendix A.1.2) into SLU_KEY_NONE. */
slu_status slu_ssh_der_rsa(slu_key *key, slu_der der) SLU_CHECKED;

/* The same for PKCS #8, of RSA or Ed25519 (RFC 5958, RFC 8410). */
slu_status slu_ssh_der_pkcs8(slu_key *key, slu_der der) SLU_CHECKED;

#endif
