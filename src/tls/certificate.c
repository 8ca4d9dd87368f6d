/* SPDX-License-Identifier: ISC */
/* What a certificate says is read once, when there is still a way to fail. */
#include "certificate_internal.h"

#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "cert_text.h"
#include "fault.h"
#include "pin.h"
#include "sluice/hash.h"

struct name {
	slu_certificate_kind kind;
	char *text; /* owned */
};

struct slu_certificate {
	X509 *x509;         /* owned: a share of it */
	unsigned char *der; /* owned: OpenSSL's memory */
	size_t der_len;
	char *subject, *issuer, *serial; /* owned */
	struct name *names;              /* owned */
	size_t count;                    /* of names */
	int64_t from, to;                /* seconds since 1970 */
};

void
slu_certificate_free(slu_certificate *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->count; i++)
		free(c->names[i].text);
	free(c->names);
	free(c->subject);
	free(c->issuer);
	free(c->serial);
	OPENSSL_free(c->der);
	X509_free(c->x509);
	free(c);
}

static slu_status
malformed(const char *what)
{
	ERR_clear_error();
	return slu_fail(SLU_ERR_FORMAT, "certificate: %s", what);
}

static slu_status
read_time(int64_t *out, const ASN1_TIME *t)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	slu_status st = SLU_OK;
	int days, seconds;

	if (epoch == NULL)
		st = slu_tls_no_memory();
	else if (ASN1_TIME_diff(&days, &seconds, epoch, t) != 1)
		st = malformed("malformed dates");
	else
		*out = (int64_t)days * 86400 + seconds;
	ASN1_TIME_free(epoch);
	return st;
}

static slu_status
read_names(slu_certificate *c)
{
	int state, count;
	GENERAL_NAMES *all =
	    X509_get_ext_d2i(c->x509, NID_subject_alt_name, &state, NULL);
	slu_status st = SLU_OK;

	if (all == NULL)
		return state == -1 ? SLU_OK : malformed("malformed names");
	count = sk_GENERAL_NAME_num(all);
	c->names = calloc((size_t)count + 1, sizeof(*c->names));
	if (c->names == NULL)
		st = slu_tls_no_memory();
	for (int i = 0; i < count && st == SLU_OK; i++) {
		struct name *to = &c->names[c->count];

		to->text = slu_cert_text_general(
		    sk_GENERAL_NAME_value(all, i), &to->kind);
		if (to->text == NULL)
			st = slu_tls_no_memory();
		else
			c->count++;
	}
	GENERAL_NAMES_free(all);
	return st;
}

static slu_status
read_all(slu_certificate *c)
{
	int len = i2d_X509(c->x509, &c->der);
	slu_status st;

	if (len <= 0)
		return slu_tls_no_memory();
	if (len > SLU_CERTIFICATE_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "certificate: longer than %d bytes", SLU_CERTIFICATE_MAX);
	c->der_len = (size_t)len;
	c->subject = slu_cert_text_name(X509_get_subject_name(c->x509));
	c->issuer = slu_cert_text_name(X509_get_issuer_name(c->x509));
	c->serial = slu_cert_text_serial(X509_get0_serialNumber(c->x509));
	if (c->subject == NULL || c->issuer == NULL || c->serial == NULL)
		return slu_tls_no_memory();
	st = read_time(&c->from, X509_get0_notBefore(c->x509));
	if (st == SLU_OK)
		st = read_time(&c->to, X509_get0_notAfter(c->x509));
	return st ? st : read_names(c);
}

slu_status
slu_certificate_read(slu_certificate **out, X509 *x509)
{
	slu_certificate *c = calloc(1, sizeof(*c));
	slu_status st;

	if (c == NULL || X509_up_ref(x509) != 1) {
		free(c);
		return slu_tls_no_memory();
	}
	c->x509 = x509;
	st = read_all(c);
	if (st)
		goto out;
	*out = c;
	c = NULL;
out:
	ERR_clear_error();
	slu_certificate_free(c);
	return st;
}

slu_status
slu_certificate_der(slu_certificate **out, const void *der, size_t len)
{
	const unsigned char *p = der;
	slu_certificate *c = NULL;
	X509 *x509 = NULL;
	slu_status st;

	if (len > SLU_CERTIFICATE_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "certificate: longer than %d bytes", SLU_CERTIFICATE_MAX);
	x509 = d2i_X509(NULL, &p, (long)len);
	if (x509 == NULL) {
		st = malformed("not a certificate");
		goto out;
	}
	st = slu_certificate_read(&c, x509);
	/* Another spelling of it would have another fingerprint. */
	if (st == SLU_OK &&
	    (c->der_len != len || memcmp(c->der, der, len) != 0))
		st = malformed("not a certificate in DER, and nothing else");
	if (st)
		goto out;
	*out = c;
	c = NULL;
out:
	X509_free(x509);
	slu_certificate_free(c);
	return st;
}

