/* SPDX-License-Identifier: ISC */
/* What a config says is what its engines do. */
#include <openssl/objects.h>

#include "check.h"
#include "sluice/tls_peer.h"
#include "tls/tls_config_internal.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

static int
enter(void **state)
{
	tls_pair *p = malloc(sizeof(*p));

	CHECK(p != NULL);
	folder_enter();
	tls_pair_new(p);
	*state = p;
	return 0;
}

/* Engines of both configs, in which a version, or 0 for none, is agreed on. */
static void
check_version(tls_pair *p, int want)
{
	tls_pair_begin(p, CERTIFICATE_NAME);
	if (want == 0) {
		CHECK_IS(SLU_ERR_PEER, tls_pair_shake(p));
	} else {
		CHECK_OK(tls_pair_shake(p));
		CHECK(SSL_version(p->client->ssl) == want);
	}
	tls_pair_end(p);
}

/* Other configs, with the files of the pair. */
static void
renew(tls_pair *p)
{
	slu_tls_identity *id = NULL;

	slu_tls_config_free(p->client_config);
	slu_tls_config_free(p->server_config);
	CHECK_OK(slu_tls_config_new(&p->client_config));
	CHECK_OK(slu_tls_config_new(&p->server_config));
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	CHECK_OK(slu_tls_identity_file(&id, "leaf.pem", "leaf.key", NULL));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	slu_tls_identity_free(id);
}

static void
versions_and_profiles_are_what_is_spoken(void **state)
{
	tls_pair *p = *state;

	check_version(p, TLS1_3_VERSION);
	renew(p);
	CHECK_OK(slu_tls_config_versions(
	    p->client_config, SLU_TLS_1_2, SLU_TLS_1_2));
	check_version(p, TLS1_2_VERSION);
	renew(p);
	CHECK_OK(slu_tls_config_versions(
	    p->client_config, SLU_TLS_1_2, SLU_TLS_1_2));
	CHECK_OK(slu_tls_config_profile(p->server_config, SLU_TLS_MODERN));
	check_version(p, 0);
	renew(p);
	CHECK_OK(slu_tls_config_profile(p->server_config, SLU_TLS_MODERN));
	check_version(p, TLS1_3_VERSION);
	renew(p);
	CHECK_OK(slu_tls_config_profile(p->server_config, SLU_TLS_MODERN));
	CHECK_OK(slu_tls_config_profile(p->server_config, SLU_TLS_DEFAULT));
	CHECK_OK(slu_tls_config_versions(
	    p->client_config, SLU_TLS_1_2, SLU_TLS_1_2));
	check_version(p, TLS1_2_VERSION);
}

static void
versions_that_are_none_are_refused(void **state)
{
	tls_pair *p = *state;
	slu_tls_config *cfg = p->client_config;

	CHECK_IS(
	    SLU_ERR_USAGE, slu_tls_config_versions(cfg,
			       (slu_tls_version)TLS1_1_VERSION, SLU_TLS_1_3));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_versions(cfg, SLU_TLS_1_3, SLU_TLS_1_2));
	CHECK_IS(
	    SLU_ERR_USAGE, slu_tls_config_profile(cfg, (slu_tls_profile)2));
}

/* Acceptance E: what is old or weak is refused. */
/* What a peer is without our rules, and speaks. */
typedef struct habit {
	const char *key; /* of the server's certificate */
	const char *suites;
	int version;
	bool fit; /* for us */
} habit;

static void
meet(tls_pair *p, const habit *h, bool at_client)
{
	SSL *ssl;

	tls_pair_begin(p, CERTIFICATE_NAME);
	ssl = at_client ? p->client->ssl : p->server->ssl;
	CHECK(SSL_set_cipher_list(ssl, h->suites) == 1);
	CHECK(SSL_set_ciphersuites(ssl, "") == 1);
	CHECK(SSL_set_min_proto_version(ssl, h->version));
	CHECK(SSL_set_max_proto_version(ssl, h->version));
	(void)tls_pair_shake(p);
	CHECK(slu_failed(p->client_said) == !h->fit);
	CHECK(slu_failed(p->server_said) == !h->fit);
	tls_pair_end(p);
}

