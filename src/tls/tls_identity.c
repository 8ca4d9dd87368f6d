/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "tls_identity_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pin.h"
#include "fault.h"
#include "lineage.h"
#include "ocsp.h"
#include "pem.h"

#include "private_key.h"

slu_tls_identity *
slu_tls_identity_share(slu_tls_identity *id)
{
	atomic_fetch_add(&id->shares, 1);
	return id;
}

void
slu_tls_identity_free(slu_tls_identity *id)
{
	if (id == NULL || atomic_fetch_sub(&id->shares, 1) > 1)
		return;
	X509_free(id->leaf);
	sk_X509_pop_free(id->chain, X509_free);
	EVP_PKEY_free(id->key);
	slu_cert_names_free(&id->names);
	free(id->ocsp);
	pthread_mutex_destroy(&id->lock);
	free(id);
}

void
slu_tls_identity_pin(const slu_tls_identity *id, unsigned char pin[SLU_TLS_PIN])
{
	memcpy(pin, id->pin, SLU_TLS_PIN);
}

slu_status
slu_tls_identity_ocsp(slu_tls_identity *id, const void *der, size_t len)
{
	X509 *issuer = sk_X509_value(id->chain, 0);
	unsigned char *copy = NULL, *old;
	slu_status st = SLU_OK;

	if (len > SLU_TLS_OCSP_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "tls: an OCSP response of more than %d bytes",
		    SLU_TLS_OCSP_MAX);
	if (len > 0)
		st = slu_ocsp_inspect(der, len, id->leaf, issuer);
	if (st)
		return st;
	if (len > 0 && (copy = malloc(len)) == NULL)
		return slu_tls_no_memory();
	if (len > 0)
		memcpy(copy, der, len);
	pthread_mutex_lock(&id->lock);
	old = id->ocsp;
	id->ocsp = copy;
	id->ocsp_len = len;
	pthread_mutex_unlock(&id->lock);
	free(old);
	return SLU_OK;
}

slu_status
slu_tls_identity_unite(
    slu_tls_identity **out, STACK_OF(X509) * certs, EVP_PKEY *key)
{
	slu_tls_identity *id = calloc(1, sizeof(*id));
	slu_status st;

	if (id == NULL || pthread_mutex_init(&id->lock, NULL) != 0) {
		free(id);
		sk_X509_pop_free(certs, X509_free);
		EVP_PKEY_free(key);
		return slu_tls_no_memory();
	}
	atomic_init(&id->shares, 1);
	id->leaf = sk_X509_shift(certs);
	id->chain = certs;
	id->key = key;
	st = slu_pin_of(id->leaf, id->pin);
	if (st == SLU_OK)
		st = slu_cert_names_read(&id->names, id->leaf);
	if (st)
		slu_tls_identity_free(id);
	else
		*out = id;
	return st;
}

/* All certificates in `pem`. */
static slu_status
collect(slu_pem *pem, STACK_OF(X509) * certs)
{
	slu_status st;
	X509 *cert;

	while ((st = slu_pem_next(pem)) == SLU_OK) {
		if (!slu_pem_is_certificate(pem))
			continue;
		if (sk_X509_num(certs) == SLU_TLS_IDENTITY_CHAIN_MAX)
			return slu_fail(SLU_ERR_LIMIT,
			    "tls: %s: more than %d certificates", pem->name,
			    SLU_TLS_IDENTITY_CHAIN_MAX);
		st = slu_pem_certificate(pem, &cert);
		if (st)
			return st;
		if (sk_X509_push(certs, cert) == 0) {
			X509_free(cert);
			return slu_tls_no_memory();
		}
	}
	return st == SLU_EOF ? SLU_OK : st;
}

/* How many private keys there are in `pem`. */
static slu_status
count_keys(slu_pem *pem, size_t *count)
{
	slu_status st;

	*count = 0;
	slu_pem_rewind(pem);
	while ((st = slu_pem_next(pem)) == SLU_OK)
		*count += slu_pem_is_private_key(pem);
	slu_pem_rewind(pem);
	return st == SLU_EOF ? SLU_OK : st;
}

