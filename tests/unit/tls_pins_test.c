/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "sluice/tls_peer.h"
#include "sluice/tls_session.h"
#include "tls/tls_config_internal.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Start both configs afresh, with no identity and nobody to trust. */
static void
forget_authorities(tls_pair *p)
{
	slu_tls_config_free(p->client_config);
	slu_tls_config_free(p->server_config);
	p->client_config = p->server_config = NULL;
	CHECK_OK(slu_tls_config_new(&p->client_config));
	CHECK_OK(slu_tls_config_new(&p->server_config));
	tls_pair_version(p, p->version);
}

/* A new identity at each end, and its pin at the other. */
static void
exchange_pins(tls_pair *p)
{
	unsigned char client[SLU_TLS_PIN], server[SLU_TLS_PIN];

	CHECK_OK(slu_tls_config_identity_ephemeral(p->client_config, client));
	CHECK_OK(slu_tls_config_identity_ephemeral(p->server_config, server));
	CHECK(memcmp(client, server, SLU_TLS_PIN) != 0);
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, server));
	CHECK_OK(slu_tls_config_trust_pin(p->server_config, client));
	CHECK_OK(slu_tls_config_only_pins(p->client_config));
	CHECK_OK(slu_tls_config_only_pins(p->server_config));
}

static void
begin(tls_pair *p)
{
	if (!atomic_load(&p->server_config->used))
		CHECK_OK(slu_tls_config_client_auth(
		    p->server_config, SLU_TLS_REQUIRE));
	tls_pair_begin(p, "whoever.test");
}

static void
two_ends_know_each_other_by_their_keys_alone(void **state)
{
	tls_pair *p = *state;

	forget_authorities(p);
	exchange_pins(p);
	begin(p);
	CHECK_OK(tls_pair_shake(p));
	CHECK_OK(slu_tls_peer_verified(p->client));
	CHECK_OK(slu_tls_peer_verified(p->server));
	CHECK(slu_tls_peer_chain(p->client) == 1);
	tls_pair_say(p, p->client, p->server, "it is me");
	tls_pair_say(p, p->server, p->client, "and me");
}

static void
another_s_key_is_refused_by_the_client(void **state)
{
	unsigned char pin[SLU_TLS_PIN];
	tls_pair *p = *state;

	forget_authorities(p);
	exchange_pins(p);
	slu_tls_config_free(p->server_config);
	p->server_config = NULL;
	CHECK_OK(slu_tls_config_new(&p->server_config));
	CHECK_OK(slu_tls_config_identity_ephemeral(p->server_config, pin));
	tls_pair_begin(p, "whoever.test");
	CHECK_IS(SLU_ERR_AUTH, tls_pair_shake(p));
	CHECK_WORDS("not pinned");
	CHECK_IS(SLU_ERR_PEER, p->server_said);
}

static void
another_s_key_is_refused_by_the_server(void **state)
{
	unsigned char pin[SLU_TLS_PIN], other[SLU_TLS_PIN];
	tls_pair *p = *state;

	forget_authorities(p);
	CHECK_OK(slu_tls_config_identity_ephemeral(p->server_config, pin));
	CHECK_OK(slu_tls_config_identity_ephemeral(p->client_config, other));
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	CHECK_OK(slu_tls_config_trust_pin(p->server_config, pin));
	CHECK_OK(slu_tls_config_only_pins(p->client_config));
	CHECK_OK(slu_tls_config_only_pins(p->server_config));
	begin(p);
	(void)tls_pair_shake(p);
	CHECK_IS(SLU_ERR_AUTH, p->server_said);
}

static void
who_shows_no_key_is_refused(void **state)
{
	unsigned char pin[SLU_TLS_PIN];
	tls_pair *p = *state;

	forget_authorities(p);
	CHECK_OK(slu_tls_config_identity_ephemeral(p->server_config, pin));
	CHECK_OK(slu_tls_config_trust_pin(p->server_config, pin));
	CHECK_OK(slu_tls_config_only_pins(p->server_config));
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	CHECK_OK(slu_tls_config_only_pins(p->client_config));
	begin(p);
	(void)tls_pair_shake(p);
	CHECK_IS(SLU_ERR_AUTH, p->server_said);
}

static void
requiring_a_key_implies_requiring_a_certificate(void **state)
{
	static const unsigned char pin[SLU_TLS_PIN];
	tls_pair *p = *state;
	slu_tls *tls = NULL;

	CHECK_OK(slu_tls_config_trust_pin(p->server_config, pin));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_server(&tls, p->server_config));
	CHECK_WORDS("asks clients for no certificate");
	CHECK(tls == NULL);
}

