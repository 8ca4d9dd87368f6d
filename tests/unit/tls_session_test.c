/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "sluice/tls_hooks.h"
#include "sluice/tls_peer.h"
#include "sluice/tls_session.h"
#include "tls/session_chain.h"
#include "tls/tls_config_internal.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

#include <time.h>
#include <unistd.h>

/* Shake hands, and keep the session that the server offers. */
static void
make_session(tls_pair *p, slu_buf *kept)
{
	*kept = (slu_buf){ .limit = SLU_TLS_SESSION_MAX };
	tls_pair_connect(p);
	CHECK(!slu_tls_peer_resumed(p->client));
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	CHECK_OK(slu_tls_session_get(p->client, kept));
	tls_pair_end(p);
}

static slu_status
set(tls_pair *p, const slu_buf *kept)
{
	return slu_tls_session_set(p->client, slu_buf_front(kept), kept->len);
}

/* Begin again, with this session on offer. */
static void
begin_again(tls_pair *p, const slu_buf *kept)
{
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(set(p, kept));
}

/* The session is not taken, and the handshake goes well in full. */
static void
must_not_take(tls_pair *p, slu_status why, const void *session, size_t len)
{
	CHECK_IS(why, slu_tls_session_set(p->client, session, len));
	CHECK_OK(tls_pair_shake(p));
	CHECK(!slu_tls_peer_resumed(p->client));
	tls_pair_end(p);
}

/* A config that trusts what the client's does. */
static slu_tls_config *
like_the_client_s(void)
{
	slu_tls_config *cfg = NULL;

	CHECK_OK(slu_tls_config_new(&cfg));
	CHECK_OK(slu_tls_config_trust_file(cfg, "root.pem"));
	return cfg;
}

static void
have_client_config(tls_pair *p, slu_tls_config *cfg)
{
	slu_tls_config_free(p->client_config);
	p->client_config = cfg;
	if (p->version == TLS1_2_VERSION)
		tls_pair_version(p, p->version);
}

/* A session of the client's engine, which can be offered for any host. */
static SSL_SESSION *
make_stray_session(tls_pair *p)
{
	SSL_SESSION *session;

	tls_pair_connect(p);
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	session = SSL_SESSION_dup(SSL_get0_session(p->client->ssl));
	CHECK(session != NULL && SSL_SESSION_is_resumable(session));
	tls_pair_end(p);
	return session;
}

/* Whether the server takes up a session for `host`. */
static bool
is_taken_up(tls_pair *p, SSL_SESSION *session, const char *host)
{
	bool yes;

	tls_pair_begin(p, host);
	CHECK(SSL_set_session(p->client->ssl, session) == 1);
	(void)tls_pair_shake(p);
	yes = SSL_session_reused(p->server->ssl) == 1;
	CHECK(yes == (p->client_said == SLU_OK));
	tls_pair_end(p);
	return yes;
}

static void
a_session_is_resumed_by_bytes(void **state)
{
	const slu_certificate *c;
	tls_pair *p = *state;
	slu_buf kept;

	make_session(p, &kept);
	begin_again(p, &kept);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->client));
	CHECK(slu_tls_peer_resumed(p->server));
	CHECK_OK(slu_tls_peer_verified(p->client));
	CHECK(slu_tls_peer_chain(p->client) == 1);
	CHECK_OK(slu_tls_peer_certificate(p->client, 0, &c));
	assert_string_equal("CN=unused", slu_certificate_subject(c));
	tls_pair_say(p, p->client, p->server, "again");
	tls_pair_say(p, p->server, p->client, "and again");
	slu_buf_free(&kept);
}

static void
a_session_s_successor_is_resumed_in_turn(void **state)
{
	slu_buf kept, next = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;

	make_session(p, &kept);
	begin_again(p, &kept);
	CHECK_OK(tls_pair_shake(p));
	tls_pair_say(p, p->server, p->client, "another ticket");
	CHECK_OK(slu_tls_session_get(p->client, &next));
	tls_pair_end(p);
	begin_again(p, &next);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->client));
	slu_buf_free(&next);
	slu_buf_free(&kept);
}

