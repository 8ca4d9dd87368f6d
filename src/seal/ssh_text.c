/* SPDX-License-Identifier: ISC */
#include "ssh_text.h"

#include <string.h>

#include "raw64.h"
#include "ssh_ed25519.h"
#include "ssh_rsa.h"

#define PRIVATE_END "-----END OPENSSH PRIVATE KEY-----"
#define PRIVATE_MAX ((size_t)64 * 1024) /* bytes of base64 */
#define PADDING_MAX 16                  /* bytes */

static slu_status
malformed(void)
{
	return slu_fail(SLU_ERR_FORMAT, "keys: an ssh key that is malformed");
}

static slu_status
not_supported(void)
{
	return slu_fail(SLU_ERR_FORMAT,
	    "keys: an ssh key of another type than ssh-ed25519 and ssh-rsa");
}

/* Decode base64 with its padding, and nothing else. */
static slu_status
decode(slu_buf *out, const char *text, size_t len)
{
	unsigned char group[3];
	slu_status st = SLU_OK;
	size_t n = 4;

	if (len == 0 || len % 4 != 0)
		return malformed();
	for (size_t i = 0; i < len && st == SLU_OK; i += 4) {
		if (i + 4 == len && text[len - 1] == '=')
			n = text[len - 2] == '=' ? 2 : 3;
		st = slu_raw64_decode(group, text + i, n)
			 ? slu_buf_add(out, group, n - 1)
			 : malformed();
	}
	return st;
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
		return malformed();
	type.len = (size_t)(end - text);
	len -= type.len + 1;
	text = end + 1;
	end = memchr(text, ' ', len);
	st = decode(&wire, text, end == NULL ? len : (size_t)(end - text));
	whole = (slu_ssh_string){ slu_buf_front(&wire), wire.len };
	if (slu_ssh_is(&type, slu_ssh_ed25519.type))
		key->kind = &slu_ssh_ed25519;
	else if (slu_ssh_is(&type, slu_ssh_rsa.type))
		key->kind = &slu_ssh_rsa;
	else
		st = not_supported();
	if (st == SLU_OK)
		st = key->kind == &slu_ssh_rsa
			 ? slu_ssh_rsa_public(&key->bytes, &whole)
			 : slu_ssh_ed25519_public(&key->bytes, &whole);
	slu_buf_free(&wire);
	return st;
}

/* The base64 between the first and the last line, in one. */
static slu_status
join_lines(slu_buf *out, const char *text, size_t len)
{
	size_t begin = strlen(SLU_SSH_PRIVATE), end = strlen(PRIVATE_END);
	slu_status st = SLU_OK;

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	if (len < begin + end || memcmp(text, SLU_SSH_PRIVATE, begin) != 0 ||
	    memcmp(text + len - end, PRIVATE_END, end) != 0)
		return malformed();
	for (size_t i = begin; i < len - end && st == SLU_OK; i++)
		if (text[i] != '\n' && text[i] != '\r')
			st = slu_buf_add(out, text + i, 1);
	return st;
}

/* What comes last is 1, 2, 3 and so on. */
static bool
is_padding(const slu_ssh_wire *w)
{
	for (size_t i = 0; i < w->left; i++)
		if (w->at[i] != i + 1)
			return false;
	return w->left < PADDING_MAX;
}

/* The part that a passphrase would protect. */
static slu_status
read_secrets(slu_key *key, const slu_ssh_string *public, slu_ssh_wire w)
{
	slu_ssh_string type, comment;
	uint32_t check[2];
	slu_status st;

	if (!slu_ssh_u32(&w, &check[0]) || !slu_ssh_u32(&w, &check[1]) ||
	    check[0] != check[1] || !slu_ssh_take(&w, &type))
		return malformed();
	if (slu_ssh_is(&type, slu_ssh_ed25519.type)) {
		key->kind = &slu_ssh_ed25519;
		st = slu_ssh_ed25519_secret(&key->bytes, &w, public);
	} else if (slu_ssh_is(&type, slu_ssh_rsa.type)) {
		key->kind = &slu_ssh_rsa;
		st = slu_ssh_rsa_secret(&key->bytes, &w, public);
	} else {
		return not_supported();
	}
	if (st == SLU_OK && (!slu_ssh_take(&w, &comment) || !is_padding(&w)))
		return malformed();
	return st;
}

static slu_status
read_file(slu_key *key, const slu_buf *file)
{
	static const char magic[] = "openssh-key-v1"; /* with its NUL */
	slu_ssh_wire w = { slu_buf_front(file), file->len };
	slu_ssh_string cipher, kdf, options, public, secrets;
	uint32_t n;

	if (w.left < sizeof(magic) || memcmp(w.at, magic, sizeof(magic)) != 0)
		return malformed();
	w.at += sizeof(magic);
	w.left -= sizeof(magic);
	if (!slu_ssh_take(&w, &cipher) || !slu_ssh_take(&w, &kdf) ||
	    !slu_ssh_take(&w, &options) || !slu_ssh_u32(&w, &n) || n != 1 ||
	    !slu_ssh_take(&w, &public) || !slu_ssh_take(&w, &secrets) ||
	    w.left > 0)
		return malformed();
	if (!slu_ssh_is(&cipher, "none") || !slu_ssh_is(&kdf, "none"))
		return slu_fail(SLU_ERR_NO_MATCH,
		    "keys: an ssh key that a passphrase protects, which "
		    "OpenSSL's libcrypto cannot take off; ssh-keygen -p can");
	if (options.len > 0)
		return malformed();
	return read_secrets(
	    key, &public, (slu_ssh_wire){ secrets.data, secrets.len });
}

slu_status
slu_ssh_read_private(slu_key *key, const char *text, size_t len)
{
	slu_buf chars = { .limit = PRIVATE_MAX },
		file = { .limit = PRIVATE_MAX };
	slu_status st;

	st = join_lines(&chars, text, len);
	if (st == SLU_OK)
		st = decode(
		    &file, (const char *)slu_buf_front(&chars), chars.len);
	if (st == SLU_OK)
		st = read_file(key, &file);
	slu_buf_free(&chars);
	slu_buf_free(&file);
	return st;
}
