/* SPDX-License-Identifier: ISC */
#include "ssh_pem_lock.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "../base/pem_passphrase.h"
#include "crypto.h"
#include "ssh_der.h"
#include "ssh_wire.h"

static const unsigned char pbes2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x05, 0x0d };
static const unsigned char pbkdf2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x05, 0x0c };

/* Who encrypts, and what is encrypted. */
struct envelope {
	slu_der algorithm; /* all of it, its head too */
	slu_der body;
};

static bool
open_envelope(const slu_ssh_pem *p, struct envelope *e)
{
	slu_der der = { slu_buf_front(&p->der), p->der.len }, all, inside;

	if (!slu_der_take(&der, SLU_DER_SEQUENCE, &all) || der.left > 0)
		return false;
	e->algorithm = all;
	if (!slu_der_take(&all, SLU_DER_SEQUENCE, &inside))
		return false;
	e->algorithm.left -= all.left;
	return slu_der_take(&all, SLU_DER_OCTETS, &e->body) && all.left == 0;
}

/* PBES2-params are those of PBKDF2, and then those of a cipher. */
static bool
find_rounds(slu_der algorithm, unsigned long *rounds)
{
	slu_der all, oid, both, kdf, options, salt;

	return slu_der_take(&algorithm, SLU_DER_SEQUENCE, &all) &&
	       slu_der_take(&all, SLU_DER_OID, &oid) &&
	       slu_der_is(&oid, pbes2, sizeof(pbes2)) &&
	       slu_der_take(&all, SLU_DER_SEQUENCE, &both) &&
	       slu_der_take(&both, SLU_DER_SEQUENCE, &kdf) &&
	       slu_der_take(&kdf, SLU_DER_OID, &oid) &&
	       slu_der_is(&oid, pbkdf2, sizeof(pbkdf2)) &&
	       slu_der_take(&kdf, SLU_DER_SEQUENCE, &options) &&
	       slu_der_take(&options, SLU_DER_OCTETS, &salt) &&
	       slu_der_take_u32(&options, rounds);
}

static slu_status
check_header(const slu_ssh_pem *p)
{
	char header[SLU_SSH_PEM_HEADER + 1];
	EVP_CIPHER_INFO how;

	strcpy(header, p->header);
	if (PEM_get_EVP_CIPHER_INFO(header, &how) == 1)
		return SLU_OK;
	(void)slu_crypto_failed("ssh");
	return slu_fail(
	    SLU_ERR_FORMAT, "keys: a private key whose header is not known");
}

slu_status
slu_ssh_pem_lock_check(const slu_ssh_pem *p)
{
	unsigned long rounds;
	struct envelope e;

	if (p->form != SLU_SSH_PEM_PKCS8_LOCKED)
		return p->header[0] == '\0' ? SLU_OK : check_header(p);
	if (!open_envelope(p, &e))
		return slu_ssh_malformed();
	if (!find_rounds(e.algorithm, &rounds))
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: a private key that is protected otherwise than by "
		    "PBKDF2");
	if (rounds > SLU_SSH_PEM_ROUNDS_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "keys: a private key whose passphrase takes more than %d "
		    "rounds of PBKDF2",
		    SLU_SSH_PEM_ROUNDS_MAX);
	return SLU_OK;
}

static slu_status
wrong_passphrase(void)
{
	return slu_fail(SLU_ERR_NO_MATCH, "keys: wrong passphrase");
}

/* Padding lets one wrong passphrase in 256 through: what is no key is one. */
static slu_status
is_key(slu_status st)
{
	return st == SLU_ERR_FORMAT ? wrong_passphrase() : st;
}

/* What else than the passphrase may be the reason is memory, or a cipher. */
static slu_status
refused(void)
{
	unsigned long first = ERR_peek_error();

	if (ERR_GET_REASON(first) == ERR_R_UNSUPPORTED) {
		(void)slu_crypto_failed("ssh");
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: OpenSSL does not have the cipher that protects it");
	}
	return slu_crypto_failed("ssh") == SLU_ERR_MEMORY ? SLU_ERR_MEMORY
							  : wrong_passphrase();
}

static slu_status
unlock_pkcs8(const slu_ssh_pem *p, const slu_buf *passphrase, slu_key *key)
{
	unsigned char *plain = NULL;
	const unsigned char *at;
	X509_ALGOR *how;
	struct envelope e;
	slu_status st;
	int len = 0;

	if (!open_envelope(p, &e))
		return slu_ssh_malformed();
	at = e.algorithm.at;
	how = d2i_X509_ALGOR(NULL, &at, (long)e.algorithm.left);
	if (how == NULL ||
	    PKCS12_pbe_crypt(how, (const char *)slu_buf_front(passphrase),
		(int)passphrase->len, e.body.at, (int)e.body.left, &plain, &len,
		0) == NULL)
		st = refused();
	else
		st = is_key(
		    slu_ssh_der_pkcs8(key, (slu_der){ plain, (size_t)len }));
	X509_ALGOR_free(how);
	OPENSSL_clear_free(plain, (size_t)len);
	return st;
}

/* The key is decrypted in place, and so is a copy of it. */
static slu_status
unlock_rsa(const slu_ssh_pem *p, const slu_buf *passphrase, slu_key *key)
{
	char header[SLU_SSH_PEM_HEADER + 1];
	EVP_CIPHER_INFO how;
	unsigned char *der;
	slu_status st;
	long len;

	strcpy(header, p->header);
	len = (long)p->der.len;
	der = OPENSSL_memdup(slu_buf_front(&p->der), p->der.len);
	if (der == NULL)
		return slu_fail(SLU_ERR_MEMORY, "keys: out of memory");
	if (PEM_get_EVP_CIPHER_INFO(header, &how) != 1 ||
	    PEM_do_header(
		&how, der, &len, slu_pem_passphrase, (void *)passphrase) != 1)
		st = refused();
	else
		st =
		    is_key(slu_ssh_der_rsa(key, (slu_der){ der, (size_t)len }));
	OPENSSL_clear_free(der, p->der.len);
	return st;
}

slu_status
slu_ssh_pem_unlock(
    const slu_ssh_pem *p, const slu_buf *passphrase, slu_key *key)
{
	return p->form == SLU_SSH_PEM_RSA ? unlock_rsa(p, passphrase, key)
					  : unlock_pkcs8(p, passphrase, key);
}