static void
a_peer_that_offers_only_what_is_old_is_refused(void **state)
{
	static const habit habits[] = {
		{ "P-256", "ALL:@SECLEVEL=0", TLS1_1_VERSION, false },
		{ "P-256", "ALL:@SECLEVEL=0", TLS1_VERSION, false },
		{ "P-256", "ECDHE-ECDSA-AES128-SHA256", TLS1_2_VERSION, false },
		{ "P-256", "ECDHE-ECDSA-AES256-SHA", TLS1_2_VERSION, false },
		{ "P-256", "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0",
		    TLS1_2_VERSION, false },
		{ "P-256", "ECDHE-ECDSA-AES128-GCM-SHA256", TLS1_2_VERSION,
		    true },
		{ "RSA", "ALL:@SECLEVEL=0", TLS1_1_VERSION, false },
		{ "RSA", "ECDHE-RSA-AES128-SHA256", TLS1_2_VERSION, false },
		{ "RSA", "ECDHE-RSA-AES256-SHA", TLS1_2_VERSION, false },
		{ "RSA", "AES128-GCM-SHA256", TLS1_2_VERSION, false },
		{ "RSA", "AES256-SHA", TLS1_2_VERSION, false },
		{ "RSA", "kRSA", TLS1_2_VERSION, false },
		{ "RSA", "DHE-RSA-AES128-GCM-SHA256", TLS1_2_VERSION, false },
		{ "RSA", "ECDHE-RSA-AES128-GCM-SHA256", TLS1_2_VERSION, true },
	};
	size_t count = sizeof(habits) / sizeof(*habits);
	const char *key = "P-256";
	tls_pair *p = *state;

	if (check_slow("no RSA key is made"))
		count = 6;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(key, habits[i].key) != 0) {
			key = habits[i].key;
			certificate_free(&p->leaf);
			p->leaf =
			    authority_issue(&p->root, &(wish){ .key = key });
			authority_write("leaf.pem", p->leaf.cert, NULL, NULL);
			authority_write("leaf.key", NULL, NULL, p->leaf.key);
			renew(p);
		}
		meet(p, &habits[i], true);
		meet(p, &habits[i], false);
	}
}

static void
check_suite(tls_pair *p, const char *list, const char *want)
{
	renew(p);
	CHECK_OK(slu_tls_config_ciphers(p->server_config, list));
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	assert_string_equal(want, SSL_get_cipher_name(p->client->ssl));
	tls_pair_end(p);
}

static void
a_list_of_suites_is_spoken_in_its_order(void **state)
{
	tls_pair *p = *state;

	check_suite(p,
	    "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:"
	    "TLS_CHACHA20_POLY1305_SHA256",
	    "TLS_CHACHA20_POLY1305_SHA256");
	check_suite(p, "ecdhe-ecdsa-aes256-gcm-sha384",
	    "ECDHE-ECDSA-AES256-GCM-SHA384");
	check_suite(p, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
	    "ECDHE-ECDSA-CHACHA20-POLY1305");
}

static void
check_unknown(slu_status st, const char *words)
{
	CHECK_IS(SLU_ERR_USAGE, st);
	CHECK_WORDS(words);
}

static void
an_unknown_suite_or_group_is_refused_with_a_near_one(void **state)
{
	tls_pair *p = *state;
	slu_tls_config *cfg = p->server_config;

	check_unknown(
	    slu_tls_config_ciphers(cfg, "ECDHE-RSA-AES128-GCM-SHA265"),
	    "did you mean 'ECDHE-RSA-AES128-GCM-SHA256'?");
	check_unknown(slu_tls_config_ciphers(
			  cfg, "TLS_AES_128_GCM_SHA256:tls_aes_12_gcm_sha256"),
	    "'tls_aes_12_gcm_sha256' is no cipher suite");
	check_unknown(slu_tls_config_ciphers(cfg, "AES128-SHA"),
	    "'AES128-SHA' is no cipher suite that is spoken here");
	check_unknown(slu_tls_config_ciphers(cfg, ""), "'' is no cipher");
	check_unknown(slu_tls_config_ciphers(cfg, "TLS_AES_128_GCM_SHA256:"),
	    "'' is no cipher");
	check_unknown(slu_tls_config_groups(cfg, "X25591"),
	    "'X25591' is no group that is spoken here; did you mean 'X25519'?");
	check_unknown(
	    slu_tls_config_groups(cfg, "P-256:P-265"), "did you mean 'P-256'?");
	check_suite(p, "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384");
}

