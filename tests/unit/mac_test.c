/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <openssl/err.h>

#include "choke.h"
#include "oom.h"
#include "sluice/mac.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/secret.h"
#include "sluice/tap.h"
#include "sluice/view.h"

#define MOST 2097151 /* bytes of KMAC */

/* A key: 0, 1, 2 and so on, from `first`. */
static const unsigned char *
counted(unsigned first)
{
	static unsigned char bytes[600];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(first + i);
	return bytes;
}

static slu_hash *
fresh(const char *name, size_t key_len, const slu_mac_options *o)
{
	slu_hash *h = NULL;

	CHECK_OK(slu_mac_new(&h, name, counted(0), key_len, o));
	return h;
}

static const char *
hex(const unsigned char *bytes, size_t len)
{
	static char text[200];

	CHECK(2 * len < sizeof(text));
	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

static void
check_final(slu_hash *h, const char *want)
{
	unsigned char mac[SLU_HASH_MAX];
	size_t len;

	CHECK_OK(slu_hash_final(h, mac, sizeof(mac), &len));
	CHECK(len == slu_hash_size(h));
	assert_string_equal(hex(mac, len), want);
}

/* RFC 4231, section 4.3, and RFC 2202: "Jefe" asks. */
static void
hmac_is_that_of_the_rfcs(void **state)
{
	static const char question[] = "what do ya want for nothing?";
	static const char *const answers[][2] = {
		{ "hmac-md5", "750c783e6ab0b503eaa86e310a5db738" },
		{ "hmac-sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
		{ "hmac-sha256",
		    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b9"
		    "64ec3843" },
		{ "hmac-sha512",
		    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7"
		    "ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b"
		    "636e070a38bce737" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		slu_hash *h = NULL;

		CHECK_OK(slu_mac_new(&h, answers[i][0], "Jefe", 4, NULL));
		CHECK_OK(slu_hash_update(h, question, strlen(question)));
		check_final(h, answers[i][1]);
		slu_hash_free(h);
	}
}

/* By an implementation other than OpenSSL's. */
static void
hmac_takes_a_key_of_no_bytes(void **state)
{
	slu_hash *h = NULL;

	(void)state;
	for (int i = 0; i < 2; i++) {
		CHECK_OK(
		    slu_mac_new(&h, "hmac-sha256", i ? "x" : NULL, 0, NULL));
		for (int again = 0; again < 2; again++) {
			CHECK_OK(slu_hash_update(h, "abc", 3));
			check_final(h,
			    "fd7adb152c05ef80dccf50a1fa4c05d5a3ec6da9"
			    "5575fc312ae7c5d091836351");
		}
		slu_hash_free(h);
	}
}

/* The six samples of NIST, with a key from 0x40 on. */
static void
kmac_is_that_of_nist(void **state)
{
	static const char app[] = "My Tagged Application";
	static const struct {
		const char *name, *custom;
		size_t len;
		const char *mac;
	} samples[] = {
		{ "kmac128", "", 4,
		    "e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f"
		    "456ee14e" },
		{ "kmac128", app, 4,
		    "3b1fba963cd8b0b59e8c1a6d71888b7143651af8ba0a7070c0979e28"
		    "11324aa5" },
		{ "kmac128", app, 200,
		    "1f5b4e6cca02209e0dcb5ca635b89a15e271ecc760071dfd805faa38"
		    "f9729230" },
		{ "kmac256", app, 4,
		    "20c570c31346f703c9ac36c61c03cb64c3970d0cfc787e9b79599d27"
		    "3a68d2f7f69d4cc3de9d104a351689f27cf6f5951f0103f33f4f2487"
		    "1024d9c27773a8dd" },
		{ "kmac256", "", 200,
		    "75358cf39e41494e949707927cee0af20a3ff553904c86b08f21cc41"
		    "4bcfd691589d27cf5e15369cbbff8b9a4c2eb17800855d0235ff635d"
		    "a82533ec6b759b69" },
		{ "kmac256", app, 200,
		    "b58618f71f92e1d56c1b8c55ddd7cd188b97b4ca4d99831eb2699a83"
		    "7da2e4d970fbacfde50033aea585f1a2708510c32d07880801bd1828"
		    "98fe476876fc8965" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		slu_mac_options o = { .custom = samples[i].custom,
			.custom_len = strlen(samples[i].custom) };
		slu_hash *h = NULL;

		CHECK_OK(
		    slu_mac_new(&h, samples[i].name, counted(0x40), 32, &o));
		for (int again = 0; again < 2; again++) {
			CHECK_OK(
			    slu_hash_update(h, counted(0), samples[i].len));
			check_final(h, samples[i].mac);
		}
		slu_hash_free(h);
	}
}

/* Keys from 0 on, of "abc"; by the reference implementation. */
static void
blake2_is_that_of_its_reference(void **state)
{
	static const struct {
		const char *name, *custom;
		size_t key_len, size;
		const char *mac;
	} samples[] = {
		{ "blake2b", "", 64, 0,
		    "06bbc3dedf13a31139498655251b7588ccd3bb5aaa071b2d44d8e0a0"
		    "4095579ed590fbfdcf941f4370ce5ce623624e7a76d33e7a8109dcda"
		    "9b57d72f8f8efa51" },
		{ "blake2b", "", 1, 20,
		    "be92922bb8c6327600f410451aa44d0536169bdb" },
		{ "blake2b", "sluice test", 32, 32,
		    "249d8091d03052c53414e38ffffc2d2dafa81d5d74cc49687bc49e94"
		    "1ca7db14" },
		{ "blake2s", "", 32, 0,
		    "a281f725754969a702f6fe36fc591b7def866e4b70173ece402fc01c"
		    "064d6b65" },
		{ "blake2s", "sluice", 16, 10, "2e7e32dd81a45b678dd7" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		slu_mac_options o = { .size = samples[i].size,
			.custom = samples[i].custom,
			.custom_len = strlen(samples[i].custom) };
		slu_hash *h = fresh(samples[i].name, samples[i].key_len, &o);

		for (int again = 0; again < 2; again++) {
			CHECK_OK(slu_hash_update(h, "abc", 3));
			check_final(h, samples[i].mac);
		}
		slu_hash_free(h);
	}
}

/* What every MAC must do, whatever its name. */
static void
check_mac(const char *name)
{
	static const size_t cuts[] = { 0, 1, 63, 64, 65, 127, 128, 129, 136,
		168, 599, 600 };
	unsigned char want[SLU_HASH_MAX], got[SLU_HASH_MAX];
	const unsigned char *data = counted(7);
	slu_hash *h = fresh(name, 32, NULL), *other = NULL;
	size_t size = slu_hash_size(h), n;

	assert_string_equal(slu_hash_name(h), name);
	CHECK(slu_hash_block_size(h) >= 64);
	counted(0);
	CHECK_OK(slu_mac(name, data, 32, data, 600, want, size));
	for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		CHECK_OK(slu_hash_update(h, data, cuts[i]));
		CHECK_OK(slu_hash_update(h, NULL, 0));
		CHECK_OK(slu_hash_copy(&other, h));
		CHECK_OK(slu_hash_update(other, "x", 1));
		assert_string_equal(slu_hash_name(other), name);
		CHECK_OK(slu_hash_final(other, got, sizeof(got), &n));
		CHECK(n == size && !slu_equal(got, want, size));
		CHECK_OK(slu_hash_update(other, data, 600));
		CHECK_OK(slu_hash_update(h, data + cuts[i], 600 - cuts[i]));
		CHECK_OK(slu_hash_final(h, got, size, &n));
		CHECK_BYTES(want, size, got, n);
		CHECK_OK(slu_hash_final(other, got, size, &n));
		CHECK_BYTES(want, size, got, n);
		slu_hash_free(other);
		other = NULL;
	}
	for (size_t i = 0; i < 600; i++)
		CHECK_OK(slu_hash_update(h, data + i, 1));
	CHECK_OK(slu_hash_final(h, got, sizeof(got), &n));
	CHECK_BYTES(want, size, got, n);
	slu_hash_free(h);
}

static void
check_hmac(const char *digest, void *arg)
{
	slu_hash *plain = NULL, *h = NULL;
	char name[80];

	snprintf(name, sizeof(name), "hmac-%s", digest);
	CHECK_OK(slu_hash_new(&plain, digest));
	if (slu_hash_is_xof(plain)) {
		CHECK_IS(SLU_ERR_USAGE, slu_mac_new(&h, name, "k", 1, NULL));
		CHECK_WORDS(
		    "hash: HMAC needs a digest of a fixed size, which ");
	} else {
		check_mac(name);
		++*(size_t *)arg;
	}
	slu_hash_free(plain);
}

static void
hmac_works_with_every_digest_of_a_fixed_size(void **state)
{
	size_t digests = 0;

	(void)state;
	CHECK_OK(slu_hash_names(check_hmac, &digests));
	CHECK(digests >= 14);
}

static void
the_other_macs_are_split_copied_and_restarted_as_well(void **state)
{
	(void)state;
	check_mac("kmac128");
	check_mac("kmac256");
	check_mac("blake2b");
	check_mac("blake2s");
}

static void
a_mac_says_its_sizes(void **state)
{
	static const struct {
		const char *name;
		size_t size, block;
		bool xof;
	} sizes[] = {
		{ "hmac-sha256", 32, 64, false },
		{ "hmac-sha512-224", 28, 128, false },
		{ "hmac-sha3-512", 64, 72, false },
		{ "kmac128", 32, 168, true },
		{ "kmac256", 64, 136, true },
		{ "blake2b", 64, 128, false },
		{ "blake2s", 32, 64, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		slu_mac_options o = { .size = 10 + i };
		slu_hash *h = fresh(sizes[i].name, 16, NULL);

		CHECK(slu_hash_size(h) == sizes[i].size);
		CHECK(slu_hash_block_size(h) == sizes[i].block);
		CHECK(slu_hash_is_xof(h) == sizes[i].xof);
		slu_hash_free(h);
		h = fresh(sizes[i].name, 16, &o);
		CHECK(slu_hash_size(h) == 10 + i);
		slu_hash_free(h);
	}
}

static void
hmac_is_cut_to_its_first_bytes(void **state)
{
	unsigned char whole[32], cut[32];
	slu_hash *h;
	size_t n;

	(void)state;
	CHECK_OK(slu_mac("hmac-sha256", "key", 3, "abc", 3, whole, 32));
	for (size_t size = SLU_MAC_MIN; size <= 32; size++) {
		memset(cut, 0xee, sizeof(cut));
		CHECK_OK(slu_mac("hmac-sha256", "key", 3, "abc", 3, cut, size));
		CHECK_BYTES(whole, size, cut, size);
		CHECK(size == 32 || cut[size] == 0xee);
	}
	h = fresh("hmac-sha256", 3, &(slu_mac_options){ .size = 16 });
	CHECK_IS(SLU_ERR_USAGE, slu_hash_final(h, cut, 15, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_hash_xof(h, cut, 10));
	CHECK_WORDS("hash: hmac-sha256 always gives 16 bytes");
	slu_hash_free(h);
}

static void
kmac_and_blake2_give_others_for_each_size(void **state)
{
	static const char *const names[] = { "kmac128", "kmac256", "blake2b",
		"blake2s" };
	unsigned char longer[32], shorter[31];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		CHECK_OK(slu_mac(names[i], "keys", 4, "abc", 3, longer, 32));
		CHECK_OK(slu_mac(names[i], "keys", 4, "abc", 3, shorter, 31));
		CHECK(memcmp(longer, shorter, 10) != 0);
	}
}

static void
kmac_gives_any_length(void **state)
{
	static unsigned char out[MOST + 1];
	unsigned char want[64], usual[32];
	slu_hash *h = fresh("kmac128", 32, NULL);
	size_t n;

	(void)state;
	CHECK_OK(slu_hash_update(h, "abc", 3));
	CHECK_OK(slu_hash_final(h, usual, sizeof(usual), &n));
	for (size_t len = 1; len <= MOST; len = len * 5 + 3) {
		out[len] = 0xee;
		CHECK_OK(slu_hash_update(h, "abc", 3));
		CHECK_OK(slu_hash_xof(h, out, len));
		CHECK(out[len] == 0xee);
		/* A size asked for once must not stick. */
		CHECK_OK(slu_hash_update(h, "abc", 3));
		CHECK_OK(slu_hash_final(h, want, sizeof(want), &n));
		CHECK_BYTES(usual, sizeof(usual), want, n);
	}
	CHECK_OK(slu_hash_update(h, "abc", 3));
	CHECK_IS(SLU_ERR_LIMIT, slu_hash_xof(h, out, MOST + 1));
	CHECK_WORDS("hash: kmac128 gives 2097151 bytes at most, not 2097152");
	CHECK_IS(SLU_ERR_USAGE, slu_hash_xof(h, out, 0));
	CHECK_OK(slu_hash_xof(h, out, MOST));
	CHECK_OK(slu_hash_update(h, "abc", 3));
	CHECK_OK(slu_hash_xof(h, want, 64));
	CHECK_OK(slu_mac("kmac128", counted(0), 32, "abc", 3, out, 64));
	CHECK_BYTES(out, 64, want, 64);
	slu_hash_free(h);
}

static void
keys_and_settings_are_held_to_their_bounds(void **state)
{
	static const struct {
		const char *name;
		size_t key, size, custom;
		const char *words; /* NULL: it is fine */
	} cases[] = {
		{ "hmac-sha256", 0, 32, 0, NULL },
		{ "hmac-sha256", 600, 10, 0, NULL },
		{ "hmac-sha256", 600, 9, 0,
		    "hash: 9 bytes of output; hmac-sha256 gives 10 to 32" },
		{ "hmac-sha256", 600, 33, 0,
		    "hash: 33 bytes of output; hmac-sha256 gives 10 to 32" },
		{ "hmac-sha256", 600, 0, 1,
		    "hash: 1 bytes of customization; hmac-sha256 takes 0" },
		{ "kmac128", 3, 0, 0,
		    "hash: a key of 3 bytes; kmac128 takes 4 to 512" },
		{ "kmac128", 4, MOST, 512, NULL },
		{ "kmac256", 512, 10, 512, NULL },
		{ "kmac256", 513, 0, 0,
		    "hash: a key of 513 bytes; kmac256 takes 4 to 512" },
		{ "kmac256", 4, MOST + 1, 0,
		    "hash: 2097152 bytes of output; kmac256 gives 10 to" },
		{ "kmac256", 4, 0, 513,
		    "hash: 513 bytes of customization; kmac256 takes 512" },
		{ "blake2b", 0, 0, 0,
		    "hash: a key of 0 bytes; blake2b takes 1 to 64" },
		{ "blake2b", 1, 10, 16, NULL },
		{ "blake2b", 64, 64, 1, NULL },
		{ "blake2b", 65, 0, 0, "hash: a key of 65 bytes; blake2b" },
		{ "blake2b", 1, 65, 0, "hash: 65 bytes of output; blake2b" },
		{ "blake2b", 1, 0, 17, "17 bytes of customization; blake2b" },
		{ "blake2s", 32, 32, 8, NULL },
		{ "blake2s", 33, 0, 0, "hash: a key of 33 bytes; blake2s" },
		{ "blake2s", 1, 33, 0, "hash: 33 bytes of output; blake2s" },
		{ "blake2s", 1, 0, 9, "hash: 9 bytes of customization; blake" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		slu_mac_options o = { cases[i].size, counted(0),
			cases[i].custom };
		slu_hash *h = NULL;
		slu_status st;

		st = slu_mac_new(
		    &h, cases[i].name, counted(0), cases[i].key, &o);
		if (cases[i].words == NULL) {
			CHECK_OK(st);
		} else {
			CHECK_IS(SLU_ERR_USAGE, st);
			CHECK_WORDS(cases[i].words);
			CHECK(h == NULL);
		}
		slu_hash_free(h);
	}
}

static void
a_key_of_a_mebibyte_is_the_longest(void **state)
{
	unsigned char *key = calloc(1, SLU_MAC_KEY_MAX + 1), mac[32];

	(void)state;
	CHECK(key != NULL);
	CHECK_OK(
	    slu_mac("hmac-sha256", key, SLU_MAC_KEY_MAX, "abc", 3, mac, 32));
	CHECK_IS(SLU_ERR_USAGE, slu_mac("hmac-sha256", key, SLU_MAC_KEY_MAX + 1,
				    "abc", 3, mac, 32));
	CHECK_WORDS("hash: a key of 1048577 bytes; hmac-sha256 takes 0 to ");
	free(key);
}

static void
the_mac_of_one_message_needs_its_size(void **state)
{
	unsigned char mac[64] = { 0 };

	(void)state;
	CHECK_IS(
	    SLU_ERR_USAGE, slu_mac("kmac128", "key!", 4, "abc", 3, mac, 0));
	CHECK_WORDS("there is room for 0");
	CHECK_IS(
	    SLU_ERR_USAGE, slu_mac("hmac-sha1", "key", 3, "abc", 3, mac, 21));
	for (size_t i = 0; i < sizeof(mac); i++)
		CHECK(mac[i] == 0);
}

static void
names_may_be_written_in_many_ways(void **state)
{
	static const char *const ways[][2] = {
		{ "HMAC-SHA256", "hmac-sha256" },
		{ "h-mac/sha256", "hmac-sha256" },
		{ "hmac_sha-256", "hmac-sha256" },
		{ "HmacSHA2-256", "hmac-sha256" },
		{ "hmac-SHA512/256", "hmac-sha512-256" },
		{ "hmac-blake2b512", "hmac-blake2b512" },
		{ "KMAC-128", "kmac128" },
		{ "kmac_256", "kmac256" },
		{ "BLAKE2b", "blake2b" },
		{ "blake-2s", "blake2s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		slu_hash *h = fresh(ways[i][0], 16, NULL);

		assert_string_equal(slu_hash_name(h), ways[i][1]);
		slu_hash_free(h);
	}
}

static void
an_unknown_name_is_answered_with_a_near_one(void **state)
{
	static const char *const answers[][2] = {
		{ "sha256",
		    "hash: unknown MAC 'sha256'; did you mean 'hmac-sha256'?" },
		{ "SHA3-512", "hash: unknown MAC 'SHA3-512'; did you mean "
			      "'hmac-sha3-512'?" },
		{ "hmac", "hash: unknown MAC 'hmac'; did you mean "
			  "'hmac-sha256'?" },
		{ "HMAC-", "hash: unknown MAC 'HMAC-'; did you mean "
			   "'hmac-sha256'?" },
		{ "hmac-sha265",
		    "hash: unknown digest 'sha265'; did you mean 'sha256'?" },
		{ "kmac", "hash: unknown MAC 'kmac'; did you mean 'kmac128'?" },
		{ "kmac265",
		    "hash: unknown MAC 'kmac265'; did you mean 'kmac256'?" },
		{ "blake2", "hash: unknown MAC 'blake2'; did you mean "
			    "'blake2b'?" },
		{ "whatever", "hash: unknown MAC 'whatever'" },
		{ "", "hash: unknown MAC ''" },
		{ "kmac128\x1b[2J", "hash: unknown MAC" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		slu_hash *h = NULL;

		CHECK_IS(SLU_ERR_USAGE,
		    slu_mac_new(&h, answers[i][0], "keys", 4, NULL));
		assert_string_equal(slu_error(), answers[i][1]);
		CHECK(h == NULL);
		CHECK(ERR_peek_error() == 0);
	}
}

static void
a_stream_is_given_its_mac_as_it_passes(void **state)
{
	slu_hash *h = NULL;
	slu_bio *c = NULL;
	size_t done = 0, put;
	slu_status st;

	(void)state;
	CHECK_OK(slu_mac_new(&h, "hmac-sha1", "Jefe", 4, NULL));
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(choke_push(&c, 3));
	CHECK_OK(slu_hash_tap(&c, h));
	while (done < 28) {
		st = slu_bio_write(
		    c, &"what do ya want for nothing?"[done], 28 - done, &put);
		CHECK(st == SLU_OK || st == SLU_WANT_WRITE);
		done += put;
	}
	check_final(h, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	slu_bio_free(c);
	slu_hash_free(h);
}

/* Read "abc" to its end, held to `mac` by `h`. */
static slu_status
read_held(slu_hash *h, const void *mac, size_t len)
{
	slu_bio *c = NULL;
	char out[16];
	slu_status st;
	size_t n;

	CHECK_OK(slu_view_open(&c, "abc", 3));
	CHECK_OK(slu_hash_expect(&c, h, mac, len));
	do {
		st = slu_bio_read(c, out, sizeof(out), &n);
	} while (st == SLU_OK);
	slu_bio_free(c);
	return st;
}

static void
a_stream_is_held_to_its_mac(void **state)
{
	static const char *const names[] = { "hmac-sha256", "kmac256",
		"blake2b", "blake2s" };
	unsigned char mac[20];
	char words[100];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		slu_mac_options o = { .size = sizeof(mac) };
		slu_hash *h = fresh(names[i], 32, &o), *other = NULL;

		CHECK_OK(slu_mac(names[i], counted(0), 32, "abc", 3, mac, 20));
		CHECK_IS(SLU_EOF, read_held(h, mac, sizeof(mac)));
		CHECK_OK(slu_mac_new(&other, names[i], counted(1), 32, &o));
		CHECK_IS(SLU_ERR_AUTH, read_held(other, mac, sizeof(mac)));
		snprintf(words, sizeof(words), "hash: the %s does not match",
		    names[i]);
		assert_string_equal(slu_error(), words);
		for (size_t bit = 0; bit < 8 * sizeof(mac); bit++) {
			mac[bit / 8] ^= (unsigned char)(1 << bit % 8);
			CHECK_IS(SLU_ERR_AUTH, read_held(h, mac, sizeof(mac)));
			mac[bit / 8] ^= (unsigned char)(1 << bit % 8);
		}
		slu_hash_free(other);
		slu_hash_free(h);
	}
}

/* New, used, copied and freed, with the k-th allocation failing. */
static slu_status
use_once(const char *name, slu_hash **h, slu_hash **copy)
{
	unsigned char mac[SLU_HASH_MAX];
	slu_status st;
	size_t n;

	st = slu_mac_new(h, name, "0123456789abcdef", 16, NULL);
	if (st == SLU_OK)
		st = slu_hash_update(*h, "abc", 3);
	if (st == SLU_OK)
		st = slu_hash_copy(copy, *h);
	if (st == SLU_OK)
		st = slu_hash_final(*copy, mac, sizeof(mac), &n);
	return st;
}

static void
check_without_memory(const char *name)
{
	oom_hit hit = OOM_OURS;

	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_hash *h = NULL, *copy = NULL;
		slu_status st;

		CHECK(k < 100000);
		oom_arm(k);
		st = use_once(name, &h, &copy);
		hit = oom_disarm();
		if (hit == OOM_OURS)
			CHECK_IS(SLU_ERR_MEMORY, st);
		if (hit == OOM_NONE)
			CHECK_OK(st);
		CHECK(st == SLU_OK || st == SLU_ERR_MEMORY ||
		      st == SLU_ERR_CRYPTO);
		CHECK(h != NULL || copy == NULL);
		CHECK(ERR_peek_error() == 0);
		slu_hash_free(h);
		slu_hash_free(copy);
	}
}

static void
without_memory_every_call_fails_cleanly(void **state)
{
	(void)state;
	check_without_memory("Hmac-Sha_256");
	check_without_memory("kmac128");
	check_without_memory("blake2b");
}

/* OpenSSL does not survive its first fetch failing for want of memory. */
static int
warm_up(void **state)
{
	static const char *const names[] = { "hmac-sha256", "kmac128",
		"blake2b" };

	for (size_t i = 0; i < 3; i++)
		slu_hash_free(fresh(names[i], 16, NULL));
	return *state != NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hmac_is_that_of_the_rfcs),
		cmocka_unit_test(hmac_takes_a_key_of_no_bytes),
		cmocka_unit_test(kmac_is_that_of_nist),
		cmocka_unit_test(blake2_is_that_of_its_reference),
		cmocka_unit_test(hmac_works_with_every_digest_of_a_fixed_size),
		cmocka_unit_test(
		    the_other_macs_are_split_copied_and_restarted_as_well),
		cmocka_unit_test(a_mac_says_its_sizes),
		cmocka_unit_test(hmac_is_cut_to_its_first_bytes),
		cmocka_unit_test(kmac_and_blake2_give_others_for_each_size),
		cmocka_unit_test(kmac_gives_any_length),
		cmocka_unit_test(keys_and_settings_are_held_to_their_bounds),
		cmocka_unit_test(a_key_of_a_mebibyte_is_the_longest),
		cmocka_unit_test(the_mac_of_one_message_needs_its_size),
		cmocka_unit_test(names_may_be_written_in_many_ways),
		cmocka_unit_test(an_unknown_name_is_answered_with_a_near_one),
		cmocka_unit_test(a_stream_is_given_its_mac_as_it_passes),
		cmocka_unit_test(a_stream_is_held_to_its_mac),
		cmocka_unit_test(without_memory_every_call_fails_cleanly),
	};

	return cmocka_run_group_tests_name("mac", tests, warm_up, NULL);
}
