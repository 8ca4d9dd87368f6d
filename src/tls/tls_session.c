/* SPDX-License-Identifier: ISC */
/*
 * A session in bytes is libssl's own, in ASN.1, behind a head of ours that
 * says what it is and whose.
 */
#include "tls_session_internal.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config_print.h"
#include "fault.h"
#include "session_chain.h"
#include "sluice/hash.h"
#include "sluice/secret.h"

#define MAGIC "sluice-tls-session-1\n"
#define MAGIC_LEN (sizeof(MAGIC) - 1)
#define OWNER_LEN 32
#define HEAD_LEN (MAGIC_LEN + OWNER_LEN)

/* Whose a session is: of this host, and a config like ours. */
static slu_status
owner_of(const slu_tls *tls, unsigned char owner[OWNER_LEN])
{
	unsigned char print[SLU_CONFIG_PRINT];
	slu_hash *h = NULL;
	slu_status st = slu_config_print(tls->cfg, print);
	size_t len;

	if (st == SLU_OK)
		st = slu_hash_new(&h, "sha256");
	if (st == SLU_OK)
		st = slu_hash_update(h, print, sizeof(print));
	if (st == SLU_OK)
		st = slu_hash_update(h, tls->dane, sizeof(tls->dane));
	if (st == SLU_OK)
		st = slu_hash_update(h, tls->host, strlen(tls->host));
	if (st == SLU_OK)
		st = slu_hash_final(h, owner, OWNER_LEN, &len);
	slu_hash_free(h);
	return st;
}

/* libssl's bytes of a session, behind the head. */
static slu_status
encode(slu_buf *out, SSL_SESSION *session, const unsigned char head[HEAD_LEN])
{
	int len = i2d_SSL_SESSION(session, NULL);
	unsigned char *all, *p;
	slu_status st;

	if (len <= 0)
		return slu_tls_no_memory();
	if ((size_t)len > SLU_TLS_SESSION_MAX - HEAD_LEN)
		return slu_fail(SLU_ERR_LIMIT,
		    "tls: a session of more than %d bytes",
		    SLU_TLS_SESSION_MAX);
	all = malloc(HEAD_LEN + (size_t)len);
	if (all == NULL)
		return slu_tls_no_memory();
	memcpy(all, head, HEAD_LEN);
	p = all + HEAD_LEN;
	(void)i2d_SSL_SESSION(session, &p);
	st = slu_buf_add(out, all, HEAD_LEN + (size_t)len);
	slu_wipe(all, HEAD_LEN + (size_t)len);
	free(all);
	return st;
}

slu_status
slu_tls_session_get(slu_tls *tls, slu_buf *out)
{
	slu_status st = slu_failure_again(&tls->failure);
	SSL_SESSION *session = SSL_get_session(tls->ssl);
	unsigned char head[HEAD_LEN];

	if (st)
		return st;
	if (SSL_is_server(tls->ssl) || !tls->admitted)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a session is a client's, after its handshake");
	if (session == NULL || !SSL_SESSION_is_resumable(session) ||
	    tls->cfg->session_seconds == 0)
		return SLU_WANT_READ;
	memcpy(head, MAGIC, MAGIC_LEN);
	st = owner_of(tls, head + MAGIC_LEN);
	return st ? st : encode(out, session, head);
}

/* A session ends with its time, its own or ours, or its peer's certificate. */
static bool
is_over(const slu_tls_config *cfg, const SSL_SESSION *session)
{
	X509 *leaf = SSL_SESSION_get0_peer((SSL_SESSION *)session);
	time_t now = time(NULL);
	long age = (long)now - SSL_SESSION_get_time(session);

	if (age < 0 || age >= SSL_SESSION_get_timeout(session) ||
	    age >= (long)cfg->session_seconds)
		return true;
	return leaf != NULL &&
	       X509_cmp_time(X509_get0_notAfter(leaf), &now) < 0;
}

/*
 * Whether the suite of a session, and so its version, is one of those that
 * are offered with it: libssl takes a server at its word which chooses it,
 * and then refuses it for that.
 */
static slu_status
check_suite(slu_tls *tls, const SSL_SESSION *session)
{
	const SSL_CIPHER *its = SSL_SESSION_get0_cipher(session);
	STACK_OF(SSL_CIPHER) *ours = SSL_get1_supported_ciphers(tls->ssl);
	bool spoken = false;

	if (ours == NULL)
		return slu_tls_no_memory();
	for (int i = 0; i < sk_SSL_CIPHER_num(ours); i++)
		if (sk_SSL_CIPHER_value(ours, i) == its)
			spoken = true;
	sk_SSL_CIPHER_free(ours);
	return spoken ? SLU_OK
		      : slu_fail(SLU_ERR_NO_MATCH,
			    "tls: the session is of a cipher suite that is "
			    "not spoken here");
}

slu_status
slu_session_offer(slu_tls *tls, const unsigned char *der, size_t len)
{
	const unsigned char *p = der;
	SSL_SESSION *session = d2i_SSL_SESSION(NULL, &p, (long)len);
	slu_status st = SLU_OK;

	if (session == NULL || p != der + len)
		st = slu_fail(SLU_ERR_FORMAT, "tls: a malformed session");
	else if (!SSL_SESSION_is_resumable(session) ||
		 is_over(tls->cfg, session))
		st = slu_fail(SLU_ERR_NO_MATCH, "tls: the session is over");
	else if (tls->cfg->on_peer != NULL &&
		 !slu_session_chain_is_whole(session))
		st = slu_fail(
		    SLU_ERR_NO_MATCH, "tls: the session holds no chain");
	else
		st = check_suite(tls, session);
	if (st == SLU_OK && SSL_set_session(tls->ssl, session) != 1)
		st = slu_fail(SLU_ERR_NO_MATCH, "tls: no such session here");
	ERR_clear_error();
	SSL_SESSION_free(session);
	return st;
}

slu_status
slu_tls_session_set(slu_tls *tls, const void *session, size_t len)
{
	slu_status st = slu_failure_again(&tls->failure);
	const unsigned char *p = session;
	unsigned char owner[OWNER_LEN];

	if (st)
		return st;
	if (SSL_is_server(tls->ssl) || !SSL_in_before(tls->ssl))
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a session is a client's, before its handshake");
	if (len > SLU_TLS_SESSION_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "tls: a session of more than %d bytes",
		    SLU_TLS_SESSION_MAX);
	if (len <= HEAD_LEN || memcmp(p, MAGIC, MAGIC_LEN) != 0)
		return slu_fail(SLU_ERR_FORMAT, "tls: not a session");
	st = owner_of(tls, owner);
	if (st)
		return st;
	if (!slu_equal(p + MAGIC_LEN, owner, OWNER_LEN))
		return slu_fail(SLU_ERR_NO_MATCH,
		    "tls: the session is another host's, or another config's");
	return slu_session_offer(tls, p + HEAD_LEN, len - HEAD_LEN);
}
