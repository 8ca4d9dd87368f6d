/* SPDX-License-Identifier: ISC */
/* What a peer's certificate is held to, and the words for what is wrong. */
#include <time.h>

#include "check.h"
#include "sluice/certificate.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

static void
speak_only(slu_tls_config *cfg, int version)
{
	slu_tls_version only = (slu_tls_version)version;

	CHECK_OK(slu_tls_config_versions(cfg, only, only));
}

/* Show `c`, and `above` if it is not NULL, as the server. */
static void
show(tls_pair *p, const certificate *c, const certificate *above)
{
	slu_tls_identity *id = NULL;

	authority_write(
	    "shown.pem", c->cert, above == NULL ? NULL : above->cert, c->key);
	CHECK_OK(slu_tls_identity_file(&id, "shown.pem", NULL, NULL));
	slu_tls_config_free(p->server_config);
	CHECK_OK(slu_tls_config_new(&p->server_config));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	slu_tls_identity_free(id);
	speak_only(p->server_config, p->version);
}

/* The client refuses; its words are these, and `alert` is what it says. */
static void
check_refused(tls_pair *p, const char *host, const char *words, int alert)
{
	tls_pair_begin(p, host);
	(void)tls_pair_shake(p);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(p->client));
	CHECK_WORDS(words);
	CHECK(strncmp(slu_error(), "tls: certificate ", 17) == 0 ||
	      strncmp(slu_error(), "tls: self-signed ", 17) == 0);
	CHECK_IS(SLU_ERR_PEER, slu_tls_handshake(p->server));
	CHECK(p->server->alert == alert);
	tls_pair_end(p);
}

static void
check_accepted(tls_pair *p, const char *host)
{
	tls_pair_begin(p, host);
	CHECK_OK(tls_pair_shake(p));
	tls_pair_end(p);
}

static void
issue_and_show(tls_pair *p, const wish *w)
{
	certificate c = authority_issue(&p->root, w);

	show(p, &c, NULL);
	certificate_free(&c);
}

static void
another_name_is_refused_and_told_which_there_are(void **state)
{
	tls_pair *p = *state;

	issue_and_show(
	    p, &(wish){ .san = "DNS:a.test,DNS:*.b.test,IP:192.0.2.1" });
	check_refused(p, "c.test",
	    "certificate is not valid for this name "
	    "(has: a.test, *.b.test, 192.0.2.1)",
	    42);
	check_refused(p, "127.0.0.1",
	    "certificate is not valid for this address (has: a.test", 42);
	check_refused(p, "b.test", "not valid for this name", 42);
	check_refused(p, "x.y.b.test", "not valid for this name", 42);
	check_accepted(p, "a.test");
	check_accepted(p, "x.b.test");
	check_accepted(p, "192.0.2.1");
}

static void
a_common_name_is_no_name(void **state)
{
	tls_pair *p = *state;

	issue_and_show(p, &(wish){ .san = "" });
	check_refused(p, CERTIFICATE_NAME,
	    "certificate is not valid for this name (has: none)", 42);
}

static void
of_many_names_the_first_are_told(void **state)
{
	static char names[4096] = "DNS:n0.test";
	tls_pair *p = *state;

	for (size_t i = 1; i < 100; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names),
		    ",DNS:n%zu.test", i);
	issue_and_show(p, &(wish){ .san = names });
	check_refused(p, "other.test", "(has: n0.test, n1.test", 42);
	check_refused(p, "other.test", ", ...)", 42);
}

static void
day(char out[16], long from_now)
{
	time_t then = time(NULL) + from_now;

	strftime(out, 16, "%Y-%m-%d", gmtime(&then));
}

static void
one_out_of_its_dates_is_refused_with_the_date(void **state)
{
	tls_pair *p = *state;
	char then[16], words[64];

	issue_and_show(p, &(wish){ .from = -200000, .to = -100000 });
	day(then, -100000);
	snprintf(words, sizeof(words), "certificate expired %s", then);
	check_refused(p, CERTIFICATE_NAME, words, 45);
	issue_and_show(p, &(wish){ .from = 100000, .to = 200000 });
	day(then, 100000);
	snprintf(
	    words, sizeof(words), "certificate is not valid before %s", then);
	check_refused(p, CERTIFICATE_NAME, words, 42);
}

