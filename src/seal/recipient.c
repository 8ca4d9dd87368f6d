/* SPDX-License-Identifier: ISC */
#include "recipient_internal.h"

#include <stdlib.h>
#include <string.h>

#include "key_text.h"
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

slu_status
slu_recipients_passphrase(
    slu_recipients *r, const void *passphrase, size_t len, unsigned work_factor)
{
	if (work_factor == 0)
		work_factor = SLU_WORK_FACTOR_DEFAULT;
	if (work_factor < SLU_WORK_FACTOR_MIN ||
	    work_factor > SLU_WORK_FACTOR_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "recipients: a work factor of %u, not from %d to %d",
		    work_factor, SLU_WORK_FACTOR_MIN, SLU_WORK_FACTOR_MAX);
	if (len == 0 || len > SLU_PASSPHRASE_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "recipients: a passphrase of %zu bytes, not 1 to %d", len,
		    SLU_PASSPHRASE_MAX);
	if (r->passphrase != NULL || r->count > 0)
		return slu_fail(SLU_ERR_USAGE,
		    "recipients: a passphrase has to be the only one");
	r->passphrase = malloc(len);
	if (r->passphrase == NULL)
		return slu_fail(SLU_ERR_MEMORY, "recipients: out of memory");
	memcpy(r->passphrase, passphrase, len);
	r->len = len;
	r->work_factor = work_factor;
	return SLU_OK;
}

static void
free_holder(struct holder *h)
{
	slu_buf_free(&h->key.bytes);
	free(h);
}

slu_status
slu_recipients_key(slu_recipients *r, const char *text, size_t len)
{
	struct holder *added;
	slu_status st;

	if (r->passphrase != NULL)
		return slu_fail(SLU_ERR_USAGE,
		    "recipients: a passphrase has to be the only one");
	if (r->count == SLU_RECIPIENTS_MAX)
		return slu_fail(SLU_ERR_LIMIT, "recipients: more than %d",
		    SLU_RECIPIENTS_MAX);
	added = malloc(sizeof(*added));
	if (added == NULL)
		return slu_fail(SLU_ERR_MEMORY, "recipients: out of memory");
	*added = (struct holder){ .key = SLU_KEY_NONE };
	st = slu_key_read_public(&added->key, text, len);
	if (st) {
		free_holder(added);
		return st;
	}
	*r->end = added;
	r->end = &added->next;
	r->count++;
	return SLU_OK;
}

void
slu_recipients_free(slu_recipients *r)
{
	struct holder *next;

	if (r == NULL)
		return;
	for (struct holder *h = r->first; h != NULL; h = next) {
		next = h->next;
		free_holder(h);
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

slu_status
slu_recipients_wrap(const slu_recipients *r, slu_header *h,
    const unsigned char file_key[SLU_FILE_KEY])
{
	slu_status st = SLU_OK;

	if (r->passphrase != NULL)
		return slu_scrypt_wrap(
		    h, r->passphrase, r->len, r->work_factor, file_key);
	if (r->count == 0)
		return slu_fail(SLU_ERR_USAGE, "seal: no recipient");
	for (const struct holder *to = r->first; to != NULL && st == SLU_OK;
	     to = to->next)
		st = wrap_for(to, h, file_key);
	return st;
}
