/* SPDX-License-Identifier: ISC */
/* What authorities say of revocation, stapled to handshakes. */
#include <openssl/ocsp.h>

#include "check.h"
#include "sluice/tls_dane.h"
#include "sluice/tls_hooks.h"
#include "sluice/tls_peer.h"
#include "sluice/tls_session.h"
#include "tls/pin.h"
#include "tls/tls_config_internal.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

#define HOUR 3600
#define BY_ITSELF "trusted by itself, and nobody's OCSP response counts"

/* Staple what `w` wishes to a server of `leaf`, and of `issuer`, or NULL. */
static void
serve_with(
    tls_pair *p, const certificate *leaf, X509 *issuer, const ocsp_wish *w)
{
	slu_tls_version v = (slu_tls_version)p->version;
	slu_tls_identity *id = NULL;
	unsigned char *der;
	int len;

	authority_write("served.pem", leaf->cert, issuer, leaf->key);
	CHECK_OK(slu_tls_identity_file(&id, "served.pem", NULL, NULL));
	if (w != NULL) {
		len = authority_ocsp(&der, leaf->cert, &p->root, w);
		CHECK_OK(slu_tls_identity_ocsp(id, der, (size_t)len));
		OPENSSL_free(der);
	}
	slu_tls_config_free(p->server_config);
	CHECK_OK(slu_tls_config_new(&p->server_config));
	CHECK_OK(slu_tls_config_versions(p->server_config, v, v));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	slu_tls_identity_free(id);
}

static void
serve(tls_pair *p, const certificate *leaf, const ocsp_wish *w)
{
	serve_with(p, leaf, p->root.cert, w);
}

/* A client that wants `ocsp`, and trusts nobody yet. */
static void
want(tls_pair *p, slu_tls_ocsp ocsp)
{
	slu_tls_version v = (slu_tls_version)p->version;

	slu_tls_config_free(p->client_config);
	CHECK_OK(slu_tls_config_new(&p->client_config));
	CHECK_OK(slu_tls_config_versions(p->client_config, v, v));
	CHECK_OK(slu_tls_config_ocsp(p->client_config, ocsp));
}

/* What the client makes of the server, and its words. */
static void
meet(tls_pair *p, slu_status want, const char *words)
{
	tls_pair_begin(p, CERTIFICATE_NAME);
	(void)tls_pair_shake(p);
	CHECK_IS(want, slu_tls_handshake(p->client));
	if (want) {
		CHECK_WORDS(words);
		CHECK(slu_failed(slu_tls_handshake(p->server)));
		CHECK(
		    p->server->alert == SSL_AD_BAD_CERTIFICATE_STATUS_RESPONSE);
	}
	tls_pair_end(p);
}

/* What a client that wants `ocsp`, and trusts the root, makes of it. */
static void
check(tls_pair *p, slu_tls_ocsp ocsp, slu_status status, const char *words)
{
	want(p, ocsp);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	meet(p, status, words);
}

static void
a_good_word_is_taken(void **state)
{
	tls_pair *p = *state;

	serve(p, &p->leaf, &(ocsp_wish){ .from = -HOUR, .to = HOUR });
	check(p, SLU_TLS_OCSP_NONE, SLU_OK, NULL);
	check(p, SLU_TLS_OCSP_ASK, SLU_OK, NULL);
	check(p, SLU_TLS_OCSP_REQUIRE, SLU_OK, NULL);
	serve(p, &p->leaf, &(ocsp_wish){ .from = -HOUR });
	check(p, SLU_TLS_OCSP_REQUIRE, SLU_OK, NULL);
}

static void
no_word_is_refused_where_one_is_due(void **state)
{
	tls_pair *p = *state;
	certificate due = authority_issue(&p->root, &(wish){ .staples = true });

	serve(p, &p->leaf, NULL);
	check(p, SLU_TLS_OCSP_ASK, SLU_OK, NULL);
	check(p, SLU_TLS_OCSP_REQUIRE, SLU_ERR_AUTH,
	    "certificate comes without an OCSP response");
	serve(p, &due, NULL);
	check(p, SLU_TLS_OCSP_NONE, SLU_OK, NULL);
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH,
	    "certificate comes without an OCSP response");
	certificate_free(&due);
}

