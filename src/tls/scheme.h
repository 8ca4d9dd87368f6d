/* SPDX-License-Identifier: ISC */
/* scheme.h: which signatures a peer takes, and a key can make. */
#ifndef SLUICE_TLS_SCHEME_H
#define SLUICE_TLS_SCHEME_H

#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * Whether the peer, whose hello or request libssl has read, takes what `key`
 * signs (RFC 8446, section 4.2.3).  In TLS 1.2 a client must also have a suite
 * and a group for it (RFC 8422, section 5.1).
 */
bool slu_scheme_fits(SSL *ssl, const EVP_PKEY *key);

#endif