static void
a_config_of_the_same_content_takes_it_too(void **state)
{
	tls_pair *p = *state;
	slu_buf kept;

	make_session(p, &kept);
	have_client_config(p, like_the_client_s());
	begin_again(p, &kept);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->client));
	slu_buf_free(&kept);
}

static void
another_host_s_session_is_not_taken(void **state)
{
	tls_pair *p = *state;
	slu_buf kept;

	make_session(p, &kept);
	tls_pair_begin(p, "other.test");
	CHECK_IS(SLU_ERR_NO_MATCH, set(p, &kept));
	/* Nor does it spare the check of the name. */
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	slu_buf_free(&kept);
}

static void
another_config_s_session_is_not_taken(void **state)
{
	certificate root = authority_make("another root");
	tls_pair *p = *state;
	slu_tls_config *cfg;
	slu_buf kept;

	authority_write("another.pem", root.cert, NULL, NULL);
	make_session(p, &kept);
	cfg = like_the_client_s();
	CHECK_OK(slu_tls_config_trust_file(cfg, "another.pem"));
	have_client_config(p, cfg);
	tls_pair_begin(p, CERTIFICATE_NAME);
	must_not_take(p, SLU_ERR_NO_MATCH, slu_buf_front(&kept), kept.len);
	slu_buf_free(&kept);
	certificate_free(&root);
}

static void
a_session_of_a_suite_no_longer_spoken_is_not_taken(void **state)
{
	static const char *const lists[] = {
		"TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-CHACHA20-POLY1305",
		"TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-GCM-SHA384",
	};
	tls_pair *p = *state;
	slu_tls_config *cfg;
	slu_buf kept;

	make_session(p, &kept);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		cfg = like_the_client_s();
		CHECK_OK(slu_tls_config_ciphers(cfg, lists[i]));
		have_client_config(p, cfg);
		tls_pair_begin(p, CERTIFICATE_NAME);
		must_not_take(
		    p, SLU_ERR_NO_MATCH, slu_buf_front(&kept), kept.len);
	}
	slu_buf_free(&kept);
}

static void
a_session_of_a_version_no_longer_spoken_is_not_taken(void **state)
{
	tls_pair *p = *state;
	slu_tls_version other =
	    p->version == TLS1_3_VERSION ? SLU_TLS_1_2 : SLU_TLS_1_3;
	slu_tls_config *cfg;
	slu_buf kept;

	CHECK_OK(slu_tls_config_versions(
	    p->server_config, SLU_TLS_1_2, SLU_TLS_1_3));
	make_session(p, &kept);
	cfg = like_the_client_s();
	slu_tls_config_free(p->client_config);
	CHECK_OK(slu_tls_config_versions(cfg, other, other));
	p->client_config = cfg;
	tls_pair_begin(p, CERTIFICATE_NAME);
	must_not_take(p, SLU_ERR_NO_MATCH, slu_buf_front(&kept), kept.len);
	slu_buf_free(&kept);
}

/* The size of records goes with a session, too (RFC 6066, section 4). */
static void
a_session_of_other_records_is_not_taken(void **state)
{
	static const size_t sizes[] = { SLU_TLS_RECORD_MAX, 1024, 2048 };
	tls_pair *p = *state;
	slu_tls_config *cfg;
	slu_buf kept;

	for (size_t i = check_slow("three sizes") ? 6 : 0; i < 9; i++) {
		cfg = like_the_client_s();
		CHECK_OK(slu_tls_config_record_max(cfg, sizes[i / 3]));
		have_client_config(p, cfg);
		make_session(p, &kept);
		cfg = like_the_client_s();
		CHECK_OK(slu_tls_config_record_max(cfg, sizes[i % 3]));
		have_client_config(p, cfg);
		tls_pair_begin(p, CERTIFICATE_NAME);
		CHECK_IS(
		    i / 3 == i % 3 ? SLU_OK : SLU_ERR_NO_MATCH, set(p, &kept));
		CHECK_OK(tls_pair_shake(p));
		CHECK(slu_tls_peer_resumed(p->client) == (i / 3 == i % 3));
		tls_pair_end(p);
		slu_buf_free(&kept);
	}
}

