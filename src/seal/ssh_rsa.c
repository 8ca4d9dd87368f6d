/* SPDX-License-Identifier: ISC */
#include "ssh_rsa.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "crypto.h"
#include "raw64.h"
#include "sluice/secret.h"

#define TYPE "ssh-rsa"
#define LABEL "age-encryption.org/v1/ssh-rsa"
#define BLOCK_MAX (SLU_SSH_RSA_BITS_MAX / 8)

static slu_status
malformed(void)
{
	return slu_fail(SLU_ERR_FORMAT, "keys: ssh-rsa: malformed");
}

static slu_status
check(const slu_stanza *s)
{
	const char *tag = slu_stanza_arg(s, 1);
	unsigned char bytes[4];

	if (tag == NULL)
		return slu_header_fault(s->at, "ssh-rsa lacks an argument");
	if (slu_stanza_arg(s, 2) != NULL)
		return slu_header_fault(
		    slu_stanza_place(s, 2), "ssh-rsa has an argument too many");
	if (!slu_raw64_decode_all(bytes, sizeof(bytes), tag))
		return slu_header_fault(slu_stanza_place(s, 1),
		    "the key's tag is not 4 bytes of canonical base64");
	return SLU_OK;
}

/* A key as it is kept. */
struct numbers {
	slu_ssh_string wire, e, n;
	slu_ssh_string d; /* of a secret one */
};

static bool
read_wire(const slu_ssh_string *wire, struct numbers *k)
{
	slu_ssh_wire w = { wire->data, wire->len };
	slu_ssh_string type;

	k->wire = *wire;
	return slu_ssh_take(&w, &type) && slu_ssh_is(&type, TYPE) &&
	       slu_ssh_mpint(&w, &k->e) && slu_ssh_mpint(&w, &k->n) &&
	       w.left == 0;
}

/* What was checked when it was read. */
static bool
unpack(const unsigned char *key, struct numbers *k, bool secret)
{
	slu_ssh_wire w = { key, SIZE_MAX };
	slu_ssh_string wire;

	*k = (struct numbers){ 0 };
	return slu_ssh_take(&w, &wire) && read_wire(&wire, k) &&
	       (!secret || slu_ssh_take(&w, &k->d));
}

static bool
push(OSSL_PARAM_BLD *to, const char *name, const slu_ssh_string *number,
    BIGNUM *room)
{
	return room != NULL &&
	       BN_bin2bn(number->data, (int)number->len, room) != NULL &&
	       OSSL_PARAM_BLD_push_BN(to, name, room) == 1;
}

/* Without its primes a secret key is slower, and needs no more arithmetic. */
static slu_status
make_key(EVP_PKEY **out, const struct numbers *k)
{
	/* Secure numbers are cleared wherever libcrypto copies them to. */
	BIGNUM *n = BN_new(), *e = BN_new(), *d = BN_secure_new();
	int what = k->d.len > 0 ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = NULL;
	OSSL_PARAM *params = NULL;
	slu_status st = SLU_OK;

	if (build != NULL && push(build, OSSL_PKEY_PARAM_RSA_N, &k->n, n) &&
	    push(build, OSSL_PKEY_PARAM_RSA_E, &k->e, e) &&
	    (k->d.len == 0 || push(build, OSSL_PKEY_PARAM_RSA_D, &k->d, d)))
		params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL)
		ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, out, what, params) != 1)
		st = slu_crypto_failed("ssh");
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	BN_clear_free(d);
	return st;
}

/* SHA-256 throughout, and a label that says what it is for. */
static slu_status
begin(EVP_PKEY_CTX **out, const struct numbers *k,
    int (*init)(EVP_PKEY_CTX *ctx, const OSSL_PARAM params[]))
{
	OSSL_PARAM params[5];
	EVP_PKEY *key = NULL;
	slu_status st;

	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_PAD_MODE,
		(char *)OSSL_PKEY_RSA_PAD_MODE_OAEP, 0);
	params[1] = OSSL_PARAM_construct_utf8_string(
	    OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST, (char *)"SHA256", 0);
	params[2] = OSSL_PARAM_construct_utf8_string(
	    OSSL_ASYM_CIPHER_PARAM_MGF1_DIGEST, (char *)"SHA256", 0);
	params[3] = OSSL_PARAM_construct_octet_string(
	    OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL, (void *)LABEL, strlen(LABEL));
	params[4] = OSSL_PARAM_construct_end();
	st = make_key(&key, k);
	if (st)
		return st;
	*out = EVP_PKEY_CTX_new(key, NULL);
	if (*out == NULL || init(*out, params) != 1)
		st = slu_crypto_failed("ssh");
	EVP_PKEY_free(key);
	return st;
}