static void
versions_and_suites_that_leave_nothing_are_refused(void **state)
{
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_profile(p->server_config, SLU_TLS_MODERN));
	CHECK_OK(slu_tls_config_ciphers(
	    p->server_config, "ECDHE-ECDSA-AES128-GCM-SHA256"));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_server(&p->server, p->server_config));
	CHECK_WORDS("no cipher suite is left for the versions");
}

static void
a_list_of_groups_is_spoken(void **state)
{
	static const struct {
		const char *list;
		int want;
	} cases[] = {
		{ "P-384", NID_secp384r1 },
		{ "secp521r1:X25519", NID_secp521r1 },
		{ "x448:P-256", NID_X448 },
	};
	tls_pair *p = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		renew(p);
		CHECK_OK(
		    slu_tls_config_groups(p->client_config, cases[i].list));
		CHECK_OK(
		    slu_tls_config_groups(p->server_config, cases[i].list));
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_OK(tls_pair_shake(p));
		CHECK(
		    SSL_get_negotiated_group(p->client->ssl) == cases[i].want);
		tls_pair_end(p);
	}
}

/* What is agreed on, of protocols that are said with a blank between. */
static void
check_alpn(tls_pair *p, const char *const *client, size_t client_count,
    const char *const *server, size_t server_count, const char *want)
{
	const unsigned char *got;
	unsigned len;

	renew(p);
	CHECK_OK(slu_tls_config_alpn(p->client_config, client, client_count));
	CHECK_OK(slu_tls_config_alpn(p->server_config, server, server_count));
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	for (int i = 0; i < 2; i++) {
		SSL_get0_alpn_selected(
		    i == 0 ? p->client->ssl : p->server->ssl, &got, &len);
		CHECK_BYTES(want, strlen(want), got, len);
	}
	tls_pair_end(p);
}

/* What was said before a profile is not spoken after it, and the rest is. */
static void
a_profile_sets_suites_and_groups_anew(void **state)
{
	static const struct {
		slu_tls_profile profile;
		slu_tls_version version;
		const char *other;
		int want;
	} cases[] = {
		{ SLU_TLS_DEFAULT, SLU_TLS_1_2, "P-521:P-384", NID_secp521r1 },
		{ SLU_TLS_DEFAULT, SLU_TLS_1_3, "P-521:P-384", NID_secp521r1 },
		{ SLU_TLS_MODERN, SLU_TLS_1_3, "X25519:P-384", NID_X25519 },
	};
	static const char lone[] =
	    "TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-GCM-SHA384";
	tls_pair *p = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		slu_tls_version v = cases[i].version;

		renew(p);
		CHECK_OK(slu_tls_config_groups(p->client_config, "P-384"));
		CHECK_OK(slu_tls_config_ciphers(p->client_config, lone));
		CHECK_OK(
		    slu_tls_config_profile(p->client_config, cases[i].profile));
		CHECK_OK(slu_tls_config_versions(p->server_config, v, v));
		CHECK_OK(
		    slu_tls_config_groups(p->server_config, cases[i].other));
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_OK(tls_pair_shake(p));
		CHECK(
		    SSL_get_negotiated_group(p->client->ssl) == cases[i].want);
		CHECK(strstr(slu_tls_peer_cipher(p->client), "AES_128_GCM"));
		tls_pair_end(p);
	}
}

