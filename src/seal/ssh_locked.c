/* SPDX-License-Identifier: ISC */
#include "ssh_locked.h"

#include <string.h>

#include "key_file.h"
#include "ssh_pem_lock.h"

/* Nobody is asked before it is known that the answer can be used. */
static slu_status
unlock(const slu_ssh_file *f, const slu_identity_file_options *options,
    slu_key *key)
{
	slu_buf passphrase = { .limit = SLU_PASSPHRASE_MAX };
	slu_bcrypt b = { 0 };
	slu_status st;

	st = slu_bcrypt_load(&b);
	if (st == SLU_OK)
		st = slu_locked_ask(options, &passphrase);
	if (st == SLU_OK)
		st = slu_ssh_file_unlock(f, &b, &passphrase, key);
	slu_buf_free(&passphrase);
	slu_bcrypt_free(&b);
	return st;
}

static slu_status
open_ssh(const slu_buf *text, const slu_identity_file_options *options,
    slu_identities *keys)
{
	slu_key key = SLU_KEY_NONE;
	slu_ssh_file f;
	slu_status st;

	st =
	    slu_ssh_file_read(&f, (const char *)slu_buf_front(text), text->len);
	if (st)
		return st;
	st = unlock(&f, options, &key);
	if (st == SLU_OK)
		st = slu_identities_add(keys, &key);
	slu_buf_free(&key.bytes);
	slu_ssh_file_free(&f);
	return st;
}

static slu_status
ask_for_pem(const slu_ssh_pem *p, const slu_identity_file_options *options,
    slu_key *key)
{
	slu_buf passphrase = { .limit = SLU_PASSPHRASE_MAX };
	slu_status st;

	st = slu_locked_ask(options, &passphrase);
	if (st == SLU_OK)
		st = slu_ssh_pem_unlock(p, &passphrase, key);
	slu_buf_free(&passphrase);
	return st;
}

static slu_status
open_pem(const slu_buf *text, const slu_identity_file_options *options,
    slu_identities *keys)
{
	slu_key key = SLU_KEY_NONE;
	slu_ssh_pem p;
	slu_status st;

	st = slu_ssh_pem_read(&p, (const char *)slu_buf_front(text), text->len);
	if (st)
		return st;
	st = ask_for_pem(&p, options, &key);
	if (st == SLU_OK)
		st = slu_identities_add(keys, &key);
	slu_buf_free(&key.bytes);
	slu_ssh_pem_free(&p);
	return st;
}

/* Which key is in there, nothing tells before it is open. */
static slu_status
pem_locked(slu_locked_file *out, const slu_buf *text)
{
	slu_ssh_pem p;
	slu_status st;

	st = slu_ssh_pem_read(&p, (const char *)slu_buf_front(text), text->len);
	if (st)
		return st;
	if (slu_ssh_pem_is_locked(&p)) {
		out->open = open_pem;
		out->bytes = SLU_KEY_FILE;
		st = slu_buf_add(&out->bytes, slu_buf_front(text), text->len);
	}
	slu_ssh_pem_free(&p);
	return st;
}

/* What can be told without the passphrase. */
static slu_status
describe(slu_locked_file *out, const slu_ssh_file *f)
{
	slu_key key = SLU_KEY_NONE;
	slu_status st;

	st = slu_ssh_file_public(f, &key);
	if (st == SLU_OK)
		st = slu_ssh_tag(out->tag, &f->public);
	if (st == SLU_OK)
		st = slu_ssh_line(&out->public, key.kind->type, &f->public);
	if (st == SLU_OK)
		out->type = key.kind->type;
	slu_buf_free(&key.bytes);
	return st;
}

slu_status
slu_ssh_locked(slu_locked_file *out, const slu_buf *text)
{
	const char *front = (const char *)slu_buf_front(text);
	slu_ssh_file f;
	slu_status st;

	if (text->len < strlen(SLU_SSH_PRIVATE) ||
	    memcmp(front, SLU_SSH_PRIVATE, strlen(SLU_SSH_PRIVATE)) != 0)
		return pem_locked(out, text);
	st = slu_ssh_file_read(&f, front, text->len);
	if (st)
		return st;
	if (f.lock.cipher != NULL) {
		out->open = open_ssh;
		out->bytes = SLU_KEY_FILE;
		out->public = (slu_buf){ .limit = SLU_KEY_FILE_MAX };
		st = slu_buf_add(&out->bytes, slu_buf_front(text), text->len);
		if (st == SLU_OK)
			st = describe(out, &f);
	}
	slu_ssh_file_free(&f);
	return st;
}
