/* SPDX-License-Identifier: ISC */
#include "recipient_internal.h"

#include <stdlib.h>
#include <string.h>

#include "scrypt.h"
#include "sluice/secret.h"

/* Who has a key. */
struct holder {
	struct holder *next; /* owned */
	slu_key key;
};

struct slu_recipients {
	unsigned char *passphrase; /* owned; NULL while there is none */
	size_t len;                /* bytes of it */
	slu_status (*ask)(slu_buf *passphrase, void *arg); /* or NULL */
	void *arg;                                         /* lent */
	unsigned work_factor;
	size_t count;
	struct holder *first; /* owned */
	struct holder **end;  /* where the next one goes */
};

slu_status
slu_recipients_new(slu_recipients **out)
{
	slu_recipients *r;

	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return slu_fail(SLU_ERR_MEMORY, "recipients: out of memory");
	r->end = &r->first;
	*out = r;
	return SLU_OK;
}

bool
slu_recipients_have_passphrase(const slu_recipients *r)
{
	return r->passphrase != NULL || r->ask != NULL;
}

static slu_status
not_alone(void)
{
	return slu_fail(
	    SLU_ERR_USAGE, "recipients: a passphrase has to be the only one");
}

/* What it costs to try a passphrase, which has to be alone. */
static slu_status
set_work_factor(slu_recipients *r, unsigned work_factor)
{
	if (work_factor == 0)
		work_factor = SLU_WORK_FACTOR_DEFAULT;
	if (work_factor < SLU_WORK_FACTOR_MIN ||
	    work_factor > SLU_WORK_FACTOR_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "recipients: a work factor of %u, not from %d to %d",
		    work_factor, SLU_WORK_FACTOR_MIN, SLU_WORK_FACTOR_MAX);
	if (slu_recipients_have_passphrase(r) || r->count > 0)
		return not_alone();
	r->work_factor = work_factor;
	return SLU_OK;
}

slu_status
slu_recipients_passphrase(
    slu_recipients *r, const void *passphrase, size_t len, unsigned work_factor)
{
	slu_status st;

	if (len == 0 || len > SLU_PASSPHRASE_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "recipients: a passphrase of %zu bytes, not 1 to %d", len,
		    SLU_PASSPHRASE_MAX);
	st = set_work_factor(r, work_factor);
	if (st)
		return st;
	r->passphrase = malloc(len);
	if (r->passphrase == NULL)
		return slu_fail(SLU_ERR_MEMORY, "recipients: out of memory");
	memcpy(r->passphrase, passphrase, len);
	r->len = len;
	return SLU_OK;
}

slu_status
slu_recipients_ask(slu_recipients *r,
    slu_status (*ask)(slu_buf *passphrase, void *arg), void *arg,
    unsigned work_factor)
{
	slu_status st;

	st = set_work_factor(r, work_factor);
	if (st)
		return st;
	r->ask = ask;
	r->arg = arg;
	return SLU_OK;
}

slu_status
slu_recipients_add(slu_recipients *r, slu_key *key)
{
	struct holder *added;

	if (slu_recipients_have_passphrase(r))
		return not_alone();
	if (r->count == SLU_RECIPIENTS_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "recipients: more than %d recipients", SLU_RECIPIENTS_MAX);
	added = malloc(sizeof(*added));
	if (added == NULL)
		return slu_fail(SLU_ERR_MEMORY, "recipients: out of memory");
	*added = (struct holder){ .key = *key };
	*key = SLU_KEY_NONE;
	*r->end = added;
	r->end = &added->next;
	r->count++;
	return SLU_OK;
}

slu_status
slu_recipients_key(slu_recipients *r, const char *text, size_t len)
{
	slu_key key = SLU_KEY_NONE;
	slu_status st;

	if (slu_recipients_have_passphrase(r))
		return not_alone();
	st = slu_key_read_public(&key, text, len);
	if (st == SLU_OK)
		st = key.kind == NULL ? slu_key_fail(&key)
				      : slu_recipients_add(r, &key);
	slu_buf_free(&key.bytes);
	return st;
}

void
slu_recipients_free(slu_recipients *r)
{
	struct holder *next;

	if (r == NULL)
		return;
	for (struct holder *h = r->first; h != NULL; h = next) {
		next = h->next;
		slu_buf_free(&h->key.bytes);
		free(h);
	}
	slu_wipe(r->passphrase, r->len);
	free(r->passphrase);
	free(r);
}

static slu_status
wrap_for(const struct holder *to, slu_header *h,
    const unsigned char file_key[SLU_FILE_KEY])
{
	slu_stanza *s;
	slu_status st;

	st = slu_header_add(h, &s);
	if (st == SLU_OK)
		st = slu_stanza_add_arg(s, to->key.kind->type);
	if (st == SLU_OK)
		st = to->key.kind->wrap(
		    slu_buf_front(&to->key.bytes), s, file_key);
	return st;
}

static slu_status
ask_and_wrap(const slu_recipients *r, slu_header *h,
    const unsigned char file_key[SLU_FILE_KEY])
{
	slu_buf passphrase = { .limit = SLU_PASSPHRASE_MAX };
	slu_status st;

	st = r->ask(&passphrase, r->arg);
	if (st == SLU_OK && passphrase.len > 0)
		st = slu_scrypt_wrap(h, slu_buf_front(&passphrase),
		    passphrase.len, r->work_factor, file_key);
	else if (!slu_failed(st))
		st = slu_fail(SLU_ERR_USAGE, "seal: no passphrase was given");
	slu_buf_free(&passphrase);
	return st;
}

slu_status
slu_recipients_wrap(const slu_recipients *r, slu_header *h,
    const unsigned char file_key[SLU_FILE_KEY])
{
	slu_status st = SLU_OK;

	if (r->passphrase != NULL)
		return slu_scrypt_wrap(
		    h, r->passphrase, r->len, r->work_factor, file_key);
	if (r->ask != NULL)
		return ask_and_wrap(r, h, file_key);
	if (r->count == 0)
		return slu_fail(SLU_ERR_USAGE, "seal: no recipient");
	for (const struct holder *to = r->first; to != NULL && st == SLU_OK;
	     to = to->next)
		st = wrap_for(to, h, file_key);
	return st;
}
