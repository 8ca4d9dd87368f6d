/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "digests.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "crc32.h"
#include "say.h"
#include "sluice/mac.h"

#define NAME_MAX_TYPED 64 /* its NUL included; no digest has a longer one */
#define NAME_MAX_SHOWN 40

slu_status
digests_new(slu_hash **out, const char *name, const slu_buf *key)
{
	char mac[sizeof("hmac-") + NAME_MAX_TYPED];

	if (strcasecmp(name, "crc32") == 0 || strcasecmp(name, "crc-32") == 0)
		return key == NULL ? crc32_new(out)
				   : slu_fail(SLU_ERR_USAGE,
					 "hash: HMAC takes a digest, and crc32 "
					 "is none");
	if (key == NULL)
		return slu_hash_new(out, name);
	snprintf(mac, sizeof(mac), "hmac-%s", name);
	return slu_mac_new(out, mac, slu_buf_front(key), key->len, NULL);
}

exit_code
digests_find(slu_hash **out, const char *name, size_t len, const slu_buf *key,
    const char *about)
{
	char typed[NAME_MAX_TYPED] = "";
	slu_status st;

	if (len < sizeof(typed)) {
		memcpy(typed, name, len);
		st = digests_new(out, typed, key);
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
	code = digests_find(&one->h, name, len, d->key, "hash");
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

slu_status
digests_copy(digests *out, const digests *d)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < d->n && st == SLU_OK; i++) {
		st = slu_hash_copy(&out->each[i].h, d->each[i].h);
		out->each[i].size = d->each[i].size;
		out->n += st == SLU_OK;
	}
	if (st)
		digests_free(out);
	return st;
}

size_t
digests_size(const digests *d)
{
	size_t size = 0;

	for (size_t i = 0; i < d->n; i++)
		size += d->each[i].size;
	return size;
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
