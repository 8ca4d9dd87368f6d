/* SPDX-License-Identifier: ISC */
#include "ssh_text.h"

#include <stdio.h>
#include <string.h>

#include "ssh_ed25519.h"
#include "ssh_rsa.h"

#define TYPE_MAX 64 /* characters of a type that we do not have */

static const slu_key_kind *
kind_of(const slu_ssh_string *type)
{
	if (slu_ssh_is(type, slu_ssh_ed25519.type))
		return &slu_ssh_ed25519;
	return slu_ssh_is(type, slu_ssh_rsa.type) ? &slu_ssh_rsa : NULL;
}

slu_status
slu_ssh_kind(slu_key *key, const slu_ssh_string *type)
{
	key->kind = kind_of(type);
	if (key->kind != NULL)
		return SLU_OK;
	return slu_fail(SLU_ERR_FORMAT,
	    "keys: an ssh key of another type than ssh-ed25519 and ssh-rsa");
}

slu_status
slu_ssh_public(slu_key *key, const slu_ssh_string *wire)
{
	return key->kind == &slu_ssh_rsa
		   ? slu_ssh_rsa_public(&key->bytes, wire)
		   : slu_ssh_ed25519_public(&key->bytes, wire);
}

/* Of what is printed for people. */
static bool
is_plain(const slu_ssh_string *type)
{
	for (size_t i = 0; i < type->len; i++)
		if (type->data[i] <= ' ' || type->data[i] > '~')
			return false;
	return type->len <= TYPE_MAX;
}

/* Its wire form begins with the type that the line has, whichever it is. */
static slu_status
read_foreign(
    slu_key *key, const slu_ssh_string *type, const slu_ssh_string *wire)
{
	slu_ssh_wire w = { wire->data, wire->len };
	char words[TYPE_MAX + 60];
	slu_ssh_string again;
	int n;

	if (!slu_ssh_take(&w, &again) || again.len != type->len ||
	    memcmp(again.data, type->data, again.len) != 0 || !is_plain(type))
		return slu_ssh_malformed();
	n = snprintf(words, sizeof(words),
	    "an ssh key of type %.*s, not ssh-ed25519 or ssh-rsa",
	    (int)type->len, (const char *)type->data);
	return slu_buf_add(&key->bytes, words, (size_t)n);
}

/* It is well formed, and why it is of no use was said. */
static slu_status
keep_reason(slu_key *key)
{
	const char *why = strstr(slu_error(), ": ") + 2;

	key->kind = NULL;
	return slu_buf_add(&key->bytes, why, strlen(why));
}

static slu_status
read_wire(slu_key *key, const slu_ssh_string *type, const slu_ssh_string *wire)
{
	slu_status st;

	key->kind = kind_of(type);
	if (key->kind == NULL)
		return read_foreign(key, type, wire);
	st = slu_ssh_public(key, wire);
	return st == SLU_ERR_LIMIT ? keep_reason(key) : st;
}

slu_status
slu_ssh_read_public(slu_key *key, const char *text, size_t len)
{
	slu_buf wire = { .limit = SLU_KEY_BYTES_MAX };
	slu_ssh_string type = { (const unsigned char *)text, 0 }, whole;
	const char *end;
	slu_status st;

	end = memchr(text, ' ', len);
	if (end == NULL)
		return slu_ssh_malformed();
	type.len = (size_t)(end - text);
	len -= type.len + 1;
	text = end + 1;
	end = memchr(text, ' ', len);
	st = slu_ssh_decode(
	    &wire, text, end == NULL ? len : (size_t)(end - text));
	whole = (slu_ssh_string){ slu_buf_front(&wire), wire.len };
	if (st == SLU_OK)
		st = read_wire(key, &type, &whole);
	slu_buf_free(&wire);
	return st;
}
