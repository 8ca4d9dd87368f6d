/* SPDX-License-Identifier: ISC */
#include "match.h"

#include <stdio.h>
#include <string.h>

#include "../base/failure.h"
#include "scrypt.h"
#include "sluice/secret.h"

#define TYPES_NAMED 3 /* in a message */

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

/* Programs add such stanzas so that others learn to skip unknown types. */
static bool
is_grease(const char *type)
{
	size_t len = strlen(type), tail = strlen("-grease");

	return len >= tail && strcmp(type + len - tail, "-grease") == 0;
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

static slu_status
sealed_for_others(const slu_header *h)
{
	char types[160] = "";
	const char *type;
	size_t named = 0, len = 0;

	for (size_t i = 0; i < h->nstanzas && named <= TYPES_NAMED; i++) {
		type = slu_stanza_arg(&h->stanzas[i], 0);
		if (is_grease(type) || seen_before(h, i))
			continue;
		if (named++ == TYPES_NAMED)
			type = "others";
		/* Room for all: "mlkem768x25519" has fourteen characters. */
		len += (size_t)snprintf(types + len, sizeof(types) - len,
		    "%s%.32s", named == 1 ? "" : " or ", type);
	}
	return slu_fail(SLU_ERR_NO_MATCH,
	    "unseal: sealed for %s, which needs a key",
	    named == 0 ? "nobody" : types);
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

/* What an identity makes of a header. */
static slu_status
try_one(const slu_identity *id, const slu_parser *p,
    const slu_scrypt_stanza *scrypt, unsigned char file_key[SLU_FILE_KEY])
{
	slu_status st = SLU_OK;

	if (id->kind == SLU_IDENTITY_FILE_KEY)
		memcpy(file_key, id->secret, SLU_FILE_KEY);
	else if (scrypt == NULL)
		st = sealed_for_others(&p->header);
	else if (id->kind == SLU_IDENTITY_ASK)
		st = ask_and_unwrap(id, scrypt, file_key);
	else
		st = slu_scrypt_unwrap(
		    scrypt, id->secret, id->len, id->max_work_factor, file_key);
	if (st == SLU_OK)
		st = check_mac(p, file_key);
	if (st)
		slu_wipe(file_key, SLU_FILE_KEY);
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

slu_status
slu_match(const slu_identities *ids, const slu_parser *p,
    unsigned char file_key[SLU_FILE_KEY], unsigned *over_limit)
{
	slu_failure best = { 0 };
	slu_scrypt_stanza scrypt;
	slu_status st;
	bool found;

	*over_limit = 0;
	st = slu_scrypt_find(&p->header, &scrypt, &found);
	if (st)
		return st;
	for (const slu_identity *id = slu_identities_first(ids); id != NULL;
	     id = id->next) {
		st = try_one(id, p, found ? &scrypt : NULL, file_key);
		if (st == SLU_ERR_LIMIT &&
		    scrypt.work_factor > id->max_work_factor)
			*over_limit = scrypt.work_factor;
		if (weight_of(st) == 0)
			return st;
		if (weight_of(st) > weight_of(best.st)) {
			best.st = SLU_OK;
			(void)slu_failure_keep(&best, st);
		}
	}
	if (best.st)
		return slu_failure_again(&best);
	if (found)
		return slu_fail(SLU_ERR_NO_MATCH,
		    "unseal: sealed with a passphrase, and none is given");
	return sealed_for_others(&p->header);
}
