/* SPDX-License-Identifier: ISC */
#include "match.h"

#include <stdio.h>
#include <string.h>

#include "../base/failure.h"
#include "key_text.h"
#include "scrypt.h"
#include "sluice/secret.h"

#define TYPES_NAMED 3     /* in a message */
#define TYPES_CHARS 160   /* for them */
#define FOREIGN_CHARS 200 /* for a key that is of no use */

/*
 * Stanzas that are tried because they name a key.  One is meant for it, and
 * one in 2^32 of the others happens to name it too; but whoever has the public
 * key can write as many as there is room for, each of which would take as long
 * as its arithmetic: RSA's, of 16384 bits, a second.
 */
#define NAMED_MAX 16

static slu_status
check_mac(const slu_parser *p, const unsigned char file_key[SLU_FILE_KEY])
{
	unsigned char mac[SLU_MAC_SIZE];
	slu_status st;

	st = slu_kdf_mac(mac, file_key, slu_buf_front(&p->text), p->covered);
	if (st)
		return st;
	if (!slu_equal(mac, p->header.mac, sizeof(mac)))
		return slu_fail(
		    SLU_ERR_AUTH, "unseal: the header was forged or damaged");
	return SLU_OK;
}

static bool
seen_before(const slu_header *h, size_t i)
{
	const char *type = slu_stanza_arg(&h->stanzas[i], 0);

	for (size_t k = 0; k < i; k++)
		if (strcmp(type, slu_stanza_arg(&h->stanzas[k], 0)) == 0)
			return true;
	return false;
}

/* What is looked for, and what has come of it so far. */
struct search {
	const slu_parser *p;
	const slu_scrypt_stanza
	    *scrypt; /* NULL: it is not sealed by a passphrase */
	unsigned char *file_key;
	bool *fits; /* whether the MAC does; NULL: it has to */
	slu_match_told *told;
	bool tried;                  /* some key, which did not fit */
	const slu_identity *foreign; /* the first that is of no use */
	size_t nforeign;
	slu_failure best; /* the one that says most */
};

/* The types of the stanzas, and whether there are any. */
static bool
name_types(const slu_header *h, char types[TYPES_CHARS])
{
	size_t named = 0, len = 0;
	const char *type;

	for (size_t i = 0; i < h->nstanzas && named <= TYPES_NAMED; i++) {
		type = slu_stanza_arg(&h->stanzas[i], 0);
		if (slu_header_is_grease(type) || seen_before(h, i))
			continue;
		if (named++ == TYPES_NAMED)
			type = "others";
		/* Room for all: "mlkem768x25519" has fourteen characters. */
		len += (size_t)snprintf(types + len, TYPES_CHARS - len,
		    "%s%.32s", named == 1 ? "" : ", ", type);
	}
	return named > 0;
}

/* What was said of the first of several stands for all. */
static void
name_foreign(const struct search *s, char words[FOREIGN_CHARS])
{
	char more[40] = "";

	if (s->nforeign > 1)
		snprintf(
		    more, sizeof(more), " (and %zu more)", s->nforeign - 1);
	if (s->nforeign > 0)
		snprintf(words, FOREIGN_CHARS, "; passed over: %.*s%s",
		    (int)s->foreign->len, (const char *)s->foreign->secret,
		    more);
}

static slu_status
sealed_for_others(const struct search *s)
{
	char types[TYPES_CHARS] = "", foreign[FOREIGN_CHARS] = "";
	bool named;

	if (s->scrypt != NULL)
		return slu_fail(SLU_ERR_NO_MATCH,
		    "unseal: sealed with a passphrase, and none is given");
	named = name_types(&s->p->header, types);
	name_foreign(s, foreign);
	return slu_fail(SLU_ERR_NO_MATCH, "unseal: is sealed for: %s%s%s",
	    named ? types : "nobody",
	    s->tried ? "; no key that is given opens it" : "", foreign);
}

/* Nobody is asked for what would be of no use. */
static slu_status
ask_and_unwrap(const slu_identity *id, const slu_scrypt_stanza *scrypt,
    unsigned char file_key[SLU_FILE_KEY])
{
	slu_buf passphrase = { .limit = SLU_PASSPHRASE_MAX };
	slu_status st;

	st = slu_scrypt_check(scrypt, id->max_work_factor);
	if (st)
		return st;
	st = id->ask(&passphrase, id->arg);
	if (st == SLU_OK && passphrase.len > 0)
		st = slu_scrypt_unwrap(scrypt, slu_buf_front(&passphrase),
		    passphrase.len, id->max_work_factor, file_key);
	else if (!slu_failed(st))
		st = slu_fail(SLU_ERR_USAGE, "unseal: no passphrase was given");
	slu_buf_free(&passphrase);
	return st;
}

