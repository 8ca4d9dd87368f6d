/* SPDX-License-Identifier: ISC */
#include "certificate.h"

#include "check.h"

#include <openssl/ec.h>
#include <openssl/x509v3.h>

static void
extend(X509 *cert, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	CHECK(ext != NULL && X509_add_ext(cert, ext, -1));
	X509_EXTENSION_free(ext);
}

certificate
certificate_make(void)
{
	certificate c = { .key = EVP_EC_gen("P-256"), .cert = X509_new() };
	X509_NAME *name = X509_NAME_new();

	CHECK(c.key != NULL && c.cert != NULL && name != NULL);
	CHECK(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)CERTIFICATE_NAME, -1, -1, 0));
	CHECK(X509_set_version(c.cert, X509_VERSION_3) &&
	      ASN1_INTEGER_set(X509_get_serialNumber(c.cert), 1) &&
	      X509_gmtime_adj(X509_getm_notBefore(c.cert), -60) != NULL &&
	      X509_gmtime_adj(X509_getm_notAfter(c.cert), 3600) != NULL &&
	      X509_set_subject_name(c.cert, name) &&
	      X509_set_issuer_name(c.cert, name) &&
	      X509_set_pubkey(c.cert, c.key));
	extend(c.cert, NID_subject_alt_name, "DNS:" CERTIFICATE_NAME);
	extend(c.cert, NID_basic_constraints, "critical,CA:TRUE");
	extend(c.cert, NID_key_usage, "critical,digitalSignature,keyCertSign");
	CHECK(X509_sign(c.cert, c.key, EVP_sha256()) > 0);
	X509_NAME_free(name);
	return c;
}

void
certificate_free(certificate *c)
{
	EVP_PKEY_free(c->key);
	X509_free(c->cert);
	*c = (certificate){ 0 };
}
