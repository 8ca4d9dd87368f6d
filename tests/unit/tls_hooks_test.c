/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "sluice/pair.h"
#include "sluice/tls_hooks.h"
#include "sluice/tls_peer.h"
#include "sluice/tls_stream.h"
#include "tls/tls_config_internal.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

#define OTHER "other.test"

/* What a hook of the test's does, and what it saw. */
typedef struct plan {
	slu_status answer;
	slu_tls_identity *id; /* presented in the hook */
	bool nobody;          /* is presented in the hook */
	const char *refuse;   /* refused in the hook, for this reason */
	slu_tls_alert alert;
	unsigned asked; /* times */
	char name[64];  /* asked for */
	char alpn[64];  /* offered, a comma behind each */
	bool use_doors; /* call the doors, which must not open */
	char authority[64];
	bool takes; /* the other's identity */
	slu_status answered_twice;
} plan;

typedef struct scene {
	tls_pair pair;
	certificate other_leaf;
	slu_tls_identity *other; /* whom OTHER's certificate belongs to */
	plan server, client;
} scene;

static int
enter(void **state)
{
	scene *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	folder_enter();
	tls_pair_new(&s->pair);
	s->other_leaf =
	    authority_issue(&s->pair.root, &(wish){ .san = "DNS:" OTHER });
	authority_write(
	    "other.pem", s->other_leaf.cert, NULL, s->other_leaf.key);
	CHECK_OK(slu_tls_identity_file(&s->other, "other.pem", NULL, NULL));
	s->server.answered_twice = s->client.answered_twice = SLU_ERR_USAGE;
	*state = s;
	return 0;
}

static int
enter_1_2(void **state)
{
	(void)enter(state);
	tls_pair_version(&((scene *)*state)->pair, TLS1_2_VERSION);
	return 0;
}

static int
leave(void **state)
{
	scene *s = *state;

	slu_tls_identity_free(s->other);
	certificate_free(&s->other_leaf);
	tls_pair_free(&s->pair);
	free(s);
	folder_leave();
	return 0;
}

static void
doors_are_shut(slu_tls *tls)
{
	const void *wire;
	char byte = 0;
	size_t n, used;

	CHECK_IS(SLU_ERR_USAGE, slu_tls_handshake(tls));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_read(tls, &byte, 1, &n));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_read_from(tls, &byte, 1, &used, &byte, 1, &n));
	CHECK(used == 0 && n == 0);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_write(tls, &byte, 1, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_feed(tls, &byte, 1, &n));
	CHECK(n == 0);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_drain(tls, &byte, 1, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_drain_view(tls, &wire, &n));
	CHECK(n == 0);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_close(tls));
}

static slu_status
follow(slu_tls *tls, plan *p)
{
	p->asked++;
	if (p->use_doors)
		doors_are_shut(tls);
	if (p->id != NULL || p->nobody) {
		CHECK_OK(slu_tls_present(tls, p->id));
		p->answered_twice = slu_tls_present(tls, p->id);
	}
	if (p->refuse != NULL) {
		CHECK_IS(
		    SLU_ERR_AUTH, slu_tls_refuse(tls, p->alert, p->refuse));
		return p->answer;
	}
	if (slu_failed(p->answer))
		return slu_fail(p->answer, "plan: as planned");
	return p->answer;
}

static slu_status
on_name(slu_tls *tls, const slu_tls_hello *hello, void *arg)
{
	const char *name = slu_tls_hello_name(hello);
	const void *alpn;
	plan *p = arg;
	size_t len;

	strcpy(p->name, name == NULL ? "nobody" : name);
	p->alpn[0] = '\0';
	for (size_t i = 0; (alpn = slu_tls_hello_alpn(hello, i, &len)); i++) {
		strncat(p->alpn, alpn, len);
		strcat(p->alpn, ",");
	}
	return follow(tls, p);
}

static slu_status
on_request(slu_tls *tls, const slu_tls_request *request, void *arg)
{
	const char *first = slu_tls_request_authority(request, 0);
	scene *s = arg;

	strcpy(s->client.authority, first == NULL ? "anybody" : first);
	s->client.takes = slu_tls_request_takes(request, s->other);
	return follow(tls, &s->client);
}

static slu_status
on_peer(slu_tls *tls, void *arg)
{
	return follow(tls, arg);
}

/* Have the server choose by a hook that answers so; the client asks OTHER. */
static void
begin_with_name(scene *s, slu_status answer)
{
	s->server.answer = answer;
	CHECK_OK(
	    slu_tls_config_on_name(s->pair.server_config, on_name, &s->server));
	tls_pair_begin(&s->pair, OTHER);
}

/* Have the server want a certificate of its own authority. */
static void
begin_with_client_auth(scene *s)
{
	tls_pair *p = &s->pair;

	CHECK_OK(slu_tls_config_trust_file(p->server_config, "root.pem"));
	CHECK_OK(slu_tls_config_client_auth(p->server_config, SLU_TLS_REQUIRE));
	tls_pair_begin(p, CERTIFICATE_NAME);
}

