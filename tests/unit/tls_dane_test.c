/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "oom.h"
#include "sluice/tls_dane.h"
#include "sluice/tls_peer.h"
#include "sluice/tls_session.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

#include <openssl/evp.h>

/* The data of a record that a certificate fits. */
static size_t
data_of(unsigned char **data, X509 *cert, int selector, int matching)
{
	unsigned char *der = NULL, digest[EVP_MAX_MD_SIZE];
	int len = selector == SLU_TLS_DANE_CERT
		      ? i2d_X509(cert, &der)
		      : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	const EVP_MD *md =
	    matching == SLU_TLS_DANE_SHA256 ? EVP_sha256() : EVP_sha512();
	unsigned n;

	CHECK(len > 0);
	*data = der;
	if (matching == SLU_TLS_DANE_FULL)
		return (size_t)len;
	CHECK(EVP_Digest(der, (size_t)len, digest, &n, md, NULL) == 1);
	memcpy(der, digest, n);
	return n;
}

static slu_status
add(tls_pair *p, int usage, int selector, int matching, X509 *cert)
{
	unsigned char *data;
	size_t len = data_of(&data, cert, selector, matching);
	slu_status st = slu_tls_dane(p->client, (slu_tls_dane_usage)usage,
	    (slu_tls_dane_selector)selector, (slu_tls_dane_matching)matching,
	    data, len);

	OPENSSL_free(data);
	return st;
}

/* A client that trusts nobody whom the test knows. */
static void
trust_another(tls_pair *p)
{
	certificate root = authority_make("another root");

	authority_write("another.pem", root.cert, NULL, NULL);
	slu_tls_config_free(p->client_config);
	p->client_config = NULL;
	CHECK_OK(slu_tls_config_new(&p->client_config));
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "another.pem"));
	certificate_free(&root);
}

/* A server whose chain holds its root, and whose leaf is as wished. */
static void
serve(tls_pair *p, const wish *w)
{
	certificate leaf = authority_issue(&p->root, w);
	slu_tls_identity *id = NULL;

	authority_write("dane.pem", leaf.cert, p->root.cert, leaf.key);
	CHECK_OK(slu_tls_identity_file(&id, "dane.pem", NULL, NULL));
	slu_tls_config_free(p->server_config);
	p->server_config = NULL;
	CHECK_OK(slu_tls_config_new(&p->server_config));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	tls_pair_version(p, p->version);
	slu_tls_identity_free(id);
	certificate_free(&p->leaf);
	p->leaf = leaf;
}

static void
each_form_of_a_record_finds_its_certificate(void **state)
{
	int each = check_slow("one record of five") ? 5 : 1;
	tls_pair *p = *state;

	trust_another(p);
	serve(p, &(wish){ 0 });
	for (int form = 0; form < 12; form += each) {
		int usage = 2 + form / 6, selector = form / 3 % 2;
		X509 *cert = usage == 2 ? p->root.cert : p->leaf.cert;

		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_OK(add(p, usage, selector, form % 3, cert));
		CHECK_OK(tls_pair_shake(p));
		CHECK_OK(slu_tls_peer_verified(p->client));
		tls_pair_say(p, p->server, p->client, "found");
		tls_pair_end(p);
	}
}

static void
a_record_of_another_certificate_refuses(void **state)
{
	int each = check_slow("one record of five") ? 5 : 1;
	tls_pair *p = *state;

	serve(p, &(wish){ 0 });
	for (int form = 0; form < 12; form += each) {
		int usage = 2 + form / 6, selector = form / 3 % 2;
		certificate other = authority_make("other");

		/* Though the client trusts the server's own root. */
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_OK(add(p, usage, selector, form % 3, other.cert));
		CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
		CHECK_IS(SLU_ERR_PEER, p->server_said);
		tls_pair_end(p);
		certificate_free(&other);
	}
}

static void
one_of_several_records_will_do(void **state)
{
	certificate other = authority_make("other");
	tls_pair *p = *state;

	trust_another(p);
	serve(p, &(wish){ 0 });
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(add(p, 3, 1, 1, other.cert));
	CHECK_OK(add(p, 2, 0, 2, other.cert));
	CHECK_OK(add(p, 3, 1, 1, p->leaf.cert));
	CHECK_OK(tls_pair_shake(p));
	certificate_free(&other);
}

static void
a_leaf_that_is_named_itself_needs_neither_name_nor_date(void **state)
{
	tls_pair *p = *state;

	serve(
	    p, &(wish){ .san = "DNS:wrong.test", .from = -7200, .to = -3600 });
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(add(p, 3, 1, 1, p->leaf.cert));
	CHECK_OK(tls_pair_shake(p));
	CHECK_OK(slu_tls_peer_verified(p->client));
	CHECK(slu_tls_peer_chain(p->client) == 1);
}

static void
below_an_authority_that_is_named_both_are_needed(void **state)
{
	static const wish bad[] = {
		{ .san = "DNS:wrong.test" },
		{ .from = -7200, .to = -3600 },
	};
	tls_pair *p = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		serve(p, &bad[i]);
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_OK(add(p, 2, 1, 1, p->root.cert));
		CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
		tls_pair_end(p);
	}
}

static slu_status
add_raw(slu_tls *tls, int usage, int selector, int matching, size_t len)
{
	static const unsigned char zeros[SLU_TLS_DANE_DATA_MAX + 1];

	return slu_tls_dane(tls, (slu_tls_dane_usage)usage,
	    (slu_tls_dane_selector)selector, (slu_tls_dane_matching)matching,
	    zeros, len);
}

