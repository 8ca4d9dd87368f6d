/* SPDX-License-Identifier: ISC */
/* Which of several identities is shown, and to whom. */
#include <unistd.h>

#include "check.h"
#include "tls/cert_names.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

enum { A_P256, A_RSA, A_ED25519, B_P384, WILD, OURS };

static const wish wishes[OURS] = {
	[A_P256] = { .san = "DNS:a.test" },
	[A_RSA] = { .san = "DNS:a.test", .key = "RSA" },
	[A_ED25519] = { .san = "DNS:a.test", .key = "ED25519" },
	[B_P384] = { .san = "DNS:b.test,DNS:c.test", .key = "P-384" },
	[WILD] = { .san = "DNS:*.Wild.test", .key = "P-256" },
};

typedef struct meeting {
	tls_pair pair;
	certificate ours[OURS];
} meeting;

static void
add_identity(slu_tls_config *cfg, const certificate *c)
{
	slu_tls_identity *id = NULL;

	authority_write("one.pem", c->cert, NULL, c->key);
	CHECK_OK(slu_tls_identity_file(&id, "one.pem", NULL, NULL));
	CHECK_OK(slu_tls_config_identity(cfg, id));
	slu_tls_identity_free(id);
}

static int
enter(void **state)
{
	meeting *m = malloc(sizeof(*m));
	tls_pair *p = &m->pair;

	CHECK(m != NULL);
	folder_enter();
	tls_pair_new(p);
	slu_tls_config_free(p->server_config);
	CHECK_OK(slu_tls_config_new(&p->server_config));
	for (int i = 0; i < OURS; i++) {
		m->ours[i] = authority_issue(&p->root, &wishes[i]);
		add_identity(p->server_config, &m->ours[i]);
	}
	*state = m;
	return 0;
}

static int
leave(void **state)
{
	meeting *m = *state;

	for (int i = 0; i < OURS; i++)
		certificate_free(&m->ours[i]);
	tls_pair_free(&m->pair);
	free(m);
	folder_leave();
	return 0;
}

static void
part(tls_pair *p)
{
	slu_tls_free(p->client);
	slu_tls_free(p->server);
	p->client = p->server = NULL;
	slu_buf_free(&p->to_client);
	slu_buf_free(&p->to_server);
}

/* What a client is like; NULL: as ours are. */
typedef struct client {
	const char *name, *schemes, *suites, *groups;
} client;

/* Meet such a client, in `version`; what it has seen is `want`'s. */
static void
check_shown(meeting *m, const client *c, int version, int want)
{
	tls_pair *p = &m->pair;
	SSL *ssl;

	tls_pair_begin(p, c->name);
	ssl = p->client->ssl;
	CHECK(SSL_set_max_proto_version(ssl, version));
	CHECK(c->schemes == NULL || SSL_set1_sigalgs_list(ssl, c->schemes));
	CHECK(c->suites == NULL || SSL_set_cipher_list(ssl, c->suites));
	CHECK(c->groups == NULL || SSL_set1_groups_list(ssl, c->groups));
	CHECK_OK(tls_pair_shake(p));
	CHECK(
	    X509_cmp(SSL_get0_peer_certificate(ssl), m->ours[want].cert) == 0);
	part(p);
}

static void
check_shown_in_both(meeting *m, const client *c, int want)
{
	check_shown(m, c, TLS1_2_VERSION, want);
	check_shown(m, c, TLS1_3_VERSION, want);
}

static void
a_name_gets_the_identity_that_has_it(void **state)
{
	check_shown_in_both(*state, &(client){ .name = "a.test" }, A_P256);
	check_shown_in_both(*state, &(client){ .name = "b.test" }, B_P384);
	check_shown_in_both(*state, &(client){ .name = "C.test" }, B_P384);
	check_shown_in_both(*state, &(client){ .name = "www.wild.test" }, WILD);
}

static void
a_client_that_takes_one_kind_of_signature_gets_it(void **state)
{
	check_shown_in_both(*state,
	    &(client){
		.name = "a.test", .schemes = "ed25519:rsa_pss_rsae_sha256" },
	    A_RSA);
	check_shown_in_both(*state,
	    &(client){ .name = "a.test", .schemes = "rsa_pss_rsae_sha384" },
	    A_RSA);
	check_shown_in_both(*state,
	    &(client){ .name = "a.test", .schemes = "ed25519" }, A_ED25519);
	check_shown_in_both(*state,
	    &(client){
		.name = "a.test", .schemes = "ecdsa_secp256r1_sha256:ed25519" },
	    A_P256);
	/* In 1.3 this scheme is of a curve that only b.test's key is on. */
	check_shown(*state,
	    &(client){
		.name = "a.test", .schemes = "ecdsa_secp384r1_sha384:ed25519" },
	    TLS1_3_VERSION, A_ED25519);
	check_shown(*state,
	    &(client){
		.name = "a.test", .schemes = "ecdsa_secp384r1_sha384:ed25519" },
	    TLS1_2_VERSION, A_P256);
}

static void
in_1_2_suites_and_groups_count_too(void **state)
{
	check_shown(*state,
	    &(client){
		.name = "a.test", .suites = "ECDHE-RSA-AES128-GCM-SHA256" },
	    TLS1_2_VERSION, A_RSA);
	check_shown(*state,
	    &(client){ .name = "a.test",
		.suites = "ECDHE-ECDSA-AES128-SHA256:"
			  "ECDHE-RSA-CHACHA20-POLY1305" },
	    TLS1_2_VERSION, A_RSA);
	check_shown(*state, &(client){ .name = "a.test", .groups = "X25519" },
	    TLS1_2_VERSION, A_RSA);
	check_shown(*state, &(client){ .name = "a.test", .groups = "X25519" },
	    TLS1_3_VERSION, A_P256);
}

