/* SPDX-License-Identifier: ISC */
#include "private_key.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

#include "../base/pem_passphrase.h"
#include "fault.h"
#include "sluice/secret.h"

static slu_status
broken(const slu_pem *pem)
{
	ERR_clear_error();
	return slu_fail(SLU_ERR_FORMAT,
	    "tls: %s: the private key in it is broken, or of a kind that is "
	    "not known",
	    pem->name);
}

static slu_status
wrong_passphrase(const slu_pem *pem)
{
	ERR_clear_error();
	return slu_fail(SLU_ERR_NO_MATCH,
	    "tls: %s: wrong passphrase for the private key", pem->name);
}

static slu_status
ask(slu_buf *passphrase, const slu_pem *pem,
    const slu_tls_identity_options *options)
{
	slu_status st;

	if (options == NULL || options->ask == NULL)
		return slu_fail(SLU_ERR_NO_MATCH,
		    "tls: %s: the private key is encrypted, and nobody is to "
		    "be asked for its passphrase",
		    pem->name);
	st = options->ask(passphrase, options->arg);
	if (st == SLU_OK && passphrase->len == 0)
		return slu_fail(
		    SLU_ERR_USAGE, "tls: %s: an empty passphrase", pem->name);
	return st;
}

/* PKCS #8, encrypted (RFC 5958, section 3). */
static slu_status
decode_encrypted(EVP_PKEY **out, const slu_pem *pem, const slu_buf *passphrase)
{
	const unsigned char *p = pem->data;
	X509_SIG *sealed = d2i_X509_SIG(NULL, &p, pem->len);
	PKCS8_PRIV_KEY_INFO *plain = NULL;
	slu_status st = SLU_OK;

	if (sealed == NULL)
		return broken(pem);
	plain = PKCS8_decrypt(sealed, (const char *)slu_buf_front(passphrase),
	    (int)passphrase->len);
	X509_SIG_free(sealed);
	if (plain == NULL)
		return wrong_passphrase(pem);
	*out = EVP_PKCS82PKEY(plain);
	PKCS8_PRIV_KEY_INFO_free(plain);
	if (*out == NULL)
		st = broken(pem);
	return st;
}

static slu_status
decode_plain(
    EVP_PKEY **out, const slu_pem *pem, const unsigned char *der, long len)
{
	const unsigned char *p = der;

	*out = d2i_AutoPrivateKey(NULL, &p, len);
	return *out == NULL ? broken(pem) : SLU_OK;
}

/* The old way: encrypted as a whole, with a header that says how. */
static slu_status
decode_proc_type(EVP_PKEY **out, const slu_pem *pem, slu_buf *passphrase)
{
	EVP_CIPHER_INFO how;
	unsigned char *der;
	long len = pem->len;
	slu_status st;

	if (PEM_get_EVP_CIPHER_INFO(pem->header, &how) != 1)
		return broken(pem);
	der = OPENSSL_memdup(pem->data, (size_t)pem->len);
	if (der == NULL)
		return slu_tls_no_memory();
	st = SLU_OK;
	if (PEM_do_header(&how, der, &len, slu_pem_passphrase, passphrase) != 1)
		st = wrong_passphrase(pem);
	/* Padding lets one wrong passphrase in 256 through. */
	if (st == SLU_OK && decode_plain(out, pem, der, len))
		st = wrong_passphrase(pem);
	OPENSSL_clear_free(der, (size_t)pem->len);
	return st;
}

slu_status
slu_private_key_decode(
    EVP_PKEY **out, const slu_pem *pem, const slu_tls_identity_options *options)
{
	bool pkcs8 = strcmp(pem->label, PEM_STRING_PKCS8) == 0;
	slu_buf passphrase = { .limit = SLU_TLS_PASSPHRASE_MAX };
	slu_status st;

	*out = NULL;
	if (!pkcs8 && strstr(pem->header, "ENCRYPTED") == NULL)
		return decode_plain(out, pem, pem->data, pem->len);
	st = ask(&passphrase, pem, options);
	if (st == SLU_OK && pkcs8)
		st = decode_encrypted(out, pem, &passphrase);
	else if (st == SLU_OK)
		st = decode_proc_type(out, pem, &passphrase);
	slu_buf_free(&passphrase);
	return st;
}