static void
what_is_revoked_or_unknown_is_refused(void **state)
{
	tls_pair *p = *state;

	serve(p, &p->leaf,
	    &(ocsp_wish){ .status = V_OCSP_CERTSTATUS_REVOKED,
		.from = -HOUR,
		.to = HOUR });
	check(p, SLU_TLS_OCSP_NONE, SLU_OK, NULL);
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH, "certificate was revoked");
	serve(p, &p->leaf,
	    &(ocsp_wish){ .status = V_OCSP_CERTSTATUS_UNKNOWN,
		.from = -HOUR,
		.to = HOUR });
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH,
	    "certificate is not known to its authority");
}

static void
an_old_word_is_refused(void **state)
{
	tls_pair *p = *state;

	serve(p, &p->leaf, &(ocsp_wish){ .from = -3 * HOUR, .to = -HOUR });
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH,
	    "certificate's OCSP response is out of date");
	serve(p, &p->leaf, &(ocsp_wish){ .from = -8 * 24 * HOUR });
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH, "is out of date");
	serve(p, &p->leaf, &(ocsp_wish){ .from = HOUR, .to = 2 * HOUR });
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH, "is out of date");
}

static void
only_the_authority_or_whom_it_names_may_speak(void **state)
{
	tls_pair *p = *state;
	certificate strange = authority_make("strange");
	certificate other = authority_issue(&p->root, &(wish){ 0 });
	certificate named =
	    authority_issue(&p->root, &(wish){ .usage = "OCSPSigning" });

	serve(p, &p->leaf,
	    &(ocsp_wish){ .by = &strange, .from = -HOUR, .to = HOUR });
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH,
	    "by somebody who may not give it");
	serve(p, &p->leaf,
	    &(ocsp_wish){ .by = &other, .from = -HOUR, .to = HOUR });
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH,
	    "by somebody who may not give it");
	serve(p, &p->leaf,
	    &(ocsp_wish){ .by = &named, .from = -HOUR, .to = HOUR });
	check(p, SLU_TLS_OCSP_REQUIRE, SLU_OK, NULL);
	certificate_free(&strange);
	certificate_free(&other);
	certificate_free(&named);
}

static void
whose_key_is_weak_may_not_speak(void **state)
{
	tls_pair *p = *state;
	certificate weak = authority_issue(
	    &p->root, &(wish){ .usage = "OCSPSigning", .key = "RSA-1024" });

	serve(p, &p->leaf,
	    &(ocsp_wish){ .by = &weak, .from = -HOUR, .to = HOUR });
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH,
	    "by somebody who may not give it");
	certificate_free(&weak);
}

static void
what_is_signed_with_a_broken_digest_counts_for_nothing(void **state)
{
	tls_pair *p = *state;

	serve(p, &p->leaf,
	    &(ocsp_wish){ .from = -HOUR, .to = HOUR, .digest = "sha1" });
	check(p, SLU_TLS_OCSP_ASK, SLU_ERR_AUTH,
	    "is signed with a broken digest (SHA1)");
	serve(p, &p->leaf,
	    &(ocsp_wish){ .from = -HOUR, .to = HOUR, .digest = "sha384" });
	check(p, SLU_TLS_OCSP_REQUIRE, SLU_OK, NULL);
}

static void
what_is_no_response_or_another_s_is_not_stapled(void **state)
{
	tls_pair *p = *state;
	certificate other = authority_issue(&p->root, &(wish){ 0 });
	slu_tls_identity *id = NULL;
	unsigned char *der;
	int len = authority_ocsp(&der, other.cert, &p->root,
	    &(ocsp_wish){ .from = -HOUR, .to = HOUR });
	static const unsigned char later[] = { 0x30, 3, 0x0a, 1, 3 };

	authority_write("a.pem", p->leaf.cert, p->root.cert, p->leaf.key);
	CHECK_OK(slu_tls_identity_file(&id, "a.pem", NULL, NULL));
	CHECK_IS(SLU_ERR_NO_MATCH, slu_tls_identity_ocsp(id, der, (size_t)len));
	CHECK_IS(
	    SLU_ERR_FORMAT, slu_tls_identity_ocsp(id, der, (size_t)len - 9));
	CHECK_IS(
	    SLU_ERR_FORMAT, slu_tls_identity_ocsp(id, later, sizeof(later)));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_tls_identity_ocsp(id, der, SLU_TLS_OCSP_MAX + 1));
	CHECK_OK(slu_tls_identity_ocsp(id, NULL, 0));
	slu_tls_identity_free(id);
	OPENSSL_free(der);
	certificate_free(&other);
}

