/* SPDX-License-Identifier: ISC */
#include "sluice/mac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdint.h>
#include <string.h>

#include "../base/near.h"
#include "../base/stack.h"
#include "fault.h"
#include "hash_internal.h"
#include "lookup.h"
#include "sluice/secret.h"

#define HMAC "hmac-"
#define HMAC_LEN (sizeof(HMAC) - 1)
#define KMAC_MOST 0x1fffff /* bytes of output that OpenSSL gives */

/* What a MAC is, and what it takes. */
struct family {
	const char *name;
	const char *fetched; /* OpenSSL's name */
	const slu_hash_kind *kind;
	size_t key_min, key_max; /* bytes, as are those below */
	size_t size;             /* of output, unless others are asked for */
	size_t size_max;
	size_t custom_max;
};

static void *
mac_copy(const void *ctx)
{
	return EVP_MAC_CTX_dup(ctx);
}

static void
mac_free(void *ctx)
{
	EVP_MAC_CTX_free(ctx);
}

/* With the key that the context has kept. */
static bool
mac_start(void *ctx)
{
	return EVP_MAC_init(ctx, NULL, 0, NULL) == 1;
}

static bool
mac_update(void *ctx, const void *data, size_t len)
{
	return EVP_MAC_update(ctx, data, len) == 1;
}

/* OpenSSL's HMAC writes all that it has, whatever the room. */
static bool
cut_finish(void *ctx, void *out, size_t len)
{
	unsigned char whole[SLU_HASH_MAX];
	size_t n = 0;
	bool ok;

	ok = EVP_MAC_final(ctx, whole, &n, sizeof(whole)) == 1 && n >= len;
	if (ok)
		memcpy(out, whole, len);
	slu_wipe(whole, sizeof(whole));
	return ok;
}

/*
 * BLAKE2 unpacks its blocks, the first of which is the key, in an array that
 * OpenSSL leaves on the stack as it is.
 */
static bool
blake2_update(void *ctx, const void *data, size_t len)
{
	bool ok = mac_update(ctx, data, len);

	slu_wipe_stack();
	return ok;
}

static bool
blake2_finish(void *ctx, void *out, size_t len)
{
	bool ok = cut_finish(ctx, out, len);

	slu_wipe_stack();
	return ok;
}

/* Without an end, BLAKE2 would leave its key in memory that is freed. */
static void
blake2_free(void *ctx)
{
	unsigned char last[SLU_HASH_MAX];
	size_t n;

	if (ctx != NULL && EVP_MAC_final(ctx, last, &n, sizeof(last)) != 1)
		(void)slu_fault_drain();
	slu_wipe(last, sizeof(last));
	slu_wipe_stack();
	EVP_MAC_CTX_free(ctx);
}

/* The length is a part of what KMAC digests, and said last. */
static bool
kmac_finish(void *ctx, void *out, size_t len)
{
	OSSL_PARAM params[2];
	size_t n;

	params[0] = OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &len);
	params[1] = OSSL_PARAM_construct_end();
	return EVP_MAC_CTX_set_params(ctx, params) == 1 &&
	       EVP_MAC_final(ctx, out, &n, len) == 1;
}

static const slu_hash_kind hmac_kind = {
	.copy = mac_copy,
	.free = mac_free,
	.start = mac_start,
	.update = mac_update,
	.finish = cut_finish,
};

static const slu_hash_kind blake2_kind = {
	.copy = mac_copy,
	.free = blake2_free,
	.start = mac_start,
	.update = blake2_update,
	.finish = blake2_finish,
};

static const slu_hash_kind kmac_kind = {
	.copy = mac_copy,
	.free = mac_free,
	.start = mac_start,
	.update = mac_update,
	.finish = kmac_finish,
};

/* The bounds that OpenSSL sets them, see EVP_MAC-KMAC(7), EVP_MAC-BLAKE2(7). */
static const struct family families[] = {
	{ "kmac128", OSSL_MAC_NAME_KMAC128, &kmac_kind, 4, 512, 32, KMAC_MOST,
	    512 },
	{ "kmac256", OSSL_MAC_NAME_KMAC256, &kmac_kind, 4, 512, 64, KMAC_MOST,
	    512 },
	{ "blake2b", OSSL_MAC_NAME_BLAKE2BMAC, &blake2_kind, 1, 64, 64, 64,
	    16 },
	{ "blake2s", OSSL_MAC_NAME_BLAKE2SMAC, &blake2_kind, 1, 32, 32, 32, 8 },
};

#define FAMILIES (sizeof(families) / sizeof(families[0]))

/* The digest that an HMAC's name ends in; NULL where it is no HMAC's. */
static const char *
digest_of(const char *name)
{
	for (const char *p = HMAC; *p != '-'; p++, name++) {
		name += strspn(name, "-_/");
		if (slu_names_lower(*name) != *p)
			return NULL;
	}
	name += strspn(name, "-_/");
	return *name == '\0' ? NULL : name;
}

static slu_status
unknown(const char *name)
{
	char folded[SLU_NAMES_MAX], near[HMAC_LEN + SLU_NAMES_MAX] = "";
	size_t slips, least = SLU_NEAR_NONE;
	EVP_MD *md = NULL;
	slu_status st;

	slu_names_fold(folded, name);
	for (size_t i = 0; i < FAMILIES; i++) {
		slips = slu_lookup_slips(folded, families[i].name);
		if (slips >= least)
			continue;
		least = slips;
		strcpy(near, families[i].name);
	}
	/* It may be the name of a digest, or "hmac" and no more. */
	st = slu_lookup(&md, strcmp(folded, "hmac") == 0 ? "sha256" : folded);
	if (st == SLU_OK) {
		memcpy(near, HMAC, HMAC_LEN);
		st = slu_names_of(md, near + HMAC_LEN);
	}
	EVP_MD_free(md);
	if (st == SLU_ERR_MEMORY)
		return st;
	return slu_lookup_unknown("MAC", name, near);
}

