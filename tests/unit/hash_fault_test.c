/* SPDX-License-Identifier: ISC */
/*
 * Digests where OpenSSL fails: a provider of our own has one, under a name
 * that none has, that fails when it is told to.
 */
#include "check.h"

#include <stdlib.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include "sluice/hash.h"
#include "sluice/many.h"

#define SIZE 32

enum where { NOWHERE, START, UPDATE, FINISH, RESTART, COPY };

static enum where broken_at;

/* Say whether a step goes well; leave an error behind where it does not. */
static int
step(enum where what)
{
	if (broken_at != what)
		return 1;
	ERR_raise(ERR_LIB_PROV, ERR_R_INTERNAL_ERROR);
	return 0;
}

static void *
broken_new(void *provider)
{
	(void)provider;
	return calloc(1, SIZE);
}

static void
broken_free(void *ctx)
{
	free(ctx);
}

static void *
broken_copy(void *ctx)
{
	return step(COPY) ? memcpy(malloc(SIZE), ctx, SIZE) : NULL;
}

static int
broken_init(void *ctx, const OSSL_PARAM params[])
{
	(void)params;
	memset(ctx, 0, SIZE);
	return step(START);
}

static int
broken_update(void *ctx, const unsigned char *in, size_t len)
{
	unsigned char *sum = ctx;

	for (size_t i = 0; i < len; i++)
		sum[i % SIZE] ^= in[i];
	return step(UPDATE);
}

static int
broken_final(void *ctx, unsigned char *out, size_t *len, size_t cap)
{
	if (cap < SIZE || !step(FINISH))
		return 0;
	memcpy(out, ctx, SIZE);
	*len = SIZE;
	/* The next thing that OpenSSL is asked for is to start again. */
	if (broken_at == RESTART)
		broken_at = START;
	return 1;
}

static int
broken_params(OSSL_PARAM params[])
{
	OSSL_PARAM *p;

	p = OSSL_PARAM_locate(params, OSSL_DIGEST_PARAM_SIZE);
	if (p != NULL && !OSSL_PARAM_set_size_t(p, SIZE))
		return 0;
	p = OSSL_PARAM_locate(params, OSSL_DIGEST_PARAM_BLOCK_SIZE);
	return p == NULL || OSSL_PARAM_set_size_t(p, 64);
}

#define FUNCTION(f) (void (*)(void))(f)

static const OSSL_DISPATCH broken_functions[] = {
	{ OSSL_FUNC_DIGEST_NEWCTX, FUNCTION(broken_new) },
	{ OSSL_FUNC_DIGEST_FREECTX, FUNCTION(broken_free) },
	{ OSSL_FUNC_DIGEST_DUPCTX, FUNCTION(broken_copy) },
	{ OSSL_FUNC_DIGEST_INIT, FUNCTION(broken_init) },
	{ OSSL_FUNC_DIGEST_UPDATE, FUNCTION(broken_update) },
	{ OSSL_FUNC_DIGEST_FINAL, FUNCTION(broken_final) },
	{ OSSL_FUNC_DIGEST_GET_PARAMS, FUNCTION(broken_params) },
	{ 0, NULL },
};

static const OSSL_ALGORITHM *
query(void *provider, int operation, int *no_cache)
{
	static const OSSL_ALGORITHM digests[] = {
		{ "BROKEN-256", "provider=broken", broken_functions, NULL },
		{ NULL, NULL, NULL, NULL },
	};

	(void)provider;
	*no_cache = 0;
	return operation == OSSL_OP_DIGEST ? digests : NULL;
}

static int
provider_init(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in,
    const OSSL_DISPATCH **out, void **provider)
{
	static const OSSL_DISPATCH functions[] = {
		{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, FUNCTION(query) },
		{ 0, NULL },
	};

	(void)handle, (void)in;
	*out = functions;
	*provider = &broken_at;
	return 1;
}

/* A libcrypto of our own, with the broken digest and all the usual ones. */
struct world {
	OSSL_LIB_CTX *ctx, *before;
	OSSL_PROVIDER *usual, *broken;
};

static int
make_world(void **state)
{
	static struct world w;

	broken_at = NOWHERE;
	w.ctx = OSSL_LIB_CTX_new();
	CHECK(OSSL_PROVIDER_add_builtin(w.ctx, "broken", provider_init));
	w.usual = OSSL_PROVIDER_load(w.ctx, "default");
	w.broken = OSSL_PROVIDER_load(w.ctx, "broken");
	CHECK(w.usual != NULL && w.broken != NULL);
	w.before = OSSL_LIB_CTX_set0_default(w.ctx);
	*state = &w;
	return 0;
}

static int
end_world(void **state)
{
	struct world *w = *state;

	OSSL_LIB_CTX_set0_default(w->before);
	OSSL_PROVIDER_unload(w->broken);
	OSSL_PROVIDER_unload(w->usual);
	OSSL_LIB_CTX_free(w->ctx);
	return 0;
}

static void
check_failure(slu_status st, const char *words)
{
	CHECK_IS(SLU_ERR_CRYPTO, st);
	assert_string_equal(slu_error(), words);
	CHECK(ERR_peek_error() == 0);
}

static void
see(const char *name, void *arg)
{
	if (strcmp(name, "broken-256") == 0)
		++*(int *)arg;
}

static void
a_digest_of_another_provider_is_like_any_other(void **state)
{
	unsigned char digest[SLU_HASH_MAX];
	slu_hash *h = NULL;
	int seen = 0;
	size_t len;

	(void)state;
	CHECK_OK(slu_hash_names(see, &seen));
	CHECK(seen == 1);
	CHECK_OK(slu_hash_new(&h, "Broken_256"));
	assert_string_equal(slu_hash_name(h), "broken-256");
	CHECK_OK(slu_hash_update(h, "abc", 3));
	CHECK_OK(slu_hash_final(h, digest, sizeof(digest), &len));
	CHECK(len == SIZE && memcmp(digest, "abc", 4) == 0);
	slu_hash_free(h);
}

