/* SPDX-License-Identifier: ISC */
#include "ocsp.h"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <stdbool.h>

#include "fault.h"
#include "tls_config_internal.h"
#include "tls_identity_internal.h"
#include "tls_internal.h"

#define SKEW 300            /* seconds that clocks may be apart */
#define AGE_MAX (7 * 86400) /* of a response that does not say when it ends */
#define DIGEST_LEAST 28     /* bytes: SHA-224 */
#define STATUS_REQUEST 5    /* an extension: RFC 6066, section 8 */

static slu_status
refused(const char *why)
{
	ERR_clear_error();
	return slu_fail(SLU_ERR_AUTH, "tls: %s", why);
}

/* The body of a response; NULL where it is none, or its sender had none. */
static OCSP_BASICRESP *
read_response(const unsigned char *der, size_t len)
{
	OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &der, (long)len);
	OCSP_BASICRESP *body = NULL;

	if (response != NULL &&
	    OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
		body = OCSP_response_get1_basic(response);
	OCSP_RESPONSE_free(response);
	return body;
}

/* Whether `id`, by whatever digest, is that of `leaf`. */
static bool
is_about(const OCSP_CERTID *id, X509 *leaf, X509 *issuer)
{
	ASN1_OBJECT *digest;
	OCSP_CERTID *ours;
	bool yes;

	(void)OCSP_id_get0_info(NULL, &digest, NULL, NULL, (OCSP_CERTID *)id);
	ours = OCSP_cert_to_id(EVP_get_digestbyobj(digest), leaf, issuer);
	yes = ours != NULL && OCSP_id_cmp(ours, id) == 0;
	OCSP_CERTID_free(ours);
	return yes;
}

static OCSP_SINGLERESP *
find(OCSP_BASICRESP *body, X509 *leaf, X509 *issuer)
{
	for (int i = 0; i < OCSP_resp_count(body); i++) {
		OCSP_SINGLERESP *one = OCSP_resp_get0(body, i);

		if (is_about(OCSP_SINGLERESP_get0_id(one), leaf, issuer))
			return one;
	}
	return NULL;
}

slu_status
slu_ocsp_inspect(const void *der, size_t len, X509 *leaf, X509 *issuer)
{
	OCSP_BASICRESP *body = read_response(der, len);
	slu_status st = SLU_OK;

	if (body == NULL)
		st = slu_fail(SLU_ERR_FORMAT,
		    "tls: what is to be stapled is no OCSP response");
	else if (issuer != NULL && find(body, leaf, issuer) == NULL)
		st = slu_fail(SLU_ERR_NO_MATCH,
		    "tls: the OCSP response is about another certificate");
	ERR_clear_error();
	OCSP_BASICRESP_free(body);
	return st;
}

/* What is said of the leaf, by somebody who may say it, and when. */
static slu_status
judge(const OCSP_SINGLERESP *one)
{
	ASN1_GENERALIZEDTIME *since, *until;
	int status = OCSP_single_get0_status(
	    (OCSP_SINGLERESP *)one, NULL, NULL, &since, &until);

	if (status == V_OCSP_CERTSTATUS_REVOKED)
		return refused("certificate was revoked");
	if (status != V_OCSP_CERTSTATUS_GOOD)
		return refused("certificate is not known to its authority");
	if (OCSP_check_validity(
		since, until, SKEW, until == NULL ? AGE_MAX : -1) != 1)
		return refused("certificate's OCSP response is out of date");
	return SLU_OK;
}

/*
 * The digest that is signed, where it is one that others may have made fit:
 * what certificates are held to (profile.h).  NULL where it is not, or the
 * signature has its own.
 */
static const char *
broken_digest(const OCSP_BASICRESP *body)
{
	const X509_ALGOR *sig = OCSP_resp_get0_tbs_sigalg(body);
	const ASN1_OBJECT *type;
	const EVP_MD *md;
	int nid;

	X509_ALGOR_get0(&type, NULL, NULL, sig);
	if (OBJ_find_sigid_algs(OBJ_obj2nid(type), &nid, NULL) != 1 ||
	    nid == NID_undef)
		return NULL;
	md = EVP_get_digestbynid(nid);
	return md != NULL && EVP_MD_get_size(md) >= DIGEST_LEAST
		   ? NULL
		   : OBJ_nid2sn(nid);
}

/*
 * Whether the issuer of the leaf signed it, or somebody whom that one named
 * for it.  The issuer was verified, by whatever is trusted.
 */