/* Find what `name` names; of an HMAC `*md` is the digest, to be freed. */
static slu_status
find(struct family *f, slu_hash *h, EVP_MD **md, const char *name)
{
	const char *digest = digest_of(name);
	char folded[SLU_NAMES_MAX];
	slu_status st;

	if (digest != NULL) {
		st = slu_lookup_fixed(md, digest, "HMAC");
		if (st)
			return st;
		*f = (struct family){ h->name, OSSL_MAC_NAME_HMAC, &hmac_kind,
			0, SLU_MAC_KEY_MAX, 0, 0, 0 };
		f->size = f->size_max = (size_t)EVP_MD_get_size(*md);
		memcpy(h->name, HMAC, HMAC_LEN);
		return slu_names_of(*md, h->name + HMAC_LEN);
	}
	slu_names_fold(folded, name);
	for (size_t i = 0; i < FAMILIES; i++) {
		if (strcmp(folded, families[i].name) != 0)
			continue;
		*f = families[i];
		strcpy(h->name, f->name);
		return SLU_OK;
	}
	return unknown(name);
}

static slu_status
check(const struct family *f, size_t key_len, const slu_mac_options *o)
{
	if (key_len < f->key_min || key_len > f->key_max)
		return slu_fail(SLU_ERR_USAGE,
		    "hash: a key of %zu bytes; %s takes %zu to %zu", key_len,
		    f->name, f->key_min, f->key_max);
	if (o->size != 0 && (o->size < SLU_MAC_MIN || o->size > f->size_max))
		return slu_fail(SLU_ERR_USAGE,
		    "hash: %zu bytes of output; %s gives %d to %zu", o->size,
		    f->name, SLU_MAC_MIN, f->size_max);
	if (o->custom_len > f->custom_max)
		return slu_fail(SLU_ERR_USAGE,
		    "hash: %zu bytes of customization; %s takes %zu at most",
		    o->custom_len, f->name, f->custom_max);
	return SLU_OK;
}

/* Hand the settings over with the key. */
static bool
init(EVP_MAC_CTX *ctx, const struct family *f, const EVP_MD *md,
    const void *key, size_t len, const slu_mac_options *o)
{
	OSSL_PARAM params[3], *p = params;
	size_t size = f->size;
	bool ok;

	if (md != NULL)
		*p++ = OSSL_PARAM_construct_utf8_string(
		    OSSL_MAC_PARAM_DIGEST, (char *)EVP_MD_get0_name(md), 0);
	else
		*p++ = OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size);
	if (o->custom_len > 0)
		*p++ = OSSL_PARAM_construct_octet_string(
		    OSSL_MAC_PARAM_CUSTOM, (void *)o->custom, o->custom_len);
	*p = OSSL_PARAM_construct_end();
	/* No key and a key of no bytes are not the same. */
	ok = EVP_MAC_init(ctx, len > 0 ? key : "", len, params) == 1;
	/* Where KMAC has padded it. */
	slu_wipe_stack();
	return ok;
}

static slu_status
start(slu_hash *h, const struct family *f, const EVP_MD *md, const void *key,
    size_t len, const slu_mac_options *o)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, f->fetched, NULL);
	slu_status st = SLU_OK;

	if (mac != NULL)
		h->ctx = EVP_MAC_CTX_new(mac);
	/* The context keeps it from here on. */
	EVP_MAC_free(mac);
	if (h->ctx == NULL || !init(h->ctx, f, md, key, len, o)) {
		st = slu_fault_refused("start", h->name);
		f->kind->free(h->ctx);
		return st;
	}
	h->kind = f->kind;
	h->size = f->size;
	h->most = f->kind == &kmac_kind ? KMAC_MOST : 0;
	h->block = EVP_MAC_CTX_get_block_size(h->ctx);
	return SLU_OK;
}

slu_status
slu_mac_new(slu_hash **out, const char *name, const void *key, size_t len,
    const slu_mac_options *options)
{
	static const slu_mac_options none = { 0 };
	slu_hash made = { .ctx = NULL };
	struct family f = { .name = NULL };
	EVP_MD *md = NULL;
	slu_status st;

	if (options == NULL)
		options = &none;
	/* What the caller's own use of OpenSSL left says nothing of ours. */
	(void)slu_fault_drain();
	st = find(&f, &made, &md, name);
	if (st == SLU_OK)
		st = check(&f, len, options);
	if (st == SLU_OK && options->size != 0)
		f.size = options->size;
	if (st == SLU_OK)
		st = start(&made, &f, md, key, len, options);
	EVP_MD_free(md);
	return st ? st : slu_hash_make(out, &made);
}

slu_status
slu_mac(const char *name, const void *key, size_t key_len, const void *data,
    size_t len, void *mac, size_t size)
{
	slu_hash *h = NULL;
	slu_status st;
	size_t n;

	st = slu_mac_new(
	    &h, name, key, key_len, &(slu_mac_options){ .size = size });
	if (st == SLU_OK)
		st = slu_hash_update(h, data, len);
	if (st == SLU_OK)
		st = slu_hash_final(h, mac, size, &n);
	slu_hash_free(h);
	return st;
}
