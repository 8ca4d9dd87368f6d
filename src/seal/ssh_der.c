/* SPDX-License-Identifier: ISC */
#include "ssh_der.h"

#include <string.h>

#include <openssl/evp.h>

#include "crypto.h"
#include "ssh_ed25519.h"
#include "ssh_rsa.h"
#include "sluice/secret.h"

#define SEED 32   /* bytes of an Ed25519 key, and of its public half */
#define NUMBERS 8 /* of an RSA key */

enum { N, E, D, P, Q, DP, DQ, QINV };

static const unsigned char rsa[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x01, 0x01 };
static const unsigned char ed25519[] = { 0x2b, 0x65, 0x70 };

/* DER and ssh spell numbers alike. */
static slu_status
put(slu_buf *out, slu_der number)
{
	return slu_ssh_put(out, number.at, number.left);
}

static slu_status
put_type(slu_buf *out, const slu_key_kind *kind)
{
	return slu_ssh_put(out, kind->type, strlen(kind->type));
}

/* The two halves, as OpenSSH's own files have them. */
struct halves {
	slu_buf public, secret;
};

#define HALVES \
	((struct halves){ { .limit = SLU_KEY_BYTES_MAX }, \
	    { .limit = 2 * SLU_KEY_BYTES_MAX } })

static slu_status
take_halves(slu_key *key, const struct halves *h)
{
	const slu_ssh_string public = { slu_buf_front(&h->public),
		h->public.len };
	slu_ssh_wire secret = { slu_buf_front(&h->secret), h->secret.len };

	return key->kind == &slu_ssh_rsa
		   ? slu_ssh_rsa_secret(&key->bytes, &secret, &public)
		   : slu_ssh_ed25519_secret(&key->bytes, &secret, &public);
}

static slu_status
read_rsa(slu_key *key, const slu_der *n)
{
	static const int order[] = { N, E, D, QINV, P, Q };
	struct halves h = HALVES;
	slu_status st;

	key->kind = &slu_ssh_rsa;
	st = put_type(&h.public, key->kind);
	if (st == SLU_OK)
		st = put(&h.public, n[E]);
	if (st == SLU_OK)
		st = put(&h.public, n[N]);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (st == SLU_OK)
			st = put(&h.secret, n[order[i]]);
	if (st == SLU_OK)
		st = take_halves(key, &h);
	slu_buf_free(&h.public);
	slu_buf_free(&h.secret);
	return st;
}

slu_status
slu_ssh_der_rsa(slu_key *key, slu_der der)
{
	slu_der all, n[NUMBERS];
	unsigned long version;

	if (!slu_der_take(&der, SLU_DER_SEQUENCE, &all) || der.left > 0 ||
	    !slu_der_take_u32(&all, &version) || version != 0)
		return slu_ssh_malformed();
	for (size_t i = 0; i < NUMBERS; i++)
		if (!slu_der_take(&all, SLU_DER_INTEGER, &n[i]))
			return slu_ssh_malformed();
	return all.left == 0 ? read_rsa(key, n) : slu_ssh_malformed();
}

static slu_status
make_public(unsigned char point[SEED], const unsigned char *seed)
{
	slu_status st = SLU_OK;
	size_t len = SEED;
	EVP_PKEY *key;

	key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, SEED);
	if (key == NULL || EVP_PKEY_get_raw_public_key(key, point, &len) != 1)
		st = slu_crypto_failed("ssh");
	EVP_PKEY_free(key);
	return st;
}

static slu_status
read_ed25519(slu_key *key, slu_der seed)
{
	unsigned char pair[2 * SEED];
	struct halves h = HALVES;
	slu_status st;

	key->kind = &slu_ssh_ed25519;
	memcpy(pair, seed.at, SEED);
	st = make_public(pair + SEED, pair);
	if (st == SLU_OK)
		st = put_type(&h.public, key->kind);
	if (st == SLU_OK)
		st = slu_ssh_put(&h.public, pair + SEED, SEED);
	if (st == SLU_OK)
		st = slu_ssh_put(&h.secret, pair + SEED, SEED);
	if (st == SLU_OK)
		st = slu_ssh_put(&h.secret, pair, sizeof(pair));
	if (st == SLU_OK)
		st = take_halves(key, &h);
	slu_wipe(pair, sizeof(pair));
	slu_buf_free(&h.public);
	slu_buf_free(&h.secret);
	return st;
}

/* Behind the key may be attributes, and its public half. */
slu_status
slu_ssh_der_pkcs8(slu_key *key, slu_der der)
{
	slu_der all, algorithm, oid, octets, seed;
	unsigned long version;

	if (!slu_der_take(&der, SLU_DER_SEQUENCE, &all) || der.left > 0 ||
	    !slu_der_take_u32(&all, &version) || version > 1 ||
	    !slu_der_take(&all, SLU_DER_SEQUENCE, &algorithm) ||
	    !slu_der_take(&algorithm, SLU_DER_OID, &oid) ||
	    !slu_der_take(&all, SLU_DER_OCTETS, &octets))
		return slu_ssh_malformed();
	if (slu_der_is(&oid, rsa, sizeof(rsa)))
		return slu_ssh_der_rsa(key, octets);
	if (!slu_der_is(&oid, ed25519, sizeof(ed25519)))
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: a private key of another kind than RSA and "
		    "Ed25519");
	if (!slu_der_take(&octets, SLU_DER_OCTETS, &seed) || octets.left > 0 ||
	    seed.left != SEED)
		return slu_ssh_malformed();
	return read_ed25519(key, seed);
}
