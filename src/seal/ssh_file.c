/* SPDX-License-Identifier: ISC */
#include "ssh_file.h"

#include <stdlib.h>
#include <string.h>

#include "ssh_ed25519.h"
#include "ssh_rsa.h"
#include "ssh_text.h"
#include "sluice/secret.h"

#define PRIVATE_END "-----END OPENSSH PRIVATE KEY-----"
#define PRIVATE_MAX ((size_t)64 * 1024) /* bytes of base64 */

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
		return slu_ssh_malformed();
	for (size_t i = begin; i < len - end && st == SLU_OK; i++)
		if (text[i] != '\n' && text[i] != '\r')
			st = slu_buf_add(out, text + i, 1);
	return st;
}

/* What is behind the secrets is their tag, and they are in whole blocks. */
static bool
ends_well(const slu_ssh_file *f, const slu_ssh_wire *behind)
{
	const slu_ssh_cipher *c = f->lock.cipher;

	if (c == NULL)
		return behind->left == 0;
	return behind->left == c->tag && f->secrets.len > 0 &&
	       f->secrets.len % SLU_SSH_BLOCK == 0;
}

static slu_status
parse(slu_ssh_file *f)
{
	static const char magic[] = "openssh-key-v1"; /* with its NUL */
	slu_ssh_wire w = { slu_buf_front(&f->bytes), f->bytes.len };
	slu_ssh_string cipher, kdf, options;
	slu_status st;
	uint32_t n;

	if (w.left < sizeof(magic) || memcmp(w.at, magic, sizeof(magic)) != 0)
		return slu_ssh_malformed();
	w.at += sizeof(magic);
	w.left -= sizeof(magic);
	if (!slu_ssh_take(&w, &cipher) || !slu_ssh_take(&w, &kdf) ||
	    !slu_ssh_take(&w, &options) || !slu_ssh_u32(&w, &n) || n != 1 ||
	    !slu_ssh_take(&w, &f->public) || !slu_ssh_take(&w, &f->secrets))
		return slu_ssh_malformed();
	st = slu_ssh_lock_read(&f->lock, &cipher, &kdf, &options);
	if (st == SLU_OK && !ends_well(f, &w))
		return slu_ssh_malformed();
	return st;
}

slu_status
slu_ssh_file_read(slu_ssh_file *f, const char *text, size_t len)
{
	slu_buf chars = { .limit = PRIVATE_MAX };
	slu_status st;

	*f = (slu_ssh_file){ .bytes = { .limit = PRIVATE_MAX } };
	st = join_lines(&chars, text, len);
	if (st == SLU_OK)
		st = slu_ssh_decode(
		    &f->bytes, (const char *)slu_buf_front(&chars), chars.len);
	slu_buf_free(&chars);
	if (st == SLU_OK)
		st = parse(f);
	if (st)
		slu_ssh_file_free(f);
	return st;
}

slu_status
slu_ssh_file_public(const slu_ssh_file *f, slu_key *key)
{
	slu_ssh_wire w = { f->public.data, f->public.len };
	slu_ssh_string type;
	slu_status st;

	if (!slu_ssh_take(&w, &type))
		return slu_ssh_malformed();
	st = slu_ssh_kind(key, &type);
	return st ? st : slu_ssh_public(key, &f->public);
}

/* What comes last is 1, 2, 3 and so on. */
static bool
is_padding(const slu_ssh_wire *w)
{
	for (size_t i = 0; i < w->left; i++)
		if (w->at[i] != i + 1)
			return false;
	return w->left < SLU_SSH_BLOCK;
}

/* Twice the same number is in front: so a wrong passphrase is told. */
static bool
begins_well(slu_ssh_wire *w)
{
	uint32_t check[2];

	return slu_ssh_u32(w, &check[0]) && slu_ssh_u32(w, &check[1]) &&
	       check[0] == check[1];
}

/* What a passphrase would protect, behind its check. */
static slu_status
read_secrets(slu_key *key, const slu_ssh_string *public, slu_ssh_wire *w)
{
	slu_ssh_string type, comment;
	slu_status st;

	if (!slu_ssh_take(w, &type))
		return slu_ssh_malformed();
	st = slu_ssh_kind(key, &type);
	if (st)
		return st;
	st = key->kind == &slu_ssh_rsa
		 ? slu_ssh_rsa_secret(&key->bytes, w, public)
		 : slu_ssh_ed25519_secret(&key->bytes, w, public);
	if (st == SLU_OK && (!slu_ssh_take(w, &comment) || !is_padding(w)))
		return slu_ssh_malformed();
	return st;
}

slu_status
slu_ssh_file_secret(const slu_ssh_file *f, slu_key *key)
{
	slu_ssh_wire w = { f->secrets.data, f->secrets.len };

	return begins_well(&w) ? read_secrets(key, &f->public, &w)
			       : slu_ssh_malformed();
}

static slu_status
wrong_passphrase(void)
{
	return slu_fail(SLU_ERR_NO_MATCH, "keys: wrong passphrase");
}

static slu_status
decrypt(const slu_ssh_file *f, const slu_bcrypt *b, const slu_buf *passphrase,
    unsigned char *out)
{
	const slu_ssh_lock *l = &f->lock;
	unsigned char secret[SLU_SSH_SECRET_MAX];
	slu_status st;

	st = slu_bcrypt_derive(b, secret, l->cipher->key + l->cipher->nonce,
	    slu_buf_front(passphrase), passphrase->len, l->salt.data,
	    l->salt.len, l->rounds);
	if (st == SLU_OK)
		st = slu_ssh_decrypt(l->cipher, secret, &f->secrets, out);
	slu_wipe(secret, sizeof(secret));
	return st == SLU_ERR_AUTH ? wrong_passphrase() : st;
}

slu_status
slu_ssh_file_unlock(const slu_ssh_file *f, const slu_bcrypt *b,
    const slu_buf *passphrase, slu_key *key)
{
	size_t len = f->secrets.len;
	unsigned char *plain = malloc(len);
	slu_ssh_wire w = { plain, len };
	slu_status st;

	if (plain == NULL)
		return slu_fail(SLU_ERR_MEMORY, "keys: out of memory");
	st = decrypt(f, b, passphrase, plain);
	if (st == SLU_OK)
		st = begins_well(&w) ? read_secrets(key, &f->public, &w)
				     : wrong_passphrase();
	slu_wipe(plain, len);
	free(plain);
	return st;
}

void
slu_ssh_file_free(slu_ssh_file *f)
{
	slu_buf_free(&f->bytes);
	*f = (slu_ssh_file){ 0 };
}

slu_status
slu_ssh_nobody_to_ask(void)
{
	return slu_fail(SLU_ERR_NO_MATCH,
	    "keys: an ssh key that a passphrase protects, and nobody is to be "
	    "asked for it");
}

slu_status
slu_ssh_read_private(slu_key *key, const char *text, size_t len)
{
	slu_ssh_file f;
	slu_status st;

	st = slu_ssh_file_read(&f, text, len);
	if (st)
		return st;
	if (f.lock.cipher != NULL)
		st = slu_ssh_nobody_to_ask();
	else
		st = slu_ssh_file_secret(&f, key);
	slu_ssh_file_free(&f);
	return st;
}