static void
records_that_are_of_no_use_do_not_count(void **state)
{
	tls_pair *p = *state;

	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 0, 0, 1, 32));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 1, 0, 1, 32));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 4, 0, 1, 32));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 255, 0, 1, 32));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 3, 2, 1, 32));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 3, 0, 3, 32));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 3, 0, 1, 31));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 3, 0, 2, 32));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 3, 0, 1, 0));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 3, 0, 0, 32));
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 2, 1, 0, 32));
	/* With none that counts, the authorities are asked as ever. */
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_chain(p->client) == 2);
}

static void
where_no_record_counts_strange_authorities_refuse(void **state)
{
	tls_pair *p = *state;

	trust_another(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_NO_MATCH, add_raw(p->client, 3, 0, 1, 31));
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
}

static void
pins_are_asked_for_besides(void **state)
{
	unsigned char pin[SLU_TLS_PIN] = { 0 };
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(add(p, 3, 1, 1, p->leaf.cert));
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	CHECK_WORDS("not pinned");
}

static void
who_cannot_use_records_is_told(void **state)
{
	unsigned char pin[SLU_TLS_PIN] = { 0 };
	slu_tls_config *cfg = NULL;
	tls_pair *p = *state;

	tls_pair_begin(p, "127.0.0.1");
	CHECK_IS(SLU_ERR_USAGE, add(p, 3, 1, 1, p->leaf.cert));
	CHECK_IS(SLU_ERR_USAGE, add_raw(p->server, 3, 1, 1, 32));
	tls_pair_end(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_LIMIT,
	    add_raw(p->client, 3, 1, 1, SLU_TLS_DANE_DATA_MAX + 1));
	for (int i = 0; i < SLU_TLS_DANE_MAX; i++)
		CHECK_OK(add(p, 3, 1, 1, p->leaf.cert));
	CHECK_IS(SLU_ERR_LIMIT, add(p, 3, 1, 1, p->leaf.cert));
	CHECK_OK(tls_pair_shake(p));
	CHECK_IS(SLU_ERR_USAGE, add(p, 3, 1, 1, p->leaf.cert));
	tls_pair_end(p);
	CHECK_OK(slu_tls_config_new(&cfg));
	CHECK_OK(slu_tls_config_trust_pin(cfg, pin));
	CHECK_OK(slu_tls_config_only_pins(cfg));
	CHECK_OK(slu_tls_client(&p->client, cfg, CERTIFICATE_NAME));
	CHECK_IS(SLU_ERR_USAGE, add(p, 3, 1, 1, p->leaf.cert));
	slu_tls_config_free(cfg);
}

static void
a_session_is_for_who_was_held_to_the_same_records(void **state)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;

	tls_pair_connect(p);
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	CHECK_OK(slu_tls_session_get(p->client, &kept));
	tls_pair_end(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(add(p, 3, 1, 1, p->leaf.cert));
	CHECK_IS(SLU_ERR_NO_MATCH,
	    slu_tls_session_set(p->client, slu_buf_front(&kept), kept.len));
	CHECK_OK(tls_pair_shake(p));
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	slu_buf_free(&kept);
	CHECK_OK(slu_tls_session_get(p->client, &kept));
	tls_pair_end(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(add(p, 3, 1, 1, p->leaf.cert));
	CHECK_OK(
	    slu_tls_session_set(p->client, slu_buf_front(&kept), kept.len));
	CHECK_IS(SLU_ERR_USAGE, add(p, 3, 1, 1, p->leaf.cert));
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->client));
	slu_buf_free(&kept);
}

static void
without_memory_a_record_counts_wholly_or_not_at_all(void **state)
{
	static const unsigned char nothing[SLU_DANE_DIGEST];
	tls_pair *p = *state;
	slu_status st;

	for (size_t k = 0;; k++) {
		tls_pair_begin(p, CERTIFICATE_NAME);
		oom_arm(k);
		st = slu_tls_dane(p->client, SLU_TLS_DANE_EE, SLU_TLS_DANE_SPKI,
		    SLU_TLS_DANE_SHA256, "0123456789abcdef0123456789abcdef",
		    32);
		if (oom_disarm() == OOM_NONE)
			break;
		CHECK(st == SLU_OK || p->client->dane_count == 0);
		CHECK((p->client->dane_count > 0) ==
		      (memcmp(p->client->dane, nothing, sizeof(nothing)) != 0));
		tls_pair_end(p);
	}
	CHECK(st == SLU_OK && p->client->dane_count == 1);
}

#define IN_1_2(name) \
	{ \
#name " (1.2)", name, tls_pair_enter_1_2, tls_pair_leave, NULL \
	}
#define IN_1_3(name) \
	{ \
#name " (1.3)", name, tls_pair_enter_1_3, tls_pair_leave, NULL \
	}
#define BOTH(name) IN_1_2(name), IN_1_3(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(each_form_of_a_record_finds_its_certificate),
		BOTH(a_record_of_another_certificate_refuses),
		BOTH(one_of_several_records_will_do),
		BOTH(a_leaf_that_is_named_itself_needs_neither_name_nor_date),
		BOTH(below_an_authority_that_is_named_both_are_needed),
		BOTH(records_that_are_of_no_use_do_not_count),
		BOTH(where_no_record_counts_strange_authorities_refuse),
		BOTH(pins_are_asked_for_besides),
		BOTH(who_cannot_use_records_is_told),
		BOTH(a_session_is_for_who_was_held_to_the_same_records),
		IN_1_3(without_memory_a_record_counts_wholly_or_not_at_all),
	};

	return tls_pair_run(tests, sizeof(tests) / sizeof(*tests));
}
