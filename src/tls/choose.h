/* SPDX-License-Identifier: ISC */
/* choose.h: which of several identities to be, to the peer at hand. */
#ifndef SLUICE_TLS_CHOOSE_H
#define SLUICE_TLS_CHOOSE_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "sluice/tls_identity.h"

/*
 * Be `id` from now on, and nobody else; NULL: nobody.  libssl holds what it
 * needs of it.
 */
slu_status slu_choose_present(SSL *ssl, slu_tls_identity *id) SLU_CHECKED;

/* Whether one of `authorities` is above `id`. */
bool slu_choose_is_under(
    const STACK_OF(X509_NAME) * authorities, const slu_tls_identity *id);

/*
 * For SSL_CTX_set_cert_cb: choose from the config, where nobody was presented
 * before.  It never stops libssl: 1 to go on, 0 after a failure, which is then
 * the engine's.
 */
int slu_choose_identity(SSL *ssl, void *unused);

#endif
