/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "ticket.h"

#include <stdbool.h>
#include <strings.h>
#include <time.h>

#include "hello.h"
#include "session_chain.h"
#include "tls_config_internal.h"
#include "tls_internal.h"

/* Whether the hello at hand asks for the name that the session was for. */
static bool
is_for_same_name(SSL *ssl, const SSL_SESSION *session)
{
	const char *before = SSL_SESSION_get0_hostname(session);
	const unsigned char *body;
	slu_tls_hello hello;
	size_t len;

	if (SSL_client_hello_get0_ext(
		ssl, TLSEXT_TYPE_server_name, &body, &len) != 1)
		return before == NULL;
	if (before == NULL || slu_hello_read(&hello, body, len, NULL, 0))
		return false;
	return strcasecmp(before, hello.name) == 0;
}

/* Whether the client's certificate has ended, where its dates count. */
static bool
is_over(const slu_tls_config *cfg, SSL_SESSION *session)
{
	X509 *leaf = SSL_SESSION_get0_peer(session);
	time_t now = time(NULL);

	if (leaf == NULL || cfg->only_pins || cfg->insecure)
		return false;
	return X509_cmp_time(X509_get0_notAfter(leaf), &now) <= 0;
}

SSL_TICKET_RETURN
slu_ticket_opened(SSL *ssl, SSL_SESSION *session, const unsigned char *key_name,
    size_t len, SSL_TICKET_STATUS status, void *unused)
{
	const slu_tls *tls = SSL_get_app_data(ssl);

	(void)key_name, (void)len, (void)unused;
	if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW)
		return SSL_TICKET_RETURN_IGNORE_RENEW;
	if (!is_for_same_name(ssl, session) || is_over(tls->cfg, session) ||
	    (tls->cfg->on_peer != NULL && !slu_session_chain_is_whole(session)))
		return SSL_TICKET_RETURN_IGNORE_RENEW;
	return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE
					    : SSL_TICKET_RETURN_USE_RENEW;
}

int
slu_ticket_take_name(SSL *ssl, int *alert, void *unused)
{
	(void)ssl, (void)alert, (void)unused;
	return SSL_TLSEXT_ERR_OK;
}
