/* SPDX-License-Identifier: ISC */
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

static int
enter_1_2(void **state)
{
	(void)enter(state);
	tls_pair_version(*state, TLS1_2_VERSION);
	return 0;
}

static int
leave(void **state)
{
	tls_pair_free(*state);
	free(*state);
	folder_leave();
	return 0;
}

static void
begin(tls_pair *p)
{
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
}

static void
before_the_handshake_nothing_is_known(void **state)
{
	unsigned char key[32];
	const slu_certificate *c;
	tls_pair *p = *state;
	size_t len;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK(slu_tls_peer_version(p->client) == 0);
	CHECK(slu_tls_peer_version_name(p->client) == NULL);
	CHECK(slu_tls_peer_cipher(p->client) == NULL);
	CHECK(slu_tls_peer_group(p->client) == NULL);
	CHECK(slu_tls_peer_alpn(p->client, &len) == NULL);
	CHECK(slu_tls_peer_name(p->server) == NULL);
	CHECK(slu_tls_peer_chain(p->client) == 0);
	CHECK(slu_tls_peer_alert(p->client) == -1);
	CHECK(!slu_tls_peer_resumed(p->client));
	CHECK(slu_tls_peer_received(p->client) == 0);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_peer_verified(p->client));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_peer_certificate(p->client, 0, &c));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_export(p->client, "EXPORTER-x", "", 0, key, sizeof(key)));
}

static void
both_ends_know_what_was_agreed(void **state)
{
	tls_pair *p = *state;
	bool is_1_3;

	begin(p);
	is_1_3 = slu_tls_peer_version(p->client) == 0x0304;
	CHECK(
	    slu_tls_peer_version(p->server) == slu_tls_peer_version(p->client));
	assert_string_equal(is_1_3 ? "TLS 1.3" : "TLS 1.2",
	    slu_tls_peer_version_name(p->server));
	assert_string_equal(
	    slu_tls_peer_cipher(p->client), slu_tls_peer_cipher(p->server));
	CHECK(strncmp(slu_tls_peer_cipher(p->client),
		  is_1_3 ? "TLS_AES" : "TLS_ECDHE", 7) == 0);
	assert_string_equal(
	    slu_tls_peer_group(p->client), slu_tls_peer_group(p->server));
	/* OpenSSL 3.5 prefers a hybrid, in 1.3. */
	if (strcmp(slu_tls_peer_group(p->client), "X25519MLKEM768") != 0)
		assert_string_equal("x25519", slu_tls_peer_group(p->client));
	assert_string_equal(CERTIFICATE_NAME, slu_tls_peer_name(p->client));
	assert_string_equal(CERTIFICATE_NAME, slu_tls_peer_name(p->server));
	CHECK(slu_tls_peer_sent(p->client) > 200);
	CHECK(slu_tls_peer_sent(p->client) == slu_tls_peer_received(p->server));
	CHECK(slu_tls_peer_sent(p->server) == slu_tls_peer_received(p->client));
}

static void
the_chain_is_that_which_was_verified_root_and_all(void **state)
{
	const slu_certificate *leaf, *root, *again;
	tls_pair *p = *state;

	begin(p);
	CHECK_OK(slu_tls_peer_verified(p->client));
	CHECK(slu_tls_peer_chain(p->client) == 2);
	CHECK_OK(slu_tls_peer_certificate(p->client, 0, &leaf));
	CHECK_OK(slu_tls_peer_certificate(p->client, 1, &root));
	CHECK_OK(slu_tls_peer_certificate(p->client, 0, &again));
	CHECK(again == leaf);
	assert_string_equal(
	    "CN=a root of the test's own", slu_certificate_subject(root));
	assert_string_equal(
	    slu_certificate_subject(root), slu_certificate_issuer(leaf));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_peer_certificate(p->client, 2, &leaf));
}

static void
a_peer_that_shows_no_certificate_is_not_verified(void **state)
{
	tls_pair *p = *state;

	begin(p);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_peer_verified(p->server));
	CHECK(slu_tls_peer_chain(p->server) == 0);
}

static void
a_certificate_that_was_let_pass_is_told_with_the_reason(void **state)
{
	const slu_certificate *c;
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_insecure_skip_verification(p->client_config));
	tls_pair_begin(p, "other.test");
	CHECK_OK(tls_pair_shake(p));
	CHECK_IS(SLU_ERR_AUTH, slu_tls_peer_verified(p->client));
	CHECK_WORDS("certificate is not valid for this name");
	CHECK(slu_tls_peer_chain(p->client) == 1);
	CHECK_OK(slu_tls_peer_certificate(p->client, 0, &c));
	assert_string_equal("CN=unused", slu_certificate_subject(c));
}

static void
a_refusal_tells_its_alert_and_stays_one(void **state)
{
	unsigned char key[32];
	tls_pair *p = *state;

	tls_pair_begin(p, "other.test");
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	CHECK(slu_tls_peer_alert(p->server) == SSL_AD_BAD_CERTIFICATE);
	CHECK(slu_tls_peer_alert(p->client) == -1);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_peer_verified(p->client));
	CHECK_IS(SLU_ERR_PEER, slu_tls_peer_verified(p->server));
	CHECK_IS(SLU_ERR_AUTH, slu_tls_binding(p->client, key));
}