static void
begin_with_request(scene *s, slu_status answer)
{
	s->client.answer = answer;
	CHECK_OK(
	    slu_tls_config_on_request(s->pair.client_config, on_request, s));
	begin_with_client_auth(s);
}

/* Words written at one end are read at the other. */
static void
say(tls_pair *p, slu_tls *from, slu_tls *to)
{
	char heard[8];
	slu_status st;
	size_t n;

	CHECK_OK(slu_tls_write(from, "words", 5, &n));
	(void)tls_pair_carry(p);
	st = slu_tls_read(to, heard, sizeof(heard), &n);
	while (st == SLU_WANT_READ && tls_pair_carry(p))
		st = slu_tls_read(to, heard, sizeof(heard), &n);
	CHECK_OK(st);
	CHECK_BYTES("words", 5, heard, n);
}

static void
each_door_waits(slu_tls *tls)
{
	char byte = 0;
	size_t n;

	CHECK_IS(SLU_WANT_CERT, slu_tls_handshake(tls));
	CHECK_IS(SLU_WANT_CERT, slu_tls_read(tls, &byte, 1, &n));
	CHECK_IS(SLU_WANT_CERT, slu_tls_write(tls, &byte, 1, &n));
	CHECK_IS(SLU_WANT_CERT, slu_tls_drain(tls, &byte, 1, &n));
	CHECK_IS(SLU_WANT_CERT, slu_tls_close(tls));
}

/* ---- on_name */

static void
a_hook_sees_the_name_and_the_protocols_and_chooses_at_once(void **state)
{
	scene *s = *state;

	CHECK(SSL_CTX_set_alpn_protos(s->pair.client_config->ctx,
		  (const unsigned char *)"\x02h2\x08http/1.1", 12) == 0);
	s->server.id = s->other;
	begin_with_name(s, SLU_OK);
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK_IS(SLU_ERR_USAGE, s->server.answered_twice);
	CHECK(s->server.asked == 1);
	assert_string_equal(OTHER, s->server.name);
	assert_string_equal("h2,http/1.1,", s->server.alpn);
	CHECK_OK(slu_tls_peer_verified(s->pair.client));
	say(&s->pair, s->pair.client, s->pair.server);
}

static void
a_deferred_certificate_is_waited_for_and_then_used(void **state)
{
	scene *s = *state;
	const void *wire;
	size_t len;

	begin_with_name(s, SLU_WANT_CERT);
	CHECK_IS(SLU_WANT_READ, tls_pair_shake(&s->pair));
	CHECK_IS(SLU_WANT_CERT, s->pair.server_said);
	each_door_waits(s->pair.server);
	CHECK_OK(slu_tls_present(s->pair.server, s->other));
	CHECK_OK(slu_tls_drain_view(s->pair.server, &wire, &len));
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK(s->server.asked == 1);
	say(&s->pair, s->pair.server, s->pair.client);
}

static void
a_chain_waits_for_a_deferred_certificate_too(void **state)
{
	slu_bio *client = NULL, *server = NULL;
	scene *s = *state;
	slu_status st;
	size_t n;

	begin_with_name(s, SLU_WANT_CERT);
	CHECK_OK(slu_pair_open(&client, &server, 1 << 16));
	CHECK_OK(slu_tls_push(&client, s->pair.client));
	CHECK_OK(slu_tls_push(&server, s->pair.server));
	CHECK_IS(SLU_WANT_READ, slu_bio_flush(client));
	CHECK_IS(SLU_WANT_CERT, slu_bio_flush(server));
	CHECK_IS(SLU_WANT_CERT, slu_bio_write(server, "words", 5, &n));
	CHECK_OK(slu_tls_present(s->pair.server, s->other));
	do {
		st = slu_bio_flush(server);
		CHECK(!slu_failed(st) && st != SLU_WANT_CERT);
		st = slu_bio_flush(client);
		CHECK(!slu_failed(st));
	} while (st);
	CHECK_OK(slu_bio_write(client, "words", 5, &n));
	CHECK_OK(slu_bio_flush(client));
	slu_bio_free(client);
	slu_bio_free(server);
}

static void
a_second_answer_is_misuse(void **state)
{
	scene *s = *state;

	begin_with_name(s, SLU_WANT_CERT);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_present(s->pair.server, s->other));
	(void)tls_pair_shake(&s->pair);
	CHECK_OK(slu_tls_present(s->pair.server, s->other));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_present(s->pair.server, s->other));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_present(s->pair.server, NULL));
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_present(s->pair.server, s->other));
	say(&s->pair, s->pair.client, s->pair.server);
}

static void
to_be_nobody_is_an_alert_at_once_or_later(void **state)
{
	scene *s = *state;

	for (int later = 0; later < 2; later++) {
		s->server.nobody = !later;
		if (later) {
			tls_pair_end(&s->pair);
			s->server.answer = SLU_WANT_CERT;
			tls_pair_begin(&s->pair, OTHER);
			(void)tls_pair_shake(&s->pair);
			CHECK_OK(slu_tls_present(s->pair.server, NULL));
		} else {
			begin_with_name(s, SLU_OK);
		}
		CHECK_IS(SLU_ERR_PEER, tls_pair_shake(&s->pair));
		CHECK_IS(SLU_ERR_AUTH, s->pair.server_said);
		CHECK(slu_tls_peer_alert(s->pair.client) ==
		      SLU_TLS_ALERT_UNRECOGNIZED_NAME);
	}
}

