/* SPDX-License-Identifier: ISC */
/* ticket.h: which of its tickets a server takes back. */
#ifndef SLUICE_TLS_TICKET_H
#define SLUICE_TLS_TICKET_H

#include <openssl/ssl.h>

/*
 * For SSL_CTX_set_session_ticket_cb.  A session is resumed for the name that
 * it was begun for, in TLS 1.3 too, where RFC 8446 leaves that open: who was
 * let in under one name is not let in under another unlooked at.  And it ends
 * with the certificate that the client has shown.
 */
SSL_TICKET_RETURN slu_ticket_opened(SSL *ssl, SSL_SESSION *session,
    const unsigned char *key_name, size_t len, SSL_TICKET_STATUS status,
    void *unused);

/*
 * For SSL_CTX_set_tlsext_servername_callback: libssl notes a name in the
 * session, and tells it when that is resumed, only if somebody takes it.
 */
int slu_ticket_take_name(SSL *ssl, int *alert, void *unused);

#endif