static void
an_identity_made_in_memory_serves_two_configs(void **state)
{
	unsigned char pin[SLU_TLS_PIN];
	slu_tls_identity *id = NULL;
	tls_pair *p = *state;

	forget_authorities(p);
	CHECK_OK(slu_tls_identity_ephemeral(&id));
	slu_tls_identity_pin(id, pin);
	CHECK_OK(slu_tls_config_identity(p->client_config, id));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	slu_tls_identity_free(id);
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, pin));
	CHECK_OK(slu_tls_config_trust_pin(p->server_config, pin));
	CHECK_OK(slu_tls_config_only_pins(p->client_config));
	CHECK_OK(slu_tls_config_only_pins(p->server_config));
	begin(p);
	CHECK_OK(tls_pair_shake(p));
	CHECK_OK(slu_tls_peer_verified(p->server));
}

static void
a_pin_is_that_of_the_key_which_the_peer_shows(void **state)
{
	unsigned char told[SLU_TLS_PIN], seen[SLU_TLS_PIN];
	const slu_certificate *c;
	tls_pair *p = *state;

	forget_authorities(p);
	CHECK_OK(slu_tls_config_identity_ephemeral(p->server_config, told));
	CHECK_OK(slu_tls_config_trust_pin(p->client_config, told));
	CHECK_OK(slu_tls_config_only_pins(p->client_config));
	tls_pair_begin(p, "whoever.test");
	CHECK_OK(tls_pair_shake(p));
	CHECK_OK(slu_tls_peer_certificate(p->client, 0, &c));
	CHECK_OK(slu_certificate_pin(c, seen));
	CHECK_BYTES(told, SLU_TLS_PIN, seen, SLU_TLS_PIN);
	assert_string_equal("CN=ephemeral", slu_certificate_subject(c));
	CHECK(slu_certificate_not_after(c) == INT64_C(253402300799));
}

/* From here on, nothing can be opened, nor written anywhere. */
static struct rlimit
shut_the_disk(void)
{
	struct rlimit was, none;
	int fd = open("/dev/null", O_RDONLY);

	CHECK(fd >= 0);
	CHECK(getrlimit(RLIMIT_NOFILE, &was) == 0);
	none = was;
	none.rlim_cur = (rlim_t)fd;
	CHECK(close(fd) == 0 && setrlimit(RLIMIT_NOFILE, &none) == 0);
	CHECK(open("/dev/null", O_RDONLY) < 0);
	return was;
}

static void
keys_made_for_a_channel_never_reach_the_disk(void **state)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;
	struct rlimit was;
	size_t files = folder_count(".");

	forget_authorities(p);
	was = shut_the_disk();
	exchange_pins(p);
	begin(p);
	CHECK_OK(tls_pair_shake(p));
	tls_pair_say(p, p->server, p->client, "no file was opened for this");
	CHECK_OK(slu_tls_session_get(p->client, &kept));
	CHECK(setrlimit(RLIMIT_NOFILE, &was) == 0);
	CHECK(folder_count(".") == files);
	slu_buf_free(&kept);
}

static void
who_is_known_by_key_comes_back_by_session(void **state)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	tls_pair *p = *state;

	forget_authorities(p);
	exchange_pins(p);
	begin(p);
	CHECK_OK(tls_pair_shake(p));
	tls_pair_say(p, p->server, p->client, "a ticket comes before this");
	CHECK_OK(slu_tls_session_get(p->client, &kept));
	tls_pair_end(p);
	begin(p);
	CHECK_OK(
	    slu_tls_session_set(p->client, slu_buf_front(&kept), kept.len));
	CHECK_OK(tls_pair_shake(p));
	CHECK(slu_tls_peer_resumed(p->client));
	CHECK_OK(slu_tls_peer_verified(p->server));
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
		BOTH(requiring_a_key_implies_requiring_a_certificate),
		BOTH(two_ends_know_each_other_by_their_keys_alone),
		BOTH(another_s_key_is_refused_by_the_client),
		BOTH(another_s_key_is_refused_by_the_server),
		BOTH(who_shows_no_key_is_refused),
		BOTH(an_identity_made_in_memory_serves_two_configs),
		BOTH(a_pin_is_that_of_the_key_which_the_peer_shows),
		BOTH(keys_made_for_a_channel_never_reach_the_disk),
		BOTH(who_is_known_by_key_comes_back_by_session),
	};

	return tls_pair_run(tests, sizeof(tests) / sizeof(*tests));
}
