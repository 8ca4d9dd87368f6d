/* SPDX-License-Identifier: ISC */
#include "ssh_ed25519.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/evp.h>

#include "agree.h"
#include "crypto.h"
#include "raw64.h"
#include "sluice/rand.h"
#include "sluice/secret.h"

#define TYPE "ssh-ed25519"
#define LABEL "age-encryption.org/v1/ssh-ed25519"
#define SEED 32 /* bytes */

static slu_status
malformed(void)
{
	return slu_fail(SLU_ERR_FORMAT, "keys: ssh-ed25519: malformed");
}

static slu_status
check(const slu_stanza *s)
{
	const char *tag = slu_stanza_arg(s, 1), *share;
	unsigned char bytes[SLU_POINT];

	share = tag == NULL ? NULL : slu_stanza_arg(s, 2);
	if (share == NULL)
		return slu_header_fault(s->at, "ssh-ed25519 lacks an argument");
	if (slu_stanza_arg(s, 3) != NULL)
		return slu_header_fault(slu_stanza_place(s, 3),
		    "ssh-ed25519 has an argument too many");
	if (!slu_raw64_decode_all(bytes, 4, tag))
		return slu_header_fault(slu_stanza_place(s, 1),
		    "the key's tag is not 4 bytes of canonical base64");
	if (!slu_raw64_decode_all(bytes, sizeof(bytes), share))
		return slu_header_fault(slu_stanza_place(s, 2),
		    "the share is not 32 bytes of canonical base64");
	if (s->body.len != SLU_WRAPPED)
		return slu_header_fault(slu_stanza_place(s, 3),
		    "ssh-ed25519's body is not 32 bytes");
	return SLU_OK;
}

/* The wire form of a public key, which is behind its point. */
static slu_ssh_string
wire_of(const unsigned char *key)
{
	slu_ssh_wire w = { key + SLU_POINT, SIZE_MAX };
	slu_ssh_string wire = { 0 };

	return slu_ssh_take(&w, &wire) ? wire : (slu_ssh_string){ 0 };
}

/*
 * What two keys agree on, times the number that the ssh key gives, which
 * is public.
 */
static slu_status
agree(unsigned char shared[SLU_POINT], const unsigned char secret[SLU_POINT],
    const unsigned char point[SLU_POINT], const slu_ssh_string *wire)
{
	unsigned char tweak[SLU_POINT], first[SLU_POINT];
	slu_status st;

	st = slu_kdf_hkdf(tweak, sizeof(tweak), "", 0, wire->data, wire->len,
	    LABEL, strlen(LABEL));
	if (st == SLU_OK)
		st = slu_agree(first, secret, point);
	if (st == SLU_OK)
		st = slu_agree(shared, tweak, first);
	slu_wipe(first, sizeof(first));
	return st;
}

static slu_status
fill(slu_stanza *s, const slu_ssh_string *wire,
    const unsigned char share[SLU_POINT], const unsigned char body[SLU_WRAPPED])
{
	char tag[SLU_SSH_TAG_CHARS + 1], text[SLU_POINT_CHARS + 1];
	slu_status st;

	slu_raw64_encode(text, share, SLU_POINT);
	text[SLU_POINT_CHARS] = '\0';
	st = slu_ssh_tag(tag, wire);
	if (st == SLU_OK)
		st = slu_stanza_add_arg(s, tag);
	if (st == SLU_OK)
		st = slu_stanza_add_arg(s, text);
	return st ? st : slu_buf_add(&s->body, body, SLU_WRAPPED);
}

static slu_status
wrap(const unsigned char *key, slu_stanza *s,
    const unsigned char file_key[SLU_FILE_KEY])
{
	unsigned char secret[SLU_POINT], share[SLU_POINT], shared[SLU_POINT];
	const slu_agree_salt salt = { LABEL, share, key };
	const slu_ssh_string wire = wire_of(key);
	unsigned char body[SLU_WRAPPED];
	slu_status st;

	slu_rand_key(secret, sizeof(secret));
	st = slu_agree_public(share, secret);
	if (st == SLU_OK)
		st = agree(shared, secret, key, &wire);
	if (st == SLU_OK)
		st = slu_agree_wrap(body, shared, &salt, file_key);
	if (st == SLU_OK)
		st = fill(s, &wire, share, body);
	slu_wipe(secret, sizeof(secret));
	slu_wipe(shared, sizeof(shared));
	return st;
}

