/* SPDX-License-Identifier: ISC */
#include "locked.h"

#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include "../base/failure.h"

struct locked {
	pthread_mutex_t lock; /* chains in several threads may need it */
	slu_locked_file file;
	slu_identity_file_options options;
	char name[SLU_LOCKED_NAME_MAX + 1];
	slu_identities *keys; /* owned; NULL until it is open */
	slu_failure failure;  /* of the opening, for good */
};

static slu_status
blame_file(const struct locked *l, slu_status st)
{
	char why[SLU_ERROR_MAX];
	const char *cause;

	strcpy(why, slu_error());
	cause = strstr(why, ": ");
	return slu_fail(
	    st, "unseal: %s: %s", l->name, cause == NULL ? why : cause + 2);
}

static slu_status
open_once(struct locked *l)
{
	slu_identities *keys = NULL;
	slu_status st;

	st = slu_identities_new(&keys);
	if (st == SLU_OK)
		st = l->file.open(&l->file.bytes, &l->options, keys);
	if (st == SLU_OK) {
		l->keys = keys;
		return SLU_OK;
	}
	slu_identities_free(keys);
	return blame_file(l, st);
}

/* What asking or memory failed at may go well the next time. */
static slu_status
open_locked(void *locked, const slu_identities **keys)
{
	struct locked *l = locked;
	slu_status st;

	pthread_mutex_lock(&l->lock);
	st = slu_failure_again(&l->failure);
	if (st == SLU_OK && l->keys == NULL)
		st = open_once(l);
	if (st == SLU_ERR_NO_MATCH || st == SLU_ERR_AUTH ||
	    st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED)
		(void)slu_failure_keep(&l->failure, st);
	*keys = l->keys;
	pthread_mutex_unlock(&l->lock);
	return st;
}

static slu_kept
is_meant(const void *locked, const slu_header *h)
{
	const slu_locked_file *f = &((const struct locked *)locked)->file;
	const char *tag;

	if (f->type == NULL)
		return SLU_KEPT_MAYBE;
	for (size_t i = 0; i < h->nstanzas; i++) {
		if (strcmp(slu_stanza_arg(&h->stanzas[i], 0), f->type) != 0)
			continue;
		tag = slu_stanza_arg(&h->stanzas[i], 1);
		if (tag != NULL && strcmp(tag, f->tag) == 0)
			return SLU_KEPT_YES;
	}
	return SLU_KEPT_NO;
}

static slu_status
name_public(const void *locked, slu_buf *out, bool *named)
{
	const slu_buf *public = &((const struct locked *)locked)->file.public;
	slu_status st;

	*named = public->len > 0;
	if (!*named)
		return SLU_OK;
	st = slu_buf_add(out, slu_buf_front(public), public->len);
	return st ? st : slu_buf_add(out, "\n", 1);
}

static void
free_locked(void *locked)
{
	struct locked *l = locked;

	slu_identities_free(l->keys);
	slu_locked_free(&l->file);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static const slu_keeper keeper = { is_meant, name_public, open_locked,
	free_locked };

slu_status
slu_locked_add(slu_identities *ids, slu_locked_file *file,
    const slu_identity_file_options *options)
{
	const char *name = "the file of the keys";
	struct locked *l;
	slu_status st;

	if (options == NULL || options->ask == NULL)
		return slu_fail(SLU_ERR_NO_MATCH,
		    "keys: a passphrase protects it, and nobody is to be "
		    "asked for that");
	l = calloc(1, sizeof(*l));
	if (l == NULL || pthread_mutex_init(&l->lock, NULL) != 0) {
		free(l);
		return slu_fail(SLU_ERR_MEMORY, "keys: out of memory");
	}
	l->options = *options;
	if (options->name != NULL)
		name = options->name;
	strncat(l->name, name, SLU_LOCKED_NAME_MAX);
	l->options.name = l->name;
	st = slu_identities_keep(ids, l, &keeper);
	if (st == SLU_OK) {
		l->file = *file;
		*file = (slu_locked_file){ 0 };
	} else {
		free_locked(l);
	}
	return st;
}

void
slu_locked_free(slu_locked_file *file)
{
	slu_buf_free(&file->bytes);
	slu_buf_free(&file->public);
}

slu_status
slu_locked_ask(const slu_identity_file_options *options, slu_buf *passphrase)
{
	slu_status st;

	st = options->ask(passphrase, options->arg);
	if (slu_failed(st) || (st == SLU_OK && passphrase->len > 0))
		return st;
	return slu_fail(SLU_ERR_USAGE, "keys: no passphrase was given");
}
