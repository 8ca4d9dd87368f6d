/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include <openssl/encoder.h>
#include <openssl/pem.h>
#include <unistd.h>

#include "authority.h"
#include "check.h"
#include "folder.h"
#include "sluice/tls_identity.h"

/* An authority, one below it, and two leaves of that one. */
typedef struct family {
	certificate root, middle, leaf, other;
} family;

static int
enter(void **state)
{
	family *f = malloc(sizeof(*f));

	CHECK(f != NULL);
	folder_enter();
	f->root = authority_make("root");
	f->middle = authority_below(&f->root, "middle", &(wish){ 0 });
	f->leaf = authority_issue(&f->middle, &(wish){ 0 });
	f->other = authority_issue(&f->middle, &(wish){ .san = "DNS:b.test" });
	*state = f;
	return 0;
}

static int
leave(void **state)
{
	family *f = *state;

	certificate_free(&f->root);
	certificate_free(&f->middle);
	certificate_free(&f->leaf);
	certificate_free(&f->other);
	free(f);
	folder_leave();
	return 0;
}

/* An identity cannot be had of `chain` and `key`, and the words say so. */
static void
check_refused(
    slu_status want, const char *chain, const char *key, const char *words)
{
	slu_tls_identity *id = NULL;

	CHECK_IS(want, slu_tls_identity_file(&id, chain, key, NULL));
	CHECK(id == NULL);
	CHECK_WORDS(words);
}

static void
check_loads(
    const char *chain, const char *key, const slu_tls_identity_options *options)
{
	slu_tls_identity *id = NULL;

	CHECK_OK(slu_tls_identity_file(&id, chain, key, options));
	slu_tls_identity_free(id);
}

static void
chain_and_key_load_from_two_files_or_one_in_any_order(void **state)
{
	family *f = *state;

	authority_write("chain.pem", f->leaf.cert, f->middle.cert, NULL);
	authority_write("key.pem", NULL, NULL, f->leaf.key);
	check_loads("chain.pem", "key.pem", NULL);
	authority_write("all.pem", f->root.cert, f->middle.cert, f->leaf.key);
	authority_add("all.pem", f->leaf.cert, NULL);
	check_loads("all.pem", NULL, NULL);
	check_loads("all.pem", "all.pem", NULL);
}

static void
one_file_may_go_by_two_names(void **state)
{
	family *f = *state;

	authority_write("all.pem", f->leaf.cert, NULL, f->leaf.key);
	CHECK(symlink("all.pem", "soft.pem") == 0);
	CHECK(link("all.pem", "hard.pem") == 0);
	check_loads("all.pem", "./all.pem", NULL);
	check_loads("all.pem", "soft.pem", NULL);
	check_loads("hard.pem", "all.pem", NULL);
	/* Two files are two, whatever they hold. */
	authority_write("copy.pem", f->leaf.cert, NULL, f->leaf.key);
	check_refused(SLU_ERR_FORMAT, "all.pem", "copy.pem",
	    "all.pem: a private key is in it, which is to be in copy.pem");
	check_refused(SLU_ERR_IO, "none.pem", "./none.pem", "none.pem");
}

static void
one_that_signed_itself_is_a_leaf_though_it_is_an_authority(void **state)
{
	certificate c = certificate_make();

	(void)state;
	authority_write("self.pem", c.cert, NULL, c.key);
	check_loads("self.pem", NULL, NULL);
	certificate_free(&c);
}

static void
a_file_without_a_leaf_is_refused(void **state)
{
	family *f = *state;

	authority_write("a.pem", NULL, NULL, f->leaf.key);
	check_refused(SLU_ERR_FORMAT, "a.pem", NULL, "a.pem: no leaf is in it");
	authority_write("b.pem", f->middle.cert, f->root.cert, f->leaf.key);
	check_refused(SLU_ERR_FORMAT, "b.pem", NULL,
	    "b.pem: no leaf is in it, authorities only");
}

static void
two_leaves_are_refused(void **state)
{
	family *f = *state;

	authority_write("a.pem", f->leaf.cert, f->other.cert, f->leaf.key);
	check_refused(
	    SLU_ERR_FORMAT, "a.pem", NULL, "a.pem: more than one leaf");
}