static void
an_application_protocol_is_chosen_by_the_server_s_order(void **state)
{
	static const char *const ours[] = { "h2", "http/1.1" };
	static const char *const theirs[] = { "http/1.1", "h2" };
	tls_pair *p = *state;

	check_alpn(p, ours, 2, theirs, 2, "http/1.1");
	check_alpn(p, theirs, 2, ours, 2, "h2");
	check_alpn(p, ours, 1, theirs, 2, "h2");
	check_alpn(p, NULL, 0, ours, 2, "");
	check_alpn(p, ours, 2, NULL, 0, "");
}

static void
protocols_without_one_in_common_are_refused(void **state)
{
	static const char *const ours[] = { "h2" }, *const theirs[] = { "h3" };
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_alpn(p->client_config, ours, 1));
	CHECK_OK(slu_tls_config_alpn(p->server_config, theirs, 1));
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK(slu_failed(tls_pair_shake(p)));
	CHECK(p->client->alert == SSL_AD_NO_APPLICATION_PROTOCOL);
}

static int
choose_what_nobody_offered(SSL *ssl, const unsigned char **out,
    unsigned char *out_len, const unsigned char *offered, unsigned len,
    void *arg)
{
	(void)ssl, (void)offered, (void)len, (void)arg;
	*out = (const unsigned char *)"h3";
	*out_len = 2;
	return SSL_TLSEXT_ERR_OK;
}

static void
a_protocol_that_was_not_offered_is_refused(void **state)
{
	static const char *const ours[] = { "h2", "http/1.1" };
	tls_pair *p = *state;

	for (int version = SLU_TLS_1_2; version <= SLU_TLS_1_3; version++) {
		renew(p);
		tls_pair_version(p, version);
		CHECK_OK(slu_tls_config_alpn(p->client_config, ours, 2));
		SSL_CTX_set_alpn_select_cb(
		    p->server_config->ctx, choose_what_nobody_offered, NULL);
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_IS(SLU_ERR_FORMAT, tls_pair_shake(p));
		tls_pair_end(p);
	}
}

static void
names_of_protocols_are_checked(void **state)
{
	static char longest[257];
	const char *const names[] = { longest, longest + 1, "" };
	const char *const many[] = { longest + 1, longest + 1, "x" };
	tls_pair *p = *state;

	memset(longest, 'a', sizeof(longest) - 1);
	CHECK_IS(
	    SLU_ERR_USAGE, slu_tls_config_alpn(p->client_config, names, 1));
	CHECK_IS(
	    SLU_ERR_USAGE, slu_tls_config_alpn(p->client_config, names + 2, 1));
	CHECK_OK(slu_tls_config_alpn(p->client_config, names + 1, 1));
	CHECK_IS(SLU_ERR_LIMIT, slu_tls_config_alpn(p->client_config, many, 3));
}

static void
without_sni_a_server_does_not_learn_the_name(void **state)
{
	tls_pair *p = *state;

	for (int i = 0; i < 2; i++) {
		if (i == 1) {
			renew(p);
			CHECK_OK(slu_tls_config_no_sni(p->client_config));
		}
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_OK(tls_pair_shake(p));
		CHECK((SSL_get_servername(p->server->ssl,
			   TLSEXT_NAMETYPE_host_name) == NULL) == i);
		tls_pair_end(p);
	}
}

/* The longest record that drains from `from` while it writes 20,000 bytes. */
static size_t
longest_record(tls_pair *p, slu_tls *from)
{
	static const char much[20000];
	slu_buf wire = { .limit = 1 << 20 };
	size_t put, all = 0, longest = 0, len;
	const unsigned char *r;

	(void)p;
	while (all < sizeof(much)) {
		CHECK_OK(
		    slu_tls_write(from, much + all, sizeof(much) - all, &put));
		all += put;
		tls_pair_drain(from, &wire);
	}
	while (wire.len > 0) {
		r = slu_buf_front(&wire);
		len = (size_t)r[3] << 8 | r[4];
		longest = len > longest ? len : longest;
		slu_buf_skip(&wire, 5 + len);
	}
	slu_buf_free(&wire);
	return longest;
}

