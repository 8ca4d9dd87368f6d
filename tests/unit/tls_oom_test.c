/* SPDX-License-Identifier: ISC */
/* Memory runs out at each place in turn while TLS is set up. */
#define _POSIX_C_SOURCE 200809L
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include "check.h"
#include "oom.h"
#include "tls/config_print.h"
#include "tls/tls_config_internal.h"
#include "tls/tls_identity_internal.h"
#include "tls/tls_internal.h"
#include "tls_pair.h"

static slu_tls_identity *leaf;

/* Every how many allocations one fails. */
static size_t
pace(size_t usual)
{
	return check_slow("memory runs out at fewer places") ? 499 : usual;
}

/* What a config is told, each by a call of its own. */
typedef slu_status act(slu_tls_config *cfg);

static slu_status
trust_file(slu_tls_config *cfg)
{
	return slu_tls_config_trust_file(cfg, "root.pem");
}

static slu_status
trust_dir(slu_tls_config *cfg)
{
	return slu_tls_config_trust_dir(cfg, "roots");
}

static slu_status
trust_pin(slu_tls_config *cfg)
{
	return slu_tls_config_trust_pin(cfg, (unsigned char[32]){ 1 });
}

static slu_status
be_leaf(slu_tls_config *cfg)
{
	return slu_tls_config_identity(cfg, leaf);
}

static slu_status
share_key(slu_tls_config *cfg)
{
	return slu_tls_config_psk(cfg, "bob", 3, "0123456789abcdef", 16);
}

static slu_status
speak_modern(slu_tls_config *cfg)
{
	return slu_tls_config_profile(cfg, SLU_TLS_MODERN);
}

static slu_status
speak_suites(slu_tls_config *cfg)
{
	return slu_tls_config_ciphers(
	    cfg, "TLS_CHACHA20_POLY1305_SHA256:ECDHE-RSA-CHACHA20-POLY1305");
}

static slu_status
speak_groups(slu_tls_config *cfg)
{
	return slu_tls_config_groups(cfg, "P-384:X448");
}

static slu_status
speak_protocols(slu_tls_config *cfg)
{
	return slu_tls_config_alpn(cfg, (const char *[]){ "h2", "h3" }, 2);
}

/* All of a config that can be looked at, as one text. */
static void
describe(const slu_tls_config *cfg, char out[2048])
{
	STACK_OF(SSL_CIPHER) *suites = SSL_CTX_get_ciphers(cfg->ctx);
	unsigned char print[SLU_CONFIG_PRINT];
	int n;

	CHECK_OK(slu_config_print(cfg, print));
	n = sprintf(out, "%x %x %zu %s %s:", cfg->min_version, cfg->max_version,
	    cfg->alpn_len, cfg->suites.old, cfg->suites.modern);
	for (int i = 0; i < SLU_CONFIG_PRINT; i++)
		n += sprintf(out + n, "%02x", print[i]);
	for (int i = 0; i < sk_SSL_CIPHER_num(suites); i++)
		n += sprintf(out + n, ":%s",
		    SSL_CIPHER_get_name(sk_SSL_CIPHER_value(suites, i)));
}

/* A config with something of each in it. */
static slu_tls_config *
begin(act *a)
{
	slu_tls_config *cfg = NULL;

	CHECK_OK(slu_tls_config_new(&cfg));
	CHECK_OK(slu_tls_config_trust_file(cfg, "one.pem"));
	CHECK_OK(slu_tls_config_psk(cfg, "eve", 3, "0123456789abcdef", 16));
	if (a == be_leaf)
		CHECK_OK(slu_tls_config_identity(cfg, leaf));
	return cfg;
}

