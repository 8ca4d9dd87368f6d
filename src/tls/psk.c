/* SPDX-License-Identifier: ISC */
/*
 * A key goes with SHA-256, as RFC 8446, section 4.2.11, has it where nothing
 * else was agreed on, and so with those suites only that use it.
 */
#include "psk.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "sluice/secret.h"

#define DIGEST "_SHA256" /* at the end of a suite's name */

/* What libssl takes a key as: the session of a connection that never was. */
static SSL_SESSION *
session_of(SSL *ssl, const slu_psk *psk)
{
	static const unsigned char suite[] = { 0x13, 0x01 };
	const SSL_CIPHER *cipher = SSL_CIPHER_find(ssl, suite);
	SSL_SESSION *session = SSL_SESSION_new();

	if (session != NULL && cipher != NULL &&
	    SSL_SESSION_set1_master_key(session, psk->key, psk->key_len) == 1 &&
	    SSL_SESSION_set_cipher(session, cipher) == 1 &&
	    SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION) == 1)
		return session;
	SSL_SESSION_free(session);
	return NULL;
}

/* Of a client; `md` is the digest of a suite that the server insists on. */
static int
use_key(SSL *ssl, const EVP_MD *md, const unsigned char **identity, size_t *len,
    SSL_SESSION **session)
{
	slu_tls *tls = SSL_get_app_data(ssl);
	const slu_psk *psk = tls->cfg->psks;

	*session = NULL;
	if (md != NULL && !EVP_MD_is_a(md, "SHA256"))
		return 1;
	*session = session_of(ssl, psk);
	*identity = psk->identity;
	*len = psk->identity_len;
	tls->psk = psk;
	return *session != NULL;
}

/* Of a server; an identity that is not known may be a ticket's. */
static int
find_key(
    SSL *ssl, const unsigned char *identity, size_t len, SSL_SESSION **session)
{
	slu_tls *tls = SSL_get_app_data(ssl);
	const slu_tls_config *cfg = tls->cfg;

	*session = NULL;
	/* What a first hello named, a second one need not. */
	tls->psk = NULL;
	for (size_t i = 0; i < cfg->psk_count; i++) {
		const slu_psk *psk = &cfg->psks[i];

		if (psk->identity_len != len ||
		    memcmp(psk->identity, identity, len) != 0)
			continue;
		*session = session_of(ssl, psk);
		tls->psk = psk;
		/* A session would save nothing, and not tell who it is. */
		return *session != NULL && SSL_set_num_tickets(ssl, 0) == 1;
	}
	return 1;
}

bool
slu_psk_needed(const slu_tls *tls)
{
	return tls->cfg->psk_count > 0 && !SSL_is_server(tls->ssl);
}

const slu_psk *
slu_psk_used(const slu_tls *tls)
{
	if (!SSL_is_init_finished(tls->ssl) ||
	    SSL_session_reused(tls->ssl) != 1)
		return NULL;
	return tls->psk;
}

/* Whether a server has nothing but keys to be known by. */
static bool
has_nothing_else(const slu_tls_config *cfg)
{
	return cfg->identity_count == 0 && cfg->on_name == NULL;
}

/* Of the config's suites, those that a key goes with. */
static slu_status
set_suites(slu_tls *tls)
{
	const char *p = tls->cfg->suites.modern;
	char some[SLU_SUITES_MAX] = "";
	size_t len, end = sizeof(DIGEST) - 1, used = 0;

	for (; *p != '\0'; p += len + (p[len] == ':')) {
		len = strcspn(p, ":");
		if (len < end || memcmp(p + len - end, DIGEST, end) != 0)
			continue;
		if (used > 0)
			some[used++] = ':';
		memcpy(some + used, p, len);
		used += len;
		some[used] = '\0';
	}
	if (used == 0)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: no cipher suite is left that a shared key goes with");
	return SSL_set_ciphersuites(tls->ssl, some) == 1 ? SLU_OK
							 : slu_tls_no_memory();
}

slu_status
slu_psk_begin(slu_tls *tls)
{
	slu_status st;
	bool server = SSL_is_server(tls->ssl) == 1;

	if (tls->cfg->psk_count == 0)
		return SLU_OK;
	if (!server && tls->cfg->psk_count > 1)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a client has one key to share, not %zu",
		    tls->cfg->psk_count);
	st = set_suites(tls);
	if (st)
		return st;
	if ((!server || has_nothing_else(tls->cfg)) &&
	    SSL_set_min_proto_version(tls->ssl, TLS1_3_VERSION) != 1) {
		ERR_clear_error();
		return slu_fail(
		    SLU_ERR_USAGE, "tls: keys are shared in TLS 1.3 only");
	}
	if (server) {
		SSL_set_psk_find_session_callback(tls->ssl, find_key);
		return SLU_OK;
	}
	/* libssl wants the session that a key is to be of this context. */
	SSL_set_psk_use_session_callback(tls->ssl, use_key);
	if (SSL_set_session_id_context(
		tls->ssl, (const unsigned char *)"", 0) != 1)
		return slu_tls_no_memory();
	return SLU_OK;
}

void
slu_psk_free(slu_tls_config *cfg)
{
	for (size_t i = 0; i < cfg->psk_count; i++)
		free(cfg->psks[i].identity);
	if (cfg->psks != NULL)
		slu_wipe(cfg->psks, cfg->psk_count * sizeof(*cfg->psks));
	free(cfg->psks);
}
