/* SPDX-License-Identifier: ISC */
#include "authority.h"

#include "check.h"

#include <openssl/ec.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

static void
extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	CHECK(ext != NULL && X509_add_ext(cert, ext, -1));
	X509_EXTENSION_free(ext);
}

/* One serves all: to find its primes takes longer than most tests. */
static EVP_PKEY *
rsa_key(void)
{
	static EVP_PKEY *key;

	if (key == NULL)
		key = EVP_RSA_gen(2048);
	CHECK(key != NULL && EVP_PKEY_up_ref(key) == 1);
	return key;
}

static EVP_PKEY *
key_of(const char *type)
{
	if (type == NULL)
		return EVP_EC_gen("P-256");
	if (strcmp(type, "ED25519") == 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, type);
	if (strcmp(type, "RSA") == 0)
		return rsa_key();
	if (strcmp(type, "RSA-1024") == 0)
		return EVP_RSA_gen(1024);
	return EVP_EC_gen(type);
}

/* All but the signature and what depends on the issuer. */
static certificate
draft(const char *key, const char *cn, long from, long to)
{
	static long serial;
	certificate c = { .key = key_of(key), .cert = X509_new() };
	X509_NAME *name = X509_NAME_new();

	CHECK(c.key != NULL && c.cert != NULL && name != NULL);
	CHECK(X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0));
	CHECK(X509_set_version(c.cert, X509_VERSION_3) &&
	      ASN1_INTEGER_set(X509_get_serialNumber(c.cert), ++serial) &&
	      X509_gmtime_adj(X509_getm_notBefore(c.cert), from) != NULL &&
	      X509_gmtime_adj(X509_getm_notAfter(c.cert), to) != NULL &&
	      X509_set_subject_name(c.cert, name) &&
	      X509_set_pubkey(c.cert, c.key));
	X509_NAME_free(name);
	return c;
}

static certificate
draft_for(const wish *w, const char *cn)
{
	bool soon = w->from == 0 && w->to == 0;

	return draft(w->key, cn, soon ? -60 : w->from, soon ? 3600 : w->to);
}

static void
sign(certificate *c, const certificate *by)
{
	const EVP_MD *md = EVP_sha256();

	if (EVP_PKEY_is_a(by->key, "ED25519"))
		md = NULL;
	CHECK(X509_sign(c->cert, by->key, md) > 0);
}

certificate
authority_make(const char *name)
{
	certificate c = draft(NULL, name, -60, 3600);

	CHECK(X509_set_issuer_name(c.cert, X509_get_subject_name(c.cert)) == 1);
	extend(c.cert, c.cert, NID_basic_constraints, "critical,CA:TRUE");
	extend(c.cert, c.cert, NID_key_usage, "critical,keyCertSign,cRLSign");
	extend(c.cert, c.cert, NID_subject_key_identifier, "hash");
	sign(&c, &c);
	return c;
}

certificate
authority_below(const certificate *by, const char *name, const wish *w)
{
	certificate c = draft_for(w, name);

	CHECK(
	    X509_set_issuer_name(c.cert, X509_get_subject_name(by->cert)) == 1);
	extend(c.cert, by->cert, NID_basic_constraints, "critical,CA:TRUE");
	extend(c.cert, by->cert, NID_key_usage, "critical,keyCertSign,cRLSign");
	extend(c.cert, by->cert, NID_subject_key_identifier, "hash");
	extend(c.cert, by->cert, NID_authority_key_identifier, "keyid:always");
	sign(&c, by);
	return c;
}

certificate
authority_issue(const certificate *by, const wish *w)
{
	bool named = w->san == NULL || w->san[0] != '\0';
	certificate c = draft_for(w, named ? "unused" : CERTIFICATE_NAME);

	CHECK(
	    X509_set_issuer_name(c.cert, X509_get_subject_name(by->cert)) == 1);
	extend(c.cert, by->cert, NID_basic_constraints, "critical,CA:FALSE");
	extend(c.cert, by->cert, NID_key_usage, "critical,digitalSignature");
	extend(c.cert, by->cert, NID_ext_key_usage,
	    w->usage == NULL ? "serverAuth,clientAuth" : w->usage);
	if (named)
		extend(c.cert, by->cert, NID_subject_alt_name,
		    w->san == NULL ? "DNS:" CERTIFICATE_NAME : w->san);
	if (w->staples)
		extend(c.cert, by->cert, NID_tlsfeature, "status_request");
	extend(c.cert, by->cert, NID_subject_key_identifier, "hash");
	extend(c.cert, by->cert, NID_authority_key_identifier, "keyid:always");
	sign(&c, by);
	return c;
}

void
authority_write(const char *path, X509 *first, X509 *second, EVP_PKEY *key)
{
	BIO *out = BIO_new_file(path, "w");

	CHECK(out != NULL);
	CHECK(first == NULL || PEM_write_bio_X509(out, first));
	CHECK(second == NULL || PEM_write_bio_X509(out, second));
	CHECK(key == NULL ||
	      PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL));
	CHECK(BIO_free(out) == 1);
}

void
authority_add(const char *path, X509 *cert, EVP_PKEY *key)
{
	BIO *out = BIO_new_file(path, "a");

	CHECK(out != NULL);
	CHECK(cert == NULL || PEM_write_bio_X509(out, cert));
	CHECK(key == NULL ||
	      PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL));
	CHECK(BIO_free(out) == 1);
}

int
authority_ocsp(unsigned char **out, X509 *leaf, const certificate *issuer,
    const ocsp_wish *w)
{
	const certificate *by = w->by == NULL ? issuer : w->by;
	OCSP_BASICRESP *body = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), leaf, issuer->cert);
	ASN1_TIME *from = X509_gmtime_adj(NULL, w->from);
	ASN1_TIME *to = w->to == 0 ? NULL : X509_gmtime_adj(NULL, w->to);
	const char *digest = w->digest == NULL ? "sha256" : w->digest;
	OCSP_RESPONSE *response;
	int len;

	CHECK(body != NULL && id != NULL && from != NULL);
	CHECK(OCSP_basic_add1_status(body, id, w->status, 0, from, from, to) !=
	      NULL);
	/* By its key: the names of these certificates are all the same. */
	CHECK(OCSP_basic_sign(body, by->cert, by->key,
		  EVP_get_digestbyname(digest), NULL, OCSP_RESPID_KEY) == 1);
	response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, body);
	CHECK(response != NULL);
	*out = NULL;
	len = i2d_OCSP_RESPONSE(response, out);
	CHECK(len > 0);
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(body);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	return len;
}