static void
a_server_of_another_config_shakes_hands_in_full(void **state)
{
	slu_tls_identity *id = NULL;
	tls_pair *p = *state;
	slu_buf kept;

	make_session(p, &kept);
	slu_tls_config_free(p->server_config);
	p->server_config = NULL;
	CHECK_OK(slu_tls_config_new(&p->server_config));
	CHECK_OK(slu_tls_identity_file(&id, "leaf.pem", "leaf.key", NULL));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	slu_tls_identity_free(id);
	begin_again(p, &kept);
	CHECK_OK(tls_pair_shake(p));
	CHECK(!slu_tls_peer_resumed(p->client));
	CHECK(slu_tls_peer_chain(p->client) == 2);
	slu_buf_free(&kept);
}

static void
what_is_no_session_is_not_taken(void **state)
{
	unsigned char *bytes;
	tls_pair *p = *state;
	slu_buf kept;

	make_session(p, &kept);
	bytes = malloc(SLU_TLS_SESSION_MAX + 1);
	CHECK(bytes != NULL);
	memcpy(bytes, slu_buf_front(&kept), kept.len);
	tls_pair_begin(p, CERTIFICATE_NAME);
	for (size_t len = 0; len < kept.len; len++)
		CHECK_IS(
		    SLU_ERR_FORMAT, slu_tls_session_set(p->client, bytes, len));
	bytes[kept.len] = 0;
	CHECK_IS(SLU_ERR_FORMAT,
	    slu_tls_session_set(p->client, bytes, kept.len + 1));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_tls_session_set(p->client, bytes, SLU_TLS_SESSION_MAX + 1));
	bytes[0] ^= 1;
	must_not_take(p, SLU_ERR_FORMAT, bytes, kept.len);
	free(bytes);
	slu_buf_free(&kept);
}

static void
a_session_that_is_over_is_not_taken(void **state)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;
	SSL_SESSION *session;

	tls_pair_connect(p);
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	session = SSL_get_session(p->client->ssl);
	CHECK(SSL_SESSION_set_time(
		  session, SSL_SESSION_get_time(session) -
			       SSL_SESSION_get_timeout(session)) != 0);
	CHECK_OK(slu_tls_session_get(p->client, &kept));
	tls_pair_end(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	must_not_take(p, SLU_ERR_NO_MATCH, slu_buf_front(&kept), kept.len);
	slu_buf_free(&kept);
}

/* A session that was made `age` seconds ago. */
static void
make_old_session(tls_pair *p, slu_buf *kept, long age)
{
	SSL_SESSION *session;

	*kept = (slu_buf){ .limit = SLU_TLS_SESSION_MAX };
	tls_pair_connect(p);
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	session = SSL_get_session(p->client->ssl);
	CHECK(SSL_SESSION_set_time(
		  session, SSL_SESSION_get_time(session) - age) != 0);
	CHECK_OK(slu_tls_session_get(p->client, kept));
	tls_pair_end(p);
}

static void
a_client_s_own_time_counts_whoever_made_the_session(void **state)
{
	tls_pair *p = *state;
	slu_tls_config *cfg;
	slu_buf kept;

	make_old_session(p, &kept, 100);
	cfg = like_the_client_s();
	CHECK_OK(slu_tls_config_sessions(cfg, 99));
	have_client_config(p, cfg);
	tls_pair_begin(p, CERTIFICATE_NAME);
	must_not_take(p, SLU_ERR_NO_MATCH, slu_buf_front(&kept), kept.len);
	cfg = like_the_client_s();
	CHECK_OK(slu_tls_config_sessions(cfg, 200));
	have_client_config(p, cfg);
	begin_again(p, &kept);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->client));
	slu_buf_free(&kept);
}