static slu_status
wrap(const unsigned char *key, slu_stanza *s,
    const unsigned char file_key[SLU_FILE_KEY])
{
	char tag[SLU_SSH_TAG_CHARS + 1];
	unsigned char body[BLOCK_MAX];
	size_t len = sizeof(body);
	EVP_PKEY_CTX *ctx = NULL;
	struct numbers k;
	slu_status st;

	st = unpack(key, &k, false) ? SLU_OK : malformed();
	if (st == SLU_OK)
		st = begin(&ctx, &k, EVP_PKEY_encrypt_init_ex);
	if (st == SLU_OK &&
	    EVP_PKEY_encrypt(ctx, body, &len, file_key, SLU_FILE_KEY) != 1)
		st = slu_crypto_failed("ssh");
	if (st == SLU_OK)
		st = slu_ssh_tag(tag, &k.wire);
	if (st == SLU_OK)
		st = slu_stanza_add_arg(s, tag);
	if (st == SLU_OK)
		st = slu_buf_add(&s->body, body, len);
	EVP_PKEY_CTX_free(ctx);
	return st;
}

/* Why it failed is nothing to tell anybody, unless it was memory. */
static slu_status
decrypt(EVP_PKEY_CTX *ctx, const slu_stanza *s,
    unsigned char file_key[SLU_FILE_KEY])
{
	unsigned char block[BLOCK_MAX];
	size_t len = sizeof(block);
	slu_status st = SLU_OK;

	if (EVP_PKEY_decrypt(
		ctx, block, &len, slu_buf_front(&s->body), s->body.len) == 1 &&
	    len == SLU_FILE_KEY)
		memcpy(file_key, block, SLU_FILE_KEY);
	else if (slu_crypto_failed("ssh") == SLU_ERR_MEMORY)
		st = SLU_ERR_MEMORY;
	else
		st = slu_fail(
		    SLU_ERR_NO_MATCH, "unseal: wrapped for another key");
	slu_wipe(block, sizeof(block));
	return st;
}

static slu_status
names(const unsigned char *secret, const slu_stanza *s, bool *named)
{
	struct numbers k;

	if (!unpack(secret, &k, true))
		return malformed();
	return slu_ssh_is_tag(slu_stanza_arg(s, 1), &k.wire, named);
}

static slu_status
unwrap(const unsigned char *secret, const slu_stanza *s,
    unsigned char file_key[SLU_FILE_KEY])
{
	EVP_PKEY_CTX *ctx = NULL;
	struct numbers k;
	slu_status st;

	st = unpack(secret, &k, true) ? SLU_OK : malformed();
	if (st == SLU_OK)
		st = begin(&ctx, &k, EVP_PKEY_decrypt_init_ex);
	if (st == SLU_OK)
		st = decrypt(ctx, s, file_key);
	EVP_PKEY_CTX_free(ctx);
	return st;
}

static slu_status
name(const unsigned char *secret, slu_buf *out)
{
	struct numbers k;

	if (!unpack(secret, &k, true))
		return malformed();
	return slu_ssh_line(out, TYPE, &k.wire);
}

const slu_key_kind slu_ssh_rsa = {
	.type = TYPE,
	.check = check,
	.wrap = wrap,
	.names = names,
	.unwrap = unwrap,
	.name = name,
};

static unsigned
bits_of(const slu_ssh_string *number)
{
	unsigned bits = (unsigned)number->len * 8;

	for (unsigned top = number->data[0]; top < 0x80; top <<= 1)
		bits--;
	return bits;
}

static slu_status
check_numbers(const struct numbers *k)
{
	unsigned bits = bits_of(&k->n);

	if (bits < SLU_SSH_RSA_BITS_MIN || bits > SLU_SSH_RSA_BITS_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "keys: ssh-rsa: a key of %u bits, not of %d to %d", bits,
		    SLU_SSH_RSA_BITS_MIN, SLU_SSH_RSA_BITS_MAX);
	if (bits_of(&k->e) > 64 || bits_of(&k->e) < 2 ||
	    k->e.data[k->e.len - 1] % 2 == 0 ||
	    k->n.data[k->n.len - 1] % 2 == 0)
		return malformed();
	return SLU_OK;
}

slu_status
slu_ssh_rsa_public(slu_buf *key, const slu_ssh_string *wire)
{
	struct numbers k = { 0 };
	slu_status st;

	st = read_wire(wire, &k) ? check_numbers(&k) : malformed();
	return st ? st : slu_ssh_put(key, wire->data, wire->len);
}

/* n and e again, d, and what makes d quicker, which is passed over. */
slu_status
slu_ssh_rsa_secret(slu_buf *key, slu_ssh_wire *file, const slu_ssh_string *wire)
{
	slu_ssh_string n, e, iqmp, p, q;
	struct numbers k = { 0 };
	slu_status st;

	if (!read_wire(wire, &k) || !slu_ssh_mpint(file, &n) ||
	    !slu_ssh_mpint(file, &e) || !slu_ssh_mpint(file, &k.d) ||
	    !slu_ssh_mpint(file, &iqmp) || !slu_ssh_mpint(file, &p) ||
	    !slu_ssh_mpint(file, &q) || n.len != k.n.len || e.len != k.e.len ||
	    memcmp(n.data, k.n.data, n.len) != 0 ||
	    memcmp(e.data, k.e.data, e.len) != 0 || k.d.len > k.n.len)
		return malformed();
	st = check_numbers(&k);
	if (st == SLU_OK)
		st = slu_ssh_put(key, wire->data, wire->len);
	return st ? st : slu_ssh_put(key, k.d.data, k.d.len);
}