/* The server's identity in a handshake that the client then breaks off. */
static void
check_default(meeting *m, const char *name, const char *schemes, int want)
{
	tls_pair *p = &m->pair;

	tls_pair_begin(p, name);
	CHECK(
	    schemes == NULL || SSL_set1_sigalgs_list(p->client->ssl, schemes));
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	CHECK(X509_cmp(SSL_get_certificate(p->server->ssl),
		  m->ours[want].cert) == 0);
	part(p);
}

static void
an_unknown_name_gets_the_first_that_its_client_takes(void **state)
{
	check_default(*state, "unknown.test", NULL, A_P256);
	check_default(*state, "127.0.0.1", NULL, A_P256);
	check_default(*state, "unknown.test", "rsa_pss_rsae_sha256", A_RSA);
	check_default(*state, "wild.test", NULL, A_P256);
	check_default(*state, "a.www.wild.test", NULL, A_P256);
}

static void
a_client_that_takes_no_key_of_the_name_is_refused(void **state)
{
	meeting *m = *state;
	tls_pair *p = &m->pair;

	tls_pair_begin(p, "b.test");
	CHECK(SSL_set1_sigalgs_list(p->client->ssl, "ed25519"));
	CHECK_IS(SLU_ERR_PEER, tls_pair_shake(p));
	CHECK(slu_failed(p->server_said));
}

static void
a_client_shows_the_one_whose_authority_the_server_names(void **state)
{
	meeting *m = *state;
	tls_pair *p = &m->pair;
	certificate other = authority_make("another root");
	certificate first = authority_issue(&other, &(wish){ 0 });
	STACK_OF(X509_NAME) *asked = sk_X509_NAME_new_null();
	const X509 *seen;

	add_identity(p->client_config, &first);
	add_identity(p->client_config, &m->ours[B_P384]);
	authority_write("other.pem", other.cert, NULL, NULL);
	CHECK_OK(slu_tls_config_trust_file(p->server_config, "root.pem"));
	CHECK_OK(slu_tls_config_trust_file(p->server_config, "other.pem"));
	CHECK_OK(slu_tls_config_client_auth(p->server_config, SLU_TLS_REQUEST));
	CHECK(asked != NULL);
	CHECK(sk_X509_NAME_push(
	    asked, X509_NAME_dup(X509_get_subject_name(p->root.cert))));
	for (int named = 0; named < 2; named++) {
		tls_pair_begin(p, "a.test");
		if (named)
			SSL_set_client_CA_list(p->server->ssl, asked);
		CHECK_OK(tls_pair_shake(p));
		seen = SSL_get0_peer_certificate(p->server->ssl);
		CHECK(X509_cmp(seen,
			  named ? m->ours[B_P384].cert : first.cert) == 0);
		part(p);
	}
	certificate_free(&first);
	certificate_free(&other);
}

static void
names_match_as_rfc_9525_says(void **state)
{
	static char exact[] = "a.test", wild[] = "*.test", odd[] = "*a.test",
		    bare[] = "*", none[] = "";
	static char *all[] = { exact, wild, odd, bare, none };
	static const struct {
		const char *host;
		size_t name;
		bool want;
	} cases[] = {
		{ "a.test", 0, true },
		{ "A.TEST", 0, true },
		{ "b.test", 0, false },
		{ "a.test.", 0, false },
		{ "xa.test", 0, false },
		{ "", 0, false },
		{ "a.test", 1, true },
		{ "x.Test", 1, true },
		{ "test", 1, false },
		{ ".test", 1, false },
		{ "a.b.test", 1, false },
		{ "xa.test", 2, false },
		{ "a", 3, false },
		{ "a.test", 3, false },
		{ "", 4, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		slu_cert_names one = { &all[cases[i].name], 1 };

		CHECK(
		    slu_cert_names_have(&one, cases[i].host) == cases[i].want);
	}
}

static void
a_key_that_is_too_weak_is_refused_by_the_config(void **state)
{
	meeting *m = *state;
	slu_tls_config *cfg = NULL;
	slu_tls_identity *id = NULL;
	certificate weak =
	    authority_issue(&m->pair.root, &(wish){ .key = "RSA-1024" });

	authority_write("weak.pem", weak.cert, NULL, weak.key);
	CHECK_OK(slu_tls_config_new(&cfg));
	CHECK_OK(slu_tls_identity_file(&id, "weak.pem", NULL, NULL));
	CHECK_IS(SLU_ERR_CRYPTO, slu_tls_config_identity(cfg, id));
	CHECK_WORDS("ee key too small");
	CHECK_IS(SLU_ERR_USAGE, slu_tls_server(&m->pair.server, cfg));
	slu_tls_identity_free(id);
	slu_tls_config_free(cfg);
	certificate_free(&weak);
}

/* Acceptance E: one config, 1,000 connections. */
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_name_gets_the_identity_that_has_it),
		TEST(a_client_that_takes_one_kind_of_signature_gets_it),
		TEST(in_1_2_suites_and_groups_count_too),
		TEST(an_unknown_name_gets_the_first_that_its_client_takes),
		TEST(a_client_that_takes_no_key_of_the_name_is_refused),
		TEST(a_client_shows_the_one_whose_authority_the_server_names),
		TEST(names_match_as_rfc_9525_says),
		TEST(a_key_that_is_too_weak_is_refused_by_the_config),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
