/* SPDX-License-Identifier: ISC */
#include "scheme.h"

#include <openssl/objects.h>
#include <stddef.h>
#include <string.h>

#define GROUPS_MAX 64 /* looked at */

/* The schemes of a kind of key; in TLS 1.2, ECDSA goes with every curve. */
static const struct kind {
	const char *key;
	const char *curve; /* or NULL */
	int group;         /* its NID */
	int schemes[6];    /* of TLS 1.3, and then those of TLS 1.2 alone; 0 */
	size_t modern;     /* how many are of TLS 1.3 */
	int auth;          /* of the suites of TLS 1.2 */
} kinds[] = {
	{ "RSA", NULL, 0, { 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601 }, 3,
	    NID_auth_rsa },
	{ "RSA-PSS", NULL, 0, { 0x0809, 0x080a, 0x080b }, 3, NID_auth_rsa },
	{ "EC", "prime256v1", NID_X9_62_prime256v1, { 0x0403, 0x0503, 0x0603 },
	    1, NID_auth_ecdsa },
	{ "EC", "secp384r1", NID_secp384r1, { 0x0503, 0x0403, 0x0603 }, 1,
	    NID_auth_ecdsa },
	{ "EC", "secp521r1", NID_secp521r1, { 0x0603, 0x0403, 0x0503 }, 1,
	    NID_auth_ecdsa },
	{ "ED25519", NULL, 0, { 0x0807 }, 1, NID_auth_ecdsa },
	{ "ED448", NULL, 0, { 0x0808 }, 1, NID_auth_ecdsa },
};

static const struct kind *
kind_of(const EVP_PKEY *key)
{
	char curve[64];
	size_t len;

	if (EVP_PKEY_get_group_name(key, curve, sizeof(curve), &len) != 1)
		curve[0] = '\0';
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (EVP_PKEY_is_a(key, kinds[i].key) &&
		    (kinds[i].curve == NULL ||
			strcmp(curve, kinds[i].curve) == 0))
			return &kinds[i];
	return NULL;
}

static bool
is_scheme_of(const struct kind *k, int scheme, bool is_13)
{
	size_t n = is_13 ? k->modern : sizeof(k->schemes) / sizeof(int);

	for (size_t i = 0; i < n; i++)
		if (k->schemes[i] == scheme)
			return true;
	return false;
}

/* By what is in the peer's list and in ours. */
static bool
takes_scheme(SSL *ssl, const struct kind *k, bool is_13)
{
	unsigned char low, high;
	int n = SSL_get_shared_sigalgs(ssl, 0, NULL, NULL, NULL, NULL, NULL);

	for (int i = 0; i < n; i++) {
		(void)SSL_get_shared_sigalgs(
		    ssl, i, NULL, NULL, NULL, &low, &high);
		if (is_scheme_of(k, high << 8 | low, is_13))
			return true;
	}
	return false;
}

static bool
has_suite(SSL *ssl, const struct kind *k)
{
	const STACK_OF(SSL_CIPHER) *all = SSL_get_client_ciphers(ssl);

	for (int i = 0; i < sk_SSL_CIPHER_num(all); i++) {
		const SSL_CIPHER *c = sk_SSL_CIPHER_value(all, i);

		if (SSL_CIPHER_get_auth_nid(c) == k->auth &&
		    SSL_CIPHER_get_kx_nid(c) == NID_kx_ecdhe &&
		    SSL_CIPHER_is_aead(c))
			return true;
	}
	return false;
}

/* A client that lists no groups takes any. */
static bool
has_group(SSL *ssl, const struct kind *k)
{
	int groups[GROUPS_MAX];
	int n = (int)SSL_get1_groups(ssl, NULL);

	if (k->group == 0 || n <= 0 || n > GROUPS_MAX)
		return true;
	(void)SSL_get1_groups(ssl, groups);
	for (int i = 0; i < n; i++)
		if (groups[i] == k->group)
			return true;
	return false;
}

bool
slu_scheme_fits(SSL *ssl, const EVP_PKEY *key)
{
	const struct kind *k = kind_of(key);
	bool is_13 = SSL_version(ssl) == TLS1_3_VERSION;

	if (k == NULL || !takes_scheme(ssl, k, is_13))
		return false;
	if (is_13 || !SSL_is_server(ssl))
		return true;
	return has_suite(ssl, k) && has_group(ssl, k);
}
