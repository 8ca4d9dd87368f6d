/* SPDX-License-Identifier: ISC */
#include "ssh_cipher.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "crypto.h"

static const slu_ssh_cipher ciphers[] = {
	{ "aes256-ctr", "AES-256-CTR", 32, 16, 0 },
	{ "aes256-cbc", "AES-256-CBC", 32, 16, 0 },
	{ "aes256-gcm@openssh.com", "AES-256-GCM", 32, 12, 16 },
	{ "aes192-ctr", "AES-192-CTR", 24, 16, 0 },
	{ "aes192-cbc", "AES-192-CBC", 24, 16, 0 },
	{ "aes128-ctr", "AES-128-CTR", 16, 16, 0 },
	{ "aes128-cbc", "AES-128-CBC", 16, 16, 0 },
	{ "aes128-gcm@openssh.com", "AES-128-GCM", 16, 12, 16 },
};

static slu_status
read_options(slu_ssh_lock *lock, const slu_ssh_string *options)
{
	slu_ssh_wire w = { options->data, options->len };

	if (!slu_ssh_take(&w, &lock->salt) || !slu_ssh_u32(&w, &lock->rounds) ||
	    w.left > 0 || lock->salt.len == 0 || lock->rounds == 0)
		return slu_ssh_malformed();
	if (lock->salt.len > SLU_SSH_SALT_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "keys: an ssh key's salt of more than %d bytes",
		    SLU_SSH_SALT_MAX);
	if (lock->rounds > SLU_SSH_ROUNDS_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "keys: an ssh key whose passphrase takes more than %d "
		    "rounds of bcrypt",
		    SLU_SSH_ROUNDS_MAX);
	return SLU_OK;
}

slu_status
slu_ssh_lock_read(slu_ssh_lock *lock, const slu_ssh_string *cipher,
    const slu_ssh_string *kdf, const slu_ssh_string *options)
{
	*lock = (slu_ssh_lock){ 0 };
	if (slu_ssh_is(cipher, "none") || slu_ssh_is(kdf, "none"))
		return slu_ssh_is(cipher, "none") && slu_ssh_is(kdf, "none") &&
			       options->len == 0
			   ? SLU_OK
			   : slu_ssh_malformed();
	for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++)
		if (slu_ssh_is(cipher, ciphers[i].name))
			lock->cipher = &ciphers[i];
	if (lock->cipher == NULL || !slu_ssh_is(kdf, "bcrypt"))
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: an ssh key that is protected otherwise than by AES "
		    "and bcrypt");
	return read_options(lock, options);
}

static int
start(EVP_CIPHER_CTX *ctx, const slu_ssh_cipher *c, const EVP_CIPHER *cipher,
    const unsigned char *secret, const slu_ssh_string *in)
{
	unsigned char *tag = (unsigned char *)in->data + in->len;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(
		    OSSL_CIPHER_PARAM_AEAD_TAG, tag, c->tag),
		OSSL_PARAM_construct_end(),
	};

	return EVP_DecryptInit_ex2(ctx, cipher, secret, secret + c->key,
		   c->tag > 0 ? params : NULL) == 1 &&
	       EVP_CIPHER_CTX_set_padding(ctx, 0) == 1;
}

slu_status
slu_ssh_decrypt(const slu_ssh_cipher *c, const unsigned char *secret,
    const slu_ssh_string *in, unsigned char *out)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, c->called, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	slu_status st = SLU_OK;
	int n = 0, end;

	if (cipher == NULL || ctx == NULL ||
	    !start(ctx, c, cipher, secret, in) ||
	    EVP_DecryptUpdate(ctx, out, &n, in->data, (int)in->len) != 1)
		st = slu_crypto_failed("ssh");
	else if (EVP_DecryptFinal_ex(ctx, out + n, &end) != 1) {
		st = slu_crypto_failed("ssh");
		if (c->tag > 0 && st != SLU_ERR_MEMORY)
			st = slu_fail(SLU_ERR_AUTH, "ssh: not authentic");
	}
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return st;
}