static slu_status
check_signer(OCSP_BASICRESP *body, SSL *ssl, STACK_OF(X509) * chain)
{
	X509_STORE *store = X509_STORE_new();
	slu_status st = SLU_OK;

	if (store == NULL ||
	    X509_STORE_add_cert(store, sk_X509_value(chain, 1)) != 1 ||
	    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) != 1) {
		st = slu_tls_no_memory();
		goto out;
	}
	X509_VERIFY_PARAM_set_auth_level(
	    X509_STORE_get0_param(store), SSL_get_security_level(ssl));
	if (OCSP_basic_verify(body, chain, store, 0) != 1)
		st = refused("certificate's OCSP response is by somebody who "
			     "may not give it");
out:
	X509_STORE_free(store);
	return st;
}

static slu_status
check_signature(OCSP_BASICRESP *body, SSL *ssl, STACK_OF(X509) * chain)
{
	slu_status st = check_signer(body, ssl, chain);
	const char *broken = broken_digest(body);

	if (st == SLU_OK && broken != NULL)
		st = slu_fail(SLU_ERR_AUTH,
		    "tls: certificate's OCSP response is signed with a broken "
		    "digest (%s)",
		    broken);
	return st;
}

static slu_status
verify(SSL *ssl, STACK_OF(X509) * chain, const unsigned char *der, size_t len)
{
	X509 *leaf = sk_X509_value(chain, 0), *issuer = sk_X509_value(chain, 1);
	OCSP_BASICRESP *body = read_response(der, len);
	OCSP_SINGLERESP *one = NULL;
	slu_status st;

	if (body == NULL) {
		st = refused("certificate's OCSP response is malformed");
		goto out;
	}
	one = find(body, leaf, issuer);
	if (one == NULL)
		st = refused("certificate is not what its OCSP response is "
			     "about");
	else
		st = check_signature(body, ssl, chain);
	if (st == SLU_OK)
		st = judge(one);
out:
	ERR_clear_error();
	OCSP_BASICRESP_free(body);
	return st;
}

/* Whether a certificate says that it comes with a response (RFC 7633). */
static bool
must_staple(X509 *leaf)
{
	int state = -1;
	TLS_FEATURE *features =
	    X509_get_ext_d2i(leaf, NID_tlsfeature, &state, NULL);
	/* What cannot be read may well say so. */
	bool yes = features == NULL && state != -1;

	for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
		if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) ==
		    STATUS_REQUEST)
			yes = true;
	TLS_FEATURE_free(features);
	return yes;
}

slu_status
slu_ocsp_look(slu_tls *tls, STACK_OF(X509) * chain)
{
	const unsigned char *der;
	long len = SSL_get_tlsext_status_ocsp_resp(tls->ssl, &der);
	bool required = tls->cfg->ocsp == SLU_TLS_OCSP_REQUIRE;

	if (tls->cfg->insecure)
		return SLU_OK;
	/*
	 * Whoever is trusted by the leaf itself, and shows no more, has no
	 * issuer, and nobody whose word of it would count.
	 */
	if (sk_X509_num(chain) < 2)
		return required ? refused("certificate is trusted by itself, "
					  "and nobody's OCSP response counts")
				: SLU_OK;
	if (len > 0)
		return verify(tls->ssl, chain, der, (size_t)len);
	if (required || must_staple(sk_X509_value(chain, 0)))
		return refused("certificate comes without an OCSP response");
	return SLU_OK;
}

static int
staple(slu_tls *tls, SSL *ssl)
{
	slu_tls_identity *id = tls->identity;
	unsigned char *copy = NULL;
	size_t len = 0;

	if (id == NULL && tls->cfg->identity_count == 1)
		id = tls->cfg->identities[0];
	if (id != NULL) {
		pthread_mutex_lock(&id->lock);
		len = id->ocsp_len;
		if (len > 0)
			copy = OPENSSL_memdup(id->ocsp, len);
		pthread_mutex_unlock(&id->lock);
	}
	/* libssl takes the copy over. */
	if (copy == NULL ||
	    SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)len) != 1)
		return SSL_TLSEXT_ERR_NOACK;
	return SSL_TLSEXT_ERR_OK;
}

/* Who is resumed was looked at when the session began. */
static int
look(slu_tls *tls, SSL *ssl)
{
	slu_status st = SLU_OK;

	if (SSL_session_reused(ssl) == 1)
		return 1;
	st = slu_ocsp_look(tls, SSL_get0_verified_chain(ssl));
	(void)slu_failure_keep(&tls->failure, st);
	return st == SLU_OK;
}

int
slu_ocsp_staple(SSL *ssl, void *unused)
{
	slu_tls *tls = SSL_get_app_data(ssl);

	(void)unused;
	return SSL_is_server(ssl) ? staple(tls, ssl) : look(tls, ssl);
}
