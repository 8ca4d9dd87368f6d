/* SPDX-License-Identifier: ISC */
/* pem_passphrase.h: a passphrase, as libcrypto's readers of PEM ask for it. */
#ifndef SLUICE_BASE_PEM_PASSPHRASE_H
#define SLUICE_BASE_PEM_PASSPHRASE_H

/* A pem_password_cb: `arg` is a slu_buf, which is handed over as it is. */
int slu_pem_passphrase(char *buf, int size, int rwflag, void *arg);

#endif
