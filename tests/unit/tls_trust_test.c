/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "tls/tls_config_internal.h"
#include "tls_pair.h"

static int
enter(void **state)
{
	tls_pair *p = malloc(sizeof(*p));

	CHECK(p != NULL);
	folder_enter();
	tls_pair_new(p);
	/* The tests say themselves whom the client trusts. */
	slu_tls_config_free(p->client_config);
	CHECK_OK(slu_tls_config_new(&p->client_config));
	*state = p;
	return 0;
}

static int
leave(void **state)
{
	tls_pair_free(*state);
	free(*state);
	folder_leave();
	return 0;
}

/* What the client makes of the server. */
static slu_status
meet(tls_pair *p)
{
	slu_status st;

	tls_pair_begin(p, CERTIFICATE_NAME);
	(void)tls_pair_shake(p);
	st = p->client_said;
	slu_tls_free(p->client);
	slu_tls_free(p->server);
	p->client = p->server = NULL;
	slu_buf_free(&p->to_client);
	slu_buf_free(&p->to_server);
	return st;
}

/* A file cannot be trusted, and the words say so; nothing came of it. */
static void
check_refused(tls_pair *p, slu_status want, const char *path, const char *words)
{
	CHECK_IS(want, slu_tls_config_trust_file(p->client_config, path));
	CHECK_WORDS(words);
}

static void
the_system_s_roots_are_trusted_unless_others_are(void **state)
{
	tls_pair *p = *state;
	certificate other = authority_make("other");

	CHECK(setenv("SSL_CERT_FILE", "root.pem", 1) == 0);
	CHECK_OK(meet(p));
	slu_tls_config_free(p->client_config);
	CHECK_OK(slu_tls_config_new(&p->client_config));
	authority_write("other.pem", other.cert, NULL, NULL);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "other.pem"));
	CHECK_IS(SLU_ERR_AUTH, meet(p));
	slu_tls_config_free(p->client_config);
	CHECK_OK(slu_tls_config_new(&p->client_config));
	CHECK_OK(slu_tls_config_trust_system(p->client_config));
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "other.pem"));
	CHECK_OK(meet(p));
	CHECK(unsetenv("SSL_CERT_FILE") == 0);
	certificate_free(&other);
}

static bool
has_roots(const slu_tls_config *cfg)
{
	return sk_X509_OBJECT_num(X509_STORE_get0_objects(
		   SSL_CTX_get_cert_store(cfg->ctx))) > 0;
}

static void
the_system_s_roots_are_read_by_who_looks_at_certificates(void **state)
{
	tls_pair *p = *state;
	slu_tls *tls = NULL;

	CHECK(setenv("SSL_CERT_FILE", "root.pem", 1) == 0);
	CHECK_OK(slu_tls_server(&tls, p->server_config));
	CHECK(!has_roots(p->server_config));
	slu_tls_free(tls);
	CHECK_OK(slu_tls_client(&tls, p->server_config, CERTIFICATE_NAME));
	CHECK(has_roots(p->server_config));
	slu_tls_free(tls);
	CHECK(unsetenv("SSL_CERT_FILE") == 0);
}

static void
a_server_may_trust_the_system_s_roots_too(void **state)
{
	slu_tls_identity *id = NULL;
	tls_pair *p = *state;

	CHECK(setenv("SSL_CERT_FILE", "root.pem", 1) == 0);
	CHECK_OK(slu_tls_config_trust_system(p->server_config));
	CHECK_OK(slu_tls_config_client_auth(p->server_config, SLU_TLS_REQUIRE));
	CHECK_OK(slu_tls_identity_file(&id, "leaf.pem", "leaf.key", NULL));
	CHECK_OK(slu_tls_config_identity(p->client_config, id));
	slu_tls_identity_free(id);
	CHECK_OK(meet(p));
	CHECK(unsetenv("SSL_CERT_FILE") == 0);
}

static void
the_system_s_roots_may_be_a_folder(void **state)
{
	tls_pair *p = *state;
	char name[32];

	CHECK(mkdir("roots", 0755) == 0);
	snprintf(name, sizeof(name), "roots/%08lx.0",
	    X509_NAME_hash_ex(
		X509_get_subject_name(p->root.cert), NULL, NULL, NULL));
	authority_write(name, p->root.cert, NULL, NULL);
	CHECK(setenv("SSL_CERT_DIR", "roots", 1) == 0);
	CHECK_OK(meet(p));
	CHECK(unsetenv("SSL_CERT_DIR") == 0);
}

static void
each_file_adds_to_those_before(void **state)
{
	tls_pair *p = *state;
	certificate other = authority_make("other");

	authority_write("other.pem", other.cert, NULL, NULL);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "other.pem"));
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "root.pem"));
	CHECK_OK(meet(p));
	certificate_free(&other);
}

static void
a_private_key_among_those_trusted_is_refused(void **state)
{
	tls_pair *p = *state;

	authority_write("both.pem", p->root.cert, NULL, p->root.key);
	check_refused(
	    p, SLU_ERR_FORMAT, "both.pem", "both.pem: a private key is in it");
	check_refused(
	    p, SLU_ERR_FORMAT, "leaf.key", "leaf.key: a private key is in it");
}

