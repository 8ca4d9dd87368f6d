/* SPDX-License-Identifier: ISC */
/* Engines in many threads, with a config each, and with one for them all. */
#include "check.h"

#include <pthread.h>

#include "tls_pair.h"

#define THREADS 8
#define ROUNDS 4

struct worker {
	pthread_t thread;
	slu_tls_config *client, *server;
	slu_status st;
};

/* All that one has for the other. */
static slu_status
carry(slu_tls *from, slu_tls *to)
{
	const void *wire;
	size_t len, used;
	slu_status st;

	while ((st = slu_tls_drain_view(from, &wire, &len)) == SLU_OK) {
		st = slu_tls_feed(to, wire, len, &used);
		if (st)
			return st;
		slu_tls_drained(from, used);
	}
	return slu_failed(st) ? st : SLU_OK;
}

static slu_status
talk(slu_tls *client, slu_tls *server)
{
	slu_status st, there, back;
	char heard[5];
	size_t n;

	do {
		there = slu_tls_handshake(client);
		st = carry(client, server);
		back = slu_tls_handshake(server);
		if (st == SLU_OK)
			st = carry(server, client);
		if (st || slu_failed(there) || slu_failed(back))
			return SLU_ERR_PEER;
	} while (there || back);
	st = slu_tls_write(client, "hello", 5, &n);
	if (st == SLU_OK)
		st = carry(client, server);
	if (st == SLU_OK)
		st = slu_tls_read(server, heard, sizeof(heard), &n);
	if (st == SLU_OK && memcmp(heard, "hello", 5) != 0)
		st = SLU_ERR_FORMAT;
	return st;
}

static void *
work(void *arg)
{
	struct worker *w = arg;

	for (int i = 0; i < ROUNDS && w->st == SLU_OK; i++) {
		slu_tls *client = NULL, *server = NULL;

		w->st = slu_tls_client(&client, w->client, CERTIFICATE_NAME);
		if (w->st == SLU_OK)
			w->st = slu_tls_server(&server, w->server);
		if (w->st == SLU_OK)
			w->st = talk(client, server);
		slu_tls_free(client);
		slu_tls_free(server);
	}
	return NULL;
}

static void
run(struct worker *workers)
{
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(
			  &workers[i].thread, NULL, work, &workers[i]) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(workers[i].thread, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK_OK(workers[i].st);
}

static void
threads_with_configs_of_their_own_do_not_meet(void **state)
{
	struct worker workers[THREADS] = { 0 };
	tls_pair *p = *state, both = { 0 };
	slu_tls_identity *id = NULL;

	CHECK_OK(slu_tls_identity_file(&id, "leaf.pem", "leaf.key", NULL));
	for (int i = 0; i < THREADS; i++) {
		struct worker *w = &workers[i];

		CHECK_OK(slu_tls_config_new(&w->client));
		CHECK_OK(slu_tls_config_new(&w->server));
		CHECK_OK(slu_tls_config_trust_file(w->client, "root.pem"));
		CHECK_OK(slu_tls_config_identity(w->server, id));
		both.client_config = w->client;
		both.server_config = w->server;
		tls_pair_version(&both, p->version);
	}
	slu_tls_identity_free(id);
	run(workers);
	for (int i = 0; i < THREADS; i++) {
		slu_tls_config_free(workers[i].client);
		slu_tls_config_free(workers[i].server);
	}
}

static void
threads_can_share_their_configs(void **state)
{
	struct worker workers[THREADS] = { 0 };
	tls_pair *p = *state;

	for (int i = 0; i < THREADS; i++) {
		workers[i].client = p->client_config;
		workers[i].server = p->server_config;
	}
	run(workers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(threads_with_configs_of_their_own_do_not_meet),
		WITH_PAIR(threads_can_share_their_configs),
	};

	return cmocka_run_group_tests_name("tls_threads", tests, NULL, NULL);
}
