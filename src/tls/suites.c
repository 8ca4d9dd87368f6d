/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../base/near.h"
#include "fault.h"

/* A thing to be spoken, as libssl calls it and as others do; in our order. */
struct item {
	const char *name, *other;
	bool is_1_3;
};

/* Forward secrecy and authenticated encryption, and nothing else. */
static const struct item suites[] = {
	{ "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", true },
	{ "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384", true },
	{ "TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256",
	    true },
	{ "ECDHE-ECDSA-AES128-GCM-SHA256",
	    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", false },
	{ "ECDHE-RSA-AES128-GCM-SHA256",
	    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false },
	{ "ECDHE-ECDSA-AES256-GCM-SHA384",
	    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", false },
	{ "ECDHE-RSA-AES256-GCM-SHA384",
	    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", false },
	{ "ECDHE-ECDSA-CHACHA20-POLY1305",
	    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", false },
	{ "ECDHE-RSA-CHACHA20-POLY1305",
	    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", false },
};

static const struct item groups[] = {
	{ "X25519", "X25519", true },
	{ "P-256", "secp256r1", true },
	{ "P-384", "secp384r1", true },
	{ "P-521", "secp521r1", true },
	{ "X448", "X448", true },
};

#define COUNT(items) (sizeof(items) / sizeof(*(items)))

static const char default_groups[] = "X25519:P-256:P-384:P-521";

/* No SHA-1, no SHA-224, no DSA. */
static const char schemes[] =
    "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512:"
    "ed25519:ed448:rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:"
    "rsa_pss_rsae_sha512:rsa_pss_pss_sha256:rsa_pss_pss_sha384:"
    "rsa_pss_pss_sha512:rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512";

/* Add to a list of libssl's own; there is room for all that it can hold. */
static void
add(char list[SLU_SUITES_MAX], const char *name)
{
	size_t len = strlen(list);

	snprintf(
	    list + len, SLU_SUITES_MAX - len, "%s%s", len > 0 ? ":" : "", name);
}

static void
add_suite(slu_suites *out, const struct item *it)
{
	add(it->is_1_3 ? out->modern : out->old, it->name);
}

static bool
is_called(const struct item *it, const char *name)
{
	return strcasecmp(it->name, name) == 0 ||
	       strcasecmp(it->other, name) == 0;
}

static const char *
nearest(const struct item *items, size_t count, const char *name)
{
	size_t best = SLU_NEAR_NONE;
	const char *near = NULL;

	for (size_t i = 0; i < 2 * count; i++) {
		const struct item *it = &items[i / 2];
		const char *known = i % 2 == 0 ? it->name : it->other;
		size_t slips = slu_near(name, known);

		if (slips < best) {
			best = slips;
			near = known;
		}
	}
	return near;
}

/* What is in the list before, again, would only make it longer. */
static bool
is_among(const struct item *const found[], size_t n, const struct item *it)
{
	for (size_t i = 0; i < n; i++)
		if (found[i] == it)
			return true;
	return false;
}

static slu_status
unknown(
    const struct item *items, size_t count, const char *what, const char *name)
{
	const char *near = nearest(items, count, name);

	if (near == NULL)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: '%s' is no %s that is spoken here", name, what);
	return slu_fail(SLU_ERR_USAGE,
	    "tls: '%s' is no %s that is spoken here; did you mean '%s'?", name,
	    what, near);
}

/* Find what `list` names, each once; `found` has room for all there are. */
static slu_status
look_up(const struct item *items, size_t count, const char *what,
    const char *list, const struct item *found[], size_t *found_count)
{
	char name[SLU_NEAR_MAX + 1];
	const struct item *it;
	size_t len;

	*found_count = 0;
	for (const char *p = list;; p += len + 1) {
		len = strcspn(p, ":");
		snprintf(name, sizeof(name), "%.*s", (int)len, p);
		it = NULL;
		for (size_t i = 0; i < count; i++)
			if (len < sizeof(name) && is_called(&items[i], name))
				it = &items[i];
		if (it == NULL)
			return unknown(items, count, what, name);
		if (!is_among(found, *found_count, it))
			found[(*found_count)++] = it;
		if (p[len] == '\0')
			return SLU_OK;
	}
}

static slu_status
not_here(const char *what)
{
	ERR_clear_error();
	return slu_fail(
	    SLU_ERR_CRYPTO, "tls: OpenSSL does not take the %s", what);
}

slu_status
slu_suites_read(slu_suites *out, const char *list)
{
	const struct item *found[COUNT(suites)];
	size_t n;
	slu_status st =
	    look_up(suites, COUNT(suites), "cipher suite", list, found, &n);

	if (st)
		return st;
	*out = (slu_suites){ 0 };
	for (size_t i = 0; i < n; i++)
		add_suite(out, found[i]);
	return SLU_OK;
}

void
slu_suites_all(slu_suites *out)
{
	*out = (slu_suites){ 0 };
	for (size_t i = 0; i < COUNT(suites); i++)
		add_suite(out, &suites[i]);
}

/* Of a version that no suite is left for, libssl's own stay, unused. */
slu_status
slu_suites_use(SSL_CTX *ctx, const slu_suites *s)
{
	if ((s->old[0] != '\0' && SSL_CTX_set_cipher_list(ctx, s->old) != 1) ||
	    (s->modern[0] != '\0' &&
		SSL_CTX_set_ciphersuites(ctx, s->modern) != 1))
		return not_here("cipher suites");
	return SLU_OK;
}

slu_status
slu_suites_set_groups(SSL_CTX *ctx, const char *list)
{
	const struct item *found[COUNT(groups)];
	char all[SLU_SUITES_MAX] = "";
	size_t n;
	slu_status st =
	    look_up(groups, COUNT(groups), "group", list, found, &n);

	if (st)
		return st;
	for (size_t i = 0; i < n; i++)
		add(all, found[i]->name);
	if (SSL_CTX_set1_groups_list(ctx, all) != 1)
		return not_here("groups");
	return SLU_OK;
}

slu_status
slu_suites_best_groups(SSL_CTX *ctx)
{
	if (SSL_CTX_set1_groups_list(ctx, default_groups) != 1)
		return not_here("groups");
	return SLU_OK;
}

slu_status
slu_suites_set_defaults(SSL_CTX *ctx)
{
	if (SSL_CTX_set1_sigalgs_list(ctx, schemes) != 1 ||
	    SSL_CTX_set1_client_sigalgs_list(ctx, schemes) != 1)
		return not_here("signature schemes");
	return slu_suites_best_groups(ctx);
}
