/* SPDX-License-Identifier: ISC */
#include "digests.h"

#include <string.h>

#include "input.h"
#include "say.h"
#include "sluice/ahead.h"
#include "sluice/null.h"
#include "sluice/tap.h"

#define NAME_MAX_TYPED 64 /* its NUL included; no digest has a longer one */
#define NAME_MAX_SHOWN 40

exit_code
digests_find(slu_hash **out, const char *name, size_t len, const char *about)
{
	char typed[NAME_MAX_TYPED] = "";
	slu_status st;

	if (len < sizeof(typed)) {
		memcpy(typed, name, len);
		st = slu_hash_new(out, typed);
		if (st != SLU_ERR_USAGE)
			return say_status(st, about);
		(void)say_fail(EXIT_MISUSED, "%s", say_cause(st));
	} else {
		(void)say_fail(EXIT_MISUSED, "unknown digest '%.*s...'",
		    NAME_MAX_SHOWN, name);
	}
	say_hint("sluice hash -a list names them all");
	return EXIT_MISUSED;
}

static exit_code
add_one(digests *d, const char *name, size_t len)
{
	struct digest *one = &d->each[d->n];
	exit_code code;

	if (d->n == DIGESTS_MAX)
		return say_fail(
		    EXIT_MISUSED, "more than %d digests", DIGESTS_MAX);
	code = digests_find(&one->h, name, len, "hash");
	if (code != EXIT_DONE)
		return code;
	one->size = slu_hash_size(one->h);
	d->n++;
	return EXIT_DONE;
}

exit_code
digests_add(digests *d, const char *list)
{
	exit_code code;
	size_t len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		code = add_one(d, list, len);
		if (code != EXIT_DONE || list[len] == '\0')
			return code;
	}
}

exit_code
digests_set_bits(digests *d, unsigned bits)
{
	for (size_t i = 0; i < d->n; i++) {
		if (!slu_hash_is_xof(d->each[i].h))
			return say_fail(EXIT_MISUSED,
			    "the length of %s is fixed; that of shake128 "
			    "and shake256 is not",
			    slu_hash_name(d->each[i].h));
		d->each[i].size = bits / 8;
	}
	return EXIT_DONE;
}

/* A digest that took in half a file is of no use for the next one. */
static void
start_afresh(digests *d)
{
	unsigned char out[SLU_HASH_MAX];
	size_t n;

	for (size_t i = 0; i < d->n; i++)
		if (slu_hash_final(d->each[i].h, out, sizeof(out), &n))
			return;
}

exit_code
digests_read(digests *d, const char *name)
{
	slu_bio *nowhere = NULL;
	input in = { 0 };
	exit_code code;
	slu_status st;

	code = input_open(&in, name);
	if (code == EXIT_DONE)
		code = input_tell(&in);
	if (code != EXIT_DONE)
		goto out;
	st = slu_null_open(&nowhere);
	for (size_t i = 0; i < d->n && st == SLU_OK; i++)
		st = slu_hash_tap(&nowhere, d->each[i].h);
	if (st == SLU_OK)
		st = slu_bio_copy_ahead(nowhere, in.bio);
	if (st)
		start_afresh(d);
	code = say_status(st, in.name);
out:
	slu_bio_free(nowhere);
	input_free(&in);
	return code;
}

slu_status
digests_final(const struct digest *one, void *out)
{
	size_t n;

	if (slu_hash_is_xof(one->h))
		return slu_hash_xof(one->h, out, one->size);
	return slu_hash_final(one->h, out, one->size, &n);
}

void
digests_free(digests *d)
{
	for (size_t i = 0; i < d->n; i++)
		slu_hash_free(d->each[i].h);
	*d = (digests){ 0 };
}
