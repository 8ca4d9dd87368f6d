/* SPDX-License-Identifier: ISC */
#include "lookup.h"

#include <stdbool.h>
#include <string.h>

#include "../base/near.h"
#include "fault.h"
#include "names.h"

/* What is looked for, the digest that is it, and the one that is nearest. */
struct search {
	char folded[SLU_NAMES_MAX];
	char found[SLU_NAMES_MAX]; /* or "" */
	char near[SLU_NAMES_MAX];  /* or "" */
	size_t slips;              /* from `near` to `folded` */
	int size;                  /* bytes of the digest `near` */
	slu_status st;             /* why a digest may have been missed */
};

/* One digest of a search, whose names are gone through. */
struct candidate {
	const char *folded; /* what is looked for */
	bool is_it;
	size_t slips; /* from the nearest of its names */
};

size_t
slu_lookup_slips(const char *typed, const char *known)
{
	size_t len = strlen(typed);

	/* "sha3" is no slip for "sha1": its number was left out. */
	if (len >= 3 && strncmp(known, typed, len) == 0)
		return 0;
	return slu_near(typed, known);
}

static void
try_name(const char *name, void *arg)
{
	struct candidate *c = arg;
	char folded[SLU_NAMES_MAX];
	size_t slips;

	slu_names_fold(folded, name);
	if (folded[0] == '\0')
		return;
	if (strcmp(folded, c->folded) == 0)
		c->is_it = true;
	slips = slu_lookup_slips(c->folded, folded);
	/* Nobody means to type an object identifier. */
	if (strchr(folded, '.') == NULL && slips < c->slips)
		c->slips = slips;
}

/* Of digests that are equally near, a longer one is never bad advice. */
static bool
is_nearer(const struct search *s, size_t slips, int size, const char *name)
{
	if (slips != s->slips)
		return slips < s->slips;
	if (size != s->size)
		return size > s->size;
	return strcmp(name, s->near) < 0;
}

static void
try_digest(EVP_MD *md, void *arg)
{
	struct search *s = arg;
	struct candidate c = { .folded = s->folded, .slips = SLU_NEAR_NONE };
	char name[SLU_NAMES_MAX];
	int size = EVP_MD_get_size(md);

	if (s->st || !slu_names_offers(md))
		return;
	s->st = slu_names_of(md, name);
	if (s->st == SLU_OK && EVP_MD_names_do_all(md, try_name, &c) != 1)
		s->st = slu_fault_memory();
	if (s->st)
		return;
	if (c.is_it)
		memcpy(s->found, name, sizeof(name));
	if (c.slips == SLU_NEAR_NONE || !is_nearer(s, c.slips, size, name))
		return;
	s->slips = c.slips;
	s->size = size;
	memcpy(s->near, name, sizeof(name));
}

/* Whether a name can be shown: it may come from a stranger's file. */
static bool
is_printable(const char *name)
{
	for (; *name != '\0'; name++)
		if (*name < ' ' || *name > '~')
			return false;
	return true;
}

slu_status
slu_lookup_unknown(const char *what, const char *name, const char *near)
{
	if (strlen(name) >= SLU_NAMES_MAX || !is_printable(name))
		return slu_fail(SLU_ERR_USAGE, "hash: unknown %s", what);
	if (near[0] == '\0')
		return slu_fail(
		    SLU_ERR_USAGE, "hash: unknown %s '%s'", what, name);
	return slu_fail(SLU_ERR_USAGE,
	    "hash: unknown %s '%s'; did you mean '%s'?", what, name, near);
}

/* Fetch what a provider has, which the process's settings may forbid. */
static slu_status
fetch_known(EVP_MD **out, const char *name)
{
	*out = EVP_MD_fetch(NULL, name, NULL);
	if (slu_fault_drain() && *out == NULL)
		return slu_fault_memory();
	if (*out == NULL)
		return slu_fail(
		    SLU_ERR_CRYPTO, "hash: OpenSSL does not hand out %s", name);
	return SLU_OK;
}

slu_status
slu_lookup(EVP_MD **out, const char *name)
{
	struct search s = { .slips = SLU_NEAR_NONE };

	/* What the caller's own use of OpenSSL left says nothing of ours. */
	(void)slu_fault_drain();
	*out = NULL;
	/* OpenSSL 3.5 does not mind blanks behind a name. */
	if (strchr(name, ' ') == NULL)
		*out = EVP_MD_fetch(NULL, name, NULL);
	if (*out != NULL && slu_names_offers(*out))
		return SLU_OK;
	EVP_MD_free(*out);
	*out = NULL;
	slu_names_fold(s.folded, name);
	EVP_MD_do_all_provided(NULL, try_digest, &s);
	if (slu_fault_drain() && s.st == SLU_OK)
		s.st = slu_fault_memory();
	if (s.st)
		return s.st;
	if (s.found[0] == '\0')
		return slu_lookup_unknown("digest", name, s.near);
	return fetch_known(out, s.found);
}

slu_status
slu_lookup_fixed(EVP_MD **out, const char *name, const char *use)
{
	char shown[SLU_NAMES_MAX];
	slu_status st;

	st = slu_lookup(out, name);
	if (st || !(EVP_MD_get_flags(*out) & EVP_MD_FLAG_XOF))
		return st;
	st = slu_names_of(*out, shown);
	EVP_MD_free(*out);
	*out = NULL;
	if (st)
		return st;
	return slu_fail(SLU_ERR_USAGE,
	    "hash: %s needs a digest of a fixed size, which %s is not", use,
	    shown);
}