static void
a_default_identity_serves_names_that_a_hook_does_not_know(void **state)
{
	scene *s = *state;

	s->server.answer = SLU_OK;
	CHECK_OK(
	    slu_tls_config_on_name(s->pair.server_config, on_name, &s->server));
	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK(s->server.asked == 1);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_present(s->pair.server, s->other));
}

static void
a_client_that_asks_for_an_address_names_nobody(void **state)
{
	scene *s = *state;

	s->server.answer = SLU_OK;
	CHECK_OK(
	    slu_tls_config_on_name(s->pair.server_config, on_name, &s->server));
	tls_pair_begin(&s->pair, "127.0.0.1");
	(void)tls_pair_shake(&s->pair);
	assert_string_equal("nobody", s->server.name);
	assert_string_equal("", s->server.alpn);
}

static void
a_server_without_an_identity_lives_by_its_hook(void **state)
{
	scene *s = *state;

	slu_tls_config_free(s->pair.server_config);
	s->pair.server_config = NULL;
	CHECK_OK(slu_tls_config_new(&s->pair.server_config));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_server(&s->pair.server, s->pair.server_config));
	slu_tls_config_free(s->pair.server_config);
	s->pair.server_config = NULL;
	CHECK_OK(slu_tls_config_new(&s->pair.server_config));
	s->server.id = s->other;
	begin_with_name(s, SLU_OK);
	CHECK_OK(tls_pair_shake(&s->pair));
}

static void
a_refusal_by_name_sends_its_alert_at_once_or_later(void **state)
{
	scene *s = *state;

	s->server.refuse = "not today";
	s->server.alert = SLU_TLS_ALERT_ACCESS_DENIED;
	begin_with_name(s, SLU_OK);
	CHECK_IS(SLU_ERR_PEER, tls_pair_shake(&s->pair));
	CHECK(slu_tls_peer_alert(s->pair.client) == 49);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(s->pair.server));
	CHECK_WORDS("refused: not today");

	tls_pair_end(&s->pair);
	s->server.refuse = NULL;
	s->server.answer = SLU_WANT_CERT;
	tls_pair_begin(&s->pair, OTHER);
	(void)tls_pair_shake(&s->pair);
	CHECK_IS(SLU_ERR_AUTH,
	    slu_tls_refuse(s->pair.server, SLU_TLS_ALERT_NONE, "later"));
	CHECK_IS(SLU_ERR_AUTH, slu_tls_present(s->pair.server, s->other));
	CHECK_IS(SLU_ERR_PEER, tls_pair_shake(&s->pair));
	CHECK(slu_tls_peer_alert(s->pair.client) == 112);
}

static void
what_is_no_answer_is_a_refusal(void **state)
{
	static const slu_status odd[] = { SLU_WANT_READ, SLU_WANT_WRITE,
		SLU_EOF, (slu_status)31, (slu_status)99, SLU_ERR_IO,
		SLU_ERR_NO_MATCH };
	scene *s = *state;

	begin_with_name(s, SLU_OK);
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		tls_pair_end(&s->pair);
		s->server.answer = odd[i];
		tls_pair_begin(&s->pair, CERTIFICATE_NAME);
		CHECK_IS(SLU_ERR_PEER, tls_pair_shake(&s->pair));
		CHECK_IS(odd[i] == SLU_ERR_IO || odd[i] == SLU_ERR_NO_MATCH
			     ? odd[i]
			     : SLU_ERR_USAGE,
		    s->pair.server_said);
	}
}

static void
the_doors_are_shut_to_a_hook(void **state)
{
	scene *s = *state;

	s->server.use_doors = s->client.use_doors = true;
	s->server.id = s->other;
	/* In the middle of what the client was fed. */
	CHECK_OK(
	    slu_tls_config_on_peer(s->pair.client_config, on_peer, &s->client));
	begin_with_name(s, SLU_OK);
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK(s->server.asked == 1 && s->client.asked == 1);
}

static void
an_engine_may_go_while_an_answer_is_due(void **state)
{
	scene *s = *state;

	begin_with_name(s, SLU_WANT_CERT);
	(void)tls_pair_shake(&s->pair);
	CHECK_IS(SLU_WANT_CERT, s->pair.server_said);
}

static void
a_hook_is_asked_once_though_the_client_says_hello_twice(void **state)
{
	scene *s = *state;

	CHECK(SSL_CTX_set1_groups_list(
		  s->pair.client_config->ctx, "X25519:P-384") == 1);
	CHECK(
	    SSL_CTX_set1_groups_list(s->pair.server_config->ctx, "P-384") == 1);
	begin_with_name(s, SLU_WANT_CERT);
	(void)tls_pair_shake(&s->pair);
	CHECK_OK(slu_tls_present(s->pair.server, s->other));
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK(s->server.asked == 1);
	assert_string_equal("secp384r1", slu_tls_peer_group(s->pair.client));
}

