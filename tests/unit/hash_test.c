/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <stdlib.h>

#include <openssl/err.h>

#include "hash_known.h"
#include "oom.h"
#include "sluice/hash.h"

#define MILLION 1000000
#define HEX_MAX (2 * 1024 + 1)

static slu_hash *
fresh(const char *name)
{
	slu_hash *h = NULL;

	CHECK_OK(slu_hash_new(&h, name));
	return h;
}

static const char *
hex(const unsigned char *bytes, size_t len)
{
	static char text[HEX_MAX];

	CHECK(2 * len < sizeof(text));
	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

/* Finish, and hold the result to `want` in hexadecimal digits. */
static void
check_final(slu_hash *h, const char *want)
{
	unsigned char digest[SLU_HASH_MAX];
	size_t len;

	CHECK_OK(slu_hash_final(h, digest, sizeof(digest), &len));
	CHECK(len == slu_hash_size(h));
	assert_string_equal(hex(digest, len), want);
}

static const char *
known_message(size_t which)
{
	static char million[MILLION + 1];

	switch (which) {
	case KNOWN_EMPTY: return "";
	case KNOWN_ABC: return "abc";
	case KNOWN_448:
		return "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmno"
		       "mnopnopq";
	case KNOWN_896:
		return "abcdefghbcdefghicdefghijdefghijkefghijklfghijklm"
		       "ghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
		       "mnopqrstnopqrstu";
	}
	memset(million, 'a', MILLION);
	return million;
}

static void
digests_are_those_of_the_standards(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		slu_hash *h = fresh(known[i].name);

		for (size_t m = 0; m < KNOWN_ALL; m++) {
			const char *message = known_message(m);

			CHECK_OK(slu_hash_update(h, message, strlen(message)));
			check_final(h, known[i].digests[m]);
		}
		slu_hash_free(h);
	}
}

