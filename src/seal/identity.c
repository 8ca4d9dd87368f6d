/* SPDX-License-Identifier: ISC */
#include "identity_internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/secret.h"

struct slu_identities {
	/* A list may be shared by chains that live in several threads. */
	atomic_uint holders;
	size_t count;
	slu_identity *first; /* owned */
	slu_identity **end;  /* where the next one goes */
};

slu_status
slu_identities_new(slu_identities **out)
{
	slu_identities *ids;

	ids = calloc(1, sizeof(*ids));
	if (ids == NULL)
		return slu_fail(SLU_ERR_MEMORY, "identities: out of memory");
	atomic_init(&ids->holders, 1);
	ids->end = &ids->first;
	*out = ids;
	return SLU_OK;
}

/* Append `id` with a copy of its secret. */
static slu_status
add(slu_identities *ids, const slu_identity *id, const void *secret)
{
	slu_identity *added;

	if (ids->count == SLU_IDENTITIES_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "identities: more than %d identities", SLU_IDENTITIES_MAX);
	added = malloc(sizeof(*added) + id->len);
	if (added == NULL)
		return slu_fail(SLU_ERR_MEMORY, "identities: out of memory");
	*added = *id;
	memcpy(added->secret, secret, id->len);
	*ids->end = added;
	ids->end = &added->next;
	ids->count++;
	return SLU_OK;
}

static slu_status
set_max(slu_identity *id, unsigned max_work_factor)
{
	if (max_work_factor > SLU_WORK_FACTOR_CEILING)
		return slu_fail(SLU_ERR_USAGE,
		    "identities: a work factor of up to %u, not up to %d",
		    max_work_factor, SLU_WORK_FACTOR_CEILING);
	id->max_work_factor =
	    max_work_factor == 0 ? SLU_WORK_FACTOR_MAX : max_work_factor;
	return SLU_OK;
}

slu_status
slu_identities_passphrase(slu_identities *ids, const void *passphrase,
    size_t len, unsigned max_work_factor)
{
	slu_identity id = { .kind = SLU_IDENTITY_PASSPHRASE, .len = len };
	slu_status st;

	if (len == 0 || len > SLU_PASSPHRASE_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "identities: a passphrase of %zu bytes, not 1 to %d", len,
		    SLU_PASSPHRASE_MAX);
	st = set_max(&id, max_work_factor);
	return st ? st : add(ids, &id, passphrase);
}

slu_status
slu_identities_add(slu_identities *ids, const slu_key *key)
{
	slu_identity id = { .kind = key->kind != NULL ? SLU_IDENTITY_KEY
						      : SLU_IDENTITY_FOREIGN,
		.key = key->kind,
		.len = key->bytes.len };

	return add(ids, &id, slu_buf_front(&key->bytes));
}

slu_status
slu_identities_key(slu_identities *ids, const char *text, size_t len)
{
	slu_key key = SLU_KEY_NONE;
	slu_status st;

	st = slu_key_read_secret(&key, text, len);
	if (st == SLU_OK)
		st = slu_identities_add(ids, &key);
	slu_buf_free(&key.bytes);
	return st;
}

slu_status
slu_identities_keep(slu_identities *ids, void *kept, const slu_keeper *keeper)
{
	slu_identity id = {
		.kind = SLU_IDENTITY_KEPT, .keeper = keeper, .kept = kept
	};

	return add(ids, &id, "");
}

static slu_status
name_key(const slu_identity *id, slu_buf *out)
{
	slu_status st;

	st = id->key->name(id->secret, out);
	return st ? st : slu_buf_add(out, "\n", 1);
}

static slu_status
fail_foreign(const slu_identity *id)
{
	return slu_fail(SLU_ERR_FORMAT, "keys: %.*s", (int)id->len,
	    (const char *)id->secret);
}

static slu_status
name_kept(const slu_identity *id, slu_buf *out)
{
	const slu_identities *keys;
	bool named = false;
	slu_status st;

	st = id->keeper->name(id->kept, out, &named);
	if (st || named)
		return st;
	st = id->keeper->open(id->kept, &keys);
	return st ? st : slu_identities_recipients(keys, out);
}

slu_status
slu_identities_recipients(const slu_identities *ids, slu_buf *out)
{
	slu_status st = SLU_OK;

	for (const slu_identity *id = ids->first; id != NULL && st == SLU_OK;
	     id = id->next) {
		if (id->kind == SLU_IDENTITY_KEY)
			st = name_key(id, out);
		else if (id->kind == SLU_IDENTITY_KEPT)
			st = name_kept(id, out);
		else if (id->kind == SLU_IDENTITY_FOREIGN)
			st = fail_foreign(id);
	}
	return st;
}

slu_status
slu_identities_ask(slu_identities *ids,
    slu_status (*ask)(slu_buf *passphrase, void *arg), void *arg,
    unsigned max_work_factor)
{
	slu_identity id = { .kind = SLU_IDENTITY_ASK, .ask = ask, .arg = arg };
	slu_status st;

	st = set_max(&id, max_work_factor);
	return st ? st : add(ids, &id, "");
}

slu_status
slu_identities_file_key(
    slu_identities *ids, const unsigned char file_key[SLU_FILE_KEY])
{
	slu_identity id = { .kind = SLU_IDENTITY_FILE_KEY,
		.len = SLU_FILE_KEY };

	return add(ids, &id, file_key);
}

const slu_identity *
slu_identities_first(const slu_identities *ids)
{
	return ids->first;
}

slu_identities *
slu_identities_hold(slu_identities *ids)
{
	atomic_fetch_add_explicit(&ids->holders, 1, memory_order_relaxed);
	return ids;
}

void
slu_identities_free(slu_identities *ids)
{
	slu_identity *id, *next;

	if (ids == NULL)
		return;
	/* The last holder wipes what the others have read before. */
	if (atomic_fetch_sub_explicit(&ids->holders, 1, memory_order_acq_rel) !=
	    1)
		return;
	for (id = ids->first; id != NULL; id = next) {
		next = id->next;
		if (id->kind == SLU_IDENTITY_KEPT)
			id->keeper->free(id->kept);
		slu_wipe(id->secret, id->len);
		free(id);
	}
	free(ids);
}