static slu_status
names(const unsigned char *secret, const slu_stanza *s, bool *named)
{
	const slu_ssh_string wire = wire_of(secret + SLU_POINT);

	return slu_ssh_is_tag(slu_stanza_arg(s, 1), &wire, named);
}

static slu_status
unwrap(const unsigned char *secret, const slu_stanza *s,
    unsigned char file_key[SLU_FILE_KEY])
{
	const slu_ssh_string wire = wire_of(secret + SLU_POINT);
	unsigned char share[SLU_POINT], shared[SLU_POINT];
	const slu_agree_salt salt = { LABEL, share, secret + SLU_POINT };
	slu_status st;

	if (!slu_raw64_decode_all(share, sizeof(share), slu_stanza_arg(s, 2)))
		return check(s);
	st = agree(shared, secret, share, &wire);
	if (st == SLU_OK)
		st = slu_agree_unwrap(
		    file_key, shared, &salt, slu_buf_front(&s->body));
	slu_wipe(shared, sizeof(shared));
	if (st == SLU_ERR_FORMAT)
		return slu_header_fault(slu_stanza_place(s, 2),
		    "the share is a point of low order");
	return st;
}

static slu_status
name(const unsigned char *secret, slu_buf *out)
{
	const slu_ssh_string wire = wire_of(secret + SLU_POINT);

	return slu_ssh_line(out, TYPE, &wire);
}

const slu_key_kind slu_ssh_ed25519 = {
	.type = TYPE,
	.check = check,
	.wrap = wrap,
	.names = names,
	.unwrap = unwrap,
	.name = name,
};

/*
 * Whether y is that of a point: then x^2 = (y^2 - 1) / (d y^2 + 1) is a
 * square, with d = -121665/121666 (RFC 8032 section 5.1).  A quotient is one
 * where the product is; all numbers are multiplied by 121666 once.
 */
static bool
is_on_curve(const BIGNUM *y, const BIGNUM *p, BIGNUM *t[2], BN_CTX *ctx)
{
	return BN_mod_sqr(t[0], y, p, ctx) == 1 &&
	       BN_copy(t[1], t[0]) != NULL && BN_mul_word(t[1], 121665) == 1 &&
	       BN_sub_word(t[1], 121666) == 1 && BN_sub_word(t[0], 1) == 1 &&
	       BN_mod_mul(t[0], t[0], t[1], p, ctx) == 1 &&
	       /* -1 is a square here, so the sign of t[1] does not matter. */
	       BN_mul_word(t[0], 121666) == 1 &&
	       BN_kronecker(t[0], p, ctx) >= 0;
}

/* u = (1 + y) / (1 - y); of public numbers only, in any time. */
static bool
map(BIGNUM *u, const BIGNUM *y, const BIGNUM *p, BIGNUM *t, BN_CTX *ctx)
{
	return BN_sub(t, BN_value_one(), y) == 1 &&
	       BN_nnmod(t, t, p, ctx) == 1 &&
	       BN_mod_inverse(t, t, p, ctx) != NULL &&
	       BN_add(u, y, BN_value_one()) == 1 &&
	       BN_mod_mul(u, u, t, p, ctx) == 1;
}

static slu_status
to_montgomery(unsigned char out[SLU_POINT], const unsigned char in[SLU_POINT])
{
	unsigned char le[SLU_POINT];
	BIGNUM *p = NULL, *y = NULL, *u, *t[2];
	slu_status st;
	BN_CTX *ctx;

	memcpy(le, in, sizeof(le));
	le[SLU_POINT - 1] &= 0x7f; /* the sign of x, which does not matter */
	ctx = BN_CTX_new();
	if (ctx == NULL)
		return slu_crypto_failed("ssh");
	BN_CTX_start(ctx);
	p = BN_CTX_get(ctx);
	y = BN_CTX_get(ctx);
	u = BN_CTX_get(ctx);
	t[0] = BN_CTX_get(ctx);
	t[1] = BN_CTX_get(ctx);
	if (t[1] == NULL || BN_set_bit(p, 255) != 1 ||
	    BN_sub_word(p, 19) != 1 || BN_lebin2bn(le, sizeof(le), y) == NULL)
		st = slu_crypto_failed("ssh");
	else if (BN_cmp(y, p) < 0 && is_on_curve(y, p, t, ctx) &&
		 map(u, y, p, t[0], ctx) &&
		 BN_bn2lebinpad(u, out, SLU_POINT) == SLU_POINT)
		st = SLU_OK;
	else
		st = slu_crypto_failed("ssh") == SLU_ERR_MEMORY
			 ? SLU_ERR_MEMORY
			 : slu_fail(SLU_ERR_FORMAT,
			       "keys: ssh-ed25519: not a point of the curve");
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
	return st;
}

