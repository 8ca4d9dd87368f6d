/* SPDX-License-Identifier: ISC */
/* MACs against the vectors of the RFCs and of Wycheproof. */
#include "check.h"

#include <stdlib.h>

#include "rsp.h"
#include "sluice/mac.h"
#include "sluice/secret.h"
#include "sluice/tap.h"
#include "sluice/view.h"
#include "vectors.h"

struct bytes {
	const unsigned char *at;
	size_t len;
};

/* Whether the MAC is `tag`: in one call, in pieces, and as a stream's end. */
static bool
is_mac(const char *name, struct bytes key, struct bytes msg, struct bytes tag)
{
	slu_mac_options o = { .size = tag.len };
	unsigned char mac[SLU_HASH_MAX], again[SLU_HASH_MAX], rest[32];
	slu_hash *h = NULL;
	slu_bio *c = NULL;
	slu_status st;
	bool is;
	size_t n;

	CHECK_OK(slu_mac(name, key.at, key.len, msg.at, msg.len, mac, tag.len));
	CHECK_OK(slu_mac_new(&h, name, key.at, key.len, &o));
	for (size_t i = 0; i < msg.len; i++)
		CHECK_OK(slu_hash_update(h, msg.at + i, 1));
	CHECK_OK(slu_hash_final(h, again, sizeof(again), &n));
	CHECK_BYTES(mac, tag.len, again, n);
	is = slu_equal(mac, tag.at, tag.len);
	CHECK_OK(slu_view_open(&c, msg.at, msg.len));
	CHECK_OK(slu_hash_expect(&c, h, tag.at, tag.len));
	do {
		st = slu_bio_read(c, rest, sizeof(rest), &n);
	} while (st == SLU_OK);
	CHECK_IS(is ? SLU_EOF : SLU_ERR_AUTH, st);
	slu_bio_free(c);
	slu_hash_free(h);
	return is;
}

static size_t
check_file(const char *mac, const char *path)
{
	struct bytes key = { NULL, 0 }, msg = { NULL, 0 }, tag;
	size_t done = 0;
	rsp r;

	rsp_open(&r, path);
	while (rsp_next(&r)) {
		if (rsp_is(&r, "Key")) {
			key.at = rsp_bytes(&r, &key.len);
		} else if (rsp_is(&r, "Msg")) {
			msg.at = rsp_bytes(&r, &msg.len);
		} else if (rsp_is(&r, "MD")) {
			tag.at = rsp_bytes(&r, &tag.len);
			CHECK(key.at != NULL && msg.at != NULL);
			CHECK(is_mac(mac, key, msg, tag));
			done++;
		}
	}
	rsp_close(&r);
	return done;
}

/* RFC 2202, 2286 and 4231. */
static void
hmac_is_that_of_all_vectors_of_the_rfcs(void **state)
{
	static const char *const files[][2] = {
		{ "hmac-md5", "rfc-2202-md5" },
		{ "hmac-sha1", "rfc-2202-sha1" },
		{ "hmac-ripemd160", "rfc-2286-ripemd160" },
		{ "hmac-sha224", "rfc-4231-sha224" },
		{ "hmac-sha256", "rfc-4231-sha256" },
		{ "hmac-sha384", "rfc-4231-sha384" },
		{ "hmac-sha512", "rfc-4231-sha512" },
	};
	size_t done, all = 0;
	char path[100];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		slu_hash *h = NULL;

		snprintf(path, sizeof(path), "cryptography_vectors/HMAC/%s.txt",
		    files[i][1]);
		/* A libcrypto may be built without RIPEMD. */
		if (slu_mac_new(&h, files[i][0], "k", 1, NULL) != SLU_OK) {
			print_message("no %s here\n", files[i][0]);
			continue;
		}
		slu_hash_free(h);
		done = check_file(files[i][0], path);
		CHECK(done >= 6);
		all += done;
	}
	print_message("%zu vectors\n", all);
}

struct counts {
	size_t valid, invalid;
};

static void
try_wycheproof(const char *mac, const json *test, size_t size, struct counts *n)
{
	bool valid = strcmp(json_text(test, "result"), "valid") == 0;
	struct bytes key, msg, tag;
	unsigned char *k, *m, *t;

	k = json_hex(test, "key", &key.len);
	m = json_hex(test, "msg", &msg.len);
	t = json_hex(test, "tag", &tag.len);
	CHECK(k != NULL && m != NULL && t != NULL && tag.len == size);
	key.at = k;
	msg.at = m;
	tag.at = t;
	CHECK(is_mac(mac, key, msg, tag) == valid);
	if (valid)
		n->valid++;
	else
		n->invalid++;
	free(k);
	free(m);
	free(t);
}

static void
hmac_passes_wycheproof(void **state)
{
	static const char *const digests[] = { "sha1", "sha224", "sha256",
		"sha384", "sha512", "sha3_256", "sha3_512" };
	struct counts n = { 0, 0 };
	char name[40], path[100];

	(void)state;
	for (size_t i = 0; i < sizeof(digests) / sizeof(*digests); i++) {
		const json *group, *test;
		size_t tests = 0;
		json *root;

		snprintf(name, sizeof(name), "hmac-%s", digests[i]);
		snprintf(path, sizeof(path), "wycheproof/hmac_%s_test.json",
		    digests[i]);
		root = vectors_json(path);
		group = json_get(root, "testGroups")->first;
		for (; group != NULL; group = group->next) {
			double bits = json_get(group, "tagSize")->number;

			test = json_get(group, "tests")->first;
			for (; test != NULL; test = test->next, tests++)
				try_wycheproof(
				    name, test, (size_t)bits / 8, &n);
		}
		CHECK(tests == (size_t)json_get(root, "numberOfTests")->number);
		json_free(root);
	}
	print_message("%zu vectors, %zu of them forged\n", n.valid + n.invalid,
	    n.invalid);
	CHECK(n.valid >= 460 && n.invalid >= 750);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hmac_is_that_of_all_vectors_of_the_rfcs),
		cmocka_unit_test(hmac_passes_wycheproof),
	};

	return cmocka_run_group_tests_name("mac vectors", tests, NULL, NULL);
}