static void
each_of_several_identities_has_its_own(void **state)
{
	tls_pair *p = *state;
	certificate other =
	    authority_issue(&p->root, &(wish){ .san = "DNS:b.test" });
	slu_tls_identity *id = NULL;

	serve(p, &p->leaf, &(ocsp_wish){ .from = -HOUR, .to = HOUR });
	authority_write("b.pem", other.cert, NULL, other.key);
	CHECK_OK(slu_tls_identity_file(&id, "b.pem", NULL, NULL));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	slu_tls_identity_free(id);
	check(p, SLU_TLS_OCSP_REQUIRE, SLU_OK, NULL);
	want(p, SLU_TLS_OCSP_REQUIRE);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	tls_pair_begin(p, "b.test");
	(void)tls_pair_shake(p);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(p->client));
	CHECK_WORDS("without an OCSP response");
	certificate_free(&other);
}

static void
hold_to(tls_pair *p, slu_tls_dane_usage usage, X509 *cert)
{
	unsigned char pin[SLU_TLS_PIN];

	CHECK_OK(slu_pin_of(cert, pin));
	CHECK_OK(slu_tls_dane(p->client, usage, SLU_TLS_DANE_SPKI,
	    SLU_TLS_DANE_SHA256, pin, sizeof(pin)));
}

/* What a client that is told a TLSA record of `cert` makes of the server. */
static void
meet_by_dane(tls_pair *p, slu_tls_dane_usage usage, X509 *cert, slu_status want)
{
	tls_pair_begin(p, CERTIFICATE_NAME);
	hold_to(p, usage, cert);
	(void)tls_pair_shake(p);
	CHECK_IS(want, slu_tls_handshake(p->client));
	if (want)
		CHECK_WORDS(BY_ITSELF);
	tls_pair_end(p);
}

static void
trust_only(tls_pair *p, X509 *cert)
{
	unsigned char pin[SLU_TLS_PIN];

	CHECK_OK(slu_pin_of(cert, pin));
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	CHECK_OK(slu_tls_config_only_pins(p->client_config));
}

/* As a root, by a pin, by a TLSA record (RFC 7671, section 5.1). */
static void
a_leaf_trusted_by_itself_has_nobody_to_vouch_for_it(void **state)
{
	tls_pair *p = *state;
	certificate due = authority_issue(&p->root, &(wish){ .staples = true });

	serve_with(p, &due, NULL, &(ocsp_wish){ .from = -HOUR, .to = HOUR });
	authority_write("leaf.pem", due.cert, NULL, NULL);
	want(p, SLU_TLS_OCSP_ASK);
	meet_by_dane(p, SLU_TLS_DANE_EE, due.cert, SLU_OK);
	want(p, SLU_TLS_OCSP_ASK);
	trust_only(p, due.cert);
	meet(p, SLU_OK, NULL);
	want(p, SLU_TLS_OCSP_ASK);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "leaf.pem"));
	meet(p, SLU_OK, NULL);
	want(p, SLU_TLS_OCSP_REQUIRE);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "leaf.pem"));
	meet(p, SLU_ERR_AUTH, BY_ITSELF);
	want(p, SLU_TLS_OCSP_REQUIRE);
	meet_by_dane(p, SLU_TLS_DANE_EE, due.cert, SLU_ERR_AUTH);
	want(p, SLU_TLS_OCSP_REQUIRE);
	trust_only(p, due.cert);
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_client(&p->client, p->client_config, CERTIFICATE_NAME));
	CHECK_WORDS("required, and only pins are to be trusted");
	certificate_free(&due);
}

/* Its word is looked at, whoever it is that is trusted. */
static void
the_issuer_need_not_be_a_root(void **state)
{
	ocsp_wish good = { .from = -HOUR, .to = HOUR };
	ocsp_wish revoked = {
		.status = V_OCSP_CERTSTATUS_REVOKED, .from = -HOUR, .to = HOUR
	};
	tls_pair *p = *state;

	serve(p, &p->leaf, &good);
	authority_write("leaf.pem", p->leaf.cert, NULL, NULL);
	want(p, SLU_TLS_OCSP_REQUIRE);
	meet_by_dane(p, SLU_TLS_DANE_TA, p->root.cert, SLU_OK);
	want(p, SLU_TLS_OCSP_REQUIRE);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "leaf.pem"));
	meet(p, SLU_OK, NULL);
	serve(p, &p->leaf, &revoked);
	want(p, SLU_TLS_OCSP_ASK);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "leaf.pem"));
	meet(p, SLU_ERR_AUTH, "certificate was revoked");
}