static void
a_name_that_can_be_none_is_refused_before_the_hook(void **state)
{
	scene *s = *state;

	begin_with_name(s, SLU_OK);
	CHECK(SSL_set_tlsext_host_name(s->pair.client->ssl, "a/../b") == 1);
	CHECK_IS(SLU_ERR_PEER, tls_pair_shake(&s->pair));
	CHECK(slu_tls_peer_alert(s->pair.client) == 112);
	CHECK(s->server.asked == 0);
}

/* ---- on_request */

static void
a_client_sees_whose_certificates_are_taken_and_chooses(void **state)
{
	scene *s = *state;

	s->client.id = s->other;
	begin_with_request(s, SLU_OK);
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK(s->client.asked == 1);
	assert_string_equal("CN=a root of the test's own", s->client.authority);
	CHECK(s->client.takes);
	CHECK_OK(slu_tls_peer_verified(s->pair.server));
	CHECK(slu_tls_peer_chain(s->pair.server) == 2);
	say(&s->pair, s->pair.client, s->pair.server);
}

static void
a_client_s_deferred_certificate_is_waited_for(void **state)
{
	scene *s = *state;

	begin_with_request(s, SLU_WANT_CERT);
	CHECK_IS(SLU_WANT_CERT, tls_pair_shake(&s->pair));
	each_door_waits(s->pair.client);
	CHECK_OK(slu_tls_present(s->pair.client, s->other));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_present(s->pair.client, s->other));
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK_OK(slu_tls_peer_verified(s->pair.server));
}

static void
a_client_that_shows_nobody_is_for_the_server_to_refuse(void **state)
{
	scene *s = *state;

	begin_with_request(s, SLU_WANT_CERT);
	(void)tls_pair_shake(&s->pair);
	CHECK_OK(slu_tls_present(s->pair.client, NULL));
	CHECK(slu_failed(tls_pair_shake(&s->pair)) ||
	      slu_failed(s->pair.server_said));
	CHECK(slu_failed(s->pair.server_said));
}

static void
a_client_s_hook_can_refuse_too(void **state)
{
	scene *s = *state;

	s->client.refuse = "I know them";
	begin_with_request(s, SLU_OK);
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(&s->pair));
	CHECK_IS(SLU_ERR_PEER, s->pair.server_said);
	CHECK(slu_tls_peer_alert(s->pair.server) == 80);
}

static void
certificates_of_others_are_told_from_those_that_are_taken(void **state)
{
	certificate root = authority_make("another root");
	scene *s = *state;

	CHECK(
	    SSL_CTX_add_client_CA(s->pair.server_config->ctx, root.cert) == 1);
	s->client.id = s->other;
	s->client.answer = SLU_OK;
	CHECK_OK(
	    slu_tls_config_on_request(s->pair.client_config, on_request, s));
	CHECK_OK(slu_tls_config_trust_file(s->pair.server_config, "root.pem"));
	CHECK_OK(
	    slu_tls_config_client_auth(s->pair.server_config, SLU_TLS_NONE));
	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
	SSL_set_verify(s->pair.server->ssl, SSL_VERIFY_PEER, NULL);
	CHECK_OK(tls_pair_shake(&s->pair));
	assert_string_equal("CN=another root", s->client.authority);
	CHECK(!s->client.takes);
	certificate_free(&root);
}

/* ---- on_peer */

/* Ask at this end about the other one. */
static void
ask_client_about_peer(scene *s, slu_status answer)
{
	s->client.answer = answer;
	CHECK_OK(
	    slu_tls_config_on_peer(s->pair.client_config, on_peer, &s->client));
	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
}

static void
ask_server_about_peer(scene *s, slu_status answer)
{
	s->server.answer = answer;
	CHECK_OK(
	    slu_tls_config_on_peer(s->pair.server_config, on_peer, &s->server));
	CHECK_OK(slu_tls_config_identity(s->pair.client_config, s->other));
	begin_with_client_auth(s);
}

static void
both_ends_may_be_asked_about_the_other(void **state)
{
	scene *s = *state;

	s->client.answer = SLU_OK;
	CHECK_OK(
	    slu_tls_config_on_peer(s->pair.client_config, on_peer, &s->client));
	ask_server_about_peer(s, SLU_OK);
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK(s->client.asked == 1 && s->server.asked == 1);
	say(&s->pair, s->pair.client, s->pair.server);
	say(&s->pair, s->pair.server, s->pair.client);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_judge(s->pair.client, SLU_OK));
}

