/* SPDX-License-Identifier: ISC */
#include "session_chain.h"

#include <openssl/err.h>
#include <stdlib.h>

#include "fault.h"

/*
 * Behind a mark, which tells a chain of the leaf alone from none, it is one
 * certificate in DER after the other, closest to the leaf first.
 */
#define MARK 'c'

void
slu_session_chain_put(SSL_SESSION *session, STACK_OF(X509) * chain)
{
	unsigned char *der, *p;
	size_t len = 0;
	int n;

	for (int i = 1; i < sk_X509_num(chain); i++) {
		n = i2d_X509(sk_X509_value(chain, i), NULL);
		len += n > 0 ? (size_t)n : SLU_TLS_SESSION_CHAIN_MAX;
		if (len > SLU_TLS_SESSION_CHAIN_MAX)
			return;
	}
	der = p = malloc(len + 1);
	if (der == NULL)
		return;
	*p++ = MARK;
	for (int i = 1; i < sk_X509_num(chain); i++)
		(void)i2d_X509(sk_X509_value(chain, i), &p);
	(void)SSL_SESSION_set1_ticket_appdata(session, der, len + 1);
	ERR_clear_error();
	free(der);
}

static slu_status
add_rest(STACK_OF(X509) * chain, const unsigned char *der, size_t len)
{
	const unsigned char *p = der;
	X509 *cert;

	while (len > (size_t)(p - der)) {
		cert = d2i_X509(NULL, &p, (long)len - (p - der));
		if (cert == NULL) {
			ERR_clear_error();
			return slu_fail(SLU_ERR_FORMAT,
			    "tls: a session holds a malformed chain");
		}
		if (sk_X509_push(chain, cert) == 0) {
			X509_free(cert);
			return slu_tls_no_memory();
		}
	}
	return SLU_OK;
}

/* What is kept behind the mark; false where nothing is. */
static bool
find(SSL_SESSION *session, const unsigned char **der, size_t *len)
{
	void *data = NULL;

	if (SSL_SESSION_get0_ticket_appdata(session, &data, len) != 1 ||
	    *len == 0 || *(unsigned char *)data != MARK)
		return false;
	*der = (unsigned char *)data + 1;
	--*len;
	return true;
}

bool
slu_session_chain_is_whole(SSL_SESSION *session)
{
	const unsigned char *der;
	size_t len;

	return SSL_SESSION_get0_peer(session) == NULL ||
	       find(session, &der, &len);
}

slu_status
slu_session_chain_get(SSL_SESSION *session, STACK_OF(X509) * *out)
{
	X509 *leaf = SSL_SESSION_get0_peer(session);
	STACK_OF(X509) *chain = NULL;
	const unsigned char *der;
	slu_status st;
	size_t len;

	*out = NULL;
	if (leaf == NULL)
		return SLU_OK;
	if (!find(session, &der, &len))
		return slu_fail(
		    SLU_ERR_FORMAT, "tls: a session holds no chain");
	chain = sk_X509_new_null();
	if (chain == NULL ||
	    X509_add_cert(chain, leaf, X509_ADD_FLAG_UP_REF) != 1)
		st = slu_tls_no_memory();
	else
		st = add_rest(chain, der, len);
	if (st) {
		sk_X509_pop_free(chain, X509_free);
		return st;
	}
	*out = chain;
	return SLU_OK;
}