static void
a_name_that_is_none_is_not_told(void **state)
{
	tls_pair *p = *state;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK(SSL_set_tlsext_host_name(p->client->ssl, "a\x1b[2Jb") == 1);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_name(p->server) == NULL);
}

static void
both_ends_export_the_same_key_and_another_for_all_else(void **state)
{
	static const struct {
		const char *label, *context;
		size_t len;
	} asked[] = {
		{ "EXPORTER-one", NULL, 0 },
		{ "EXPORTER-two", NULL, 0 },
		{ "EXPORTER-one", "a", 1 },
		{ "EXPORTER-one", "ab", 2 },
	};
	const size_t count = sizeof(asked) / sizeof(*asked);
	unsigned char keys[4][48], other[48];
	tls_pair *p = *state;

	begin(p);
	for (size_t i = 0; i < count; i++) {
		CHECK_OK(slu_tls_export(p->client, asked[i].label,
		    asked[i].context, asked[i].len, keys[i], 48));
		CHECK_OK(slu_tls_export(p->server, asked[i].label,
		    asked[i].context, asked[i].len, other, 48));
		CHECK_BYTES(keys[i], 48, other, 48);
		for (size_t j = 0; j < i; j++)
			CHECK(memcmp(keys[i], keys[j], 48) != 0);
	}
}

static void
a_binding_is_the_same_at_both_ends_and_new_each_time(void **state)
{
	unsigned char here[32], there[32], want[32], again[32];
	tls_pair *p = *state;

	begin(p);
	CHECK_OK(slu_tls_binding(p->client, here));
	CHECK_OK(slu_tls_binding(p->server, there));
	CHECK_BYTES(here, 32, there, 32);
	CHECK(SSL_export_keying_material(p->client->ssl, want, 32,
		  "EXPORTER-Channel-Binding", 24, NULL, 0, 1) == 1);
	CHECK_BYTES(want, 32, here, 32);
	slu_tls_free(p->client);
	slu_tls_free(p->server);
	begin(p);
	CHECK_OK(slu_tls_binding(p->client, again));
	CHECK(memcmp(here, again, 32) != 0);
}

static void
keys_that_others_could_know_are_not_exported(void **state)
{
	unsigned char key[32];
	tls_pair *p = *state;

	SSL_CTX_set_options(
	    p->server_config->ctx, SSL_OP_NO_EXTENDED_MASTER_SECRET);
	begin(p);
	CHECK_IS(SLU_ERR_PEER, slu_tls_binding(p->client, key));
	CHECK_IS(SLU_ERR_PEER, slu_tls_binding(p->server, key));
	CHECK_IS(SLU_ERR_PEER,
	    slu_tls_export(p->client, "EXPORTER-x", NULL, 0, key, 32));
}

static void
what_cannot_be_exported_is_misuse(void **state)
{
	static unsigned char key[SLU_TLS_EXPORT_MAX + 1];
	char label[202];
	tls_pair *p = *state;

	memset(label, 'x', 201);
	label[201] = '\0';
	begin(p);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_export(p->client, "", "", 0, key, 1));
	CHECK_IS(
	    SLU_ERR_USAGE, slu_tls_export(p->client, label, "", 0, key, 1));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_export(p->client, "x", "", 0, key, 0));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_export(p->client, "x", "", 0, key, sizeof(key)));
	CHECK_IS(
	    SLU_ERR_USAGE, slu_tls_export(p->client, "x", key, 65536, key, 1));
	CHECK_OK(slu_tls_export(
	    p->client, label + 1, "", 0, key, SLU_TLS_EXPORT_MAX));
}

static void
labels_of_tls_1_2_itself_are_refused(void **state)
{
	unsigned char key[48];
	tls_pair *p = *state;

	begin(p);
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_export(p->client, "master secret", NULL, 0, key, 48));
}

#define IN_1_2(name) \
	{ \
#name " (1.2)", name, enter_1_2, leave, NULL \
	}
#define IN_1_3(name) \
	{ \
#name " (1.3)", name, enter, leave, NULL \
	}
#define BOTH(name) IN_1_2(name), IN_1_3(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(before_the_handshake_nothing_is_known),
		BOTH(both_ends_know_what_was_agreed),
		BOTH(the_chain_is_that_which_was_verified_root_and_all),
		BOTH(a_peer_that_shows_no_certificate_is_not_verified),
		BOTH(a_certificate_that_was_let_pass_is_told_with_the_reason),
		BOTH(a_refusal_tells_its_alert_and_stays_one),
		BOTH(a_name_that_is_none_is_not_told),
		BOTH(both_ends_export_the_same_key_and_another_for_all_else),
		BOTH(a_binding_is_the_same_at_both_ends_and_new_each_time),
		IN_1_2(keys_that_others_could_know_are_not_exported),
		BOTH(what_cannot_be_exported_is_misuse),
		IN_1_2(labels_of_tls_1_2_itself_are_refused),
	};

	return tls_pair_run(tests, sizeof(tests) / sizeof(*tests));
}