static void
a_client_of_no_sessions_keeps_none_and_takes_none(void **state)
{
	slu_buf none = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;
	slu_tls_config *cfg;
	slu_buf kept;

	make_session(p, &kept);
	cfg = like_the_client_s();
	CHECK_OK(slu_tls_config_sessions(cfg, 0));
	have_client_config(p, cfg);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_NO_MATCH, set(p, &kept));
	CHECK_OK(tls_pair_shake(p));
	CHECK(!slu_tls_peer_resumed(p->client));
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	CHECK_IS(SLU_WANT_READ, slu_tls_session_get(p->client, &none));
	CHECK(none.len == 0);
	slu_buf_free(&kept);
}

static void
a_server_of_no_sessions_offers_none(void **state)
{
	slu_buf none = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_sessions(p->server_config, 0));
	tls_pair_connect(p);
	tls_pair_say(p, p->server, p->client, "no ticket");
	CHECK_IS(SLU_WANT_READ, slu_tls_session_get(p->client, &none));
	CHECK(none.len == 0);
}

static void
a_server_s_sessions_end_with_its_time(void **state)
{
	tls_pair *p = *state;
	SSL_SESSION *session;

	CHECK_OK(slu_tls_config_sessions(p->server_config, 1));
	session = make_stray_session(p);
	sleep(3);
	/* A client may believe that it still lasts. */
	CHECK(SSL_SESSION_set_time(session, (long)time(NULL)) != 0);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK(SSL_set_session(p->client->ssl, session) == 1);
	CHECK_OK(tls_pair_shake(p));
	CHECK(!slu_tls_peer_resumed(p->server));
	SSL_SESSION_free(session);
}

/* Seconds for a handshake, and no more than that to wait for. */
static long
brief_time(void)
{
	return check_slow("a certificate for longer") ? 10 : 2;
}

static void
a_session_is_over_when_the_peer_s_certificate_is(void **state)
{
	tls_pair *p = *state;
	slu_tls_identity *id = NULL;
	slu_tls_config *cfg = NULL;
	long life = brief_time();
	certificate brief =
	    authority_issue(&p->root, &(wish){ .from = -60, .to = life });
	slu_buf kept;

	authority_write("brief.pem", brief.cert, NULL, brief.key);
	CHECK_OK(slu_tls_identity_file(&id, "brief.pem", NULL, NULL));
	CHECK_OK(slu_tls_config_new(&cfg));
	CHECK_OK(slu_tls_config_identity(cfg, id));
	slu_tls_config_free(p->server_config);
	p->server_config = cfg;
	make_session(p, &kept);
	sleep((unsigned)life + 1);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_NO_MATCH, set(p, &kept));
	CHECK_WORDS("over");
	slu_tls_identity_free(id);
	certificate_free(&brief);
	slu_buf_free(&kept);
}

static void
sessions_are_a_client_s_in_time(void **state)
{
	slu_buf kept, none = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;

	make_session(p, &kept);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_IS(SLU_ERR_USAGE, slu_tls_session_get(p->client, &none));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_tls_session_set(p->server, slu_buf_front(&kept), kept.len));
	CHECK_OK(tls_pair_shake(p));
	CHECK_IS(SLU_ERR_USAGE, set(p, &kept));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_session_get(p->server, &none));
	CHECK(none.len == 0);
	slu_buf_free(&kept);
}

static void
a_session_comes_with_data_in_1_3(void **state)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;

	tls_pair_begin(p, CERTIFICATE_NAME);
	while (slu_tls_handshake(p->client) == SLU_WANT_READ) {
		CHECK(!slu_failed(slu_tls_handshake(p->server)));
		(void)tls_pair_carry(p);
	}
	CHECK_IS(SLU_WANT_READ, slu_tls_session_get(p->client, &kept));
	CHECK_OK(tls_pair_shake(p));
	tls_pair_say(p, p->server, p->client, "here");
	CHECK_OK(slu_tls_session_get(p->client, &kept));
	slu_buf_free(&kept);
}