static slu_status
try_passphrase(struct search *s, const slu_identity *id)
{
	slu_status st;

	if (id->kind == SLU_IDENTITY_ASK)
		st = ask_and_unwrap(id, s->scrypt, s->file_key);
	else
		st = slu_scrypt_unwrap(s->scrypt, id->secret, id->len,
		    id->max_work_factor, s->file_key);
	if (st == SLU_ERR_LIMIT && s->scrypt->work_factor > id->max_work_factor)
		s->told->over_limit = s->scrypt->work_factor;
	return st;
}

/* What a key makes of a stanza of its kind. */
static slu_status
try_stanza(struct search *s, const slu_identity *id, const slu_stanza *stanza,
    unsigned *named)
{
	bool names = false;
	slu_status st;

	if (id->key->names == NULL)
		return id->key->unwrap(id->secret, stanza, s->file_key);
	st = id->key->names(id->secret, stanza, &names);
	if (st)
		return st;
	if (!names)
		return SLU_ERR_NO_MATCH;
	if (++*named > NAMED_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "unseal: more than %d stanzas name one ssh key", NAMED_MAX);
	return id->key->unwrap(id->secret, stanza, s->file_key);
}

/* A key may be anybody's among those that a file was sealed for. */
static slu_status
try_key(struct search *s, const slu_identity *id)
{
	const slu_header *h = &s->p->header;
	slu_status st = SLU_ERR_NO_MATCH;
	unsigned named = 0;

	s->tried = true;
	for (size_t i = 0; i < h->nstanzas && st == SLU_ERR_NO_MATCH; i++)
		if (slu_key_kind_of(slu_stanza_arg(&h->stanzas[i], 0)) ==
		    id->key)
			st = try_stanza(s, id, &h->stanzas[i], &named);
	return st;
}

/* Passphrases are for files of theirs, and keys for all others. */
static bool
could_open(const struct search *s, const slu_identity *id)
{
	bool key =
	    id->kind == SLU_IDENTITY_KEY || id->kind == SLU_IDENTITY_KEPT;

	if (id->kind == SLU_IDENTITY_FOREIGN)
		return false;
	return id->kind == SLU_IDENTITY_FILE_KEY || key == (s->scrypt == NULL);
}

/* What an identity makes of a header. */
static slu_status
try_one(struct search *s, const slu_identity *id)
{
	slu_status st = SLU_OK;

	if (id->kind == SLU_IDENTITY_FILE_KEY)
		memcpy(s->file_key, id->secret, SLU_FILE_KEY);
	else if (id->kind == SLU_IDENTITY_KEY)
		st = try_key(s, id);
	else
		st = try_passphrase(s, id);
	if (st == SLU_OK) {
		st = check_mac(s->p, s->file_key);
		if (st == SLU_ERR_AUTH && s->fits != NULL) {
			*s->fits = false;
			st = SLU_OK;
		}
	}
	if (st)
		slu_wipe(s->file_key, SLU_FILE_KEY);
	return st;
}

/* How much a failure says, beside others; 0 where it ends the search. */
static int
weight_of(slu_status st)
{
	switch (st) {
	case SLU_ERR_NO_MATCH: return 1;
	case SLU_ERR_LIMIT: return 2;
	case SLU_ERR_AUTH: return 3;
	default: return 0;
	}
}

/* Keep the failure that says most. */
static void
note(struct search *s, slu_status st)
{
	if (weight_of(st) > weight_of(s->best.st)) {
		s->best.st = SLU_OK;
		(void)slu_failure_keep(&s->best, st);
	}
}

