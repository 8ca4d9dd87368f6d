/* SPDX-License-Identifier: ISC */
#include "sluice/identity_file.h"

#include <stdio.h>
#include <string.h>

#include "key_file.h"
#include "locked.h"
#include "parse.h"
#include "scrypt.h"
#include "ssh_locked.h"
#include "ssh_pem.h"
#include "sluice/armor.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

/* One that is of no use is in the list too, so that opening can tell of it. */
static slu_status
read_line(slu_identities *ids, const slu_key_line *line,
    const slu_identity_file_options *options)
{
	slu_key key = SLU_KEY_NONE;
	slu_status st;

	st = slu_key_file_check(line);
	if (st == SLU_OK)
		st = slu_key_read_secret(&key, line->text, line->len);
	if (st == SLU_OK)
		st = slu_identities_add(ids, &key);
	if (st == SLU_OK && key.kind == NULL && options != NULL &&
	    options->passed_over != NULL)
		st = slu_key_file_pass(
		    line, &key, options->passed_over, options->arg);
	slu_buf_free(&key.bytes);
	return st;
}

static slu_status
read_lines(slu_identities *ids, const slu_buf *text,
    const slu_identity_file_options *options)
{
	slu_key_line line = { 0 };
	slu_status st = SLU_OK;
	size_t n = 0;

	for (; st == SLU_OK && slu_key_file_next(text, &line); n++) {
		st = read_line(ids, &line, options);
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
read_keys(slu_identities *ids, const slu_buf *text,
    const slu_identity_file_options *options)
{
	if (begins(text, SLU_SSH_PEM))
		return slu_identities_key(
		    ids, (const char *)slu_buf_front(text), text->len);
	return read_lines(ids, text, options);
}

/* An ssh key; one that nothing protects is added at once. */
static slu_status
add_ssh(slu_identities *ids, const slu_buf *file,
    const slu_identity_file_options *options)
{
	slu_locked_file locked = { 0 };
	slu_status st;

	st = slu_ssh_locked(&locked, file);
	if (st == SLU_OK && locked.open == NULL)
		return read_keys(ids, file, options);
	if (st == SLU_OK)
		st = slu_locked_add(ids, &locked, options);
	slu_locked_free(&locked);
	return st;
}

/* One inside of a sealed file may have a passphrase of its own. */
static slu_status
add_ssh_inside(slu_identities *ids, const slu_buf *file,
    const slu_identity_file_options *sealed)
{
	slu_identity_file_options options = *sealed;
	char name[SLU_LOCKED_NAME_MAX + 20];

	snprintf(name, sizeof(name), "the ssh key in %s", sealed->name);
	options.name = name;
	if (sealed->ask_inside != NULL)
		options.ask = sealed->ask_inside;
	return add_ssh(ids, file, &options);
}

/* Unseal the file; what comes out is never anywhere but in these queues. */
static slu_status
unseal_text(const slu_buf *file, const slu_identity_file_options *options,
    slu_buf *text)
{
	slu_identities *ids = NULL;
	slu_bio *in = NULL;
	slu_status st;

	st = slu_identities_new(&ids);
	if (st == SLU_OK)
		st = slu_identities_ask(
		    ids, options->ask, options->arg, options->max_work_factor);
	if (st == SLU_OK)
		st = slu_view_open(&in, slu_buf_front(file), file->len);
	if (st == SLU_OK)
		st = slu_unseal(&in, ids, NULL);
	if (st == SLU_OK)
		st = slu_key_file_read(text, in);
	slu_bio_free(in);
	slu_identities_free(ids);
	return st;
}

static slu_status
open_sealed(const slu_buf *file, const slu_identity_file_options *options,
    slu_identities *keys)
{
	slu_buf text = SLU_KEY_FILE;
	slu_status st;

	st = unseal_text(file, options, &text);
	if (st == SLU_OK && begins(&text, SLU_SSH_PEM))
		st = add_ssh_inside(keys, &text, options);
	else if (st == SLU_OK)
		st = read_keys(keys, &text, options);
	slu_buf_free(&text);
	return st;
}

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
	slu_locked_file locked = { .bytes = *file, .open = open_sealed };
	slu_status st;

	st = check_sealed(file);
	if (st == SLU_OK)
		st = slu_locked_add(ids, &locked, options);
	if (st == SLU_OK)
		*file = SLU_KEY_FILE;
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
	else if (st == SLU_OK && begins(&text, SLU_SSH_PEM))
		st = add_ssh(ids, &text, options);
	else if (st == SLU_OK)
		st = read_keys(ids, &text, options);
	slu_buf_free(&text);
	return st;
}