static void
a_queue_too_small_gets_nothing(void **state)
{
	slu_buf small = { .limit = 100 };
	tls_pair *p = *state;

	tls_pair_connect(p);
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	CHECK_IS(SLU_ERR_LIMIT, slu_tls_session_get(p->client, &small));
	CHECK(small.len == 0);
}

/* ---- what a server takes back */

static void
a_server_resumes_for_the_name_that_it_was_first_asked_for(void **state)
{
	tls_pair *p = *state;
	SSL_SESSION *session = make_stray_session(p);

	CHECK(!is_taken_up(p, session, "other.test"));
	CHECK(!is_taken_up(p, session, "192.0.2.1"));
	CHECK(is_taken_up(p, session, "Sluice.TEST"));
	SSL_SESSION_free(session);
}

static void
a_server_that_was_asked_for_no_name_resumes_for_none(void **state)
{
	tls_pair *p = *state;
	SSL_SESSION *session;

	CHECK_OK(slu_tls_config_no_sni(p->client_config));
	session = make_stray_session(p);
	CHECK(is_taken_up(p, session, CERTIFICATE_NAME));
	have_client_config(p, like_the_client_s());
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK(SSL_set_session(p->client->ssl, session) == 1);
	(void)tls_pair_shake(p);
	CHECK(SSL_session_reused(p->server->ssl) == 0);
	SSL_SESSION_free(session);
}

static void
a_server_knows_the_name_of_who_comes_back(void **state)
{
	tls_pair *p = *state;
	slu_buf kept;

	make_session(p, &kept);
	begin_again(p, &kept);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->server));
	CHECK(slu_tls_peer_name(p->server) != NULL);
	assert_string_equal(CERTIFICATE_NAME, slu_tls_peer_name(p->server));
	slu_buf_free(&kept);
}

static void
a_server_keeps_no_session_with_tickets_or_without(void **state)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;

	CHECK_OK(slu_tls_config_tickets(p->server_config, 0));
	tls_pair_connect(p);
	tls_pair_say(p, p->server, p->client, "no ticket");
	CHECK(SSL_CTX_sess_number(p->server_config->ctx) == 0);
	CHECK_IS(SLU_WANT_READ, slu_tls_session_get(p->client, &kept));
	tls_pair_end(p);
	slu_buf_free(&kept);
}

static void
a_client_whose_certificate_is_over_is_not_taken_back(void **state)
{
	certificate brief;
	slu_tls_identity *id = NULL;
	tls_pair *p = *state;
	SSL_SESSION *session;
	long life = brief_time();

	brief = authority_issue(&p->root, &(wish){ .from = -60, .to = life });
	authority_write("brief.pem", brief.cert, NULL, brief.key);
	CHECK_OK(slu_tls_identity_file(&id, "brief.pem", NULL, NULL));
	CHECK_OK(slu_tls_config_identity(p->client_config, id));
	CHECK_OK(slu_tls_config_trust_file(p->server_config, "root.pem"));
	CHECK_OK(slu_tls_config_client_auth(p->server_config, SLU_TLS_REQUIRE));
	session = make_stray_session(p);
	sleep((unsigned)life + 1);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK(SSL_set_session(p->client->ssl, session) == 1);
	(void)tls_pair_shake(p);
	CHECK_IS(SLU_ERR_AUTH, p->server_said);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_handshake(p->server));
	CHECK_WORDS("expired");
	SSL_SESSION_free(session);
	slu_tls_identity_free(id);
	certificate_free(&brief);
}

/* ---- hooks, when a peer comes back */

typedef struct memory {
	slu_status answer;
	unsigned asked, resumed;
	size_t chain;
	char root[64];
} memory;

static slu_status
remember(slu_tls *tls, void *arg)
{
	const slu_certificate *c;
	memory *m = arg;

	m->asked++;
	m->resumed += slu_tls_peer_resumed(tls);
	m->chain = slu_tls_peer_chain(tls);
	if (m->chain > 0) {
		CHECK_OK(slu_tls_peer_certificate(tls, m->chain - 1, &c));
		strcpy(m->root, slu_certificate_subject(c));
	}
	if (slu_failed(m->answer))
		return slu_fail(m->answer, "memory: not again");
	return m->answer;
}

