/* SPDX-License-Identifier: ISC */
/*
 * Any string as a digest's name: either a digest that knows its listed name,
 * or misuse with a reason.  A name that is suggested can be had.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "sluice/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int ok)
{
	if (!ok)
		abort();
}

static void
check_digest(slu_hash *h)
{
	unsigned char digest[SLU_HASH_MAX];
	slu_hash *again = NULL;
	size_t len;

	must(slu_hash_new(&again, slu_hash_name(h)) == SLU_OK);
	must(strcmp(slu_hash_name(again), slu_hash_name(h)) == 0);
	must(slu_hash_final(h, digest, sizeof(digest), &len) == SLU_OK);
	must(len == slu_hash_size(h));
	slu_hash_free(again);
}

static void
check_words(void)
{
	static const char question[] = "'; did you mean '";
	const char *words = slu_error(), *at;
	slu_hash *h = NULL;
	char name[64];

	must(strncmp(words, "hash: unknown digest", 20) == 0);
	for (at = words; *at != '\0'; at++)
		must(*at >= ' ' && *at <= '~');
	/* The last one: the name that was typed may hold the same words. */
	if (at - words < 2 || strcmp(at - 2, "'?") != 0)
		return;
	for (at = words; strstr(at, question) != NULL;)
		at = strstr(at, question) + strlen(question);
	must(at > words && strlen(at) < sizeof(name));
	memcpy(name, at, strlen(at) - 2);
	name[strlen(at) - 2] = '\0';
	must(slu_hash_new(&h, name) == SLU_OK);
	must(strcmp(slu_hash_name(h), name) == 0);
	slu_hash_free(h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = malloc(size + 1);
	slu_hash *h = NULL;
	slu_status st;

	must(name != NULL);
	if (size > 0)
		memcpy(name, data, size);
	name[size] = '\0';
	st = slu_hash_new(&h, name);
	must(ERR_peek_error() == 0);
	if (st == SLU_OK)
		check_digest(h);
	else
		check_words();
	must(st == SLU_OK || (st == SLU_ERR_USAGE && h == NULL));
	slu_hash_free(h);
	free(name);
	return 0;
}
