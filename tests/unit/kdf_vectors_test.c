/* SPDX-License-Identifier: ISC */
/* Derivations against the vectors of the RFCs and of Wycheproof. */
#include "check.h"

#include <stdlib.h>

#include "rsp.h"
#include "sluice/hash.h"
#include "sluice/kdf.h"
#include "vectors.h"

#define FOLDER "cryptography_vectors/KDF/"
#define MOST_ITERATIONS 10000 /* where the machine is slow */

struct bytes {
	const unsigned char *at;
	size_t len;
};

/* What a vector of HKDF says, in whatever format. */
struct hkdf {
	const char *digest;
	struct bytes key, salt, info, prk, want;
};

static void
check_hkdf(const struct hkdf *v)
{
	unsigned char prk[SLU_HASH_MAX], *got = malloc(v->want.len);
	size_t n;

	CHECK(got != NULL && v->want.len > 0);
	CHECK_OK(slu_hkdf(v->digest, v->key.at, v->key.len, v->salt.at,
	    v->salt.len, v->info.at, v->info.len, got, v->want.len));
	CHECK_BYTES(v->want.at, v->want.len, got, v->want.len);
	CHECK_OK(slu_hkdf_extract(v->digest, v->key.at, v->key.len, v->salt.at,
	    v->salt.len, prk, sizeof(prk), &n));
	if (v->prk.at != NULL)
		CHECK_BYTES(v->prk.at, v->prk.len, prk, n);
	memset(got, 0, v->want.len);
	CHECK_OK(slu_hkdf_expand(
	    v->digest, prk, n, v->info.at, v->info.len, got, v->want.len));
	CHECK_BYTES(v->want.at, v->want.len, got, v->want.len);
	free(got);
}

static size_t
check_hkdf_file(const char *path)
{
	struct hkdf v = { .digest = NULL };
	struct bytes *field;
	size_t done = 0;
	rsp r;

	rsp_open(&r, path);
	while (rsp_next(&r)) {
		if (rsp_is(&r, "COUNT"))
			v = (struct hkdf){ .digest = NULL };
		if (rsp_is(&r, "Hash"))
			v.digest = r.value;
		field = rsp_is(&r, "IKM")    ? &v.key
			: rsp_is(&r, "salt") ? &v.salt
			: rsp_is(&r, "info") ? &v.info
			: rsp_is(&r, "PRK")  ? &v.prk
			: rsp_is(&r, "OKM")  ? &v.want
					     : NULL;
		if (field == NULL)
			continue;
		field->at = rsp_bytes(&r, &field->len);
		if (field == &v.want) {
			check_hkdf(&v);
			done++;
		}
	}
	rsp_close(&r);
	return done;
}

static void
hkdf_gives_what_rfc_5869_says(void **state)
{
	size_t sha256, sha1, generated;

	(void)state;
	sha256 = check_hkdf_file(FOLDER "rfc-5869-HKDF-SHA256.txt");
	sha1 = check_hkdf_file(FOLDER "rfc-5869-HKDF-SHA1.txt");
	generated = check_hkdf_file(FOLDER "hkdf-generated.txt");
	print_message("%zu vectors\n", sha256 + sha1 + generated);
	CHECK(sha256 >= 3 && sha1 >= 4 && generated >= 1);
}

/* How many of their tests `try` has taken, of a file of Wycheproof's. */
static size_t
each_wycheproof(const char *path, const char *digest,
    void (*try)(const char *digest, const json *test))
{
	json *root = vectors_json(path);
	const json *group = json_get(root, "testGroups")->first, *test;
	size_t done = 0;

	for (; group != NULL; group = group->next) {
		test = json_get(group, "tests")->first;
		for (; test != NULL; test = test->next, done++)
			try(digest, test);
	}
	CHECK(done == (size_t)json_get(root, "numberOfTests")->number);
	json_free(root);
	return done;
}

/* The invalid ones ask for more than there is. */
static void
try_hkdf(const char *digest, const json *test)
{
	size_t size = (size_t)json_get(test, "size")->number;
	struct hkdf v = { .digest = digest };
	unsigned char *key, *salt, *info, *want;
	unsigned char out[64 * 256];

	key = json_hex(test, "ikm", &v.key.len);
	salt = json_hex(test, "salt", &v.salt.len);
	info = json_hex(test, "info", &v.info.len);
	want = json_hex(test, "okm", &v.want.len);
	CHECK(key != NULL && salt != NULL && info != NULL && want != NULL);
	v.key.at = key;
	v.salt.at = salt;
	v.info.at = info;
	v.want.at = want;
	if (strcmp(json_text(test, "result"), "valid") == 0) {
		CHECK(size == v.want.len);
		check_hkdf(&v);
	} else {
		CHECK(size <= sizeof(out));
		CHECK_IS(SLU_ERR_LIMIT,
		    slu_hkdf(digest, key, v.key.len, salt, v.salt.len, info,
			v.info.len, out, size));
	}
	free(key);
	free(salt);
	free(info);
	free(want);
}

static void
hkdf_passes_wycheproof(void **state)
{
	size_t done = 0;

	(void)state;
	done +=
	    each_wycheproof("wycheproof/hkdf_sha1_test.json", "sha1", try_hkdf);
	done += each_wycheproof(
	    "wycheproof/hkdf_sha256_test.json", "sha256", try_hkdf);
	done += each_wycheproof(
	    "wycheproof/hkdf_sha384_test.json", "sha384", try_hkdf);
	done += each_wycheproof(
	    "wycheproof/hkdf_sha512_test.json", "sha512", try_hkdf);
	print_message("%zu vectors\n", done);
	CHECK(done >= 339);
}

