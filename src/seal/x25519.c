/* SPDX-License-Identifier: ISC */
#include "x25519.h"

#include <string.h>

#include "raw64.h"
#include "sluice/rand.h"
#include "sluice/secret.h"

#define LABEL "age-encryption.org/v1/X25519"

static slu_status
check(const slu_stanza *s)
{
	unsigned char share[SLU_POINT];

	if (slu_stanza_arg(s, 1) == NULL)
		return slu_header_fault(s->at, "X25519 lacks its share");
	if (slu_stanza_arg(s, 2) != NULL)
		return slu_header_fault(
		    slu_stanza_place(s, 2), "X25519 has an argument too many");
	if (!slu_raw64_decode_all(share, sizeof(share), slu_stanza_arg(s, 1)))
		return slu_header_fault(slu_stanza_place(s, 1),
		    "the share is not 32 bytes of canonical base64");
	/* A longer body could be made to open with several keys. */
	if (s->body.len != SLU_WRAPPED)
		return slu_header_fault(
		    slu_stanza_place(s, 2), "X25519's body is not 32 bytes");
	return SLU_OK;
}

static slu_status
put_share(slu_stanza *s, const unsigned char share[SLU_POINT])
{
	char text[SLU_POINT_CHARS + 1];

	slu_raw64_encode(text, share, SLU_POINT);
	text[SLU_POINT_CHARS] = '\0';
	return slu_stanza_add_arg(s, text);
}

static slu_status
wrap(const unsigned char *key, slu_stanza *s,
    const unsigned char file_key[SLU_FILE_KEY])
{
	unsigned char secret[SLU_POINT], share[SLU_POINT], shared[SLU_POINT];
	const slu_agree_salt salt = { LABEL, share, key };
	unsigned char body[SLU_WRAPPED];
	slu_status st;

	slu_rand_key(secret, sizeof(secret));
	st = slu_agree_public(share, secret);
	if (st == SLU_OK)
		st = slu_agree(shared, secret, key);
	if (st == SLU_OK)
		st = slu_agree_wrap(body, shared, &salt, file_key);
	if (st == SLU_OK)
		st = put_share(s, share);
	if (st == SLU_OK)
		st = slu_buf_add(&s->body, body, sizeof(body));
	slu_wipe(secret, sizeof(secret));
	slu_wipe(shared, sizeof(shared));
	return st;
}

static slu_status
unwrap(const unsigned char *secret, const slu_stanza *s,
    unsigned char file_key[SLU_FILE_KEY])
{
	unsigned char share[SLU_POINT], shared[SLU_POINT];
	const slu_agree_salt salt = { LABEL, share, secret + SLU_POINT };
	slu_status st;

	if (!slu_raw64_decode_all(share, sizeof(share), slu_stanza_arg(s, 1)))
		return check(s);
	st = slu_agree(shared, secret, share);
	if (st == SLU_OK)
		st = slu_agree_unwrap(
		    file_key, shared, &salt, slu_buf_front(&s->body));
	slu_wipe(shared, sizeof(shared));
	if (st == SLU_ERR_FORMAT)
		return slu_header_fault(slu_stanza_place(s, 1),
		    "the share is a point of low order");
	return st;
}

static slu_status
name(const unsigned char *secret, slu_buf *out)
{
	char text[SLU_X25519_PUBLIC_CHARS + 1];

	slu_bech32_encode(
	    text, SLU_X25519_PUBLIC_NAME, secret + SLU_POINT, SLU_POINT);
	return slu_buf_add(out, text, SLU_X25519_PUBLIC_CHARS);
}

const slu_key_kind slu_x25519 = {
	.type = "X25519",
	.check = check,
	.wrap = wrap,
	.unwrap = unwrap,
	.name = name,
};

slu_status
slu_x25519_read_public(slu_buf *key, const char *text, size_t len)
{
	unsigned char point[SLU_POINT], secret[SLU_POINT], shared[SLU_POINT];
	const char *wrong;
	slu_status st;

	wrong = slu_bech32_decode(
	    point, sizeof(point), SLU_X25519_PUBLIC_NAME, text, len);
	if (wrong != NULL)
		return slu_fail(SLU_ERR_FORMAT, "keys: age1...: %s", wrong);
	/* What is sealed for a point of low order, anybody could open. */
	slu_rand_key(secret, sizeof(secret));
	st = slu_agree(shared, secret, point);
	slu_wipe(secret, sizeof(secret));
	slu_wipe(shared, sizeof(shared));
	if (st == SLU_ERR_FORMAT)
		return slu_fail(st, "keys: age1...: a point of low order");
	return st ? st : slu_buf_add(key, point, sizeof(point));
}

slu_status
slu_x25519_read_secret(slu_buf *key, const char *text, size_t len)
{
	unsigned char both[2 * SLU_POINT];
	const char *wrong;
	slu_status st;

	wrong = slu_bech32_decode(
	    both, SLU_POINT, SLU_X25519_SECRET_NAME, text, len);
	if (wrong != NULL)
		return slu_fail(
		    SLU_ERR_FORMAT, "keys: AGE-SECRET-KEY-1...: %s", wrong);
	st = slu_agree_public(both + SLU_POINT, both);
	if (st == SLU_OK)
		st = slu_buf_add(key, both, sizeof(both));
	slu_wipe(both, sizeof(both));
	return st;
}
