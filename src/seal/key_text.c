/* SPDX-License-Identifier: ISC */
#include "key_text.h"

#include <stdbool.h>
#include <string.h>

#include "foreign.h"
#include "ssh_ed25519.h"
#include "ssh_file.h"
#include "ssh_pem.h"
#include "ssh_rsa.h"
#include "ssh_text.h"
#include "x25519.h"

static const slu_key_kind *const kinds[] = { &slu_x25519, &slu_ssh_ed25519,
	&slu_ssh_rsa };

const slu_key_kind *
slu_key_kind_of(const char *type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i]->type, type) == 0)
			return kinds[i];
	return NULL;
}

static bool
begins(const char *text, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

/* Names may have a "1" in them, and what is behind them never has. */
static bool
is_named_longer(const char *text, size_t len, const char *than)
{
	size_t n = strlen(than);

	return begins(text, len, than) && memchr(text + n, '1', len - n);
}

/* A line of ssh's, of whichever type. */
static bool
is_ssh(const char *text, size_t len)
{
	return begins(text, len, "ssh-") || begins(text, len, "ecdsa-") ||
	       begins(text, len, "sk-");
}

slu_status
slu_key_read_public(slu_key *key, const char *text, size_t len)
{
	if (begins(text, len, SLU_X25519_SECRET_NAME) ||
	    begins(text, len, SLU_SSH_PEM))
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: a secret key where a public one is to stand");
	if (is_named_longer(text, len, SLU_X25519_PUBLIC_NAME "1"))
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: hybrid keys and those of plugins are not supported");
	if (is_ssh(text, len))
		return slu_ssh_read_public(key, text, len);
	if (!begins(text, len, SLU_X25519_PUBLIC_NAME "1"))
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: not a public key: those begin with age1 or ssh-");
	key->kind = &slu_x25519;
	return slu_x25519_read_public(&key->bytes, text, len);
}

slu_status
slu_key_read_secret(slu_key *key, const char *text, size_t len)
{
	if (begins(text, len, SLU_X25519_PUBLIC_NAME "1") || is_ssh(text, len))
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: a public key where a secret one is to stand");
	if (begins(text, len, SLU_SSH_PRIVATE))
		return slu_ssh_read_private(key, text, len);
	if (begins(text, len, SLU_SSH_PEM))
		return slu_ssh_pem_read_private(key, text, len);
	if (slu_foreign_begins(text, len))
		return slu_foreign_read_secret(&key->bytes, text, len);
	if (!begins(text, len, SLU_X25519_SECRET_NAME "1"))
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: not a secret key: those begin with "
		    "AGE-SECRET-KEY-1");
	key->kind = &slu_x25519;
	return slu_x25519_read_secret(&key->bytes, text, len);
}

slu_status
slu_key_fail(const slu_key *key)
{
	return slu_fail(SLU_ERR_FORMAT, "keys: %.*s", (int)key->bytes.len,
	    (const char *)slu_buf_front(&key->bytes));
}
