/* SPDX-License-Identifier: ISC */
/* Two devices with certificates of one authority, which trust nobody else. */
#include <openssl/pem.h>
#include <unistd.h>

#include "check.h"
#include "sluice/tls_peer.h"
#include "tls_pair.h"

#define A "DNS:a.test,IP:192.0.2.1"
#define B "DNS:b.test,IP:192.0.2.2,IP:2001:db8::2"
#define SECRET "open sesame"

/* Who a device is: by root.pem, or by somebody else. */
static slu_tls_identity *
identity(const certificate *by, const char *san)
{
	certificate c = authority_issue(by, &(wish){ .san = san });
	slu_tls_identity *id = NULL;

	authority_write("device.pem", c.cert, NULL, c.key);
	CHECK_OK(slu_tls_identity_file(&id, "device.pem", NULL, NULL));
	certificate_free(&c);
	return id;
}

/* A device's config; nobody's, if `by` is NULL. */
static slu_tls_config *
device(const tls_pair *p, const certificate *by, const char *san)
{
	slu_tls_identity *id = by != NULL ? identity(by, san) : NULL;
	slu_tls_version only = (slu_tls_version)p->version;
	slu_tls_config *cfg = NULL;

	CHECK_OK(slu_tls_config_new(&cfg));
	CHECK_OK(slu_tls_config_versions(cfg, only, only));
	CHECK_OK(slu_tls_config_trust_file(cfg, "root.pem"));
	CHECK_OK(slu_tls_config_client_auth(cfg, SLU_TLS_REQUIRE));
	if (id != NULL)
		CHECK_OK(slu_tls_config_identity(cfg, id));
	slu_tls_identity_free(id);
	return cfg;
}

/* A is the client, B the server. */
static void
devices(tls_pair *p, const certificate *by_a, const certificate *by_b)
{
	tls_pair_end(p);
	slu_tls_config_free(p->client_config);
	slu_tls_config_free(p->server_config);
	p->client_config = device(p, by_a, A);
	p->server_config = device(p, by_b, B);
}

static void
two_devices_of_one_authority_talk(void **state)
{
	tls_pair *p = *state;
	slu_certificate_kind kind;
	const slu_certificate *c;

	devices(p, &p->root, &p->root);
	tls_pair_begin(p, "b.test");
	CHECK_OK(tls_pair_shake(p));
	CHECK_OK(slu_tls_peer_verified(p->client));
	CHECK_OK(slu_tls_peer_verified(p->server));
	CHECK_OK(slu_tls_peer_certificate(p->server, 0, &c));
	assert_string_equal("a.test", slu_certificate_name(c, 0, &kind));
	tls_pair_say(p, p->client, p->server, "how do you do");
	tls_pair_say(p, p->server, p->client, "how do you do");
}

/* The server refuses, and the client, who hears of it, was told nothing. */
static void
check_client_refused(tls_pair *p, const char *words, int alert)
{
	char byte = 'x';
	size_t n;

	tls_pair_begin(p, "b.test");
	(void)tls_pair_shake(p);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(p->server));
	CHECK_WORDS(words);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_write(p->server, "x", 1, &n));
	CHECK_IS(SLU_ERR_PEER, slu_tls_read(p->client, &byte, 1, &n));
	CHECK(n == 0 && byte == 'x');
	CHECK(slu_tls_peer_alert(p->client) == alert);
}

static void
a_device_without_a_certificate_is_refused(void **state)
{
	tls_pair *p = *state;
	slu_tls *server = NULL;

	devices(p, NULL, &p->root);
	check_client_refused(
	    p, "no certificate", p->version == 0x304 ? 116 : 40);
	/* A server without one does not even begin. */
	devices(p, &p->root, NULL);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_server(&server, p->server_config));
}

static void
a_device_of_another_authority_is_refused_both_ways(void **state)
{
	certificate other = authority_make("other");
	tls_pair *p = *state;

	devices(p, &other, &p->root);
	check_client_refused(p, "unknown authority (CN=other)", 48);
	devices(p, &p->root, &other);
	tls_pair_begin(p, "b.test");
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	CHECK_WORDS("unknown authority (CN=other)");
	CHECK_IS(SLU_ERR_PEER, p->server_said);
	CHECK(slu_tls_peer_alert(p->server) == 48);
	certificate_free(&other);
}

static void
a_device_with_another_name_or_address_is_refused(void **state)
{
	static const char *const wrong[] = { "a.test", "x.b.test", "192.0.2.1",
		"2001:db8::1" };
	static const char *const right[] = { "b.test", "192.0.2.2",
		"2001:db8::2" };
	tls_pair *p = *state;

	devices(p, &p->root, &p->root);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		tls_pair_begin(p, wrong[i]);
		CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
		CHECK_WORDS("(has: b.test, 192.0.2.2, 2001:db8::2)");
		CHECK_IS(SLU_ERR_PEER, p->server_said);
		CHECK(slu_tls_peer_alert(p->server) == 42);
		tls_pair_end(p);
	}
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		tls_pair_begin(p, right[i]);
		CHECK_OK(tls_pair_shake(p));
		tls_pair_end(p);
	}
}

static slu_status
tell_secret(slu_buf *passphrase, void *arg)
{
	int *asked = arg;

	++*asked;
	return slu_buf_add(passphrase, SECRET, strlen(SECRET));
}

/* Its key is encrypted, and its files are gone once they were read. */
static void
identify_by_secret(slu_tls_config *cfg, const certificate *by, int *asked)
{
	const slu_tls_identity_options options = { tell_secret, asked };
	certificate c = authority_issue(by, &(wish){ .san = B });
	slu_tls_identity *id = NULL;
	BIO *key = BIO_new_file("locked.key", "w");

	CHECK(key != NULL &&
	      PEM_write_bio_PKCS8PrivateKey(key, c.key, EVP_aes_128_cbc(),
		  SECRET, (int)strlen(SECRET), NULL, NULL) == 1);
	BIO_free(key);
	authority_write("locked.pem", c.cert, NULL, NULL);
	CHECK_OK(
	    slu_tls_identity_file(&id, "locked.pem", "locked.key", &options));
	CHECK_OK(slu_tls_config_identity(cfg, id));
	slu_tls_identity_free(id);
	certificate_free(&c);
	CHECK(unlink("locked.key") == 0 && unlink("locked.pem") == 0);
	CHECK(unlink("root.pem") == 0);
}

static void
a_thousand_connections_read_the_key_and_ask_once(void **state)
{
	int count = check_slow("20 connections, not 1000") ? 20 : 1000;
	tls_pair *p = *state;
	int asked = 0;

	devices(p, &p->root, NULL);
	identify_by_secret(p->server_config, &p->root, &asked);
	for (int i = 0; i < count; i++) {
		tls_pair_begin(p, "b.test");
		CHECK_OK(tls_pair_shake(p));
		tls_pair_end(p);
	}
	CHECK(asked == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(two_devices_of_one_authority_talk),
		WITH_PAIR(a_device_without_a_certificate_is_refused),
		WITH_PAIR(a_device_of_another_authority_is_refused_both_ways),
		WITH_PAIR(a_device_with_another_name_or_address_is_refused),
		WITH_PAIR(a_thousand_connections_read_the_key_and_ask_once),
	};

	return cmocka_run_group_tests_name("tls_devices", tests, NULL, NULL);
}