static slu_status
count_names(slu_tls *tls, const slu_tls_hello *hello, void *arg)
{
	(void)tls, (void)hello;
	++*(unsigned *)arg;
	return SLU_OK;
}

/* Both ends show certificates, and are asked about the other. */
static void
ask_at_both_ends(tls_pair *p, memory *client, memory *server)
{
	slu_tls_identity *id = NULL;

	CHECK_OK(slu_tls_identity_file(&id, "leaf.pem", "leaf.key", NULL));
	CHECK_OK(slu_tls_config_identity(p->client_config, id));
	slu_tls_identity_free(id);
	CHECK_OK(slu_tls_config_trust_file(p->server_config, "root.pem"));
	CHECK_OK(slu_tls_config_client_auth(p->server_config, SLU_TLS_REQUIRE));
	CHECK_OK(slu_tls_config_on_peer(p->client_config, remember, client));
	CHECK_OK(slu_tls_config_on_peer(p->server_config, remember, server));
}

/* A server that sends more than its leaf. */
static void
serve_chain(tls_pair *p)
{
	slu_tls_identity *id = NULL;

	authority_write("chain.pem", p->leaf.cert, p->root.cert, p->leaf.key);
	CHECK_OK(slu_tls_identity_file(&id, "chain.pem", NULL, NULL));
	slu_tls_config_free(p->server_config);
	p->server_config = NULL;
	CHECK_OK(slu_tls_config_new(&p->server_config));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	tls_pair_version(p, p->version);
	slu_tls_identity_free(id);
}

static void
make_mutual_session(tls_pair *p, slu_buf *kept)
{
	*kept = (slu_buf){ .limit = SLU_TLS_SESSION_MAX };
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	CHECK_OK(slu_tls_session_get(p->client, kept));
	tls_pair_end(p);
	begin_again(p, kept);
}

static void
a_peer_that_comes_back_is_asked_about_with_its_chain(void **state)
{
	memory client = { 0 }, server = { 0 };
	tls_pair *p = *state;
	slu_buf kept;

	ask_at_both_ends(p, &client, &server);
	make_mutual_session(p, &kept);
	CHECK(client.chain == 2 && server.chain == 2);
	client.chain = server.chain = 0;
	client.root[0] = server.root[0] = '\0';
	CHECK_OK(tls_pair_shake(p));
	CHECK(client.asked == 2 && client.resumed == 1);
	CHECK(server.asked == 2 && server.resumed == 1);
	CHECK(client.chain == 2 && server.chain == 2);
	assert_string_equal("CN=a root of the test's own", client.root);
	assert_string_equal("CN=a root of the test's own", server.root);
	CHECK_OK(slu_tls_peer_verified(p->server));
	slu_buf_free(&kept);
}

static void
a_session_of_who_asked_nobody_is_not_for_who_asks(void **state)
{
	memory client = { 0 };
	tls_pair *p = *state;
	slu_tls_config *cfg;
	slu_buf kept;

	make_session(p, &kept);
	cfg = like_the_client_s();
	CHECK_OK(slu_tls_config_on_peer(cfg, remember, &client));
	have_client_config(p, cfg);
	tls_pair_begin(p, CERTIFICATE_NAME);
	must_not_take(p, SLU_ERR_NO_MATCH, slu_buf_front(&kept), kept.len);
	CHECK(client.asked == 1 && client.chain == 2);
	slu_buf_free(&kept);
}