static void
an_authority_out_of_its_dates_is_told_by_name(void **state)
{
	tls_pair *p = *state;
	certificate middle = authority_below(
	    &p->root, "middle", &(wish){ .from = -200000, .to = -100000 });
	certificate leaf = authority_issue(&middle, &(wish){ 0 });

	show(p, &leaf, &middle);
	check_refused(p, CERTIFICATE_NAME,
	    "certificate of the authority CN=middle expired 20", 45);
	certificate_free(&middle);
	certificate_free(&leaf);
}

static void
who_vouches_for_itself_is_refused_as_such(void **state)
{
	tls_pair *p = *state;
	certificate c = certificate_make();

	show(p, &c, NULL);
	check_refused(p, CERTIFICATE_NAME, "tls: self-signed certificate", 48);
	certificate_free(&c);
}

static void
an_unknown_authority_is_told_by_name(void **state)
{
	tls_pair *p = *state;
	certificate other = authority_make("other");
	certificate leaf = authority_issue(&other, &(wish){ 0 });

	show(p, &leaf, NULL);
	check_refused(p, CERTIFICATE_NAME,
	    "certificate of an unknown authority (CN=other)", 48);
	show(p, &leaf, &other);
	check_refused(p, CERTIFICATE_NAME,
	    "certificate of an unknown authority (CN=other)", 48);
	certificate_free(&other);
	certificate_free(&leaf);
}

static void
a_certificate_for_something_else_is_refused(void **state)
{
	tls_pair *p = *state;

	issue_and_show(p, &(wish){ .usage = "clientAuth" });
	check_refused(
	    p, CERTIFICATE_NAME, "certificate is not for servers", 43);
}

static void
a_leaf_is_no_authority(void **state)
{
	tls_pair *p = *state;
	certificate c = authority_issue(&p->leaf, &(wish){ 0 });

	show(p, &c, NULL);
	check_refused(p, CERTIFICATE_NAME,
	    "certificate of an unknown authority (CN=unused)", 48);
	certificate_free(&c);
}

static void
a_chain_that_is_too_long_is_refused(void **state)
{
	certificate c[SLU_TLS_CHAIN_DEFAULT];
	tls_pair *p = *state;
	slu_tls_identity *id = NULL;
	int n = SLU_TLS_CHAIN_DEFAULT;

	/* With the root there is one too many, and then there is not. */
	for (int less = 0; less < 2; less++, n--) {
		c[0] = authority_below(&p->root, "0", &(wish){ 0 });
		for (int i = 1; i < n - 1; i++)
			c[i] = authority_below(&c[i - 1], "n", &(wish){ 0 });
		c[n - 1] = authority_issue(&c[n - 2], &(wish){ 0 });
		authority_write("long.pem", NULL, NULL, c[n - 1].key);
		for (int i = 0; i < n; i++)
			authority_add("long.pem", c[i].cert, NULL);
		CHECK_OK(slu_tls_identity_file(&id, "long.pem", NULL, NULL));
		slu_tls_config_free(p->server_config);
		CHECK_OK(slu_tls_config_new(&p->server_config));
		CHECK_OK(slu_tls_config_identity(p->server_config, id));
		slu_tls_identity_free(id);
		speak_only(p->server_config, p->version);
		if (less == 0)
			check_refused(p, CERTIFICATE_NAME,
			    "certificate has a chain that is too long", 48);
		else
			check_accepted(p, CERTIFICATE_NAME);
		for (int i = 0; i < n; i++)
			certificate_free(&c[i]);
	}
}

static void
trust_anew(tls_pair *p)
{
	slu_tls_config_free(p->client_config);
	CHECK_OK(slu_tls_config_new(&p->client_config));
	speak_only(p->client_config, p->version);
}