/* Try all that could open it; SLU_ERR_NO_MATCH says to go on elsewhere. */
static slu_status
try_all(struct search *s, const slu_identities *ids)
{
	slu_status st;

	for (const slu_identity *id = slu_identities_first(ids); id != NULL;
	     id = id->next) {
		if (id->kind == SLU_IDENTITY_FOREIGN && s->nforeign++ == 0)
			s->foreign = id;
		if (!could_open(s, id) || id->kind == SLU_IDENTITY_KEPT)
			continue;
		st = try_one(s, id);
		if (weight_of(st) == 0)
			return st;
		/* Of a key that does not fit there is nothing to say. */
		if (id->kind == SLU_IDENTITY_KEY && st == SLU_ERR_NO_MATCH)
			continue;
		note(s, st);
	}
	return SLU_ERR_NO_MATCH;
}

static slu_status try_list(struct search *s, const slu_identities *ids);

/* What is opened may hold such a thing again: a sealed file an ssh key. */
static slu_status
open_and_try(struct search *s, const slu_identity *id)
{
	const slu_identities *keys;
	slu_status st;

	st = id->keeper->open(id->kept, &keys);
	if (st == SLU_OK)
		return try_list(s, keys);
	note(s, st);
	return weight_of(st) == 0 ? st : SLU_ERR_NO_MATCH;
}

/*
 * Somebody is asked for these, so they come last, and those that may be of no
 * use after those that a stanza is meant for.
 */
static slu_status
try_kept(struct search *s, const slu_identities *ids, slu_kept which)
{
	slu_status st = SLU_ERR_NO_MATCH;
	slu_kept meant;

	for (const slu_identity *id = slu_identities_first(ids);
	     id != NULL && st == SLU_ERR_NO_MATCH; id = id->next) {
		if (!could_open(s, id) || id->kind != SLU_IDENTITY_KEPT)
			continue;
		meant = id->keeper->meant(id->kept, &s->p->header);
		s->tried |= meant == SLU_KEPT_NO;
		if (meant == which)
			st = open_and_try(s, id);
	}
	return st;
}

static slu_status
try_list(struct search *s, const slu_identities *ids)
{
	slu_status st;

	st = try_all(s, ids);
	if (st == SLU_ERR_NO_MATCH)
		st = try_kept(s, ids, SLU_KEPT_YES);
	if (st == SLU_ERR_NO_MATCH)
		st = try_kept(s, ids, SLU_KEPT_MAYBE);
	return st;
}

static slu_status
search(struct search *s, const slu_identities *ids)
{
	slu_status st;

	st = try_list(s, ids);
	if (st != SLU_ERR_NO_MATCH)
		return st;
	return s->best.st ? slu_failure_again(&s->best) : sealed_for_others(s);
}

slu_status
slu_match_check(const slu_header *h)
{
	const slu_key_kind *kind;
	slu_status st = SLU_OK;

	for (size_t i = 0; i < h->nstanzas && st == SLU_OK; i++) {
		kind = slu_key_kind_of(slu_stanza_arg(&h->stanzas[i], 0));
		if (kind != NULL)
			st = kind->check(&h->stanzas[i]);
	}
	return st;
}

/* Whether all its stanzas are of types that we don't know. */
static bool
is_foreign(const slu_header *h)
{
	const char *type;

	for (size_t i = 0; i < h->nstanzas; i++) {
		type = slu_stanza_arg(&h->stanzas[i], 0);
		if (strcmp(type, SLU_SCRYPT_TYPE) == 0 ||
		    slu_key_kind_of(type) != NULL)
			return false;
	}
	return true;
}

static slu_status
match(struct search *s, const slu_identities *ids)
{
	slu_scrypt_stanza scrypt;
	slu_status st;
	bool found;

	*s->told = (slu_match_told){ .foreign = is_foreign(&s->p->header) };
	st = slu_scrypt_find(&s->p->header, &scrypt, &found);
	/* A stanza that is malformed is nobody's, whoever could read it. */
	if (st == SLU_OK)
		st = slu_match_check(&s->p->header);
	if (st)
		return st;
	if (found)
		s->scrypt = &scrypt;
	return search(s, ids);
}

slu_status
slu_match(const slu_identities *ids, const slu_parser *p,
    unsigned char file_key[SLU_FILE_KEY], slu_match_told *told)
{
	struct search s = { .p = p, .file_key = file_key, .told = told };

	return match(&s, ids);
}

slu_status
slu_match_damaged(const slu_identities *ids, const slu_parser *p,
    unsigned char file_key[SLU_FILE_KEY], slu_match_told *told, bool *fits)
{
	struct search s = {
		.p = p, .file_key = file_key, .told = told, .fits = fits
	};

	*fits = true;
	return match(&s, ids);
}