/* Have a session as it is where the chain is longer than it can hold. */
static void
lose_chain(slu_tls *tls, X509 *cert)
{
	SSL_SESSION *session = SSL_get_session(tls->ssl);
	STACK_OF(X509) *many = sk_X509_new_null();
	void *kept;
	size_t len;

	CHECK(many != NULL);
	for (len = 0; len <= SLU_TLS_SESSION_CHAIN_MAX; len += 100)
		CHECK(sk_X509_push(many, cert) > 0);
	CHECK(SSL_SESSION_set1_ticket_appdata(session, NULL, 0) == 1);
	slu_session_chain_put(session, many);
	CHECK(SSL_SESSION_get0_ticket_appdata(session, &kept, &len) == 1);
	CHECK(len == 0);
	sk_X509_free(many);
}

typedef struct loss {
	memory memory;
	X509 *cert;
} loss;

static slu_status
remember_and_lose(slu_tls *tls, void *arg)
{
	loss *l = arg;

	if (!slu_tls_peer_resumed(tls))
		lose_chain(tls, l->cert);
	return remember(tls, &l->memory);
}

static void
a_client_resumes_nobody_whose_chain_is_lost(void **state)
{
	tls_pair *p = *state;
	loss client = { .cert = p->root.cert };
	slu_buf kept;

	CHECK_OK(slu_tls_config_on_peer(
	    p->client_config, remember_and_lose, &client));
	make_session(p, &kept);
	tls_pair_begin(p, CERTIFICATE_NAME);
	must_not_take(p, SLU_ERR_NO_MATCH, slu_buf_front(&kept), kept.len);
	CHECK(client.memory.asked == 2 && client.memory.chain == 2);
	slu_buf_free(&kept);
}

static void
a_server_resumes_nobody_whose_chain_is_lost(void **state)
{
	memory client = { 0 }, unused = { 0 };
	tls_pair *p = *state;
	loss server = { .cert = p->root.cert };
	slu_buf kept;

	ask_at_both_ends(p, &client, &unused);
	CHECK_OK(slu_tls_config_on_peer(
	    p->server_config, remember_and_lose, &server));
	make_mutual_session(p, &kept);
	CHECK_OK(tls_pair_shake(p));
	CHECK(!slu_tls_peer_resumed(p->client));
	CHECK(!slu_tls_peer_resumed(p->server));
	CHECK(server.memory.asked == 2 && server.memory.chain == 2);
	CHECK(client.asked == 2 && client.chain == 2);
	slu_buf_free(&kept);
}

/* Of one that was not verified it is what was sent. */
static void
a_peer_that_is_not_verified_comes_back_with_its_chain_too(void **state)
{
	memory client = { 0 };
	tls_pair *p = *state;
	slu_tls_config *cfg = NULL;
	size_t chain;
	slu_buf kept;

	CHECK_OK(slu_tls_config_new(&cfg));
	CHECK_OK(slu_tls_config_insecure_skip_verification(cfg));
	CHECK_OK(slu_tls_config_on_peer(cfg, remember, &client));
	have_client_config(p, cfg);
	serve_chain(p);
	make_session(p, &kept);
	chain = client.chain;
	CHECK(chain == 2);
	begin_again(p, &kept);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->client));
	CHECK(client.asked == 2 && client.chain == chain);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_peer_verified(p->client));
	slu_buf_free(&kept);
}

static void
a_client_refuses_who_comes_back(void **state)
{
	memory client = { 0 }, server = { 0 };
	tls_pair *p = *state;
	slu_buf kept;
	char byte;
	size_t n;

	ask_at_both_ends(p, &client, &server);
	make_mutual_session(p, &kept);
	client.answer = SLU_ERR_AUTH;
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	CHECK_WORDS("not again");
	CHECK_IS(SLU_ERR_AUTH, slu_tls_write(p->client, "x", 1, &n));
	CHECK_IS(SLU_EOF, slu_tls_read(p->server, &byte, 1, &n));
	slu_buf_free(&kept);
}

static void
a_server_refuses_who_comes_back(void **state)
{
	memory client = { 0 }, server = { 0 };
	tls_pair *p = *state;
	slu_buf kept;
	char byte;
	size_t n;

	ask_at_both_ends(p, &client, &server);
	make_mutual_session(p, &kept);
	server.answer = SLU_ERR_AUTH;
	(void)tls_pair_shake(p);
	CHECK_IS(SLU_ERR_AUTH, p->server_said);
	CHECK_IS(SLU_ERR_AUTH, slu_tls_read(p->server, &byte, 1, &n));
	CHECK_IS(SLU_EOF, slu_tls_read(p->client, &byte, 1, &n));
	slu_buf_free(&kept);
}