static void
records_hold_no_more_than_is_said(void **state)
{
	static const size_t sizes[] = { 512, 1000, 4096, 16384 };
	tls_pair *p = *state;
	size_t n;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		renew(p);
		CHECK_OK(slu_tls_config_record_max(p->client_config, sizes[i]));
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_OK(tls_pair_shake(p));
		n = longest_record(p, p->client);
		CHECK(n >= sizes[i] && n <= sizes[i] + 64);
		n = longest_record(p, p->server);
		/* What can be asked for, the server does too. */
		CHECK((n <= sizes[i] + 64) == (sizes[i] != 1000));
		tls_pair_end(p);
	}
	renew(p);
	CHECK_IS(
	    SLU_ERR_USAGE, slu_tls_config_record_max(p->client_config, 511));
	CHECK_IS(
	    SLU_ERR_USAGE, slu_tls_config_record_max(p->client_config, 16385));
}

/* A client with an identity of `by`, or none, to a server that wants one. */
static slu_status
ask_client(tls_pair *p, slu_tls_client_auth auth, const certificate *by)
{
	slu_tls_identity *id = NULL;
	certificate c;
	slu_status st;

	renew(p);
	CHECK_OK(slu_tls_config_trust_file(p->server_config, "root.pem"));
	CHECK_OK(slu_tls_config_client_auth(p->server_config, auth));
	if (by != NULL) {
		c = authority_issue(by, &(wish){ .usage = "clientAuth" });
		authority_write("client.pem", c.cert, NULL, c.key);
		certificate_free(&c);
		CHECK_OK(slu_tls_identity_file(&id, "client.pem", NULL, NULL));
		CHECK_OK(slu_tls_config_identity(p->client_config, id));
		slu_tls_identity_free(id);
	}
	tls_pair_begin(p, CERTIFICATE_NAME);
	(void)tls_pair_shake(p);
	st = p->server_said;
	CHECK((SSL_get0_peer_certificate(p->server->ssl) != NULL) ==
	      (by != NULL && auth != SLU_TLS_NONE && st == SLU_OK));
	tls_pair_end(p);
	return st;
}

static void
clients_show_what_they_are_asked_for(void **state)
{
	tls_pair *p = *state;
	certificate other = authority_make("other");

	CHECK_OK(ask_client(p, SLU_TLS_NONE, NULL));
	CHECK_OK(ask_client(p, SLU_TLS_NONE, &p->root));
	CHECK_OK(ask_client(p, SLU_TLS_REQUEST, NULL));
	CHECK_OK(ask_client(p, SLU_TLS_REQUEST, &p->root));
	CHECK_IS(SLU_ERR_AUTH, ask_client(p, SLU_TLS_REQUEST, &other));
	CHECK_IS(SLU_ERR_AUTH, ask_client(p, SLU_TLS_REQUIRE, NULL));
	CHECK_OK(ask_client(p, SLU_TLS_REQUIRE, &p->root));
	CHECK_IS(SLU_ERR_AUTH, ask_client(p, SLU_TLS_REQUIRE, &other));
	certificate_free(&other);
}

static void
a_server_s_certificate_is_for_no_client(void **state)
{
	tls_pair *p = *state;
	certificate c =
	    authority_issue(&p->root, &(wish){ .usage = "serverAuth" });
	slu_tls_identity *id = NULL;

	authority_write("client.pem", c.cert, NULL, c.key);
	certificate_free(&c);
	CHECK_OK(slu_tls_identity_file(&id, "client.pem", NULL, NULL));
	CHECK_OK(slu_tls_config_identity(p->client_config, id));
	slu_tls_identity_free(id);
	CHECK_OK(slu_tls_config_trust_file(p->server_config, "root.pem"));
	CHECK_OK(slu_tls_config_client_auth(p->server_config, SLU_TLS_REQUEST));
	tls_pair_begin(p, CERTIFICATE_NAME);
	(void)tls_pair_shake(p);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(p->server));
	CHECK_WORDS("certificate is not for clients");
}