static void
a_refused_server_learns_the_alert(void **state)
{
	static const struct {
		slu_tls_alert said;
		int alert;
	} alerts[] = {
		{ SLU_TLS_ALERT_NONE, 46 },
		{ SLU_TLS_ALERT_HANDSHAKE_FAILURE, 40 },
		{ SLU_TLS_ALERT_BAD_CERTIFICATE, 42 },
		{ SLU_TLS_ALERT_UNSUPPORTED_CERTIFICATE, 43 },
		{ SLU_TLS_ALERT_CERTIFICATE_REVOKED, 44 },
		{ SLU_TLS_ALERT_CERTIFICATE_EXPIRED, 45 },
		{ SLU_TLS_ALERT_CERTIFICATE_UNKNOWN, 46 },
		{ SLU_TLS_ALERT_UNKNOWN_CA, 48 },
		{ SLU_TLS_ALERT_INTERNAL_ERROR, 80 },
	};
	size_t count = sizeof(alerts) / sizeof(*alerts);
	scene *s = *state;

	s->client.refuse = "on the list";
	ask_client_about_peer(s, SLU_OK);
	if (check_slow("one alert"))
		count = 1;
	for (size_t i = 0; i < count; i++) {
		tls_pair_end(&s->pair);
		s->client.alert = alerts[i].said;
		tls_pair_begin(&s->pair, CERTIFICATE_NAME);
		CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(&s->pair));
		CHECK_IS(SLU_ERR_PEER, s->pair.server_said);
		CHECK(slu_tls_peer_alert(s->pair.server) == alerts[i].alert);
	}
}

static void
a_refused_client_learns_the_alert(void **state)
{
	char byte;
	scene *s = *state;
	size_t n;

	s->server.refuse = "on the list";
	s->server.alert = SLU_TLS_ALERT_CERTIFICATE_REVOKED;
	ask_server_about_peer(s, SLU_OK);
	(void)tls_pair_shake(&s->pair);
	CHECK_IS(SLU_ERR_AUTH, s->pair.server_said);
	CHECK_IS(SLU_ERR_PEER, slu_tls_read(s->pair.client, &byte, 1, &n));
	CHECK(slu_tls_peer_alert(s->pair.client) == 44);
}

static void
a_client_waits_for_its_judgement(void **state)
{
	scene *s = *state;
	const slu_certificate *c;

	ask_client_about_peer(s, SLU_WANT_CERT);
	CHECK_IS(SLU_WANT_CERT, tls_pair_shake(&s->pair));
	each_door_waits(s->pair.client);
	CHECK(slu_tls_peer_chain(s->pair.client) == 2);
	CHECK_OK(slu_tls_peer_certificate(s->pair.client, 1, &c));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_present(s->pair.client, s->other));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_judge(s->pair.client, SLU_WANT_CERT));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_judge(s->pair.client, SLU_EOF));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_judge(s->pair.client, (slu_status)99));
	CHECK_OK(slu_tls_judge(s->pair.client, SLU_OK));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_judge(s->pair.client, SLU_OK));
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK(s->client.asked == 1);
	say(&s->pair, s->pair.server, s->pair.client);
}

static void
a_client_s_late_judgement_against_its_server_is_an_alert(void **state)
{
	scene *s = *state;

	ask_client_about_peer(s, SLU_WANT_CERT);
	(void)tls_pair_shake(&s->pair);
	CHECK_OK(slu_tls_judge(
	    s->pair.client, slu_fail(SLU_ERR_NO_MATCH, "plan: not them")));
	CHECK_IS(SLU_ERR_NO_MATCH, tls_pair_shake(&s->pair));
	CHECK_WORDS("plan: not them");
	CHECK_IS(SLU_ERR_PEER, s->pair.server_said);
	CHECK(slu_tls_peer_alert(s->pair.server) == 46);
	CHECK_IS(SLU_ERR_NO_MATCH, slu_tls_judge(s->pair.client, SLU_OK));
	CHECK_IS(SLU_ERR_NO_MATCH, slu_tls_handshake(s->pair.client));
}

static void
a_server_delivers_nothing_before_its_judgement(void **state)
{
	scene *s = *state;
	char heard[8];
	size_t n;

	ask_server_about_peer(s, SLU_WANT_CERT);
	CHECK_IS(SLU_WANT_CERT, tls_pair_shake(&s->pair));
	CHECK_OK(s->pair.client_said);
	CHECK_OK(slu_tls_write(s->pair.client, "words", 5, &n));
	(void)tls_pair_carry(&s->pair);
	CHECK_IS(SLU_WANT_CERT, slu_tls_read(s->pair.server, heard, 8, &n));
	each_door_waits(s->pair.server);
	CHECK_OK(slu_tls_judge(s->pair.server, SLU_OK));
	CHECK_OK(tls_pair_shake(&s->pair));
	CHECK_OK(slu_tls_read(s->pair.server, heard, 8, &n));
	CHECK_BYTES("words", 5, heard, n);
	CHECK(s->server.asked == 1);
}

static void
a_server_s_late_judgement_ends_it_with_nothing_delivered(void **state)
{
	scene *s = *state;
	char heard[8];
	size_t n;

	ask_server_about_peer(s, SLU_WANT_CERT);
	(void)tls_pair_shake(&s->pair);
	CHECK_OK(slu_tls_write(s->pair.client, "words", 5, &n));
	(void)tls_pair_carry(&s->pair);
	CHECK_OK(slu_tls_judge(
	    s->pair.server, slu_fail(SLU_ERR_AUTH, "plan: not them")));
	CHECK_IS(SLU_ERR_AUTH, slu_tls_read(s->pair.server, heard, 8, &n));
	(void)tls_pair_carry(&s->pair);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_read(s->pair.server, heard, 8, &n));
	CHECK_WORDS("plan: not them");
	CHECK_IS(SLU_EOF, slu_tls_read(s->pair.client, heard, 8, &n));
}