/* ---- and who asks a hook about the server */

typedef struct question {
	slu_status answer;
	unsigned asked;
	size_t chain;
} question;

static slu_status
on_peer(slu_tls *tls, void *arg)
{
	question *q = arg;

	q->asked++;
	q->chain = slu_tls_peer_chain(tls);
	return slu_failed(q->answer) ? slu_fail(q->answer, "test: not them")
				     : q->answer;
}

/* A client that wants `ocsp`, trusts the root, and asks about the server. */
static void
ask(tls_pair *p, slu_tls_ocsp ocsp, question *q)
{
	want(p, ocsp);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	CHECK_OK(slu_tls_config_on_peer(p->client_config, on_peer, q));
}

/* Both show who they are. */
static void
show_each_other(tls_pair *p)
{
	slu_tls_identity *id = NULL;

	CHECK_OK(slu_tls_identity_file(&id, "leaf.pem", "leaf.key", NULL));
	CHECK_OK(slu_tls_config_identity(p->client_config, id));
	slu_tls_identity_free(id);
	CHECK_OK(slu_tls_config_trust_file(p->server_config, "root.pem"));
	CHECK_OK(slu_tls_config_client_auth(p->server_config, SLU_TLS_REQUIRE));
}

static void
nobody_is_asked_about_a_peer_that_was_found_wrong(void **state)
{
	static const slu_status answers[] = { SLU_WANT_CERT, SLU_OK,
		SLU_ERR_NO_MATCH };
	size_t count = sizeof(answers) / sizeof(*answers);
	tls_pair *p = *state;

	if (check_slow("one answer"))
		count = 1;
	for (size_t i = 0; i < count; i++) {
		question q = { .answer = answers[i] };

		serve(p, &p->leaf, NULL);
		ask(p, SLU_TLS_OCSP_REQUIRE, &q);
		meet(p, SLU_ERR_AUTH, "comes without an OCSP response");
		serve(p, &p->leaf,
		    &(ocsp_wish){ .status = V_OCSP_CERTSTATUS_REVOKED,
			.from = -HOUR,
			.to = HOUR });
		ask(p, SLU_TLS_OCSP_ASK, &q);
		meet(p, SLU_ERR_AUTH, "certificate was revoked");
		CHECK(q.asked == 0);
	}
}

static void
who_is_asked_about_was_found_right(void **state)
{
	tls_pair *p = *state;
	question q = { SLU_OK, 0, 0 };

	serve(p, &p->leaf, &(ocsp_wish){ .from = -HOUR, .to = HOUR });
	ask(p, SLU_TLS_OCSP_REQUIRE, &q);
	tls_pair_connect(p);
	CHECK(q.asked == 1 && q.chain == 2);
	CHECK_OK(slu_tls_peer_verified(p->client));
	tls_pair_say(p, p->server, p->client, "it is me");
	if (check_slow("a response"))
		return;
	tls_pair_end(p);
	serve(p, &p->leaf, NULL);
	ask(p, SLU_TLS_OCSP_ASK, &q);
	tls_pair_connect(p);
	CHECK(q.asked == 2 && q.chain == 2);
	CHECK(slu_tls_peer_chain(p->client) == 2);
}

static void
who_is_refused_besides_learns_an_alert(void **state)
{
	tls_pair *p = *state;
	question q = { SLU_ERR_NO_MATCH, 0, 0 };

	serve(p, &p->leaf, &(ocsp_wish){ .from = -HOUR, .to = HOUR });
	ask(p, SLU_TLS_OCSP_REQUIRE, &q);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_NO_MATCH, tls_pair_shake(p));
	CHECK_WORDS("not them");
	CHECK(q.asked == 1);
	CHECK_IS(SLU_ERR_PEER, slu_tls_handshake(p->server));
	CHECK(p->server->alert == (p->version == TLS1_3_VERSION
					  ? SSL_AD_CERTIFICATE_UNKNOWN
					  : SSL_AD_INTERNAL_ERROR));
}