static void
a_leaf_without_its_key_is_refused(void **state)
{
	family *f = *state;

	authority_write("a.pem", f->leaf.cert, f->middle.cert, NULL);
	check_refused(SLU_ERR_FORMAT, "a.pem", NULL,
	    "a.pem: the leaf's private key is not in it");
	authority_write("b.pem", f->middle.cert, NULL, NULL);
	check_refused(SLU_ERR_FORMAT, "a.pem", "b.pem",
	    "b.pem: the leaf's private key is not in it");
}

static void
another_s_key_is_refused(void **state)
{
	family *f = *state;

	authority_write("a.pem", f->leaf.cert, NULL, f->other.key);
	check_refused(SLU_ERR_FORMAT, "a.pem", NULL,
	    "a.pem: the private key in it is another's");
}

static void
a_certificate_that_is_not_of_the_chain_is_refused(void **state)
{
	family *f = *state;
	certificate stranger = authority_make("stranger");
	certificate namesake = authority_make("middle");

	authority_write("a.pem", f->leaf.cert, f->middle.cert, f->leaf.key);
	authority_add("a.pem", stranger.cert, NULL);
	check_refused(SLU_ERR_FORMAT, "a.pem", NULL,
	    "a.pem: a certificate in it is not of the leaf's chain");
	authority_write("b.pem", f->leaf.cert, namesake.cert, f->leaf.key);
	check_refused(SLU_ERR_FORMAT, "b.pem", NULL,
	    "b.pem: a certificate in it is not of the leaf's chain");
	certificate_free(&stranger);
	certificate_free(&namesake);
}

static void
a_key_too_many_is_refused(void **state)
{
	family *f = *state;

	authority_write("a.pem", f->leaf.cert, NULL, f->leaf.key);
	authority_write("key.pem", NULL, NULL, f->leaf.key);
	check_refused(SLU_ERR_FORMAT, "a.pem", "key.pem",
	    "a.pem: a private key is in it, which is to be in key.pem");
	authority_add("a.pem", NULL, f->other.key);
	check_refused(
	    SLU_ERR_FORMAT, "a.pem", NULL, "a.pem: more than one private key");
}

static void
what_is_broken_or_missing_is_told_with_the_file(void **state)
{
	static const char cut[] = "-----BEGIN CERTIFICATE-----\nMIIB\n";
	static const char junk[] = "-----BEGIN CERTIFICATE-----\nSEVMTE8=\n"
				   "-----END CERTIFICATE-----\n";
	static const char key[] = "-----BEGIN PRIVATE KEY-----\nSEVMTE8=\n"
				  "-----END PRIVATE KEY-----\n";
	family *f = *state;

	check_refused(SLU_ERR_IO, "none.pem", NULL, "none.pem");
	folder_put("cut.pem", cut, strlen(cut));
	check_refused(
	    SLU_ERR_FORMAT, "cut.pem", NULL, "cut.pem: a block of PEM in it");
	folder_put("junk.pem", junk, strlen(junk));
	check_refused(
	    SLU_ERR_FORMAT, "junk.pem", NULL, "junk.pem: a certificate in it");
	folder_put("key.pem", key, strlen(key));
	authority_write("a.pem", f->leaf.cert, NULL, NULL);
	check_refused(SLU_ERR_FORMAT, "a.pem", "key.pem",
	    "key.pem: the private key in it is broken");
}

static void
a_file_that_is_too_large_and_a_chain_too_long_are_refused(void **state)
{
	family *f = *state;
	char *much = calloc(1, SLU_TLS_IDENTITY_FILE_MAX + 1);

	CHECK(much != NULL);
	folder_put("much.pem", much, SLU_TLS_IDENTITY_FILE_MAX + 1);
	free(much);
	check_refused(
	    SLU_ERR_LIMIT, "much.pem", NULL, "much.pem: larger than 256 KiB");
	authority_write("many.pem", f->leaf.cert, NULL, f->leaf.key);
	for (int i = 0; i < SLU_TLS_IDENTITY_CHAIN_MAX; i++)
		authority_add("many.pem", f->middle.cert, NULL);
	check_refused(SLU_ERR_LIMIT, "many.pem", NULL,
	    "many.pem: more than 16 certificates");
}

