/* SPDX-License-Identifier: ISC */
#include "tls_identity_internal.h"

#include <openssl/pem.h>
#include <stdlib.h>

#include "fault.h"

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
	free(id);
}

static slu_status
read_chain(slu_tls_identity *id, const char *path)
{
	BIO *in = BIO_new_file(path, "r");
	X509 *cert;
	slu_status st;

	if (in == NULL) {
		st = slu_fail(SLU_ERR_IO, "tls: cannot open %s", path);
		goto out;
	}
	while ((cert = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL) {
		if (id->leaf == NULL) {
			id->leaf = cert;
		} else if (sk_X509_push(id->chain, cert) == 0) {
			X509_free(cert);
			st = slu_tls_no_memory();
			goto out;
		}
	}
	st = id->leaf != NULL
		 ? SLU_OK
		 : slu_fail(SLU_ERR_FORMAT, "tls: no certificate in %s", path);
out:
	ERR_clear_error();
	BIO_free(in);
	return st;
}

static slu_status
read_key(slu_tls_identity *id, const char *path, const char *chain_path)
{
	BIO *in = BIO_new_file(path, "r");
	slu_status st = SLU_OK;

	if (in == NULL)
		st = slu_fail(SLU_ERR_IO, "tls: cannot open %s", path);
	else
		id->key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
	if (st == SLU_OK &&
	    (id->key == NULL || X509_check_private_key(id->leaf, id->key) != 1))
		st = slu_fail(SLU_ERR_FORMAT, "tls: no key in %s that fits %s",
		    path, chain_path);
	ERR_clear_error();
	BIO_free(in);
	return st;
}

slu_status
slu_tls_identity_file(
    slu_tls_identity **out, const char *chain_file, const char *key_file)
{
	slu_tls_identity *id = calloc(1, sizeof(*id));
	slu_status st;

	if (id == NULL)
		return slu_tls_no_memory();
	atomic_init(&id->shares, 1);
	id->chain = sk_X509_new_null();
	if (id->chain == NULL) {
		st = slu_tls_no_memory();
		goto out;
	}
	st = read_chain(id, chain_file);
	if (st == SLU_OK)
		st = read_key(
		    id, key_file == NULL ? chain_file : key_file, chain_file);
	if (st)
		goto out;
	*out = id;
	id = NULL;
out:
	slu_tls_identity_free(id);
	return st;
}