/* The next block of PEM; one that is no certificate is an error. */
static slu_status
next_block(BIO *in, unsigned char **der, long *len)
{
	char *label = NULL, *header = NULL;
	slu_status st = SLU_OK;

	if (PEM_read_bio(in, &label, &header, der, len) != 1)
		st = SLU_EOF;
	else if (strcmp(label, PEM_STRING_X509) != 0)
		st = slu_fail(SLU_ERR_FORMAT,
		    "certificate: something else in PEM is beside it");
	OPENSSL_free(label);
	OPENSSL_free(header);
	ERR_clear_error();
	return st;
}

slu_status
slu_certificate_pem(slu_certificate **out, const char *pem, size_t len)
{
	unsigned char *der = NULL, *more = NULL;
	slu_certificate *c = NULL;
	long der_len = 0, more_len = 0;
	BIO *in = NULL;
	slu_status st;

	if (len > (size_t)2 * SLU_CERTIFICATE_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "certificate: PEM of more than %d bytes",
		    2 * SLU_CERTIFICATE_MAX);
	in = BIO_new_mem_buf(pem, (int)len);
	if (in == NULL)
		return slu_tls_no_memory();
	st = next_block(in, &der, &der_len);
	if (st == SLU_EOF)
		st = malformed("no certificate in PEM");
	if (st == SLU_OK)
		st = slu_certificate_der(&c, der, (size_t)der_len);
	if (st)
		goto out;
	st = next_block(in, &more, &more_len);
	if (st == SLU_OK)
		st = malformed("a second one behind it");
	if (slu_failed(st))
		goto out;
	*out = c;
	c = NULL;
	st = SLU_OK;
out:
	OPENSSL_clear_free(more, (size_t)more_len);
	OPENSSL_clear_free(der, (size_t)der_len);
	BIO_free(in);
	slu_certificate_free(c);
	return st;
}

const void *
slu_certificate_to_der(const slu_certificate *c, size_t *len)
{
	*len = c->der_len;
	return c->der;
}

slu_status
slu_certificate_to_pem(const slu_certificate *c, slu_buf *out)
{
	BIO *mem = BIO_new(BIO_s_mem());
	slu_status st;
	char *p;
	long len;

	if (mem == NULL || PEM_write_bio_X509(mem, c->x509) != 1) {
		BIO_free(mem);
		return slu_tls_no_memory();
	}
	len = BIO_get_mem_data(mem, &p);
	st = slu_buf_add(out, p, (size_t)len);
	BIO_free(mem);
	return st;
}

const char *
slu_certificate_subject(const slu_certificate *c)
{
	return c->subject;
}

const char *
slu_certificate_issuer(const slu_certificate *c)
{
	return c->issuer;
}

const char *
slu_certificate_serial(const slu_certificate *c)
{
	return c->serial;
}

const char *
slu_certificate_name(
    const slu_certificate *c, size_t i, slu_certificate_kind *kind)
{
	if (i >= c->count)
		return NULL;
	if (kind != NULL)
		*kind = c->names[i].kind;
	return c->names[i].text;
}

int64_t
slu_certificate_not_before(const slu_certificate *c)
{
	return c->from;
}

int64_t
slu_certificate_not_after(const slu_certificate *c)
{
	return c->to;
}

static slu_status
digest_of(const char *name, const void *data, size_t data_len, void *out,
    size_t cap, size_t *len)
{
	slu_hash *h = NULL;
	slu_status st = slu_hash_new(&h, name);

	*len = 0;
	if (st == SLU_OK)
		st = slu_hash_update(h, data, data_len);
	if (st == SLU_OK)
		st = slu_hash_final(h, out, cap, len);
	slu_hash_free(h);
	return st;
}

slu_status
slu_certificate_fingerprint(const slu_certificate *c, const char *digest,
    void *out, size_t cap, size_t *len)
{
	return digest_of(digest, c->der, c->der_len, out, cap, len);
}

slu_status
slu_certificate_pin(const slu_certificate *c, unsigned char pin[SLU_TLS_PIN])
{
	return slu_pin_of(c->x509, pin);
}