static void
an_authority_below_a_root_can_be_trusted_and_so_can_a_leaf(void **state)
{
	tls_pair *p = *state;
	certificate middle = authority_below(&p->root, "middle", &(wish){ 0 });
	certificate leaf = authority_issue(&middle, &(wish){ 0 });
	certificate self = certificate_make();

	trust_anew(p);
	authority_write("middle.pem", middle.cert, NULL, NULL);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "middle.pem"));
	show(p, &leaf, NULL);
	check_accepted(p, CERTIFICATE_NAME);
	trust_anew(p);
	authority_write("one.pem", leaf.cert, self.cert, NULL);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "one.pem"));
	check_accepted(p, CERTIFICATE_NAME);
	check_refused(p, "other.test", "not valid for this name", 42);
	show(p, &self, NULL);
	check_accepted(p, CERTIFICATE_NAME);
	certificate_free(&middle);
	certificate_free(&leaf);
	certificate_free(&self);
}

static void
pin_of(X509 *cert, unsigned char pin[SLU_TLS_PIN])
{
	unsigned char *der = NULL;
	slu_certificate *c = NULL;
	int len = i2d_X509(cert, &der);

	CHECK(len > 0);
	CHECK_OK(slu_certificate_der(&c, der, (size_t)len));
	CHECK_OK(slu_certificate_pin(c, pin));
	slu_certificate_free(c);
	OPENSSL_free(der);
}

static void
a_pin_must_be_in_a_chain_that_is_right_besides(void **state)
{
	unsigned char pin[SLU_TLS_PIN] = { 1 };
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	check_refused(p, CERTIFICATE_NAME,
	    "certificate has a public key that is not pinned", 42);
	trust_anew(p);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	pin_of(p->root.cert, pin);
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	check_accepted(p, CERTIFICATE_NAME);
	check_refused(p, "other.test", "not valid for this name", 42);
	trust_anew(p);
	pin_of(p->leaf.cert, pin);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	check_accepted(p, CERTIFICATE_NAME);
	issue_and_show(p, &(wish){ 0 });
	check_refused(p, CERTIFICATE_NAME, "not pinned", 42);
}

static void
where_only_pins_count_nothing_else_does(void **state)
{
	unsigned char pin[SLU_TLS_PIN];
	tls_pair *p = *state;
	certificate old =
	    authority_issue(&p->root, &(wish){ .from = -200, .to = -100 });

	trust_anew(p);
	CHECK_OK(slu_tls_config_only_pins(p->client_config));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_client(&p->client, p->client_config, "a.test"));
	CHECK_WORDS("only pins are to be trusted, and there are none");
	pin_of(old.cert, pin);
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	pin_of(p->root.cert, pin);
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	show(p, &old, NULL);
	check_accepted(p, "whoever.test");
	show(p, &p->leaf, &p->root);
	check_refused(p, CERTIFICATE_NAME, "not pinned", 42);
	certificate_free(&old);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(another_name_is_refused_and_told_which_there_are),
		WITH_PAIR(a_common_name_is_no_name),
		WITH_PAIR_1_3(of_many_names_the_first_are_told),
		WITH_PAIR(one_out_of_its_dates_is_refused_with_the_date),
		WITH_PAIR_1_3(an_authority_out_of_its_dates_is_told_by_name),
		WITH_PAIR(who_vouches_for_itself_is_refused_as_such),
		WITH_PAIR(an_unknown_authority_is_told_by_name),
		WITH_PAIR_1_3(a_certificate_for_something_else_is_refused),
		WITH_PAIR_1_3(a_leaf_is_no_authority),
		WITH_PAIR_1_3(a_chain_that_is_too_long_is_refused),
		WITH_PAIR_1_3(
		    an_authority_below_a_root_can_be_trusted_and_so_can_a_leaf),
		WITH_PAIR(a_pin_must_be_in_a_chain_that_is_right_besides),
		WITH_PAIR(where_only_pins_count_nothing_else_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