/* Write `key` in one of the forms there are. */
static void
write_key(const char *path, EVP_PKEY *key, const char *structure,
    const char *cipher, const char *passphrase)
{
	OSSL_ENCODER_CTX *ctx = OSSL_ENCODER_CTX_new_for_pkey(
	    key, EVP_PKEY_KEYPAIR, "PEM", structure, NULL);
	BIO *out = BIO_new_file(path, "w");

	CHECK(ctx != NULL && out != NULL);
	if (cipher != NULL) {
		CHECK(OSSL_ENCODER_CTX_set_cipher(ctx, cipher, NULL) == 1);
		CHECK(OSSL_ENCODER_CTX_set_passphrase(ctx,
			  (const unsigned char *)passphrase,
			  strlen(passphrase)) == 1);
	}
	CHECK(OSSL_ENCODER_to_bio(ctx, out) == 1);
	OSSL_ENCODER_CTX_free(ctx);
	CHECK(BIO_free(out) == 1);
}

static slu_status
answer(slu_buf *passphrase, void *arg)
{
	int *asked = arg;

	++*asked;
	return slu_buf_add(passphrase, "open sesame", 11);
}

static void
keys_of_all_kinds_load_in_all_forms(void **state)
{
	static const struct {
		const char *kind, *structure, *cipher;
	} forms[] = {
		{ "P-256", "PrivateKeyInfo", NULL },
		{ "P-256", "EncryptedPrivateKeyInfo", "AES-256-CBC" },
		{ "P-256", "type-specific", NULL },
		{ "P-256", "type-specific", "AES-128-CBC" },
		{ "P-384", "PrivateKeyInfo", NULL },
		{ "ED25519", "PrivateKeyInfo", NULL },
		{ "ED25519", "EncryptedPrivateKeyInfo", "AES-256-CBC" },
		{ "RSA", "PrivateKeyInfo", NULL },
		{ "RSA", "EncryptedPrivateKeyInfo", "AES-256-CBC" },
		{ "RSA", "type-specific", NULL },
		{ "RSA", "type-specific", "AES-128-CBC" },
	};
	family *f = *state;

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		int asked = 0;
		slu_tls_identity_options options = { answer, &asked };
		certificate c =
		    authority_issue(&f->root, &(wish){ .key = forms[i].kind });

		authority_write("cert.pem", c.cert, NULL, NULL);
		write_key("key.pem", c.key, forms[i].structure, forms[i].cipher,
		    "open sesame");
		check_loads("cert.pem", "key.pem", &options);
		CHECK(asked == (forms[i].cipher != NULL));
		certificate_free(&c);
	}
}

static void
what_openssl_writes_before_a_key_is_passed_over(void **state)
{
	static const char params[] = "-----BEGIN EC PARAMETERS-----\n"
				     "BggqhkjOPQMBBw==\n"
				     "-----END EC PARAMETERS-----\n";
	family *f = *state;

	folder_put("a.pem", params, strlen(params));
	authority_add("a.pem", f->leaf.cert, f->leaf.key);
	check_loads("a.pem", NULL, NULL);
}

static slu_status
wrong(slu_buf *passphrase, void *arg)
{
	(void)arg;
	return slu_buf_add(passphrase, "open barley", 11);
}

static slu_status
nothing(slu_buf *passphrase, void *arg)
{
	(void)passphrase, (void)arg;
	return SLU_OK;
}

static slu_status
gone(slu_buf *passphrase, void *arg)
{
	(void)passphrase, (void)arg;
	return slu_fail(SLU_ERR_IO, "test: nobody there");
}

static void
a_passphrase_that_is_wrong_or_not_to_be_had_is_told(void **state)
{
	static const struct {
		slu_status (*ask)(slu_buf *, void *);
		slu_status want;
		const char *words;
	} cases[] = {
		{ wrong, SLU_ERR_NO_MATCH, "key.pem: wrong passphrase" },
		{ nothing, SLU_ERR_USAGE, "key.pem: an empty passphrase" },
		{ gone, SLU_ERR_IO, "nobody there" },
		{ NULL, SLU_ERR_NO_MATCH, "key.pem: the private key is enc" },
	};
	static const char *const structures[] = { "EncryptedPrivateKeyInfo",
		"type-specific" };
	family *f = *state;
	slu_tls_identity *id = NULL;

	authority_write("cert.pem", f->leaf.cert, NULL, NULL);
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(*cases); i++) {
		slu_tls_identity_options options = { cases[i / 2].ask, NULL };

		write_key("key.pem", f->leaf.key, structures[i % 2],
		    "AES-128-CBC", "open sesame");
		CHECK_IS(
		    cases[i / 2].want, slu_tls_identity_file(&id, "cert.pem",
					   "key.pem", &options));
		CHECK_WORDS(cases[i / 2].words);
	}
}