static void
the_other_digests_know_abc(void **state)
{
	static const char *const answers[][2] = {
		{ "sm3",
		    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8"
		    "f4ba8e0" },
		{ "ripemd160", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc" },
		{ "md5-sha1",
		    "900150983cd24fb0d6963f7d28e17f72a9993e364706816aba3e25717"
		    "850c26c9cd0d89d" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		slu_hash *h = NULL;

		/* A libcrypto may be built without them. */
		if (slu_hash_new(&h, answers[i][0]) != SLU_OK)
			continue;
		CHECK_OK(slu_hash_update(h, "abc", 3));
		check_final(h, answers[i][1]);
		slu_hash_free(h);
	}
}

static void
a_digest_says_its_sizes(void **state)
{
	static const struct {
		const char *name;
		size_t size, block;
		bool xof;
	} sizes[] = {
		{ "md5", 16, 64, false },
		{ "sha1", 20, 64, false },
		{ "sha256", 32, 64, false },
		{ "sha384", 48, 128, false },
		{ "sha512", 64, 128, false },
		{ "sha512-224", 28, 128, false },
		{ "sha3-256", 32, 136, false },
		{ "sha3-512", 64, 72, false },
		{ "blake2b512", 64, 128, false },
		{ "shake128", 32, 168, true },
		{ "shake256", 64, 136, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		slu_hash *h = fresh(sizes[i].name);

		assert_string_equal(slu_hash_name(h), sizes[i].name);
		CHECK(slu_hash_size(h) == sizes[i].size);
		CHECK(slu_hash_block_size(h) == sizes[i].block);
		CHECK(slu_hash_is_xof(h) == sizes[i].xof);
		slu_hash_free(h);
	}
}

/* What every digest there is must do, whatever its name. */
static void
check_digest(const char *name, void *arg)
{
	static const size_t cuts[] = { 0, 1, 63, 64, 65, 127, 128, 129, 136,
		168, 999, 1000 };
	unsigned char data[1000], want[SLU_HASH_MAX], got[SLU_HASH_MAX];
	slu_hash *h = fresh(name), *other = NULL;
	size_t len, n, size = slu_hash_size(h);

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 7 + (i >> 8));
	CHECK(size >= 16 && size <= SLU_HASH_MAX);
	CHECK_OK(slu_hash_update(h, data, sizeof(data)));
	CHECK_OK(slu_hash_final(h, want, sizeof(want), &len));
	for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		CHECK_OK(slu_hash_update(h, data, cuts[i]));
		CHECK_OK(slu_hash_update(h, NULL, 0));
		/* The copy goes its own way, and its end is not the other's. */
		CHECK_OK(slu_hash_copy(&other, h));
		CHECK_OK(slu_hash_update(other, "x", 1));
		assert_string_equal(slu_hash_name(other), slu_hash_name(h));
		CHECK_OK(slu_hash_final(other, got, sizeof(got), &n));
		CHECK(n == size && memcmp(got, want, size) != 0);
		CHECK_OK(slu_hash_update(other, data, sizeof(data)));
		CHECK_OK(
		    slu_hash_update(h, data + cuts[i], sizeof(data) - cuts[i]));
		CHECK_OK(slu_hash_final(h, got, size, &n));
		CHECK_BYTES(want, size, got, n);
		CHECK_OK(slu_hash_final(other, got, size, &n));
		CHECK_BYTES(want, size, got, n);
		slu_hash_free(other);
		other = NULL;
	}
	for (size_t i = 0; i < sizeof(data); i++)
		CHECK_OK(slu_hash_update(h, data + i, 1));
	CHECK_OK(slu_hash_final(h, got, sizeof(got), &n));
	CHECK_BYTES(want, size, got, n);
	slu_hash_free(h);
	++*(size_t *)arg;
}

static void
split_updates_copies_and_restarts_agree_in_every_digest(void **state)
{
	size_t digests = 0;

	(void)state;
	CHECK_OK(slu_hash_names(check_digest, &digests));
	CHECK(digests >= 16);
}

static void
too_little_room_changes_nothing(void **state)
{
	unsigned char digest[SLU_HASH_MAX] = { 0 };
	slu_hash *h = fresh("sha256");
	size_t len;

	(void)state;
	CHECK_OK(slu_hash_update(h, "abc", 3));
	CHECK_IS(SLU_ERR_USAGE, slu_hash_final(h, digest, 31, &len));
	CHECK_WORDS("hash: sha256 gives 32 bytes, there is room for 31");
	CHECK(len == 0);
	for (size_t i = 0; i < sizeof(digest); i++)
		CHECK(digest[i] == 0);
	check_final(h, known[3].digests[KNOWN_ABC]);
	slu_hash_free(h);
}

static void
a_longer_output_begins_with_the_shorter(void **state)
{
	static const char *const names[] = { "shake128", "shake256" };
	static const size_t sizes[] = { 1, 16, 31, 32, 33, 64, 168, 169, 1000 };
	unsigned char longest[1000], out[1000];
	size_t n;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		slu_hash *h = fresh(names[i]);

		CHECK_OK(slu_hash_update(h, "abc", 3));
		CHECK_OK(slu_hash_xof(h, longest, sizeof(longest)));
		for (size_t j = 0; j < sizeof(sizes) / sizeof(*sizes); j++) {
			memset(out, 0xee, sizeof(out));
			CHECK_OK(slu_hash_update(h, "abc", 3));
			CHECK_OK(slu_hash_xof(h, out, sizes[j]));
			CHECK_BYTES(longest, sizes[j], out, sizes[j]);
			CHECK(sizes[j] == sizeof(out) || out[sizes[j]] == 0xee);
		}
		/* A size asked for once must not stick. */
		CHECK_OK(slu_hash_update(h, "abc", 3));
		CHECK_OK(slu_hash_final(h, out, sizeof(out), &n));
		CHECK_BYTES(longest, slu_hash_size(h), out, n);
		slu_hash_free(h);
	}
}

static void
the_end_of_a_long_output_is_known(void **state)
{
	/* Bytes 968 to 1000, by an implementation other than OpenSSL's. */
	static const char want[] = "f5641e3706635d09b2c0242c92674f31"
				   "d3bb59c135a057202a6cfe2237dfde3a";
	unsigned char out[1000];
	slu_hash *h = fresh("shake128");

	(void)state;
	CHECK_OK(slu_hash_update(h, "abc", 3));
	CHECK_OK(slu_hash_xof(h, out, sizeof(out)));
	assert_string_equal(hex(out + sizeof(out) - 32, 32), want);
	slu_hash_free(h);
}

