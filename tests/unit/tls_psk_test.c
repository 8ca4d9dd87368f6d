/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "sluice/tls_hooks.h"
#include "sluice/tls_peer.h"
#include "sluice/tls_session.h"
#include "tls/tls_config_internal.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

static const char key[32] = "0123456789abcdef0123456789abcde";
static const char wrong[32] = "0123456789abcdef0123456789abcdE";

/* A config that knows nobody, nor is anybody. */
static void
forget(slu_tls_config **cfg)
{
	slu_tls_config_free(*cfg);
	*cfg = NULL;
	CHECK_OK(slu_tls_config_new(cfg));
}

static void
share(slu_tls_config *cfg, const char *name, const char *with)
{
	CHECK_OK(slu_tls_config_psk(cfg, name, strlen(name), with, 32));
}

/* Both know nothing but a key. */
static void
share_with_both(tls_pair *p)
{
	forget(&p->client_config);
	forget(&p->server_config);
	share(p->client_config, "alice", key);
	share(p->server_config, "alice", key);
}

static void
two_ends_that_share_a_key_need_nothing_else(void **state)
{
	tls_pair *p = *state;
	const void *name;
	size_t len;

	share_with_both(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK(slu_tls_peer_psk(p->client, &len) == NULL);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_version(p->server) == 0x0304);
	CHECK_OK(slu_tls_peer_verified(p->client));
	CHECK_OK(slu_tls_peer_verified(p->server));
	name = slu_tls_peer_psk(p->server, &len);
	CHECK_BYTES("alice", 5, name, len);
	name = slu_tls_peer_psk(p->client, &len);
	CHECK_BYTES("alice", 5, name, len);
	CHECK(!slu_tls_peer_resumed(p->client));
	CHECK(slu_tls_peer_chain(p->client) == 0);
	/* There was a key exchange besides. */
	CHECK(slu_tls_peer_group(p->client) != NULL);
	tls_pair_say(p, p->client, p->server, "between us");
	tls_pair_say(p, p->server, p->client, "and nobody else");
}

static void
a_server_finds_the_key_among_several(void **state)
{
	tls_pair *p = *state;
	const void *name;
	char other[16];
	size_t len;

	share_with_both(p);
	for (int i = 0; i < 100; i++) {
		sprintf(other, "bob %d", i);
		share(p->server_config, other, wrong);
	}
	forget(&p->client_config);
	share(p->client_config, "bob 99", wrong);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	name = slu_tls_peer_psk(p->server, &len);
	CHECK_BYTES("bob 99", 6, name, len);
}

static void
a_wrong_key_fails_cleanly_at_both_ends(void **state)
{
	tls_pair *p = *state;

	share_with_both(p);
	forget(&p->client_config);
	share(p->client_config, "alice", wrong);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_PEER, tls_pair_shake(p));
	CHECK_IS(SLU_ERR_AUTH, p->server_said);
}

static void
an_unknown_name_fails_cleanly_at_both_ends(void **state)
{
	tls_pair *p = *state;

	share_with_both(p);
	forget(&p->client_config);
	share(p->client_config, "mallory", key);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_PEER, tls_pair_shake(p));
	CHECK(slu_failed(p->server_said));
	CHECK_IS(p->server_said, slu_tls_handshake(p->server));
	CHECK_WORDS("no key that is known here");
}

static void
a_certificate_is_no_substitute_for_the_key(void **state)
{
	tls_pair *p = *state;

	/* One that the client would trust, if it had no key. */
	share(p->client_config, "alice", key);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	CHECK_WORDS("does not have our shared key");
	CHECK_IS(SLU_ERR_PEER, p->server_said);
}

static void
nor_is_it_where_nothing_is_verified(void **state)
{
	tls_pair *p = *state;

	share(p->client_config, "alice", key);
	CHECK_OK(slu_tls_config_insecure_skip_verification(p->client_config));
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
}

static void
a_server_with_an_identity_serves_those_without_a_key(void **state)
{
	tls_pair *p = *state;
	size_t len;

	share(p->server_config, "alice", key);
	tls_pair_connect(p);
	CHECK(slu_tls_peer_psk(p->server, &len) == NULL);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_peer_verified(p->server));
	tls_pair_end(p);
	forget(&p->client_config);
	share(p->client_config, "alice", key);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_psk(p->server, &len) != NULL);
}