static void
a_server_that_trusts_authorities_says_if_it_asks_clients(void **state)
{
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_trust_file(p->server_config, "root.pem"));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_server(&p->server, p->server_config));
	CHECK_WORDS("must say whether clients are asked for a certificate");
	CHECK_OK(slu_tls_config_client_auth(p->server_config, SLU_TLS_NONE));
	check_version(p, TLS1_3_VERSION);
	renew(p);
	CHECK_OK(slu_tls_config_trust_system(p->server_config));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_server(&p->server, p->server_config));
}

static void
a_server_that_asks_clients_must_say_whom_it_trusts(void **state)
{
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_client_auth(p->server_config, SLU_TLS_REQUIRE));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_server(&p->server, p->server_config));
	CHECK_WORDS("nobody is trusted to issue it");
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_client_auth(
				    p->client_config, (slu_tls_client_auth)3));
}

static void
a_handshake_that_is_too_large_is_refused(void **state)
{
	static char names[8192] = "DNS:" CERTIFICATE_NAME;
	tls_pair *p = *state;
	slu_tls_identity *id = NULL;
	certificate c;

	for (int i = 0; i < 300; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names),
		    ",DNS:n%d.sluice.test", i);
	c = authority_issue(&p->root, &(wish){ .san = names });
	authority_write("large.pem", c.cert, NULL, c.key);
	certificate_free(&c);
	for (int i = 0; i < 2; i++) {
		renew(p);
		CHECK_OK(slu_tls_identity_file(&id, "large.pem", NULL, NULL));
		slu_tls_config_free(p->server_config);
		CHECK_OK(slu_tls_config_new(&p->server_config));
		CHECK_OK(slu_tls_config_identity(p->server_config, id));
		slu_tls_identity_free(id);
		if (i == 1)
			CHECK_OK(slu_tls_config_limits(p->client_config,
			    &(slu_tls_limits){ .handshake = 4096 }));
		tls_pair_begin(p, CERTIFICATE_NAME);
		(void)tls_pair_shake(p);
		CHECK(p->client_said == (i == 0 ? SLU_OK : SLU_ERR_LIMIT));
		tls_pair_end(p);
	}
}

static void
limits_that_are_none_are_refused(void **state)
{
	tls_pair *p = *state;
	slu_tls_config *cfg = p->client_config;

	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_limits(cfg, &(slu_tls_limits){ .handshake = 1 }));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_limits(cfg,
		&(slu_tls_limits){ .handshake = SLU_TLS_HANDSHAKE_MAX + 1 }));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_limits(cfg, &(slu_tls_limits){ .chain = 256 }));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_sessions(cfg, SLU_TLS_SESSION_SECONDS_MAX + 1));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_tickets(cfg, SLU_TLS_TICKETS_MAX + 1));
	CHECK_OK(slu_tls_config_limits(cfg, &(slu_tls_limits){ 0 }));
}

/* How many sessions the client was given, of a config as it is now. */
static int received;

static int
count_session(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl, (void)session;
	received++;
	return 0;
}

static int
sessions_given(tls_pair *p, slu_tls_version version)
{
	char byte;
	size_t n;

	CHECK_OK(slu_tls_config_versions(p->client_config, version, version));
	SSL_CTX_set_session_cache_mode(
	    p->client_config->ctx, SSL_SESS_CACHE_CLIENT);
	SSL_CTX_sess_set_new_cb(p->client_config->ctx, count_session);
	received = 0;
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	(void)tls_pair_carry(p);
	CHECK_IS(SLU_WANT_READ, slu_tls_read(p->client, &byte, 1, &n));
	tls_pair_end(p);
	return received;
}

static void
tickets_are_as_many_as_is_said(void **state)
{
	static const unsigned counts[] = { 0, 1, 2, 5 };
	tls_pair *p = *state;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		renew(p);
		CHECK_OK(slu_tls_config_tickets(p->server_config, counts[i]));
		CHECK(sessions_given(p, SLU_TLS_1_3) == (int)counts[i]);
	}
	renew(p);
	CHECK(sessions_given(p, SLU_TLS_1_2) == 1);
	renew(p);
	CHECK_OK(slu_tls_config_sessions(p->server_config, 0));
	CHECK(sessions_given(p, SLU_TLS_1_2) == 0);
	renew(p);
	CHECK_OK(slu_tls_config_sessions(p->server_config, 0));
	CHECK(sessions_given(p, SLU_TLS_1_3) == 0);
}

