/* SPDX-License-Identifier: ISC */
#include "sluice/hash.h"

#include <stdlib.h>

#include "digest.h"
#include "fault.h"
#include "hash_internal.h"
#include "sluice/secret.h"

static slu_status
refused(slu_hash *h, const char *what)
{
	return slu_failure_keep(&h->failure, slu_fault_refused(what, h->name));
}

slu_status
slu_hash_make(slu_hash **out, const slu_hash *made)
{
	slu_hash *h = malloc(sizeof(*h));

	if (h == NULL) {
		made->kind->free(made->ctx);
		return slu_fault_memory();
	}
	*h = *made;
	*out = h;
	return SLU_OK;
}

slu_status
slu_hash_new(slu_hash **out, const char *name)
{
	slu_hash made = { .ctx = NULL };
	slu_status st;

	st = slu_digest_make(&made, name);
	return st ? st : slu_hash_make(out, &made);
}

void
slu_hash_free(slu_hash *h)
{
	if (h == NULL)
		return;
	h->kind->free(h->ctx);
	slu_wipe(h, sizeof(*h));
	free(h);
}

slu_status
slu_hash_update(slu_hash *h, const void *data, size_t len)
{
	if (h->failure.st)
		return slu_failure_again(&h->failure);
	if (len > 0 && !h->kind->update(h->ctx, data, len))
		return refused(h, "update");
	return SLU_OK;
}

static slu_status
finish(slu_hash *h, void *out, size_t len)
{
	slu_status st;

	st = slu_failure_again(&h->failure);
	if (st)
		return st;
	if (!h->kind->finish(h->ctx, out, len))
		return refused(h, "finish");
	return h->kind->start(h->ctx) ? SLU_OK : refused(h, "start");
}

slu_status
slu_hash_final(slu_hash *h, void *digest, size_t cap, size_t *len)
{
	slu_status st;

	*len = 0;
	if (cap < h->size)
		return slu_fail(SLU_ERR_USAGE,
		    "hash: %s gives %zu bytes, there is room for %zu", h->name,
		    h->size, cap);
	st = finish(h, digest, h->size);
	if (st == SLU_OK)
		*len = h->size;
	return st;
}

slu_status
slu_hash_xof(slu_hash *h, void *out, size_t len)
{
	if (!slu_hash_is_xof(h))
		return slu_fail(SLU_ERR_USAGE,
		    "hash: %s always gives %zu bytes", h->name, h->size);
	if (len == 0)
		return slu_fail(SLU_ERR_USAGE, "hash: no output asked for");
	if (len > h->most)
		return slu_fail(SLU_ERR_LIMIT,
		    "hash: %s gives %zu bytes at most, not %zu", h->name,
		    h->most, len);
	return finish(h, out, len);
}

slu_status
slu_hash_copy(slu_hash **out, const slu_hash *h)
{
	slu_hash copy = *h;
	slu_status st;

	st = slu_failure_again(&h->failure);
	if (st)
		return st;
	copy.ctx = h->kind->copy(h->ctx);
	if (copy.ctx == NULL)
		return slu_fault_refused("copy", h->name);
	return slu_hash_make(out, &copy);
}

const char *
slu_hash_name(const slu_hash *h)
{
	return h->name;
}

size_t
slu_hash_size(const slu_hash *h)
{
	return h->size;
}

size_t
slu_hash_block_size(const slu_hash *h)
{
	return h->block;
}

bool
slu_hash_is_xof(const slu_hash *h)
{
	return h->most > 0;
}

slu_status
slu_hash_names(void (*each)(const char *name, void *arg), void *arg)
{
	return slu_names_each(each, arg);
}
