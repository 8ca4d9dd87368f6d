/* SPDX-License-Identifier: ISC */
#include "choose.h"

#include "fault.h"
#include "scheme.h"
#include "tls_config_internal.h"
#include "tls_identity_internal.h"
#include "tls_internal.h"

slu_status
slu_choose_present(SSL *ssl, slu_tls_identity *id)
{
	slu_tls *tls = SSL_get_app_data(ssl);

	slu_tls_identity_free(tls->identity);
	tls->identity = id == NULL ? NULL : slu_tls_identity_share(id);
	SSL_certs_clear(ssl);
	if (id == NULL ||
	    SSL_use_cert_and_key(ssl, id->leaf, id->key, id->chain, 1) == 1)
		return SLU_OK;
	ERR_clear_error();
	return slu_fail(
	    SLU_ERR_CRYPTO, "tls: OpenSSL does not take the identity");
}

/*
 * The first that has the name and a key that the peer takes.  Where the name
 * has only others, one of them fails for the reason that there is; a name that
 * nobody has gets the first key that the peer takes.
 */
static slu_tls_identity *
choose_for_client(SSL *ssl, const slu_tls_config *cfg)
{
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	slu_tls_identity *named = NULL;

	for (size_t i = 0; name != NULL && i < cfg->identity_count; i++) {
		slu_tls_identity *id = cfg->identities[i];

		if (!slu_cert_names_have(&id->names, name))
			continue;
		if (slu_scheme_fits(ssl, id->key))
			return id;
		if (named == NULL)
			named = id;
	}
	for (size_t i = 0; named == NULL && i < cfg->identity_count; i++)
		if (slu_scheme_fits(ssl, cfg->identities[i]->key))
			return cfg->identities[i];
	return named != NULL ? named : cfg->identities[0];
}

static bool
is_issued_by(const STACK_OF(X509_NAME) * authorities, const X509 *cert)
{
	const X509_NAME *issuer = X509_get_issuer_name(cert);

	for (int i = 0; i < sk_X509_NAME_num(authorities); i++)
		if (X509_NAME_cmp(sk_X509_NAME_value(authorities, i), issuer) ==
		    0)
			return true;
	return false;
}

bool
slu_choose_is_under(
    const STACK_OF(X509_NAME) * authorities, const slu_tls_identity *id)
{
	if (is_issued_by(authorities, id->leaf))
		return true;
	for (int i = 0; i < sk_X509_num(id->chain); i++)
		if (is_issued_by(authorities, sk_X509_value(id->chain, i)))
			return true;
	return false;
}

/* Not every server names those that it trusts: then the first that fits. */
static slu_tls_identity *
choose_for_server(SSL *ssl, const slu_tls_config *cfg)
{
	slu_tls_identity *usable = NULL;

	for (size_t i = 0; i < cfg->identity_count; i++) {
		slu_tls_identity *id = cfg->identities[i];

		if (!slu_scheme_fits(ssl, id->key))
			continue;
		if (slu_choose_is_under(SSL_get0_peer_CA_list(ssl), id))
			return id;
		if (usable == NULL)
			usable = id;
	}
	return usable;
}

int
slu_choose_identity(SSL *ssl, void *unused)
{
	slu_tls *tls = SSL_get_app_data(ssl);
	slu_status st;

	(void)unused;
	if (SSL_get_certificate(ssl) != NULL || tls->cfg->identity_count == 0)
		return 1;
	st = slu_choose_present(ssl, SSL_is_server(ssl)
					 ? choose_for_client(ssl, tls->cfg)
					 : choose_for_server(ssl, tls->cfg));
	(void)slu_failure_keep(&tls->failure, st);
	return st == SLU_OK;
}