static void
output_of_any_size_needs_an_extendable_function(void **state)
{
	unsigned char out[32];
	slu_hash *h = fresh("sha256");

	(void)state;
	CHECK_OK(slu_hash_update(h, "abc", 3));
	CHECK_IS(SLU_ERR_USAGE, slu_hash_xof(h, out, sizeof(out)));
	CHECK_WORDS("hash: sha256 always gives 32 bytes");
	check_final(h, known[3].digests[KNOWN_ABC]);
	slu_hash_free(h);

	h = fresh("shake128");
	CHECK_IS(SLU_ERR_USAGE, slu_hash_xof(h, out, 0));
	CHECK_WORDS("hash: no output asked for");
	slu_hash_free(h);
	slu_hash_free(NULL);
}

/* New, used, copied and freed, with the k-th allocation failing. */
static slu_status
use_once(slu_hash **h, slu_hash **copy)
{
	unsigned char digest[SLU_HASH_MAX];
	slu_status st;
	size_t n;

	st = slu_hash_new(h, "Sha-3_256");
	if (st == SLU_OK)
		st = slu_hash_update(*h, "abc", 3);
	if (st == SLU_OK)
		st = slu_hash_copy(copy, *h);
	if (st == SLU_OK)
		st = slu_hash_final(*copy, digest, sizeof(digest), &n);
	return st;
}

static void
without_memory_every_call_fails_cleanly(void **state)
{
	oom_hit hit = OOM_OURS;

	(void)state;
	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_hash *h = NULL, *copy = NULL;
		slu_status st;

		CHECK(k < 100000);
		oom_arm(k);
		st = use_once(&h, &copy);
		hit = oom_disarm();
		if (hit == OOM_OURS)
			CHECK_IS(SLU_ERR_MEMORY, st);
		if (hit == OOM_NONE)
			CHECK_OK(st);
		CHECK(st == SLU_OK || st == SLU_ERR_MEMORY ||
		      st == SLU_ERR_CRYPTO);
		if (st == SLU_OK)
			assert_string_equal(slu_hash_name(copy), "sha3-256");
		CHECK(h != NULL || copy == NULL);
		CHECK(ERR_peek_error() == 0);
		slu_hash_free(h);
		slu_hash_free(copy);
	}
}

static void
count(const char *name, void *arg)
{
	(void)name;
	++*(size_t *)arg;
}

static void
without_memory_there_are_all_names_or_none(void **state)
{
	size_t all = 0;
	oom_hit hit = OOM_OURS;

	(void)state;
	CHECK_OK(slu_hash_names(count, &all));
	for (size_t k = 0; hit != OOM_NONE; k++) {
		size_t names = 0;
		slu_status st;

		CHECK(k < 100000);
		oom_arm(k);
		st = slu_hash_names(count, &names);
		hit = oom_disarm();
		if (hit == OOM_OURS)
			CHECK_IS(SLU_ERR_MEMORY, st);
		if (st != SLU_OK)
			CHECK_IS(SLU_ERR_MEMORY, st);
		CHECK(names == (st == SLU_OK ? all : 0));
		CHECK(ERR_peek_error() == 0);
	}
}

/* OpenSSL does not survive its first fetch failing for want of memory. */
static int
warm_up(void **state)
{
	slu_hash_free(fresh("sha-3-256"));
	return *state != NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_the_standards),
		cmocka_unit_test(the_other_digests_know_abc),
		cmocka_unit_test(a_digest_says_its_sizes),
		cmocka_unit_test(
		    split_updates_copies_and_restarts_agree_in_every_digest),
		cmocka_unit_test(too_little_room_changes_nothing),
		cmocka_unit_test(a_longer_output_begins_with_the_shorter),
		cmocka_unit_test(the_end_of_a_long_output_is_known),
		cmocka_unit_test(
		    output_of_any_size_needs_an_extendable_function),
		cmocka_unit_test(without_memory_every_call_fails_cleanly),
		cmocka_unit_test(without_memory_there_are_all_names_or_none),
	};

	return cmocka_run_group_tests_name("hash", tests, warm_up, NULL);
}