/* The client has answered nothing, and shown nothing, while it waits. */
static void
wait_for_judgement(tls_pair *p, question *q)
{
	const void *wire;
	char byte;
	size_t n;

	serve(p, &p->leaf, &(ocsp_wish){ .from = -HOUR, .to = HOUR });
	ask(p, SLU_TLS_OCSP_REQUIRE, q);
	show_each_other(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_WANT_CERT, tls_pair_shake(p));
	for (int i = 0; i < 2; i++) {
		CHECK_IS(SLU_WANT_CERT, slu_tls_handshake(p->client));
		CHECK_IS(SLU_WANT_CERT, slu_tls_read(p->client, &byte, 1, &n));
		CHECK_IS(SLU_WANT_CERT, slu_tls_write(p->client, "x", 1, &n));
		CHECK_IS(SLU_WANT_CERT, slu_tls_close(p->client));
		CHECK_IS(
		    SLU_WANT_CERT, slu_tls_drain_view(p->client, &wire, &n));
		CHECK(n == 0);
	}
	CHECK_IS(SLU_WANT_READ, slu_tls_handshake(p->server));
	CHECK(slu_tls_peer_chain(p->server) == 0);
	CHECK(q->asked == 1 && q->chain == 2);
}

static void
a_later_answer_is_waited_for_with_nothing_shown(void **state)
{
	tls_pair *p = *state;
	question q = { SLU_WANT_CERT, 0, 0 };

	wait_for_judgement(p, &q);
	CHECK_OK(slu_tls_judge(p->client, SLU_OK));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_judge(p->client, SLU_OK));
	CHECK_OK(tls_pair_shake(p));
	CHECK(q.asked == 1 && slu_tls_peer_chain(p->server) == 2);
	tls_pair_say(p, p->client, p->server, "at last");
	tls_pair_say(p, p->server, p->client, "so it is");
}

static void
a_later_refusal_ends_it_with_nothing_shown(void **state)
{
	tls_pair *p = *state;
	question q = { SLU_WANT_CERT, 0, 0 };

	wait_for_judgement(p, &q);
	CHECK_OK(slu_tls_judge(
	    p->client, slu_fail(SLU_ERR_NO_MATCH, "test: not them")));
	CHECK_IS(SLU_ERR_NO_MATCH, tls_pair_shake(p));
	CHECK_WORDS("test: not them");
	slu_tls_feed_end(p->server);
	CHECK_IS(
	    p->version == TLS1_3_VERSION ? SLU_ERR_PEER : SLU_ERR_TRUNCATED,
	    slu_tls_handshake(p->server));
	CHECK(slu_tls_peer_chain(p->server) == 0);
	CHECK_IS(SLU_ERR_NO_MATCH, slu_tls_judge(p->client, SLU_OK));
	CHECK_IS(SLU_ERR_NO_MATCH, slu_tls_handshake(p->client));
	tls_pair_must_stay_failed(p->client, SLU_ERR_NO_MATCH);
}

static void
who_comes_back_is_asked_about_once_and_needs_no_response(void **state)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;
	question q = { SLU_OK, 0, 0 };

	serve(p, &p->leaf, &(ocsp_wish){ .from = -HOUR, .to = HOUR });
	ask(p, SLU_TLS_OCSP_REQUIRE, &q);
	tls_pair_connect(p);
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	CHECK_OK(slu_tls_session_get(p->client, &kept));
	tls_pair_end(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(
	    slu_tls_session_set(p->client, slu_buf_front(&kept), kept.len));
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->client));
	CHECK(q.asked == 2 && q.chain == 2);
	slu_buf_free(&kept);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(a_good_word_is_taken),
		WITH_PAIR(no_word_is_refused_where_one_is_due),
		WITH_PAIR(what_is_revoked_or_unknown_is_refused),
		WITH_PAIR(an_old_word_is_refused),
		WITH_PAIR(only_the_authority_or_whom_it_names_may_speak),
		WITH_PAIR_1_3(whose_key_is_weak_may_not_speak),
		WITH_PAIR_1_3(
		    what_is_signed_with_a_broken_digest_counts_for_nothing),
		WITH_PAIR_1_3(what_is_no_response_or_another_s_is_not_stapled),
		WITH_PAIR(each_of_several_identities_has_its_own),
		WITH_PAIR(a_leaf_trusted_by_itself_has_nobody_to_vouch_for_it),
		WITH_PAIR(the_issuer_need_not_be_a_root),
		WITH_PAIR(nobody_is_asked_about_a_peer_that_was_found_wrong),
		WITH_PAIR(who_is_asked_about_was_found_right),
		WITH_PAIR(who_is_refused_besides_learns_an_alert),
		WITH_PAIR(a_later_answer_is_waited_for_with_nothing_shown),
		WITH_PAIR(a_later_refusal_ends_it_with_nothing_shown),
		WITH_PAIR(
		    who_comes_back_is_asked_about_once_and_needs_no_response),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
