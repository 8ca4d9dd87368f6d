/* SPDX-License-Identifier: ISC */
#include "tls_pair.h"

#include "check.h"
#include "tls/tls_config_internal.h"

#include <openssl/err.h>

#include "tls/tls_internal.h"

void
tls_pair_new(tls_pair *p)
{
	slu_tls_identity *id = NULL;

	*p = (tls_pair){ 0 };
	p->to_client.limit = p->to_server.limit = (size_t)1 << 24;
	p->root = authority_make("a root of the test's own");
	p->leaf = authority_issue(&p->root, &(wish){ 0 });
	authority_write("root.pem", p->root.cert, NULL, NULL);
	authority_write("leaf.pem", p->leaf.cert, NULL, NULL);
	authority_write("leaf.key", NULL, NULL, p->leaf.key);
	CHECK_OK(slu_tls_config_new(&p->client_config));
	CHECK_OK(slu_tls_config_new(&p->server_config));
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	CHECK_OK(slu_tls_identity_file(&id, "leaf.pem", "leaf.key", NULL));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	slu_tls_identity_free(id);
}

static void
speak_only(slu_tls_config *cfg, int version)
{
	slu_tls_version only = (slu_tls_version)version;

	if (!atomic_load(&cfg->used))
		CHECK_OK(slu_tls_config_versions(cfg, only, only));
}

void
tls_pair_version(tls_pair *p, int version)
{
	speak_only(p->client_config, version);
	speak_only(p->server_config, version);
}

void
tls_pair_begin(tls_pair *p, const char *host)
{
	CHECK_OK(slu_tls_client(&p->client, p->client_config, host));
	CHECK_OK(slu_tls_server(&p->server, p->server_config));
}

void
tls_pair_end(tls_pair *p)
{
	slu_tls_free(p->client);
	slu_tls_free(p->server);
	p->client = p->server = NULL;
	slu_buf_free(&p->to_client);
	slu_buf_free(&p->to_server);
}

void
tls_pair_free(tls_pair *p)
{
	tls_pair_end(p);
	slu_tls_config_free(p->client_config);
	slu_tls_config_free(p->server_config);
	certificate_free(&p->root);
	certificate_free(&p->leaf);
}

static int
enter(void **state, int version)
{
	tls_pair *p = malloc(sizeof(*p));

	CHECK(p != NULL);
	folder_enter();
	tls_pair_new(p);
	p->version = version;
	tls_pair_version(p, version);
	*state = p;
	return 0;
}

int
tls_pair_enter_1_2(void **state)
{
	return enter(state, TLS1_2_VERSION);
}

int
tls_pair_enter_1_3(void **state)
{
	return enter(state, TLS1_3_VERSION);
}

int
tls_pair_leave(void **state)
{
	tls_pair_free(*state);
	free(*state);
	folder_leave();
	return 0;
}

int
tls_pair_run(const struct CMUnitTest *tests, size_t count)
{
	struct CMUnitTest *some = calloc(count, sizeof(*some));
	bool slow = check_slow("no handshakes in TLS 1.2");
	size_t n = 0;
	int failed;

	if (some == NULL)
		return 1;
	for (size_t i = 0; i < count; i++)
		if (!slow || strstr(tests[i].name, "(1.2)") == NULL)
			some[n++] = tests[i];
	failed = _cmocka_run_group_tests("tests", some, n, NULL, NULL);
	free(some);
	return failed;
}

static bool
carry_one_way(slu_tls *from, slu_buf *wire, slu_tls *to, size_t step)
{
	unsigned char bytes[4096];
	bool moved = false;
	slu_status st;
	size_t n;

	while (slu_tls_drain(from, bytes, sizeof(bytes), &n) == SLU_OK) {
		CHECK_OK(slu_buf_add(wire, bytes, n));
		moved = true;
	}
	while (wire->len > 0) {
		n = step == 0 || step > wire->len ? wire->len : step;
		st = slu_tls_feed(to, slu_buf_front(wire), n, &n);
		slu_buf_skip(wire, n);
		if (st)
			break;
		moved = true;
	}
	return moved;
}

bool
tls_pair_carry(tls_pair *p)
{
	bool there =
	    carry_one_way(p->client, &p->to_server, p->server, p->step);
	bool back = carry_one_way(p->server, &p->to_client, p->client, p->step);

	return there || back;
}

slu_status
tls_pair_shake(tls_pair *p)
{
	do {
		p->client_said = slu_tls_handshake(p->client);
		p->server_said = slu_tls_handshake(p->server);
	} while (tls_pair_carry(p));
	return p->client_said ? p->client_said : p->server_said;
}

void
tls_pair_connect(tls_pair *p)
{
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(tls_pair_shake(p));
	if (p->version != 0)
		CHECK(SSL_version(p->server->ssl) == p->version);
}

void
tls_pair_say(tls_pair *p, slu_tls *from, slu_tls *to, const char *words)
{
	char heard[256];
	size_t put, got = 0, n;
	slu_status st;

	CHECK_OK(slu_tls_write(from, words, strlen(words), &put));
	CHECK(put == strlen(words));
	do {
		(void)tls_pair_carry(p);
		st = slu_tls_read(to, heard + got, sizeof(heard) - got, &n);
		CHECK(!slu_failed(st) && st != SLU_EOF);
		got += n;
	} while (got < put);
	CHECK_BYTES(words, put, heard, got);
}

void
tls_pair_drain(slu_tls *from, slu_buf *out)
{
	unsigned char bytes[4096];
	size_t n;

	out->limit = (size_t)1 << 24;
	while (slu_tls_drain(from, bytes, sizeof(bytes), &n) == SLU_OK)
		CHECK_OK(slu_buf_add(out, bytes, n));
}

void
tls_pair_must_stay_failed(slu_tls *tls, slu_status st)
{
	slu_buf out = { 0 };
	char words[SLU_ERROR_MAX], byte = 'x';
	const void *view;
	size_t n;

	snprintf(words, sizeof(words), "%s", slu_error());
	CHECK(words[0] != '\0' && ERR_peek_error() == 0);
	for (int round = 0; round < 2; round++) {
		CHECK_IS(st, slu_tls_feed(tls, "x", 1, &n));
		CHECK(n == 0);
		CHECK_WORDS(words);
		(void)slu_fail(SLU_ERR_USAGE, "test: something else");
		CHECK_IS(st, slu_tls_read(tls, &byte, 1, &n));
		CHECK(n == 0 && byte == 'x');
		CHECK_WORDS(words);
		(void)slu_fail(SLU_ERR_USAGE, "test: something else");
		CHECK_IS(st, slu_tls_write(tls, "x", 1, &n));
		CHECK(n == 0);
		CHECK_WORDS(words);
		(void)slu_fail(SLU_ERR_USAGE, "test: something else");
		CHECK_IS(st, slu_tls_handshake(tls));
		CHECK_WORDS(words);
		(void)slu_fail(SLU_ERR_USAGE, "test: something else");
		CHECK_IS(st, slu_tls_close(tls));
		CHECK_WORDS(words);
		slu_tls_feed_end(tls);
		tls_pair_drain(tls, &out);
		(void)slu_fail(SLU_ERR_USAGE, "test: something else");
		CHECK_IS(st, slu_tls_drain(tls, &byte, 1, &n));
		CHECK_WORDS(words);
		CHECK_IS(st, slu_tls_drain_view(tls, &view, &n));
		CHECK(n == 0 && ERR_peek_error() == 0);
	}
	slu_buf_free(&out);
}
