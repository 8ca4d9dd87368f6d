/* SPDX-License-Identifier: ISC */
#include "sluice/identity_file.h"

#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include "../base/failure.h"
#include "identity_internal.h"
#include "key_file.h"
#include "parse.h"
#include "scrypt.h"
#include "sluice/armor.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define NAME_MAX_SAID 200 /* bytes of a name in words */

/* A file of keys that is opened once it is needed. */
struct sealed {
	pthread_mutex_t lock; /* chains in several threads may need it */
	slu_buf file;         /* as it was read */
	slu_identity_file_options options;
	char name[NAME_MAX_SAID + 1];
	slu_identities *keys; /* owned; NULL until it is open */
	slu_failure failure;  /* of the opening, for good */
};

static slu_status
read_lines(slu_identities *ids, const slu_buf *text)
{
	slu_key_line line = { 0 };
	slu_status st = SLU_OK;
	size_t n = 0;

	for (; st == SLU_OK && slu_key_file_next(text, &line); n++) {
		st = slu_key_file_check(&line);
		if (st == SLU_OK)
			st = slu_identities_key(ids, line.text, line.len);
		if (st)
			st = slu_key_file_blame(&line, st);
	}
	if (st == SLU_OK && n == 0)
		return slu_fail(SLU_ERR_FORMAT, "keys: no key is in it");
	return st;
}

static bool
begins(const slu_buf *text, const char *with)
{
	return text->len >= strlen(with) &&
	       memcmp(slu_buf_front(text), with, strlen(with)) == 0;
}

static slu_status
read_keys(slu_identities *ids, const slu_buf *text)
{
	if (begins(text, "-----BEGIN "))
		return slu_identities_key(
		    ids, (const char *)slu_buf_front(text), text->len);
	return read_lines(ids, text);
}

/* Unseal the file; what comes out is never anywhere but in these queues. */
static slu_status
open_file(struct sealed *s, slu_buf *text)
{
	slu_identities *ids = NULL;
	slu_bio *in = NULL;
	slu_status st;

	st = slu_identities_new(&ids);
	if (st == SLU_OK)
		st = slu_identities_ask(ids, s->options.ask, s->options.arg,
		    s->options.max_work_factor);
	if (st == SLU_OK)
		st = slu_view_open(&in, slu_buf_front(&s->file), s->file.len);
	if (st == SLU_OK)
		st = slu_unseal(&in, ids, NULL);
	if (st == SLU_OK)
		st = slu_key_file_read(text, in);
	slu_bio_free(in);
	slu_identities_free(ids);
	return st;
}

static slu_status
blame_file(const struct sealed *s, slu_status st)
{
	char why[SLU_ERROR_MAX];
	const char *cause;

	strcpy(why, slu_error());
	cause = strstr(why, ": ");
	return slu_fail(
	    st, "unseal: %s: %s", s->name, cause == NULL ? why : cause + 2);
}

static slu_status
open_once(struct sealed *s)
{
	slu_buf text = SLU_KEY_FILE;
	slu_identities *keys = NULL;
	slu_status st;

	st = slu_identities_new(&keys);
	if (st == SLU_OK)
		st = open_file(s, &text);
	if (st == SLU_OK)
		st = read_keys(keys, &text);
	slu_buf_free(&text);
	if (st == SLU_OK) {
		s->keys = keys;
		return SLU_OK;
	}
	slu_identities_free(keys);
	return blame_file(s, st);
}

/* What asking or memory failed at may go well the next time. */
static slu_status
open_sealed(void *sealed, const slu_identities **keys)
{
	struct sealed *s = sealed;
	slu_status st;

	pthread_mutex_lock(&s->lock);
	st = slu_failure_again(&s->failure);
	if (st == SLU_OK && s->keys == NULL)
		st = open_once(s);
	if (st == SLU_ERR_NO_MATCH || st == SLU_ERR_AUTH ||
	    st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED)
		(void)slu_failure_keep(&s->failure, st);
	*keys = s->keys;
	pthread_mutex_unlock(&s->lock);
	return st;
}

static void
free_sealed(void *sealed)
{
	struct sealed *s = sealed;

	if (s == NULL)
		return;
	slu_identities_free(s->keys);
	slu_buf_free(&s->file);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static const slu_keeper keeper = { open_sealed, free_sealed };

/* That it is sealed with a passphrase is seen before anybody is asked. */
static slu_status
check_sealed(const slu_buf *file)
{
	slu_scrypt_stanza scrypt;
	slu_parser p = { 0 };
	bool found = false;
	slu_status st;
	size_t used;

	st = slu_parser_feed(&p, slu_buf_front(file), file->len, &used);
	if (st == SLU_WANT_READ)
		st = slu_parser_cut(&p);
	if (st == SLU_OK)
		st = slu_scrypt_find(&p.header, &scrypt, &found);
	if (st == SLU_OK && !found)
		st = slu_fail(SLU_ERR_NO_MATCH,
		    "keys: it is sealed itself, and not with a passphrase");
	slu_parser_free(&p);
	return st;
}

/* Takes over the file's bytes where it succeeds. */
static slu_status
add_sealed(slu_identities *ids, slu_buf *file,
    const slu_identity_file_options *options)
{
	const char *name = "the file of the keys";
	struct sealed *s;
	slu_status st;

	st = check_sealed(file);
	if (st)
		return st;
	if (options == NULL || options->ask == NULL)
		return slu_fail(SLU_ERR_NO_MATCH,
		    "keys: it is sealed itself, and nobody is to be asked for "
		    "its passphrase");
	s = calloc(1, sizeof(*s));
	if (s == NULL || pthread_mutex_init(&s->lock, NULL) != 0) {
		free(s);
		return slu_fail(SLU_ERR_MEMORY, "keys: out of memory");
	}
	s->options = *options;
	if (options->name != NULL)
		name = options->name;
	strncat(s->name, name, NAME_MAX_SAID);
	s->options.name = s->name;
	s->file = *file;
	*file = SLU_KEY_FILE;
	st = slu_identities_keep(ids, s, &keeper);
	if (st)
		free_sealed(s);
	return st;
}

static slu_status
take_armor_off(slu_buf *text)
{
	slu_buf plain = SLU_KEY_FILE;
	slu_bio *in = NULL;
	slu_status st;

	st = slu_view_open(&in, slu_buf_front(text), text->len);
	if (st == SLU_OK)
		st = slu_dearmor(&in);
	if (st == SLU_OK)
		st = slu_key_file_read(&plain, in);
	slu_bio_free(in);
	slu_buf_free(text);
	*text = plain;
	return st;
}

slu_status
slu_identities_read(
    slu_identities *ids, slu_bio *src, const slu_identity_file_options *options)
{
	slu_buf text = SLU_KEY_FILE;
	slu_status st;

	st = slu_key_file_read(&text, src);
	if (st == SLU_OK && begins(&text, "-----BEGIN AGE "))
		st = take_armor_off(&text);
	if (st == SLU_OK && begins(&text, "age-encryption.org/"))
		st = add_sealed(ids, &text, options);
	else if (st == SLU_OK)
		st = read_keys(ids, &text);
	slu_buf_free(&text);
	return st;
}
