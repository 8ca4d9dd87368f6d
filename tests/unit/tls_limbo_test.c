/* SPDX-License-Identifier: ISC */
/*
 * x509-limbo (C2SP): certificate chains, each with the verdict that RFC 5280,
 * or the rules of the authorities that browsers trust (CABF), have for it.
 */
#define _DEFAULT_SOURCE
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "check.h"
#include "json.h"
#include "tls/verify.h"
#include "vectors.h"

#define CASES 135
#define RIGHT_AT_LEAST 120

/* Where we differ, and why; no other difference is right. */
static const struct difference {
	const char *id;
	bool accepted; /* by us */
	const char *why;
} differences[] = {
	{ "pathlen::validation-ignores-pathlen-in-leaf", false,
	    "the leaf is an authority's, whose key is for no server" },
	{ "pathlen::max-chain-depth-1-self-issued", false,
	    "the limit counts certificates, whoever issued them" },
	{ "rfc5280::nc::permitted-dn-match", false,
	    "the name that is asked for stands in no SAN" },
	{ "rfc5280::nc::permitted-dns-match-noncritical", true,
	    "CABF allows it, and browsers heed constraints all the same" },
	{ "webpki::aki::root-with-aki-missing-keyidentifier", true,
	    "of a root that is trusted, nothing depends on it" },
	{ "webpki::eku::ee-anyeku", true,
	    "it is for servers too; CABF forbids the rest to public CAs" },
	{ "webpki::eku::ee-critical-eku", true,
	    "a form that CABF asks of public CAs; the meaning is the same" },
	{ "webpki::eku::ee-without-eku", true,
	    "for all purposes, says RFC 5280; private CAs issue such" },
	{ "webpki::eku::root-has-eku", true,
	    "a form that CABF asks of public CAs; it is heeded if it is "
	    "there" },
	{ "webpki::san::san-critical-with-nonempty-subject", true,
	    "a form that CABF asks of public CAs; the meaning is the same" },
};

static const struct difference *
difference_of(const char *id)
{
	for (size_t i = 0; i < sizeof(differences) / sizeof(*differences); i++)
		if (strcmp(differences[i].id, id) == 0)
			return &differences[i];
	return NULL;
}

/* Certificates of a case; those that cannot be decoded make it a refusal. */
typedef struct chain {
	X509_STORE *roots;
	STACK_OF(X509) * sent;
	X509 *leaf;
	bool broken;
} chain;

static X509 *
decode(chain *c, const char *text)
{
	BIO *in = BIO_new_mem_buf(text, -1);
	X509 *cert = PEM_read_bio_X509(in, NULL, NULL, NULL);

	CHECK(in != NULL);
	BIO_free(in);
	if (cert == NULL)
		c->broken = true;
	return cert;
}

static chain
read_chain(const json *t)
{
	chain c = { X509_STORE_new(), sk_X509_new_null(), NULL, false };
	const json *v;
	X509 *cert;

	CHECK(c.roots != NULL && c.sent != NULL);
	c.leaf = decode(&c, json_text(t, "peer_certificate"));
	for (v = json_get(t, "trusted_certs")->first; v; v = v->next) {
		cert = decode(&c, v->text);
		CHECK(cert == NULL || X509_STORE_add_cert(c.roots, cert) == 1);
		X509_free(cert);
	}
	v = json_get(t, "untrusted_intermediates")->first;
	for (; v != NULL; v = v->next) {
		cert = decode(&c, v->text);
		CHECK(cert == NULL || sk_X509_push(c.sent, cert) > 0);
	}
	return c;
}

static void
set_time(X509_VERIFY_PARAM *param, const char *text)
{
	struct tm tm = { 0 };

	if (text == NULL)
		return;
	CHECK(sscanf(text, "%d-%d-%dT%d:%d:%d", &tm.tm_year, &tm.tm_mon,
		  &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) == 6);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	X509_VERIFY_PARAM_set_time(param, timegm(&tm));
}

/* As an engine of ours sets them, for a client. */
static void
set_up(X509_STORE_CTX *ctx, slu_tls_config *cfg, const json *t)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
	const json *peer = json_get(t, "expected_peer_name");
	const json *depth = json_get(t, "max_chain_depth");
	const char *name = json_text(peer, "value");

	CHECK(name != NULL);
	CHECK(X509_STORE_CTX_set_default(ctx, "ssl_server") == 1);
	X509_VERIFY_PARAM_set_auth_level(
	    param, SSL_CTX_get_security_level(cfg->ctx));
	if (strcmp(json_text(peer, "kind"), "IP") == 0)
		CHECK(X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1);
	else
		CHECK(X509_VERIFY_PARAM_set1_host(param, name, 0) == 1);
	set_time(param, json_text(t, "validation_time"));
	cfg->chain_max = SLU_TLS_CHAIN_DEFAULT;
	if (depth != NULL && depth->kind == JSON_NUMBER &&
	    (int)depth->number + 2 < SLU_TLS_CHAIN_DEFAULT)
		cfg->chain_max = (int)depth->number + 2;
}

static bool
accepts(slu_tls_config *cfg, const json *t)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	chain c = read_chain(t);
	bool yes = false;

	CHECK(ctx != NULL);
	if (!c.broken) {
		CHECK(X509_STORE_CTX_init(ctx, c.roots, c.leaf, c.sent) == 1);
		set_up(ctx, cfg, t);
		yes = slu_verify_chain(ctx, cfg) == SLU_OK;
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(c.roots);
	sk_X509_pop_free(c.sent, X509_free);
	X509_free(c.leaf);
	return yes;
}

static void
every_verdict_is_limbo_s_or_a_difference_that_is_listed(void **state)
{
	json *all = vectors_json("x509-limbo/limbo-2023-12-02.json");
	slu_tls_config *cfg = NULL;
	int right = 0, count = 0;

	(void)state;
	CHECK_OK(slu_tls_config_new(&cfg));
	for (const json *t = json_get(all, "testcases")->first; t != NULL;
	     t = t->next) {
		const char *id = json_text(t, "id");
		const char *want = json_text(t, "expected_result");
		const struct difference *d = difference_of(id);
		bool yes = accepts(cfg, t);

		count++;
		if (yes == (strcmp(want, "SUCCESS") == 0)) {
			right++;
			if (d != NULL)
				fail_msg("%s: is no difference", id);
		} else if (d == NULL || d->accepted != yes) {
			fail_msg("%s: %s", id, yes ? "accepted" : slu_error());
		}
	}
	CHECK(count == CASES);
	CHECK(right >= RIGHT_AT_LEAST);
	slu_tls_config_free(cfg);
	json_free(all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_verdict_is_limbo_s_or_a_difference_that_is_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