static void
check_act(act *a)
{
	char before[2048], after[2048], now[2048];
	slu_tls_config *cfg = begin(a);
	oom_hit hit = OOM_OURS;
	size_t step = pace(11);
	slu_status st;

	describe(cfg, before);
	CHECK_OK(a(cfg));
	describe(cfg, after);
	slu_tls_config_free(cfg);
	for (size_t k = 0; hit != OOM_NONE; k += step) {
		cfg = begin(a);
		oom_arm(k);
		st = a(cfg);
		hit = oom_disarm();
		CHECK(ERR_peek_error() == 0);
		CHECK(st == SLU_OK || slu_failed(st));
		if (hit == OOM_OURS)
			CHECK_IS(SLU_ERR_MEMORY, st);
		describe(cfg, now);
		assert_string_equal(st ? before : after, now);
		if (st)
			CHECK_OK(a(cfg));
		slu_tls_config_free(cfg);
	}
	CHECK_OK(st);
}

static void
a_config_that_finds_no_memory_stays_as_it_was(void **state)
{
	static act *const acts[] = { trust_file, trust_dir, trust_pin, be_leaf,
		share_key, speak_modern, speak_suites, speak_groups,
		speak_protocols };

	(void)state;
	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		check_act(acts[i]);
}

/* ---- things that are made */

/* What is made is there or is not, and goes without a failure. */
static void
check_result(slu_status st, const void *made)
{
	oom_hold();
	CHECK(ERR_peek_error() == 0);
	CHECK((st == SLU_OK) == (made != NULL));
}

static slu_status
make_config(void)
{
	slu_tls_config *cfg = NULL;
	slu_status st = slu_tls_config_new(&cfg);

	check_result(st, cfg);
	slu_tls_config_free(cfg);
	return st;
}

static slu_status
answer(slu_buf *passphrase, void *arg)
{
	(void)arg;
	return slu_buf_add(passphrase, "open sesame", 11);
}

static void
seal_key(const char *path, EVP_PKEY *key)
{
	BIO *out = BIO_new_file(path, "w");

	CHECK(out != NULL);
	CHECK(PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_128_cbc(),
		  "open sesame", 11, NULL, NULL) == 1);
	CHECK(BIO_free(out) == 1);
}

static slu_status
read_identity(void)
{
	static const slu_tls_identity_options options = { answer, NULL };
	slu_tls_identity *id = NULL;
	slu_status st =
	    slu_tls_identity_file(&id, "chain.pem", "sealed.key", &options);

	check_result(st, id);
	if (id != NULL)
		CHECK(sk_X509_num(id->chain) == 1 && id->names.count == 1);
	slu_tls_identity_free(id);
	return st;
}

/* Two leaves are one too many, and whatever runs out stay so. */
static slu_status
read_wrong_identity(void)
{
	slu_tls_identity *id = NULL;
	slu_status st = slu_tls_identity_file(&id, "two.pem", NULL, NULL);

	check_result(st, id);
	CHECK(id == NULL);
	return st == SLU_ERR_FORMAT ? SLU_OK : st;
}

static slu_status
make_identity(void)
{
	slu_tls_identity *id = NULL;
	slu_status st = slu_tls_identity_ephemeral(&id);

	check_result(st, id);
	slu_tls_identity_free(id);
	return st;
}

/* An engine of a config that nobody used before, and of the same once more. */
static slu_status
make_engine(slu_status (*make)(slu_tls **out, slu_tls_config *cfg))
{
	slu_tls_config *cfg;
	slu_tls *tls = NULL;
	slu_status st;

	oom_hold();
	cfg = begin(be_leaf);
	CHECK_OK(slu_tls_config_client_auth(cfg, SLU_TLS_REQUIRE));
	oom_release();
	st = make(&tls, cfg);
	check_result(st, tls);
	slu_tls_free(tls);
	CHECK_OK(make(&tls, cfg));
	slu_tls_free(tls);
	slu_tls_config_free(cfg);
	return st;
}

static slu_status
client_of(slu_tls **out, slu_tls_config *cfg)
{
	return slu_tls_client(out, cfg, "a.test");
}

static slu_status
make_client(void)
{
	return make_engine(client_of);
}

static slu_status
make_server(void)
{
	return make_engine(slu_tls_server);
}