/* Keys are where they were said to be, before anybody is asked for anything. */
static slu_status
check_keys(slu_pem *chain, slu_pem *key)
{
	size_t count;
	slu_status st = count_keys(key, &count);

	if (st)
		return st;
	if (count == 0)
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: the leaf's private key is not in it", key->name);
	if (count > 1)
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: more than one private key is in it", key->name);
	if (chain == key)
		return SLU_OK;
	st = count_keys(chain, &count);
	if (st == SLU_OK && count > 0)
		st = slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: a private key is in it, which is to be in %s",
		    chain->name, key->name);
	return st;
}

static bool
is_for_tls(const EVP_PKEY *key)
{
	static const char *const kinds[] = { "RSA", "RSA-PSS", "EC", "ED25519",
		"ED448" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (EVP_PKEY_is_a(key, kinds[i]))
			return true;
	return false;
}

static slu_status
read_key(EVP_PKEY **out, slu_pem *pem, X509 *leaf,
    const slu_tls_identity_options *options)
{
	slu_status st;

	do {
		st = slu_pem_next(pem);
	} while (st == SLU_OK && !slu_pem_is_private_key(pem));
	if (st == SLU_OK)
		st = slu_private_key_decode(out, pem, options);
	if (st)
		return st;
	if (!is_for_tls(*out))
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: the private key in it is of no use for TLS",
		    pem->name);
	if (X509_check_private_key(leaf, *out) != 1) {
		ERR_clear_error();
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: the private key in it is another's, not the "
		    "leaf's",
		    pem->name);
	}
	return SLU_OK;
}

/* `key` may be `chain`. */
static slu_status
load(slu_tls_identity **out, slu_pem *chain, slu_pem *key,
    const slu_tls_identity_options *options)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	EVP_PKEY *secret = NULL;
	slu_status st;

	if (certs == NULL)
		return slu_tls_no_memory();
	st = collect(chain, certs);
	if (st == SLU_OK)
		st = slu_lineage_sort(certs, chain->name);
	if (st == SLU_OK)
		st = check_keys(chain, key);
	if (st == SLU_OK)
		st = read_key(&secret, key, sk_X509_value(certs, 0), options);
	if (st == SLU_OK)
		return slu_tls_identity_unite(out, certs, secret);
	sk_X509_pop_free(certs, X509_free);
	EVP_PKEY_free(secret);
	return st;
}

/* Whether both names are of one file; one that is not there is told later. */
static bool
is_one(const char *a, const char *b)
{
	struct stat at_a, at_b;

	return stat(a, &at_a) == 0 && stat(b, &at_b) == 0 &&
	       at_a.st_dev == at_b.st_dev && at_a.st_ino == at_b.st_ino;
}

slu_status
slu_tls_identity_file(slu_tls_identity **out, const char *chain_file,
    const char *key_file, const slu_tls_identity_options *options)
{
	bool one = key_file == NULL || is_one(chain_file, key_file);
	slu_pem chain = { 0 }, key = { 0 };
	slu_status st;

	st = slu_pem_open_file(&chain, chain_file, SLU_TLS_IDENTITY_FILE_MAX);
	if (st == SLU_OK && !one)
		st = slu_pem_open_file(
		    &key, key_file, SLU_TLS_IDENTITY_FILE_MAX);
	if (st == SLU_OK)
		st = load(out, &chain, one ? &chain : &key, options);
	slu_pem_close(&chain);
	slu_pem_close(&key);
	return st;
}

slu_status
slu_tls_identity_memory(slu_tls_identity **out, const void *chain_text,
    size_t chain_len, const void *key_text, size_t key_len,
    const slu_tls_identity_options *options)
{
	slu_pem chain = { 0 }, key = { 0 };
	slu_status st;

	st = slu_pem_open_memory(&chain, "the chain in memory", chain_text,
	    chain_len, SLU_TLS_IDENTITY_FILE_MAX);
	if (st == SLU_OK && key_text != NULL)
		st = slu_pem_open_memory(&key, "the key in memory", key_text,
		    key_len, SLU_TLS_IDENTITY_FILE_MAX);
	if (st == SLU_OK)
		st = load(
		    out, &chain, key_text == NULL ? &chain : &key, options);
	slu_pem_close(&chain);
	slu_pem_close(&key);
	return st;
}