static void
a_start_that_fails_gives_no_object(void **state)
{
	slu_hash *h = NULL;

	(void)state;
	broken_at = START;
	check_failure(slu_hash_new(&h, "broken-256"),
	    "hash: OpenSSL refused to start broken-256");
	CHECK(h == NULL);
}

/* All that can be done with a digest that failed answers as it did. */
static void
check_stays_failed(slu_hash *h, const char *words)
{
	unsigned char digest[SLU_HASH_MAX];
	slu_hash *copy = NULL;
	size_t len;

	broken_at = NOWHERE;
	for (int round = 0; round < 2; round++) {
		(void)slu_fail(SLU_ERR_USAGE, "something else");
		check_failure(slu_hash_update(h, "abc", 3), words);
		(void)slu_fail(SLU_ERR_USAGE, "something else");
		check_failure(
		    slu_hash_final(h, digest, sizeof(digest), &len), words);
		CHECK(len == 0);
		(void)slu_fail(SLU_ERR_USAGE, "something else");
		check_failure(slu_hash_copy(&copy, h), words);
		CHECK(copy == NULL);
	}
	slu_hash_free(h);
}

static void
an_update_that_fails_is_for_good(void **state)
{
	const char *words = "hash: OpenSSL refused to update broken-256";
	slu_hash *h = NULL;

	(void)state;
	CHECK_OK(slu_hash_new(&h, "broken-256"));
	broken_at = UPDATE;
	CHECK_OK(slu_hash_update(h, NULL, 0));
	check_failure(slu_hash_update(h, "abc", 3), words);
	check_stays_failed(h, words);
}

static void
an_end_that_fails_is_for_good(void **state)
{
	static const struct {
		enum where at;
		const char *words;
	} ends[] = {
		{ FINISH, "hash: OpenSSL refused to finish broken-256" },
		{ RESTART, "hash: OpenSSL refused to start broken-256" },
	};
	unsigned char digest[SLU_HASH_MAX];
	slu_hash *h = NULL;
	size_t len;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		CHECK_OK(slu_hash_new(&h, "broken-256"));
		CHECK_OK(slu_hash_update(h, "abc", 3));
		broken_at = ends[i].at;
		check_failure(slu_hash_final(h, digest, sizeof(digest), &len),
		    ends[i].words);
		check_stays_failed(h, ends[i].words);
	}
}

static void
one_of_many_that_fails_on_a_thread_fails_them_all(void **state)
{
	const char *words = "hash: OpenSSL refused to update broken-256";
	static const unsigned char zeros[512 * 1024];
	slu_many *m = NULL;
	slu_hash *h = NULL;

	(void)state;
	CHECK_OK(slu_many_new(&m, 2));
	CHECK_OK(slu_many_add(m, "sha256"));
	CHECK_OK(slu_many_add(m, "broken-256"));
	broken_at = UPDATE;
	/* Two blocks are under way before either is asked after. */
	CHECK_OK(slu_many_update(m, zeros, 512 * 1024));
	check_failure(slu_many_hash(m, 0, &h), words);
	CHECK(h == NULL);
	broken_at = NOWHERE;
	for (int round = 0; round < 2; round++) {
		(void)slu_fail(SLU_ERR_USAGE, "something else");
		check_failure(slu_many_update(m, zeros, 1), words);
		(void)slu_fail(SLU_ERR_USAGE, "something else");
		check_failure(slu_many_hash(m, 1, &h), words);
	}
	slu_many_free(m);
}

static void
a_copy_that_fails_leaves_the_original_alone(void **state)
{
	unsigned char digest[SLU_HASH_MAX];
	slu_hash *h = NULL, *copy = NULL;
	size_t len;

	(void)state;
	CHECK_OK(slu_hash_new(&h, "broken-256"));
	CHECK_OK(slu_hash_update(h, "ab", 2));
	broken_at = COPY;
	check_failure(slu_hash_copy(&copy, h),
	    "hash: OpenSSL refused to copy broken-256");
	CHECK(copy == NULL);
	CHECK_OK(slu_hash_update(h, "\1", 1));
	CHECK_OK(slu_hash_final(h, digest, sizeof(digest), &len));
	CHECK(len == SIZE && digest[0] == ('a' ^ 1) && digest[1] == 'b');
	slu_hash_free(h);
}

static void
forbidden_digests_are_neither_made_nor_listed(void **state)
{
	slu_hash *h = NULL;
	int seen = 0;

	(void)state;
	CHECK(EVP_set_default_properties(NULL, "provider=default"));
	check_failure(slu_hash_new(&h, "broken256"),
	    "hash: OpenSSL does not hand out broken-256");
	CHECK(h == NULL);
	CHECK_OK(slu_hash_names(see, &seen));
	CHECK(seen == 0);
	CHECK_OK(slu_hash_new(&h, "sha256"));
	slu_hash_free(h);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_world, end_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_digest_of_another_provider_is_like_any_other),
		TEST(a_start_that_fails_gives_no_object),
		TEST(an_update_that_fails_is_for_good),
		TEST(an_end_that_fails_is_for_good),
		TEST(one_of_many_that_fails_on_a_thread_fails_them_all),
		TEST(a_copy_that_fails_leaves_the_original_alone),
		TEST(forbidden_digests_are_neither_made_nor_listed),
	};

	return cmocka_run_group_tests_name("hash faults", tests, NULL, NULL);
}