static void
a_file_that_cannot_be_trusted_whole_is_not_trusted_at_all(void **state)
{
	static const char other[] = "-----BEGIN X509 CRL-----\nMAA=\n"
				    "-----END X509 CRL-----\n";
	static const char cut[] = "-----BEGIN CERTIFICATE-----\nMIIB\n";
	static const char junk[] = "-----BEGIN CERTIFICATE-----\nSEVMTE8=\n"
				   "-----END CERTIFICATE-----\n";
	static const struct {
		const char *tail, *words;
	} cases[] = {
		{ other, "a.pem: something else than certificates" },
		{ cut, "a.pem: a block of PEM in it is broken" },
		{ junk, "a.pem: a certificate in it is broken" },
	};
	tls_pair *p = *state;
	certificate stranger = authority_make("stranger");
	FILE *out;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		authority_write("a.pem", p->root.cert, NULL, NULL);
		out = fopen("a.pem", "a");
		CHECK(out != NULL && fputs(cases[i].tail, out) >= 0);
		CHECK(fclose(out) == 0);
		check_refused(p, SLU_ERR_FORMAT, "a.pem", cases[i].words);
	}
	folder_put("empty.pem", "", 0);
	check_refused(
	    p, SLU_ERR_FORMAT, "empty.pem", "empty.pem: no certificate");
	check_refused(p, SLU_ERR_IO, "none.pem", "none.pem");
	authority_write("b.pem", stranger.cert, NULL, NULL);
	CHECK_OK(slu_tls_config_trust_file(p->client_config, "b.pem"));
	CHECK_IS(SLU_ERR_AUTH, meet(p));
	certificate_free(&stranger);
}

static void
a_folder_is_read_whole_at_once(void **state)
{
	tls_pair *p = *state;

	CHECK(mkdir("roots", 0755) == 0);
	CHECK_IS(SLU_ERR_FORMAT,
	    slu_tls_config_trust_dir(p->client_config, "roots"));
	CHECK_WORDS("roots: no file of certificates is in it");
	folder_put("roots/README", "none of ours", 12);
	authority_write("roots/a.crt", p->root.cert, NULL, NULL);
	CHECK_OK(slu_tls_config_trust_dir(p->client_config, "roots"));
	CHECK(unlink("roots/a.crt") == 0);
	CHECK_OK(meet(p));
}

static void
a_folder_with_a_broken_file_is_refused(void **state)
{
	tls_pair *p = *state;

	CHECK(mkdir("roots", 0755) == 0);
	authority_write("roots/a.pem", p->root.cert, NULL, NULL);
	authority_write("roots/b.cer", NULL, NULL, p->root.key);
	CHECK_IS(SLU_ERR_FORMAT,
	    slu_tls_config_trust_dir(p->client_config, "roots"));
	CHECK_WORDS("roots/b.cer: a private key is in it");
	CHECK_IS(SLU_ERR_IO, slu_tls_config_trust_dir(p->client_config, "x"));
	CHECK_WORDS("x: ");
}

static void
memory_is_trusted_as_a_file_is(void **state)
{
	tls_pair *p = *state;
	BIO *out = BIO_new(BIO_s_mem());
	char *text;
	long len;

	CHECK(out != NULL && PEM_write_bio_X509(out, p->root.cert) == 1);
	len = BIO_get_mem_data(out, &text);
	CHECK_IS(SLU_ERR_FORMAT, slu_tls_config_trust_memory(
				     p->client_config, text, (size_t)len / 2));
	CHECK_IS(SLU_ERR_FORMAT,
	    slu_tls_config_trust_memory(p->client_config, NULL, 0));
	CHECK_WORDS("in memory: no certificate");
	CHECK_OK(
	    slu_tls_config_trust_memory(p->client_config, text, (size_t)len));
	CHECK_OK(meet(p));
	BIO_free(out);
}

static void
a_config_in_use_stays_as_it_is(void **state)
{
	tls_pair *p = *state;
	slu_tls_config *cfg = p->client_config;

	CHECK_OK(slu_tls_client(&p->client, cfg, CERTIFICATE_NAME));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_trust_file(cfg, "root.pem"));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_trust_dir(cfg, "."));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_trust_memory(cfg, "", 0));
	CHECK_IS(SLU_ERR_USAGE, slu_tls_config_trust_system(cfg));
	CHECK_WORDS("the config is in use");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_system_s_roots_are_trusted_unless_others_are),
		TEST(the_system_s_roots_are_read_by_who_looks_at_certificates),
		TEST(a_server_may_trust_the_system_s_roots_too),
		TEST(the_system_s_roots_may_be_a_folder),
		TEST(each_file_adds_to_those_before),
		TEST(a_private_key_among_those_trusted_is_refused),
		TEST(a_file_that_cannot_be_trusted_whole_is_not_trusted_at_all),
		TEST(a_folder_is_read_whole_at_once),
		TEST(a_folder_with_a_broken_file_is_refused),
		TEST(memory_is_trusted_as_a_file_is),
		TEST(a_config_in_use_stays_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