/* The gates of an authorizer: each looks at one thing. */
typedef enum gate {
	GATE_ADDRESS,
	GATE_KEY,
	GATE_CHAIN,
	GATE_ROOT,
	GATE_NONE
} gate;

typedef struct gates {
	gate shut; /* wants something else than there is */
	bool late; /* answers when it is asked again */
	unsigned char pin[SLU_TLS_PIN];
} gates;

static slu_status
pass_gates(slu_tls *tls, const gates *g)
{
	const char *want[] = { "192.0.2.1", NULL, "CN=a root of the test's own",
		"CN=a root of the test's own" };
	unsigned char pin[SLU_TLS_PIN], want_pin[SLU_TLS_PIN];
	const slu_certificate *leaf, *root;
	size_t chain = slu_tls_peer_chain(tls);

	memcpy(want_pin, g->pin, sizeof(want_pin));
	want_pin[0] ^= g->shut == GATE_KEY;
	if (g->shut < GATE_NONE)
		want[g->shut] = "another one";
	if (strcmp(slu_tls_peer_address(tls), want[GATE_ADDRESS]) != 0)
		return slu_fail(SLU_ERR_AUTH, "gate: the address");
	if (chain == 0)
		return slu_fail(SLU_ERR_AUTH, "gate: no certificate");
	CHECK_OK(slu_tls_peer_certificate(tls, 0, &leaf));
	CHECK_OK(slu_tls_peer_certificate(tls, chain - 1, &root));
	CHECK_OK(slu_certificate_pin(leaf, pin));
	if (memcmp(pin, want_pin, SLU_TLS_PIN) != 0)
		return slu_fail(SLU_ERR_AUTH, "gate: the key");
	if (strcmp(slu_certificate_issuer(leaf), want[GATE_CHAIN]) != 0)
		return slu_fail(SLU_ERR_AUTH, "gate: the chain");
	if (strcmp(slu_certificate_subject(root), want[GATE_ROOT]) != 0)
		return slu_fail(SLU_ERR_AUTH, "gate: the root");
	return SLU_OK;
}

static slu_status
authorize(slu_tls *tls, void *arg)
{
	const gates *g = arg;

	return g->late ? SLU_WANT_CERT : pass_gates(tls, g);
}

/* A client, who says something at once, comes to the gates. */
static void
come_to_gates(scene *s, gates *g)
{
	char heard[8];
	slu_status st;
	size_t n;

	tls_pair_end(&s->pair);
	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
	CHECK_OK(slu_tls_set_address(s->pair.server, "192.0.2.1"));
	(void)tls_pair_shake(&s->pair);
	if (s->pair.client_said == SLU_OK)
		CHECK_OK(slu_tls_write(s->pair.client, "words", 5, &n));
	(void)tls_pair_carry(&s->pair);
	if (g->late) {
		CHECK_IS(
		    SLU_WANT_CERT, slu_tls_read(s->pair.server, heard, 8, &n));
		st = slu_tls_judge(
		    s->pair.server, pass_gates(s->pair.server, g));
		CHECK_OK(st);
		(void)tls_pair_shake(&s->pair);
	}
	st = slu_tls_read(s->pair.server, heard, 8, &n);
	(void)tls_pair_carry(&s->pair);
	if (g->shut == GATE_NONE) {
		CHECK_OK(st);
		CHECK_BYTES("words", 5, heard, n);
		return;
	}
	CHECK_IS(SLU_ERR_AUTH, st);
	CHECK(n == 0);
	/* Nor does it pass the next time. */
	CHECK_IS(SLU_ERR_AUTH, slu_tls_judge(s->pair.server, SLU_OK));
	CHECK_IS(SLU_ERR_AUTH, slu_tls_read(s->pair.server, heard, 8, &n));
	CHECK_IS(SLU_ERR_AUTH, slu_tls_write(s->pair.server, "x", 1, &n));
}

static void
put_up_gates(scene *s, gates *g)
{
	slu_tls_identity_pin(s->other, g->pin);
	CHECK_OK(slu_tls_config_on_peer(s->pair.server_config, authorize, g));
	CHECK_OK(slu_tls_config_trust_file(s->pair.server_config, "root.pem"));
	CHECK_OK(
	    slu_tls_config_client_auth(s->pair.server_config, SLU_TLS_REQUEST));
}

static void
each_gate_of_an_authorizer_can_deny_at_once_or_later(void **state)
{
	static const char *const words[] = { "gate: the address",
		"gate: the key", "gate: the chain", "gate: the root" };
	scene *s = *state;
	gates g = { 0 };

	put_up_gates(s, &g);
	CHECK_OK(slu_tls_config_identity(s->pair.client_config, s->other));
	for (int i = 0; i < 2 * (GATE_NONE + 1); i++) {
		g.late = i % 2 == 1;
		g.shut = (gate)(i / 2);
		come_to_gates(s, &g);
		if (g.shut != GATE_NONE) {
			CHECK_IS(
			    SLU_ERR_AUTH, slu_tls_handshake(s->pair.server));
			CHECK_WORDS(words[g.shut]);
		}
	}
}