static bool
is_too_slow(size_t iterations)
{
	return iterations > MOST_ITERATIONS &&
	       check_slow("fewer than a million iterations");
}

static void
try_pbkdf2(const char *digest, const json *test)
{
	size_t iterations, pass_len, salt_len, len;
	unsigned char *pass, *salt, *want, got[256];

	pass = json_hex(test, "password", &pass_len);
	salt = json_hex(test, "salt", &salt_len);
	want = json_hex(test, "dk", &len);
	iterations = (size_t)json_get(test, "iterationCount")->number;
	CHECK(pass != NULL && salt != NULL && want != NULL);
	CHECK(len <= sizeof(got));
	CHECK(len == (size_t)json_get(test, "dkLen")->number);
	CHECK(strcmp(json_text(test, "result"), "valid") == 0);
	if (!is_too_slow(iterations)) {
		CHECK_OK(slu_pbkdf2(digest, pass, pass_len, salt, salt_len,
		    iterations, got, len));
		CHECK_BYTES(want, len, got, len);
	}
	free(pass);
	free(salt);
	free(want);
}

static void
pbkdf2_passes_wycheproof(void **state)
{
	size_t done;

	(void)state;
	done = each_wycheproof(
	    "wycheproof/pbkdf2_hmacsha256_test.json", "sha256", try_pbkdf2);
	print_message("%zu vectors\n", done);
	CHECK(done >= 60);
}

/* What a vector says of a passphrase, "a\0b" being three bytes. */
struct passphrase {
	struct bytes pass, salt;
	size_t n, r, p;
};

static struct bytes
unescape(char *text)
{
	char *to = text, *from = text;

	while (*from != '\0') {
		if (strncmp(from, "\\0", 2) == 0) {
			*to++ = '\0';
			from += 2;
		} else {
			*to++ = *from++;
		}
	}
	return (struct bytes){ (unsigned char *)text, (size_t)(to - text) };
}

static size_t
each_passphrase(const char *path,
    void (*try)(const struct passphrase *v, struct bytes want))
{
	struct passphrase v = { .n = 0 };
	struct bytes want;
	size_t done = 0;
	rsp r;

	rsp_open(&r, path);
	while (rsp_next(&r)) {
		if (rsp_is(&r, "PASSWORD"))
			v.pass = unescape(r.value);
		else if (rsp_is(&r, "SALT"))
			v.salt = unescape(r.value);
		else if (rsp_is(&r, "ITERATIONS") || rsp_is(&r, "N"))
			v.n = rsp_number(&r);
		else if (rsp_is(&r, "r"))
			v.r = rsp_number(&r);
		else if (rsp_is(&r, "p"))
			v.p = rsp_number(&r);
		if (!rsp_is(&r, "DERIVED_KEY"))
			continue;
		want.at = rsp_bytes(&r, &want.len);
		try(&v, want);
		done++;
	}
	rsp_close(&r);
	return done;
}

static void
try_rfc_6070(const struct passphrase *v, struct bytes want)
{
	unsigned char got[64];

	CHECK(want.len <= sizeof(got));
	if (is_too_slow(v->n))
		return;
	CHECK_OK(slu_pbkdf2("sha1", v->pass.at, v->pass.len, v->salt.at,
	    v->salt.len, v->n, got, want.len));
	CHECK_BYTES(want.at, want.len, got, want.len);
}

static void
pbkdf2_gives_what_rfc_6070_says(void **state)
{
	size_t done =
	    each_passphrase(FOLDER "rfc-6070-PBKDF2-SHA1.txt", try_rfc_6070);

	(void)state;
	print_message("%zu vectors\n", done);
	CHECK(done >= 6);
}

static void
try_rfc_7914(const struct passphrase *v, struct bytes want)
{
	slu_scrypt_cost cost = { .r = (uint32_t)v->r,
		.p = (uint32_t)v->p,
		.memory_max = (uint64_t)2 << 30 };
	unsigned char got[64];
	slu_status st;

	CHECK(want.len <= sizeof(got));
	if (v->n > MOST_ITERATIONS * 2 && check_slow("less than a gigabyte"))
		return;
	while ((size_t)1 << cost.work_factor < v->n)
		cost.work_factor++;
	st = slu_scrypt(v->pass.at, v->pass.len, v->salt.at, v->salt.len, &cost,
	    got, want.len);
	if (st == SLU_ERR_LIMIT && strstr(slu_error(), "available") != NULL) {
		print_message("%s\n", slu_error());
		return;
	}
	CHECK_OK(st);
	CHECK_BYTES(want.at, want.len, got, want.len);
}

static void
scrypt_gives_what_rfc_7914_says(void **state)
{
	size_t done = each_passphrase(FOLDER "scrypt.txt", try_rfc_7914);

	(void)state;
	print_message("%zu vectors\n", done);
	CHECK(done >= 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hkdf_gives_what_rfc_5869_says),
		cmocka_unit_test(hkdf_passes_wycheproof),
		cmocka_unit_test(pbkdf2_passes_wycheproof),
		cmocka_unit_test(pbkdf2_gives_what_rfc_6070_says),
		cmocka_unit_test(scrypt_gives_what_rfc_7914_says),
	};

	return cmocka_run_group_tests_name("kdf vectors", tests, NULL, NULL);
}