/* The point of a key's wire form. */
static bool
read_wire(const slu_ssh_string *wire, slu_ssh_string *point)
{
	slu_ssh_wire w = { wire->data, wire->len };
	slu_ssh_string type;

	return slu_ssh_take(&w, &type) && slu_ssh_is(&type, TYPE) &&
	       slu_ssh_take(&w, point) && point->len == SLU_POINT &&
	       w.left == 0;
}

slu_status
slu_ssh_ed25519_public(slu_buf *key, const slu_ssh_string *wire)
{
	unsigned char u[SLU_POINT], secret[SLU_POINT], shared[SLU_POINT];
	slu_ssh_string point;
	slu_status st;

	if (!read_wire(wire, &point))
		return malformed();
	st = to_montgomery(u, point.data);
	if (st)
		return st;
	/* What is sealed for a point of low order, anybody could open. */
	slu_rand_key(secret, sizeof(secret));
	st = slu_agree(shared, secret, u);
	slu_wipe(secret, sizeof(secret));
	slu_wipe(shared, sizeof(shared));
	if (st == SLU_ERR_FORMAT)
		return slu_fail(st, "keys: ssh-ed25519: a point of low order");
	if (st == SLU_OK)
		st = slu_buf_add(key, u, sizeof(u));
	return st ? st : slu_ssh_put(key, wire->data, wire->len);
}

/* The point that belongs to a seed must be the one that the file names. */
static slu_status
check_pair(const unsigned char *seed, const slu_ssh_string *point)
{
	unsigned char own[SLU_POINT];
	size_t len = sizeof(own);
	slu_status st = SLU_OK;
	EVP_PKEY *key;

	key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, SEED);
	if (key == NULL || EVP_PKEY_get_raw_public_key(key, own, &len) != 1)
		st = slu_crypto_failed("ssh");
	else if (memcmp(own, point->data, sizeof(own)) != 0)
		st = slu_fail(SLU_ERR_FORMAT,
		    "keys: ssh-ed25519: its halves do not belong together");
	EVP_PKEY_free(key);
	return st;
}

slu_status
slu_ssh_ed25519_secret(
    slu_buf *key, slu_ssh_wire *file, const slu_ssh_string *wire)
{
	unsigned char digest[EVP_MAX_MD_SIZE], both[2 * SLU_POINT];
	slu_ssh_string point, again, pair;
	slu_status st;
	size_t len;

	if (!read_wire(wire, &point) || !slu_ssh_take(file, &again) ||
	    !slu_ssh_take(file, &pair) || again.len != SLU_POINT ||
	    pair.len != SEED + SLU_POINT ||
	    memcmp(again.data, point.data, SLU_POINT) != 0 ||
	    memcmp(pair.data + SEED, point.data, SLU_POINT) != 0)
		return malformed();
	st = check_pair(pair.data, &point);
	if (st)
		return st;
	if (EVP_Q_digest(NULL, "SHA512", NULL, pair.data, SEED, digest, &len) !=
	    1)
		st = slu_crypto_failed("ssh");
	memcpy(both, digest, SLU_POINT);
	if (st == SLU_OK)
		st = slu_agree_public(both + SLU_POINT, both);
	if (st == SLU_OK)
		st = slu_buf_add(key, both, sizeof(both));
	if (st == SLU_OK)
		st = slu_ssh_put(key, wire->data, wire->len);
	slu_wipe(digest, sizeof(digest));
	slu_wipe(both, sizeof(both));
	return st;
}
