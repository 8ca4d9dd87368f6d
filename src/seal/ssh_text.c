/* SPDX-License-Identifier: ISC */
#include "ssh_text.h"

#include <string.h>

#include "ssh_ed25519.h"
#include "ssh_rsa.h"

slu_status
slu_ssh_kind(slu_key *key, const slu_ssh_string *type)
{
	if (slu_ssh_is(type, slu_ssh_ed25519.type))
		key->kind = &slu_ssh_ed25519;
	else if (slu_ssh_is(type, slu_ssh_rsa.type))
		key->kind = &slu_ssh_rsa;
	else
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: an ssh key of another type than ssh-ed25519 and "
		    "ssh-rsa");
	return SLU_OK;
}

slu_status
slu_ssh_public(slu_key *key, const slu_ssh_string *wire)
{
	return key->kind == &slu_ssh_rsa
		   ? slu_ssh_rsa_public(&key->bytes, wire)
		   : slu_ssh_ed25519_public(&key->bytes, wire);
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
	st = slu_ssh_kind(key, &type);
	if (st == SLU_OK)
		st = slu_ssh_decode(
		    &wire, text, end == NULL ? len : (size_t)(end - text));
	whole = (slu_ssh_string){ slu_buf_front(&wire), wire.len };
	if (st == SLU_OK)
		st = slu_ssh_public(key, &whole);
	slu_buf_free(&wire);
	return st;
}