static void
who_asks_for_a_root_asks_for_a_certificate(void **state)
{
	scene *s = *state;
	gates g = { .shut = GATE_ROOT };

	put_up_gates(s, &g);
	for (int late = 0; late < 2; late++) {
		g.late = late == 1;
		come_to_gates(s, &g);
		CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(s->pair.server));
		CHECK_WORDS("gate: no certificate");
	}
}

static void
a_peer_without_a_certificate_is_asked_about_too(void **state)
{
	scene *s = *state;
	char heard[8];
	size_t n;

	s->server.answer = SLU_OK;
	s->server.refuse = "from there?";
	CHECK_OK(
	    slu_tls_config_on_peer(s->pair.server_config, on_peer, &s->server));
	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
	(void)tls_pair_shake(&s->pair);
	CHECK_IS(SLU_ERR_AUTH, s->pair.server_said);
	CHECK(s->server.asked == 1);
	CHECK_IS(SLU_EOF, slu_tls_read(s->pair.client, heard, 8, &n));
}

/* What the engine's own checks refuse: wrong name, unknown root, old. */
static void
spoil(scene *s, int how)
{
	certificate bad = { 0 }, root = { 0 };
	slu_tls_identity *id = NULL;

	if (how == 0)
		bad = authority_issue(
		    &s->pair.root, &(wish){ .san = "DNS:wrong.test" });
	if (how == 1)
		bad = authority_issue(
		    &s->pair.root, &(wish){ .from = -7200, .to = -3600 });
	if (how == 2) {
		root = authority_make("unknown");
		bad = authority_issue(&root, &(wish){ 0 });
	}
	authority_write("bad.pem", bad.cert, NULL, bad.key);
	CHECK_OK(slu_tls_identity_file(&id, "bad.pem", NULL, NULL));
	slu_tls_config_free(s->pair.server_config);
	s->pair.server_config = NULL;
	CHECK_OK(slu_tls_config_new(&s->pair.server_config));
	CHECK_OK(slu_tls_config_identity(s->pair.server_config, id));
	slu_tls_identity_free(id);
	certificate_free(&bad);
	certificate_free(&root);
}

static slu_status
approve_by_all_means(slu_tls *tls, void *arg)
{
	plan *p = arg;

	p->asked++;
	p->answered_twice = slu_tls_judge(tls, SLU_OK);
	return SLU_OK;
}

static void
no_hook_can_approve_what_was_found_wrong(void **state)
{
	scene *s = *state;
	char heard[8];
	size_t n;

	CHECK_OK(slu_tls_config_on_peer(
	    s->pair.client_config, approve_by_all_means, &s->client));
	for (int how = 0; how < 3; how++) {
		tls_pair_end(&s->pair);
		spoil(s, how);
		tls_pair_begin(&s->pair, CERTIFICATE_NAME);
		CHECK_IS(SLU_ERR_USAGE, slu_tls_judge(s->pair.client, SLU_OK));
		CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(&s->pair));
		CHECK(s->client.asked == 0);
		CHECK_IS(SLU_ERR_AUTH, slu_tls_judge(s->pair.client, SLU_OK));
		CHECK_IS(
		    SLU_ERR_AUTH, slu_tls_present(s->pair.client, s->other));
		CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(s->pair.client));
		CHECK_IS(
		    SLU_ERR_AUTH, slu_tls_read(s->pair.client, heard, 8, &n));
		CHECK_IS(SLU_ERR_PEER, s->pair.server_said);
	}
}

static slu_status
refuse_and_approve(slu_tls *tls, void *arg)
{
	(void)arg;
	(void)slu_tls_refuse(tls, SLU_TLS_ALERT_NONE, "once");
	CHECK_IS(SLU_ERR_AUTH, slu_tls_judge(tls, SLU_OK));
	return SLU_OK;
}

static void
a_hook_that_refused_cannot_take_it_back(void **state)
{
	scene *s = *state;

	CHECK_OK(slu_tls_config_on_peer(
	    s->pair.client_config, refuse_and_approve, NULL));
	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(&s->pair));
	CHECK_WORDS("refused: once");
	CHECK_IS(SLU_ERR_PEER, s->pair.server_said);
}

static void
a_hook_refuses_even_where_nothing_is_verified(void **state)
{
	scene *s = *state;

	s->client.refuse = "all the same";
	CHECK_OK(
	    slu_tls_config_insecure_skip_verification(s->pair.client_config));
	ask_client_about_peer(s, SLU_OK);
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(&s->pair));
	CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(s->pair.client));
}

/* ---- late */