static void
check_made(slu_status (*make)(void))
{
	oom_hit hit = OOM_OURS;
	size_t step = pace(41);
	slu_status st;

	for (size_t k = 0; hit != OOM_NONE; k += step) {
		oom_arm(k);
		st = make();
		hit = oom_disarm();
		oom_release();
		CHECK(st == SLU_OK || slu_failed(st));
		if (hit == OOM_OURS)
			CHECK_IS(SLU_ERR_MEMORY, st);
	}
	CHECK_OK(st);
}

static void
what_finds_no_memory_is_not_made(void **state)
{
	(void)state;
	check_made(make_config);
	check_made(read_identity);
	check_made(read_wrong_identity);
	check_made(make_identity);
	check_made(make_client);
	check_made(make_server);
}

/* ---- what is refused */

/* Whatever runs out, a client that has a reason to refuse does not go on. */
static void
check_refused(tls_pair *p, const char *host)
{
	size_t step = pace(331);
	oom_hit hit = OOM_OURS;

	for (size_t k = 0; hit != OOM_NONE; k += step) {
		tls_pair_begin(p, host);
		oom_arm(k);
		(void)tls_pair_shake(p);
		hit = oom_disarm();
		CHECK(!p->client->admitted);
		CHECK(slu_failed(slu_tls_handshake(p->client)) ||
		      hit != OOM_NONE);
		CHECK(!p->client->admitted);
		tls_pair_end(p);
		ERR_clear_error();
	}
}

/* Serve what is wished for. */
static void
serve(tls_pair *p, const certificate *by, const wish *w)
{
	certificate c = authority_issue(by, w);
	slu_tls_identity *id = NULL;

	authority_write("served.pem", c.cert, NULL, c.key);
	CHECK_OK(slu_tls_identity_file(&id, "served.pem", NULL, NULL));
	slu_tls_config_free(p->server_config);
	p->server_config = NULL;
	CHECK_OK(slu_tls_config_new(&p->server_config));
	CHECK_OK(slu_tls_config_identity(p->server_config, id));
	slu_tls_identity_free(id);
	certificate_free(&c);
}

static void
what_is_refused_is_refused_without_memory_too(void **state)
{
	certificate strange = authority_make("strange");
	tls_pair *p = *state;

	check_refused(p, "other.test");
	serve(p, &strange, &(wish){ 0 });
	check_refused(p, CERTIFICATE_NAME);
	serve(p, &p->root, &(wish){ .from = -100, .to = -50 });
	check_refused(p, CERTIFICATE_NAME);
	serve(p, &p->root, &(wish){ .san = "DNS:" CERTIFICATE_NAME ",DNS:.b" });
	check_refused(p, CERTIFICATE_NAME);
	slu_tls_config_free(p->client_config);
	p->client_config = NULL;
	CHECK_OK(slu_tls_config_new(&p->client_config));
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	CHECK_OK(slu_tls_config_ocsp(p->client_config, SLU_TLS_OCSP_ASK));
	serve(p, &p->root, &(wish){ .staples = true });
	check_refused(p, CERTIFICATE_NAME);
	certificate_free(&strange);
}

static int
enter(void **state)
{
	certificate other;
	tls_pair *p;

	if (tls_pair_enter_1_3(state))
		return 1;
	p = *state;
	other = authority_issue(&p->root, &(wish){ 0 });
	authority_write("chain.pem", p->leaf.cert, p->root.cert, NULL);
	authority_write("two.pem", p->leaf.cert, other.cert, p->leaf.key);
	authority_write("one.pem", other.cert, NULL, NULL);
	CHECK(mkdir("roots", 0700) == 0);
	authority_write("roots/a.pem", p->root.cert, NULL, NULL);
	authority_write("roots/b.pem", p->root.cert, other.cert, NULL);
	CHECK_OK(slu_tls_identity_file(&leaf, "leaf.pem", "leaf.key", NULL));
	seal_key("sealed.key", p->leaf.key);
	certificate_free(&other);
	return 0;
}

static int
leave(void **state)
{
	slu_tls_identity_free(leaf);
	return tls_pair_leave(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_config_that_finds_no_memory_stays_as_it_was),
		TEST(what_finds_no_memory_is_not_made),
		TEST(what_is_refused_is_refused_without_memory_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