static void
nobody_is_asked_while_the_chain_is_not_right(void **state)
{
	family *f = *state;
	slu_tls_identity *id = NULL;
	int asked = 0;

	authority_write("two.pem", f->leaf.cert, f->other.cert, NULL);
	write_key("key.pem", f->leaf.key, "EncryptedPrivateKeyInfo",
	    "AES-128-CBC", "open sesame");
	CHECK_IS(
	    SLU_ERR_FORMAT, slu_tls_identity_file(&id, "two.pem", "key.pem",
				&(slu_tls_identity_options){ answer, &asked }));
	CHECK(asked == 0);
}

static size_t
slurp(const char *path, char *text, size_t cap)
{
	FILE *in = fopen(path, "r");
	size_t len;

	CHECK(in != NULL);
	len = fread(text, 1, cap, in);
	fclose(in);
	return len;
}

static void
memory_serves_as_files_do(void **state)
{
	static char chain[8192], key[8192];
	family *f = *state;
	slu_tls_identity *id = NULL;
	size_t chain_len, key_len;

	authority_write("chain.pem", f->leaf.cert, f->middle.cert, NULL);
	authority_write("key.pem", NULL, NULL, f->leaf.key);
	chain_len = slurp("chain.pem", chain, sizeof(chain));
	key_len = slurp("key.pem", key, sizeof(key));
	CHECK_OK(
	    slu_tls_identity_memory(&id, chain, chain_len, key, key_len, NULL));
	slu_tls_identity_free(id);
	id = NULL;
	CHECK_IS(SLU_ERR_FORMAT,
	    slu_tls_identity_memory(&id, chain, chain_len, NULL, 0, NULL));
	CHECK_WORDS("the chain in memory: the leaf's private key");
	CHECK_IS(SLU_ERR_FORMAT,
	    slu_tls_identity_memory(&id, "", 0, key, key_len, NULL));
	CHECK_WORDS("the chain in memory: no leaf");
	memcpy(chain + chain_len, key, key_len);
	CHECK_OK(slu_tls_identity_memory(
	    &id, chain, chain_len + key_len, NULL, 0, NULL));
	slu_tls_identity_free(id);
}

static void
a_pin_is_the_digest_of_the_public_key(void **state)
{
	family *f = *state;
	slu_tls_identity *id = NULL;
	unsigned char pin[SLU_TLS_PIN], want[SLU_TLS_PIN], *der = NULL;
	int len = i2d_PUBKEY(f->leaf.key, &der);

	CHECK(len > 0);
	CHECK(EVP_Digest(der, (size_t)len, want, NULL, EVP_sha256(), NULL));
	OPENSSL_free(der);
	authority_write("a.pem", f->leaf.cert, NULL, f->leaf.key);
	CHECK_OK(slu_tls_identity_file(&id, "a.pem", NULL, NULL));
	slu_tls_identity_pin(id, pin);
	CHECK_BYTES(want, sizeof(want), pin, sizeof(pin));
	slu_tls_identity_free(id);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(chain_and_key_load_from_two_files_or_one_in_any_order),
		TEST(one_file_may_go_by_two_names),
		TEST(
		    one_that_signed_itself_is_a_leaf_though_it_is_an_authority),
		TEST(a_file_without_a_leaf_is_refused),
		TEST(two_leaves_are_refused),
		TEST(a_leaf_without_its_key_is_refused),
		TEST(another_s_key_is_refused),
		TEST(a_certificate_that_is_not_of_the_chain_is_refused),
		TEST(a_key_too_many_is_refused),
		TEST(what_is_broken_or_missing_is_told_with_the_file),
		TEST(a_file_that_is_too_large_and_a_chain_too_long_are_refused),
		TEST(keys_of_all_kinds_load_in_all_forms),
		TEST(what_openssl_writes_before_a_key_is_passed_over),
		TEST(a_passphrase_that_is_wrong_or_not_to_be_had_is_told),
		TEST(nobody_is_asked_while_the_chain_is_not_right),
		TEST(memory_serves_as_files_do),
		TEST(a_pin_is_the_digest_of_the_public_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