static void
take_line(const char *line, void *arg)
{
	int *lines = arg;

	++*lines;
	CHECK(strchr(line, '\n') == NULL);
	CHECK(strncmp(line, "CLIENT_", 7) == 0 ||
	      strncmp(line, "SERVER_", 7) == 0 ||
	      strncmp(line, "EXPORTER_", 9) == 0);
}

static void
secrets_go_to_who_asks_for_them(void **state)
{
	tls_pair *p = *state;
	int lines = 0;

	CHECK_OK(slu_tls_config_key_log(p->client_config, take_line, &lines));
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	CHECK(lines == 5);
	tls_pair_end(p);
	renew(p);
	CHECK_OK(slu_tls_config_key_log(p->server_config, take_line, &lines));
	CHECK_OK(slu_tls_config_key_log(p->server_config, NULL, NULL));
	check_version(p, TLS1_3_VERSION);
	CHECK(lines == 5);
}

static void
who_wants_no_protection_is_told_what_is_wrong(void **state)
{
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_insecure_skip_verification(p->client_config));
	tls_pair_begin(p, "other.test");
	CHECK_OK(tls_pair_shake(p));
	tls_pair_say(p, p->client, p->server, "anybody there?");
	CHECK_IS(SLU_ERR_AUTH, slu_tls_peer_verified(p->client));
	CHECK_WORDS("certificate is not valid for this name");
}

static void
nothing_changes_once_a_config_is_in_use(void **state)
{
	static const char *const names[] = { "h2" };
	tls_pair *p = *state;
	slu_tls_config *cfg = p->client_config;
	unsigned char pin[SLU_TLS_PIN] = { 0 };

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_profile(cfg, SLU_TLS_MODERN));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_versions(cfg, SLU_TLS_1_2, SLU_TLS_1_3));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_ciphers(cfg, "TLS_AES_128_GCM_SHA256"));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_groups(cfg, "P-256"));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_alpn(cfg, names, 1));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_no_sni(cfg));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_record_max(cfg, 1024));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_client_auth(cfg, SLU_TLS_NONE));
	CHECK_IS(
	    SLU_ERR_USAGE, slu_tls_config_limits(cfg, &(slu_tls_limits){ 0 }));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_sessions(cfg, 1));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_tickets(cfg, 1));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_key_log(cfg, NULL, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_trust_pin(cfg, pin));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_only_pins(cfg));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_insecure_skip_verification(cfg));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, tls_pair_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(versions_and_profiles_are_what_is_spoken),
		TEST(versions_that_are_none_are_refused),
		TEST(a_peer_that_offers_only_what_is_old_is_refused),
		TEST(a_list_of_suites_is_spoken_in_its_order),
		TEST(an_unknown_suite_or_group_is_refused_with_a_near_one),
		TEST(versions_and_suites_that_leave_nothing_are_refused),
		TEST(a_list_of_groups_is_spoken),
		TEST(a_profile_sets_suites_and_groups_anew),
		TEST(an_application_protocol_is_chosen_by_the_server_s_order),
		TEST(protocols_without_one_in_common_are_refused),
		TEST(a_protocol_that_was_not_offered_is_refused),
		TEST(names_of_protocols_are_checked),
		TEST(without_sni_a_server_does_not_learn_the_name),
		TEST(records_hold_no_more_than_is_said),
		TEST(clients_show_what_they_are_asked_for),
		TEST(a_server_s_certificate_is_for_no_client),
		TEST(a_server_that_asks_clients_must_say_whom_it_trusts),
		TEST(a_server_that_trusts_authorities_says_if_it_asks_clients),
		TEST(a_handshake_that_is_too_large_is_refused),
		TEST(limits_that_are_none_are_refused),
		TEST(tickets_are_as_many_as_is_said),
		TEST(secrets_go_to_who_asks_for_them),
		TEST(who_wants_no_protection_is_told_what_is_wrong),
		TEST(nothing_changes_once_a_config_is_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