static void
who_comes_back_waits_for_a_later_answer(void **state)
{
	memory client = { 0 }, server = { 0 };
	tls_pair *p = *state;
	slu_buf kept;

	ask_at_both_ends(p, &client, &server);
	make_mutual_session(p, &kept);
	client.answer = server.answer = SLU_WANT_CERT;
	CHECK_IS(SLU_WANT_CERT, tls_pair_shake(p));
	CHECK_IS(SLU_WANT_CERT, p->server_said);
	CHECK_OK(slu_tls_judge(p->client, SLU_OK));
	CHECK_IS(SLU_WANT_CERT, tls_pair_shake(p));
	CHECK_OK(slu_tls_judge(p->server, SLU_OK));
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->client));
	tls_pair_say(p, p->client, p->server, "at last");
	slu_buf_free(&kept);
}

static void
a_server_is_asked_for_a_name_though_the_client_comes_back(void **state)
{
	tls_pair *p = *state;
	unsigned names = 0;
	slu_buf kept;

	CHECK_OK(slu_tls_config_on_name(p->server_config, count_names, &names));
	make_session(p, &kept);
	begin_again(p, &kept);
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->server));
	CHECK(names == 2);
	slu_buf_free(&kept);
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
		BOTH(a_session_is_resumed_by_bytes),
		BOTH(a_session_s_successor_is_resumed_in_turn),
		BOTH(a_config_of_the_same_content_takes_it_too),
		BOTH(another_host_s_session_is_not_taken),
		BOTH(another_config_s_session_is_not_taken),
		BOTH(a_session_of_a_suite_no_longer_spoken_is_not_taken),
		BOTH(a_session_of_a_version_no_longer_spoken_is_not_taken),
		BOTH(a_session_of_other_records_is_not_taken),
		BOTH(a_server_of_another_config_shakes_hands_in_full),
		IN_1_3(what_is_no_session_is_not_taken),
		BOTH(a_session_that_is_over_is_not_taken),
		BOTH(a_client_s_own_time_counts_whoever_made_the_session),
		BOTH(a_client_of_no_sessions_keeps_none_and_takes_none),
		BOTH(a_server_of_no_sessions_offers_none),
		BOTH(a_server_s_sessions_end_with_its_time),
		IN_1_3(a_session_is_over_when_the_peer_s_certificate_is),
		BOTH(sessions_are_a_client_s_in_time),
		IN_1_3(a_session_comes_with_data_in_1_3),
		BOTH(a_queue_too_small_gets_nothing),
		BOTH(a_server_resumes_for_the_name_that_it_was_first_asked_for),
		BOTH(a_server_that_was_asked_for_no_name_resumes_for_none),
		BOTH(a_server_knows_the_name_of_who_comes_back),
		BOTH(a_server_keeps_no_session_with_tickets_or_without),
		IN_1_3(a_client_whose_certificate_is_over_is_not_taken_back),
		BOTH(a_peer_that_comes_back_is_asked_about_with_its_chain),
		BOTH(a_session_of_who_asked_nobody_is_not_for_who_asks),
		BOTH(a_client_resumes_nobody_whose_chain_is_lost),
		BOTH(a_server_resumes_nobody_whose_chain_is_lost),
		BOTH(a_peer_that_is_not_verified_comes_back_with_its_chain_too),
		BOTH(a_client_refuses_who_comes_back),
		BOTH(a_server_refuses_who_comes_back),
		BOTH(who_comes_back_waits_for_a_later_answer),
		BOTH(a_server_is_asked_for_a_name_though_the_client_comes_back),
	};

	return tls_pair_run(tests, sizeof(tests) / sizeof(*tests));
}
