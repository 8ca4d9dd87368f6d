/* SPDX-License-Identifier: ISC */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "fault.h"

struct list {
	char (*names)[SLU_NAMES_MAX]; /* owned */
	size_t len, cap;              /* names */
	slu_status st;                /* why names may be missing */
};

bool
slu_names_offers(const EVP_MD *md)
{
	static const char kmac[] = "KECCAK-KMAC";

	/* The null digest has no block; KMAC's sponge is a part of KMAC. */
	return EVP_MD_get_block_size(md) > 0 &&
	       strncmp(EVP_MD_get0_name(md), kmac, sizeof(kmac) - 1) != 0;
}

void
slu_names_fold(char out[SLU_NAMES_MAX], const char *name)
{
	size_t n = 0;

	for (; *name != '\0' && n < SLU_NAMES_MAX; name++)
		if (strchr("-_/", *name) == NULL)
			out[n++] = slu_names_lower(*name);
	if (n == SLU_NAMES_MAX)
		n = 0;
	out[n] = '\0';
}

static size_t
letters_in_front(const char *name)
{
	size_t n = 0;

	while (
	    slu_names_lower(name[n]) >= 'a' && slu_names_lower(name[n]) <= 'z')
		n++;
	return n;
}

/* Where the number begins that a name ends in, "" where there is none. */
static const char *
number_at_end(const char *name)
{
	const char *p = name + strlen(name);

	while (p > name && p[-1] >= '0' && p[-1] <= '9')
		p--;
	return p;
}

static bool
same_letters(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (slu_names_lower(a[i]) != slu_names_lower(b[i]))
			return false;
	return true;
}

static void
lower(char out[SLU_NAMES_MAX], const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0' && i < SLU_NAMES_MAX - 1; i++)
		out[i] = slu_names_lower(name[i]);
	out[i] = '\0';
}

struct choice {
	const char *first; /* the name that libcrypto puts first */
	char *name;        /* the best one so far, or "" */
};

/*
 * Which family it is, and how long, are a name's first letters and its last
 * number: that keeps RIPEMD160 and drops RIPEMD, RMD160 and SSL3-MD5, whose
 * own first names are RIPEMD-160 and MD5.
 */
static void
choose(const char *name, void *arg)
{
	struct choice *c = arg;
	size_t letters = letters_in_front(c->first), len = strlen(name);
	size_t best = strlen(c->name);

	if (len >= SLU_NAMES_MAX || !same_letters(name, c->first, letters) ||
	    strcmp(number_at_end(name), number_at_end(c->first)) != 0)
		return;
	if (best == 0 || len < best)
		lower(c->name, name);
}

slu_status
slu_names_of(const EVP_MD *md, char name[SLU_NAMES_MAX])
{
	struct choice c = { .first = EVP_MD_get0_name(md), .name = name };

	name[0] = '\0';
	if (EVP_MD_names_do_all(md, choose, &c) != 1) {
		(void)slu_fault_drain();
		return slu_fault_memory();
	}
	if (name[0] == '\0')
		lower(name, c.first);
	return SLU_OK;
}

static slu_status
make_room(struct list *l)
{
	size_t cap = l->cap * 2 + 32;
	char(*names)[SLU_NAMES_MAX];

	if (l->len < l->cap)
		return SLU_OK;
	names = realloc(l->names, cap * sizeof(*names));
	if (names == NULL)
		return slu_fault_memory();
	l->names = names;
	l->cap = cap;
	return SLU_OK;
}

static void
add(EVP_MD *md, void *arg)
{
	struct list *l = arg;

	if (l->st || !slu_names_offers(md))
		return;
	l->st = make_room(l);
	if (l->st == SLU_OK)
		l->st = slu_names_of(md, l->names[l->len]);
	if (l->st == SLU_OK)
		l->len++;
}

/* A provider may have what the process's settings (FIPS) do not let it use. */
static bool
can_be_had(const char *name)
{
	EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);

	EVP_MD_free(md);
	return md != NULL;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Sort the list, and leave in it what can be had, each name once. */
static void
tidy(struct list *l)
{
	size_t kept = 0;

	if (l->len > 0)
		qsort(l->names, l->len, sizeof(*l->names), compare);
	for (size_t i = 0; i < l->len; i++) {
		/* Two providers may both have it. */
		if (kept > 0 && strcmp(l->names[i], l->names[kept - 1]) == 0)
			continue;
		if (can_be_had(l->names[i]))
			memmove(l->names[kept++], l->names[i], SLU_NAMES_MAX);
	}
	l->len = kept;
}

slu_status
slu_names_each(void (*each)(const char *name, void *arg), void *arg)
{
	struct list l = { .st = SLU_OK };

	/* What the caller's own use of OpenSSL left says nothing of ours. */
	(void)slu_fault_drain();
	EVP_MD_do_all_provided(NULL, add, &l);
	tidy(&l);
	/* Without memory, OpenSSL passes digests over and only says so here. */
	if (slu_fault_drain() && l.st == SLU_OK)
		l.st = slu_fault_memory();
	for (size_t i = 0; i < l.len && l.st == SLU_OK; i++)
		each(l.names[i], arg);
	free(l.names);
	return l.st;
}