static void
a_late_refusal_delivers_nothing_more(void **state)
{
	scene *s = *state;
	char heard[8];
	size_t n;

	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(&s->pair));
	say(&s->pair, s->pair.client, s->pair.server);
	CHECK_OK(slu_tls_write(s->pair.client, "words", 5, &n));
	CHECK_OK(slu_tls_write(s->pair.server, "last", 4, &n));
	(void)tls_pair_carry(&s->pair);
	CHECK_IS(SLU_ERR_AUTH,
	    slu_tls_refuse(s->pair.server, SLU_TLS_ALERT_NONE, "enough"));
	CHECK_IS(SLU_ERR_AUTH, slu_tls_read(s->pair.server, heard, 8, &n));
	CHECK_WORDS("refused: enough");
	CHECK_IS(SLU_ERR_AUTH, slu_tls_write(s->pair.server, "x", 1, &n));
	CHECK_IS(SLU_ERR_AUTH,
	    slu_tls_refuse(s->pair.server, SLU_TLS_ALERT_NONE, "twice"));
	CHECK_WORDS("refused: enough");
	/* What was written before arrives, and then the end. */
	(void)tls_pair_carry(&s->pair);
	CHECK_OK(slu_tls_read(s->pair.client, heard, 8, &n));
	CHECK_BYTES("last", 4, heard, n);
	(void)tls_pair_carry(&s->pair);
	CHECK_IS(SLU_EOF, slu_tls_read(s->pair.client, heard, 8, &n));
}

static void
a_refusal_before_anything_was_said_is_one_too(void **state)
{
	scene *s = *state;

	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_AUTH,
	    slu_tls_refuse(s->pair.server, SLU_TLS_ALERT_NONE, "closed"));
	(void)tls_pair_shake(&s->pair);
	CHECK_IS(SLU_ERR_AUTH, s->pair.server_said);
	CHECK_IS(SLU_WANT_READ, s->pair.client_said);
}

static void
a_config_in_use_takes_no_hooks(void **state)
{
	scene *s = *state;

	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_on_peer(s->pair.client_config, on_peer, s));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_on_name(s->pair.server_config, on_name, s));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_config_on_request(s->pair.client_config, on_request, s));
}

static void
an_address_is_copied_and_may_not_be_long(void **state)
{
	char text[SLU_TLS_ADDRESS_MAX + 2];
	scene *s = *state;

	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	tls_pair_begin(&s->pair, CERTIFICATE_NAME);
	CHECK(slu_tls_peer_address(s->pair.server) == NULL);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_set_address(s->pair.server, text));
	text[SLU_TLS_ADDRESS_MAX] = '\0';
	CHECK_OK(slu_tls_set_address(s->pair.server, "first"));
	CHECK_OK(slu_tls_set_address(s->pair.server, text));
	text[0] = 'b';
	CHECK(slu_tls_peer_address(s->pair.server)[0] == 'a');
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
		BOTH(
		    a_hook_sees_the_name_and_the_protocols_and_chooses_at_once),
		BOTH(a_deferred_certificate_is_waited_for_and_then_used),
		BOTH(a_chain_waits_for_a_deferred_certificate_too),
		BOTH(a_second_answer_is_misuse),
		BOTH(to_be_nobody_is_an_alert_at_once_or_later),
		BOTH(a_default_identity_serves_names_that_a_hook_does_not_know),
		BOTH(a_client_that_asks_for_an_address_names_nobody),
		BOTH(a_server_without_an_identity_lives_by_its_hook),
		BOTH(a_refusal_by_name_sends_its_alert_at_once_or_later),
		BOTH(what_is_no_answer_is_a_refusal),
		BOTH(the_doors_are_shut_to_a_hook),
		BOTH(an_engine_may_go_while_an_answer_is_due),
		IN_1_3(a_hook_is_asked_once_though_the_client_says_hello_twice),
		BOTH(a_name_that_can_be_none_is_refused_before_the_hook),
		BOTH(a_client_sees_whose_certificates_are_taken_and_chooses),
		BOTH(a_client_s_deferred_certificate_is_waited_for),
		BOTH(a_client_that_shows_nobody_is_for_the_server_to_refuse),
		BOTH(a_client_s_hook_can_refuse_too),
		BOTH(certificates_of_others_are_told_from_those_that_are_taken),
		BOTH(both_ends_may_be_asked_about_the_other),
		BOTH(a_refused_server_learns_the_alert),
		BOTH(a_refused_client_learns_the_alert),
		BOTH(a_client_waits_for_its_judgement),
		BOTH(a_client_s_late_judgement_against_its_server_is_an_alert),
		BOTH(a_server_delivers_nothing_before_its_judgement),
		BOTH(a_server_s_late_judgement_ends_it_with_nothing_delivered),
		BOTH(each_gate_of_an_authorizer_can_deny_at_once_or_later),
		BOTH(who_asks_for_a_root_asks_for_a_certificate),
		BOTH(a_peer_without_a_certificate_is_asked_about_too),
		BOTH(no_hook_can_approve_what_was_found_wrong),
		BOTH(a_hook_that_refused_cannot_take_it_back),
		BOTH(a_hook_refuses_even_where_nothing_is_verified),
		BOTH(a_late_refusal_delivers_nothing_more),
		BOTH(a_refusal_before_anything_was_said_is_one_too),
		BOTH(a_config_in_use_takes_no_hooks),
		BOTH(an_address_is_copied_and_may_not_be_long),
	};

	return tls_pair_run(tests, sizeof(tests) / sizeof(*tests));
}
