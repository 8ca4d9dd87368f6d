/* SPDX-License-Identifier: ISC */
/*
 * An identity that nobody vouches for: its public key is all there is to it.
 * The certificate around the key is what TLS asks for, and says nothing.
 */
#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include "fault.h"
#include "sluice/rand.h"
#include "tls_identity_internal.h"

#define NAME "ephemeral"
#define FOREVER "99991231235959Z" /* RFC 5280, section 4.1.2.5 */

static bool
extend(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	bool ok = ext != NULL && X509_add_ext(cert, ext, -1) == 1;

	X509_EXTENSION_free(ext);
	return ok;
}

/* A day back, for peers whose clocks are late. */
static bool
fill(X509 *cert, EVP_PKEY *key)
{
	X509_NAME *name = X509_NAME_new();
	uint64_t serial = slu_rand_u64() >> 1;
	bool ok;

	ok =
	    name != NULL &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
		(const unsigned char *)NAME, -1, -1, 0) == 1 &&
	    X509_set_version(cert, X509_VERSION_3) == 1 &&
	    ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial | 1) ==
		1 &&
	    X509_gmtime_adj(X509_getm_notBefore(cert), -86400) != NULL &&
	    ASN1_TIME_set_string_X509(X509_getm_notAfter(cert), FOREVER) == 1 &&
	    X509_set_subject_name(cert, name) == 1 &&
	    X509_set_issuer_name(cert, name) == 1 &&
	    X509_set_pubkey(cert, key) == 1 &&
	    extend(cert, NID_basic_constraints, "critical,CA:FALSE") &&
	    extend(cert, NID_key_usage, "critical,digitalSignature") &&
	    extend(cert, NID_ext_key_usage, "serverAuth,clientAuth") &&
	    X509_sign(cert, key, EVP_sha256()) > 0;
	X509_NAME_free(name);
	return ok;
}

slu_status
slu_tls_identity_ephemeral(slu_tls_identity **out)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();

	if (certs != NULL && key != NULL && cert != NULL && fill(cert, key) &&
	    sk_X509_push(certs, cert) > 0) {
		ERR_clear_error();
		return slu_tls_identity_unite(out, certs, key);
	}
	ERR_clear_error();
	sk_X509_free(certs);
	X509_free(cert);
	EVP_PKEY_free(key);
	return slu_fail(SLU_ERR_CRYPTO, "tls: OpenSSL makes no identity");
}
