/* SPDX-License-Identifier: ISC */
/*
 * Argon2id where OpenSSL has it: a provider of our own is asked for it, under
 * the names and with the types of EVP_KDF-ARGON2(7), and tells what it was
 * given.  So the call is held to that page with an OpenSSL of before 3.2 too.
 */
#include "check.h"

#include <openssl/core_dispatch.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include "sluice/kdf.h"

/* What the provider was given last. */
static struct given {
	char pass[32], salt[32];
	size_t pass_len, salt_len;
	uint32_t memory, passes, lanes;
	bool refuse; /* fail, and leave an error behind */
} given;

static void *
given_new(void *provider)
{
	(void)provider;
	return &given;
}

static void
given_free(void *ctx)
{
	(void)ctx;
}

static bool
get_bytes(const OSSL_PARAM params[], const char *name, void *out, size_t *len)
{
	const OSSL_PARAM *p = OSSL_PARAM_locate_const(params, name);

	return p != NULL && p->data != NULL &&
	       OSSL_PARAM_get_octet_string(p, &out, 32, len);
}

static bool
get_number(const OSSL_PARAM params[], const char *name, uint32_t *out)
{
	const OSSL_PARAM *p = OSSL_PARAM_locate_const(params, name);

	return p != NULL && OSSL_PARAM_get_uint32(p, out);
}

static int
given_derive(
    void *ctx, unsigned char *out, size_t len, const OSSL_PARAM params[])
{
	struct given *g = ctx;

	if (g->refuse) {
		ERR_raise(ERR_LIB_PROV, ERR_R_INTERNAL_ERROR);
		return 0;
	}
	memset(out, 'k', len);
	return get_bytes(params, "pass", g->pass, &g->pass_len) &&
	       get_bytes(params, "salt", g->salt, &g->salt_len) &&
	       get_number(params, "memcost", &g->memory) &&
	       get_number(params, "iter", &g->passes) &&
	       get_number(params, "lanes", &g->lanes);
}

#define FUNCTION(f) (void (*)(void))(f)

static const OSSL_ALGORITHM *
query(void *provider, int operation, int *no_cache)
{
	static const OSSL_DISPATCH functions[] = {
		{ OSSL_FUNC_KDF_NEWCTX, FUNCTION(given_new) },
		{ OSSL_FUNC_KDF_FREECTX, FUNCTION(given_free) },
		{ OSSL_FUNC_KDF_DERIVE, FUNCTION(given_derive) },
		{ 0, NULL },
	};
	static const OSSL_ALGORITHM kdfs[] = {
		{ "ARGON2ID", "provider=given", functions, NULL },
		{ NULL, NULL, NULL, NULL },
	};

	(void)provider;
	*no_cache = 0;
	return operation == OSSL_OP_KDF ? kdfs : NULL;
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
	*provider = &given;
	return 1;
}

/* A libcrypto of our own, that has nothing but this Argon2id. */
struct world {
	OSSL_LIB_CTX *ctx, *before;
	OSSL_PROVIDER *provider;
};

static int
make_world(void **state)
{
	static struct world w;

	given = (struct given){ .refuse = false };
	w.ctx = OSSL_LIB_CTX_new();
	CHECK(OSSL_PROVIDER_add_builtin(w.ctx, "given", provider_init));
	w.provider = OSSL_PROVIDER_load(w.ctx, "given");
	CHECK(w.provider != NULL);
	w.before = OSSL_LIB_CTX_set0_default(w.ctx);
	*state = &w;
	return 0;
}

static int
end_world(void **state)
{
	struct world *w = *state;

	OSSL_LIB_CTX_set0_default(w->before);
	OSSL_PROVIDER_unload(w->provider);
	OSSL_LIB_CTX_free(w->ctx);
	return 0;
}

static void
openssl_is_given_all_by_its_names(void **state)
{
	slu_argon2id_cost cost = { 1024, 7, 5, 0 };
	unsigned char key[17];

	(void)state;
	CHECK_OK(
	    slu_argon2id("pass\0word", 9, "some\0salt", 9, &cost, key, 17));
	CHECK_BYTES("kkkkkkkkkkkkkkkkk", 17, key, 17);
	CHECK_BYTES("pass\0word", 9, given.pass, given.pass_len);
	CHECK_BYTES("some\0salt", 9, given.salt, given.salt_len);
	CHECK(given.memory == 1024 && given.passes == 7 && given.lanes == 5);
}

static void
the_defaults_are_those_of_rfc_9106(void **state)
{
	unsigned char key[32];

	(void)state;
	CHECK_OK(slu_argon2id(NULL, 0, "somesalt", 8, NULL, key, 32));
	CHECK(given.pass_len == 0);
	CHECK(given.memory == 65536 && given.passes == 3 && given.lanes == 4);
}

static void
a_refusal_of_openssl_s_is_told_without_its_queue(void **state)
{
	unsigned char key[32];

	(void)state;
	given.refuse = true;
	CHECK_IS(
	    SLU_ERR_CRYPTO, slu_argon2id("x", 1, "somesalt", 8, NULL, key, 32));
	assert_string_equal(slu_error(), "kdf: OpenSSL refused Argon2");
	CHECK(ERR_peek_error() == 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_world, end_world)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(openssl_is_given_all_by_its_names),
		TEST(the_defaults_are_those_of_rfc_9106),
		TEST(a_refusal_of_openssl_s_is_told_without_its_queue),
	};

	return cmocka_run_group_tests_name("argon2", tests, NULL, NULL);
}