static void
a_key_leaves_no_session_behind(void **state)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;

	share_with_both(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	tls_pair_say(p, p->server, p->client, "no ticket before this");
	CHECK_IS(SLU_WANT_READ, slu_tls_session_get(p->client, &kept));
}

static void
a_key_is_for_1_3_only(void **state)
{
	tls_pair *p = *state;

	share_with_both(p);
	CHECK_OK(slu_tls_config_versions(
	    p->client_config, SLU_TLS_1_2, SLU_TLS_1_2));
	CHECK_OK(slu_tls_server(&p->server, p->server_config));
	if (slu_tls_client(&p->client, p->client_config, "a.test") == SLU_OK)
		CHECK(slu_failed(slu_tls_handshake(p->client)));
}

static void
a_key_goes_with_the_suites_that_the_config_speaks(void **state)
{
	static const char *const lists[] = { "TLS_CHACHA20_POLY1305_SHA256",
		"TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256" };
	tls_pair *p = *state;

	for (int i = 0; i < 2; i++) {
		share_with_both(p);
		CHECK_OK(slu_tls_config_ciphers(p->client_config, lists[i]));
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_OK(tls_pair_shake(p));
		assert_string_equal("TLS_CHACHA20_POLY1305_SHA256",
		    slu_tls_peer_cipher(p->client));
		tls_pair_end(p);
	}
	share_with_both(p);
	CHECK_OK(
	    slu_tls_config_ciphers(p->client_config, "TLS_AES_256_GCM_SHA384"));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_client(&p->client, p->client_config, "a.test"));
	CHECK_WORDS("no cipher suite");
}

static slu_status
look(slu_tls *tls, void *arg)
{
	size_t len;

	CHECK(slu_tls_peer_psk(tls, &len) != NULL);
	return slu_tls_refuse(tls, SLU_TLS_ALERT_NONE, arg);
}

static void
a_hook_refuses_who_has_the_key(void **state)
{
	tls_pair *p = *state;

	share_with_both(p);
	CHECK_OK(
	    slu_tls_config_on_peer(p->server_config, look, (char[]){ "gone" }));
	tls_pair_begin(p, CERTIFICATE_NAME);
	(void)tls_pair_shake(p);
	CHECK_IS(SLU_ERR_AUTH, p->server_said);
}

static void
what_is_no_key_is_misuse(void **state)
{
	static const char many[SLU_TLS_PSK_IDENTITY_MAX + 1];
	tls_pair *p = *state;
	slu_tls_config *cfg = p->client_config;

	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_psk(cfg, "", 0, key, 32));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_psk(cfg, many, sizeof(many), key, 32));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_psk(cfg, "a", 1, key, 15));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_psk(cfg, "a", 1, many, 65));
	CHECK_OK(slu_tls_config_psk(cfg, many, sizeof(many) - 1, key, 16));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_psk(cfg, many, sizeof(many) - 1, wrong, 16));
	CHECK_OK(slu_tls_config_psk(cfg, "a", 1, many, 64));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_client(&p->client, cfg, "a.test"));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_psk(cfg, "b", 1, key, 32));
	p->client = NULL;
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown( \
	    name, tls_pair_enter_1_3, tls_pair_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_ends_that_share_a_key_need_nothing_else),
		TEST(a_server_finds_the_key_among_several),
		TEST(a_wrong_key_fails_cleanly_at_both_ends),
		TEST(an_unknown_name_fails_cleanly_at_both_ends),
		TEST(a_certificate_is_no_substitute_for_the_key),
		TEST(nor_is_it_where_nothing_is_verified),
		TEST(a_server_with_an_identity_serves_those_without_a_key),
		TEST(a_key_leaves_no_session_behind),
		TEST(a_key_is_for_1_3_only),
		TEST(a_key_goes_with_the_suites_that_the_config_speaks),
		TEST(a_hook_refuses_who_has_the_key),
		TEST(what_is_no_key_is_misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
