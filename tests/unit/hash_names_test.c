/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "sluice/hash.h"

#define MOST 200 /* names */

struct names {
	char name[MOST][64];
	size_t len;
};

static void
keep(const char *name, void *arg)
{
	struct names *n = arg;

	CHECK(n->len < MOST && strlen(name) < sizeof(n->name[0]));
	strcpy(n->name[n->len++], name);
}

static bool
is_listed(const struct names *n, const char *name)
{
	for (size_t i = 0; i < n->len; i++)
		if (strcmp(n->name[i], name) == 0)
			return true;
	return false;
}

static void
names_are_sorted_unique_and_each_names_its_digest(void **state)
{
	struct names n = { .len = 0 };

	(void)state;
	CHECK_OK(slu_hash_names(keep, &n));
	for (size_t i = 0; i < n.len; i++) {
		slu_hash *h = NULL;

		CHECK(i == 0 || strcmp(n.name[i - 1], n.name[i]) < 0);
		CHECK(strspn(
			  n.name[i], "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		      strlen(n.name[i]));
		CHECK_OK(slu_hash_new(&h, n.name[i]));
		assert_string_equal(slu_hash_name(h), n.name[i]);
		slu_hash_free(h);
	}
}

static void
digests_are_listed_as_people_write_them(void **state)
{
	static const char *const usual[] = { "blake2b512", "blake2s256", "md5",
		"sha1", "sha224", "sha256", "sha3-224", "sha3-256", "sha3-384",
		"sha3-512", "sha384", "sha512", "sha512-224", "sha512-256",
		"shake128", "shake256" };
	struct names n = { .len = 0 };

	(void)state;
	CHECK_OK(slu_hash_names(keep, &n));
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		CHECK(is_listed(&n, usual[i]));
	/* Where a libcrypto has it at all. */
	if (EVP_get_digestbyname("RIPEMD160") != NULL)
		CHECK(is_listed(&n, "ripemd160"));
	CHECK(!is_listed(&n, "null"));
	for (size_t i = 0; i < n.len; i++)
		CHECK(strstr(n.name[i], "kmac") == NULL);
}

/* The name that `name` is listed by, "" where it is refused. */
static const char *
listed_as(const char *name)
{
	static char listed[64];
	slu_hash *h = NULL;

	listed[0] = '\0';
	if (slu_hash_new(&h, name) == SLU_OK)
		snprintf(listed, sizeof(listed), "%s", slu_hash_name(h));
	slu_hash_free(h);
	return listed;
}

struct alias {
	const EVP_MD *md;
	const struct names *listed;
	char first[64]; /* what the digest's first alias is listed by */
};

static void
check_alias(const char *name, void *arg)
{
	struct alias *a = arg;
	const char *listed = listed_as(name);

	if (EVP_MD_get_block_size(a->md) == 0 ||
	    strncmp(name, "KECCAK-KMAC", 11) == 0) {
		assert_string_equal(listed, "");
		return;
	}
	CHECK(is_listed(a->listed, listed));
	if (a->first[0] == '\0')
		strcpy(a->first, listed);
	assert_string_equal(listed, a->first);
}

static void
check_aliases(EVP_MD *md, void *arg)
{
	struct alias a = { .md = md, .listed = arg };

	CHECK(EVP_MD_names_do_all(md, check_alias, &a));
}

static void
every_name_that_openssl_knows_leads_to_a_listed_one(void **state)
{
	struct names n = { .len = 0 };

	(void)state;
	CHECK_OK(slu_hash_names(keep, &n));
	EVP_MD_do_all_provided(NULL, check_aliases, &n);
}

static void
names_may_be_written_in_many_ways(void **state)
{
	static const char *const ways[][2] = {
		{ "sha256", "sha256" },
		{ "SHA256", "sha256" },
		{ "Sha-256", "sha256" },
		{ "SHA2-256", "sha256" },
		{ "sha2_256", "sha256" },
		{ "2.16.840.1.101.3.4.2.1", "sha256" },
		{ "SHA-1", "sha1" },
		{ "SHA512/256", "sha512-256" },
		{ "SHA-512/256", "sha512-256" },
		{ "sha512-256", "sha512-256" },
		{ "sha512_256", "sha512-256" },
		{ "sha3_512", "sha3-512" },
		{ "SHA3512", "sha3-512" },
		{ "SHA-3-512", "sha3-512" },
		{ "BLAKE2b-512", "blake2b512" },
		{ "blake2s_256", "blake2s256" },
		{ "SHAKE-128", "shake128" },
		{ "shake_256", "shake256" },
		{ "MD-5", "md5" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		assert_string_equal(listed_as(ways[i][0]), ways[i][1]);
}

static void
check_unknown(const char *name, const char *words)
{
	slu_hash *h = NULL;

	CHECK_IS(SLU_ERR_USAGE, slu_hash_new(&h, name));
	assert_string_equal(slu_error(), words);
	CHECK(h == NULL);
	CHECK(ERR_peek_error() == 0);
}

static void
an_unknown_name_is_answered_with_a_near_one(void **state)
{
	(void)state;
	check_unknown(
	    "sha265", "hash: unknown digest 'sha265'; did you mean 'sha256'?");
	check_unknown("SHA-257",
	    "hash: unknown digest 'SHA-257'; did you mean 'sha256'?");
	check_unknown("sha3-265",
	    "hash: unknown digest 'sha3-265'; did you mean 'sha3-256'?");
	check_unknown("sha-512/265",
	    "hash: unknown digest 'sha-512/265'; did you mean 'sha512-256'?");
	check_unknown("blake2b",
	    "hash: unknown digest 'blake2b'; did you mean 'blake2b512'?");
	check_unknown("blake2s",
	    "hash: unknown digest 'blake2s'; did you mean 'blake2s256'?");
	check_unknown(
	    "sha2", "hash: unknown digest 'sha2'; did you mean 'sha512'?");
	/* One letter off sha1, and nobody who asks for SHA-3 wants that. */
	check_unknown(
	    "sha3", "hash: unknown digest 'sha3'; did you mean 'sha3-512'?");
	check_unknown("md6", "hash: unknown digest 'md6'; did you mean 'md5'?");
	check_unknown("sha256sum",
	    "hash: unknown digest 'sha256sum'; did you mean 'sha256'?");
	check_unknown("sha256 ",
	    "hash: unknown digest 'sha256 '; did you mean 'sha256'?");
	check_unknown("whatever", "hash: unknown digest 'whatever'");
	check_unknown("2.16.840.1.101.3.4.2.99",
	    "hash: unknown digest '2.16.840.1.101.3.4.2.99'");
}

static void
no_digest_is_one_and_neither_is_the_sponge_of_kmac(void **state)
{
	slu_hash *h = NULL;

	(void)state;
	check_unknown("NULL", "hash: unknown digest 'NULL'");
	CHECK_IS(SLU_ERR_USAGE, slu_hash_new(&h, "KECCAK-KMAC-128"));
	CHECK_IS(SLU_ERR_USAGE, slu_hash_new(&h, "keccak-kmac256"));
}

static void
a_strange_name_is_not_shown(void **state)
{
	char name[1001];

	(void)state;
	check_unknown("", "hash: unknown digest ''");
	check_unknown("-/_", "hash: unknown digest '-/_'");
	check_unknown("sha265\x1b[2J", "hash: unknown digest");
	check_unknown("sha\xc3\xa4", "hash: unknown digest");
	memset(name, 'a', 1000);
	name[1000] = '\0';
	check_unknown(name, "hash: unknown digest");
	name[64] = '\0';
	check_unknown(name, "hash: unknown digest");
	name[63] = '\0';
	CHECK_IS(SLU_ERR_USAGE, slu_hash_new(&(slu_hash *){ NULL }, name));
	CHECK_WORDS(name);
}

/* Programs leave their own failures in OpenSSL's queue. */
static void
what_others_left_in_openssl_s_queue_is_no_failure_of_ours(void **state)
{
	struct names n = { .len = 0 };
	slu_hash *h = NULL;

	(void)state;
	ERR_raise(ERR_LIB_USER, ERR_R_MALLOC_FAILURE);
	CHECK_OK(slu_hash_names(keep, &n));
	CHECK(n.len > 0);
	ERR_raise(ERR_LIB_USER, ERR_R_MALLOC_FAILURE);
	CHECK_OK(slu_hash_new(&h, "sha_256"));
	slu_hash_free(h);
	ERR_raise(ERR_LIB_USER, ERR_R_MALLOC_FAILURE);
	check_unknown("whatever", "hash: unknown digest 'whatever'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    names_are_sorted_unique_and_each_names_its_digest),
		cmocka_unit_test(digests_are_listed_as_people_write_them),
		cmocka_unit_test(
		    every_name_that_openssl_knows_leads_to_a_listed_one),
		cmocka_unit_test(names_may_be_written_in_many_ways),
		cmocka_unit_test(an_unknown_name_is_answered_with_a_near_one),
		cmocka_unit_test(
		    no_digest_is_one_and_neither_is_the_sponge_of_kmac),
		cmocka_unit_test(a_strange_name_is_not_shown),
		cmocka_unit_test(
		    what_others_left_in_openssl_s_queue_is_no_failure_of_ours),
	};

	return cmocka_run_group_tests_name("hash names", tests, NULL, NULL);
}
