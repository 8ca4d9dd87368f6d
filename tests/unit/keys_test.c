/* SPDX-License-Identifier: ISC */
/* Files for the holders of keys, through the library's public calls. */
#include "sluice/identity.h"
#include "sluice/recipient.h"

#include "check.h"
#include "oom.h"

#include "sluice/mem.h"
#include "sluice/seal.h"
#include "sluice/unseal.h"

/* Pairs that age-keygen made; the first one is the age kit's. */
static const struct {
	const char *public, *secret;
} keys[] = {
	{ "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef",
	    "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAW"
	    "X40Q2P2LM0" },
	{ "age15eml7nmc0hus64hqvpf2uephcsqsncq9ueslgarskqx5u2a0xa9qrksn0d",
	    "AGE-SECRET-KEY-143PE6YSEZF3D2TKUGZ89VEAJUKZDHL8DFKMTJH93XZFN0Z2W"
	    "V69QDE439X" },
	{ "age1y9023alws4tu2ueczavlm0j3w8k3c87j85a8gtw40ks0kxzsvygsmmegfe",
	    "AGE-SECRET-KEY-1KF8WQW24E2TYKENM86CDDSUQHPRRU670PYJD0FNCR69M9HRJ"
	    "6V0SYFV6SQ" },
};

static void
add_public(slu_recipients *r, size_t i)
{
	CHECK_OK(slu_recipients_key(r, keys[i].public, strlen(keys[i].public)));
}

static void
add_secret(slu_identities *ids, size_t i)
{
	CHECK_OK(
	    slu_identities_key(ids, keys[i].secret, strlen(keys[i].secret)));
}

/* Seal "hello" for the holders of the first `n` keys. */
static void
seal_hello(slu_buf *file, size_t n)
{
	slu_recipients *r = NULL;
	slu_bio *out = NULL;
	size_t put;

	CHECK_OK(slu_recipients_new(&r));
	for (size_t i = 0; i < n; i++)
		add_public(r, i);
	CHECK_OK(slu_mem_open(&out, file));
	CHECK_OK(slu_seal(&out, r, NULL));
	slu_recipients_free(r);
	CHECK_OK(slu_bio_write_all(out, "hello", 5, &put));
	CHECK_OK(slu_bio_finish(out));
	slu_bio_free(out);
}

/* Open a copy of it with `ids`, which this frees; must be hello if it opens. */
static slu_status
open_hello(const slu_buf *file, slu_identities *ids)
{
	slu_buf copy = { .limit = file->len };
	slu_bio *in = NULL;
	slu_status st;
	char text[8];
	size_t n;

	CHECK_OK(slu_buf_add(&copy, slu_buf_front(file), file->len));
	CHECK_OK(slu_mem_open(&in, &copy));
	CHECK_OK(slu_unseal(&in, ids, NULL));
	slu_identities_free(ids);
	st = slu_bio_read(in, text, sizeof(text), &n);
	if (st == SLU_OK)
		CHECK_BYTES("hello", 5, text, n);
	slu_bio_free(in);
	slu_buf_free(&copy);
	return st;
}

static slu_identities *
nobody(void)
{
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	return ids;
}

static slu_identities *
holder_of(size_t i)
{
	slu_identities *ids = nobody();

	add_secret(ids, i);
	return ids;
}

static void
each_of_several_recipients_opens_the_file_and_nobody_else(void **state)
{
	slu_buf file = { .limit = 4096 };

	(void)state;
	for (size_t n = 1; n < 3; n++) {
		seal_hello(&file, n);
		for (size_t i = 0; i < n; i++)
			CHECK_OK(open_hello(&file, holder_of(i)));
		CHECK_IS(SLU_ERR_NO_MATCH, open_hello(&file, holder_of(2)));
		assert_string_equal(slu_error(),
		    "unseal: is sealed for: X25519; "
		    "no key that is given opens it");
		slu_buf_free(&file);
	}
}

static void
one_key_that_fits_is_enough_wherever_it_stands(void **state)
{
	slu_buf file = { .limit = 4096 };
	slu_identities *ids;

	(void)state;
	seal_hello(&file, 1);
	for (size_t at = 0; at < 3; at++) {
		ids = nobody();
		for (size_t i = 0; i < 3; i++)
			add_secret(ids, (i + at) % 3);
		CHECK_OK(slu_identities_passphrase(ids, "horse", 5, 0));
		CHECK_OK(open_hello(&file, ids));
	}
	slu_buf_free(&file);
}

static void
two_files_for_the_same_key_have_nothing_in_common(void **state)
{
	slu_buf one = { .limit = 4096 }, two = { .limit = 4096 };
	const size_t head = strlen("age-encryption.org/v1\n-> X25519 ");

	(void)state;
	seal_hello(&one, 1);
	seal_hello(&two, 1);
	CHECK(one.len == two.len);
	CHECK(memcmp(slu_buf_front(&one) + head, slu_buf_front(&two) + head,
		  43) != 0);
	CHECK(memcmp(slu_buf_front(&one) + head + 44,
		  slu_buf_front(&two) + head + 44, 43) != 0);
	slu_buf_free(&one);
	slu_buf_free(&two);
}

static void
without_a_key_the_kind_is_named(void **state)
{
	slu_buf file = { .limit = 4096 };
	slu_identities *ids = nobody();

	(void)state;
	seal_hello(&file, 2);
	CHECK_OK(slu_identities_passphrase(ids, "horse", 5, 0));
	CHECK_IS(SLU_ERR_NO_MATCH, open_hello(&file, ids));
	assert_string_equal(slu_error(), "unseal: is sealed for: X25519");
	CHECK_IS(SLU_ERR_NO_MATCH, open_hello(&file, nobody()));
	assert_string_equal(slu_error(), "unseal: is sealed for: X25519");
	slu_buf_free(&file);
}

static void
keys_are_of_no_use_where_a_passphrase_is_needed(void **state)
{
	slu_buf file = { .limit = 4096 };
	slu_recipients *r = NULL;
	slu_identities *ids;
	slu_bio *out = NULL;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_passphrase(r, "horse", 5, 10));
	CHECK_OK(slu_mem_open(&out, &file));
	CHECK_OK(slu_seal(&out, r, NULL));
	CHECK_OK(slu_bio_finish(out));
	slu_bio_free(out);
	slu_recipients_free(r);
	CHECK_IS(SLU_ERR_NO_MATCH, open_hello(&file, holder_of(0)));
	assert_string_equal(
	    slu_error(), "unseal: sealed with a passphrase, and none is given");
	ids = holder_of(0);
	CHECK_OK(slu_identities_passphrase(ids, "staple", 6, 0));
	CHECK_IS(SLU_ERR_NO_MATCH, open_hello(&file, ids));
	assert_string_equal(slu_error(), "unseal: wrong passphrase");
	slu_buf_free(&file);
}

static void
a_passphrase_is_the_only_recipient(void **state)
{
	slu_recipients *r = NULL;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	add_public(r, 0);
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_passphrase(r, "horse", 5, 10));
	CHECK_WORDS("has to be the only one");
	slu_recipients_free(r);
	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_passphrase(r, "horse", 5, 10));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_recipients_key(r, keys[0].public, strlen(keys[0].public)));
	CHECK_WORDS("has to be the only one");
	slu_recipients_free(r);
}

static void
there_may_be_as_many_recipients_as_stanzas(void **state)
{
	slu_buf file = { .limit = 1024 * 1024 };
	slu_recipients *r = NULL;
	slu_bio *out = NULL;

	(void)state;
	if (check_slow("no thousand recipients"))
		skip();
	CHECK_OK(slu_recipients_new(&r));
	for (size_t i = 0; i < SLU_RECIPIENTS_MAX; i++)
		add_public(r, i < SLU_RECIPIENTS_MAX - 1);
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_recipients_key(r, keys[0].public, strlen(keys[0].public)));
	CHECK_WORDS("more than 1024 recipients");
	CHECK_OK(slu_mem_open(&out, &file));
	CHECK_OK(slu_seal(&out, r, NULL));
	slu_recipients_free(r);
	CHECK_OK(slu_bio_finish(out));
	slu_bio_free(out);
	/* The first key is in the last stanza. */
	CHECK_IS(SLU_EOF, open_hello(&file, holder_of(0)));
	CHECK_IS(SLU_ERR_NO_MATCH, open_hello(&file, holder_of(2)));
	slu_buf_free(&file);
}

static void
what_is_no_public_key_is_refused_with_words(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "keys: not a public key" },
		{ "age", "keys: not a public key" },
		{ "age1", "too short or too long" },
		{ " age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47"
		  "ryef",
		    "keys: not a public key" },
		{ "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47"
		  "ryef ",
		    "too short or too long" },
		{ "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47"
		  "ryep",
		    "the checksum does not agree: mistyped?" },
		{ "AGE1XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4Q47"
		  "RYEF",
		    "keys: not a public key" },
		{ "age1pq1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4",
		    "hybrid keys and those of plugins are not supported" },
		{ "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3y"
		  "ysf5yw3rhl3t",
		    "hybrid keys and those of plugins are not supported" },
		{ "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR4"
		  "8UAWX40Q2P2LM0",
		    "a secret key where a public one is to stand" },
	};
	slu_recipients *r = NULL;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_IS(SLU_ERR_FORMAT, slu_recipients_key(r, cases[i].text,
					     strlen(cases[i].text)));
		CHECK_WORDS(cases[i].why);
	}
	slu_recipients_free(r);
}

#define YUBIKEY "AGE-PLUGIN-YUBIKEY-18S3VSX" /* without any bytes */
#define X8 "XXXXXXXX"
#define X64 X8 X8 X8 X8 X8 X8 X8 X8

static void
what_is_no_secret_key_is_refused_without_a_character_of_it(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "keys: not a secret key" },
		{ "hunter2", "keys: not a secret key" },
		{ "AGE-SECRET-KEY-1", "too short or too long" },
		{ "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR4"
		  "8UAWX40Q2P2LMO",
		    "a character that does not belong there" },
		{ "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR4"
		  "8UAWX40Q2P2LMQ",
		    "the checksum does not agree: mistyped?" },
		{ "age-secret-key-1egtzvffv20835nwyv6270lxyvk2vknx2mmdkwyklmgr4"
		  "8uawx40q2p2lm0",
		    "keys: not a secret key" },
		{ "AGE-SECRET-KEY-PQ-1HZLGZUPT4ETPKDEV8HSGFDCYZ4E522W0A7PU2LHT8"
		  "EH9W6YLNC3SW78XKQ",
		    "keys: AGE-SECRET-KEY-PQ-1...: the checksum does not "
		    "agree: mistyped?" },
		{ "AGE-SECRET-KEY-PQ-"
		  "1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ"
		  "QQQQQQQQRP3P2A",
		    "keys: AGE-SECRET-KEY-PQ-1...: too short or too long" },
		{ "AGE-PLUGIN-YUBIKEY-1QQQQQZQQQQ",
		    "keys: AGE-PLUGIN-...: the checksum does not agree: "
		    "mistyped?" },
		{ "AGE-PLUGIN-YUBIKEY-1QQQSYQCYUBYR5J",
		    "keys: AGE-PLUGIN-...: a character that does not belong "
		    "there" },
		{ "AGE-PLUGIN-YUBIKEY-1QQQSYQCYU4YR5J ",
		    "keys: AGE-PLUGIN-...: " },
		{ "AGE-PLUGIN-YUBIKEY-1", "AGE-PLUGIN-...: too short or too" },
		{ "AGE-PLUGIN-YUBIKEY", "not AGE-PLUGIN-NAME-1..." },
		{ "AGE-PLUGIN-", "not AGE-PLUGIN-NAME-1..." },
		{ "AGE-PLUGIN-1QQQSWMMV5K", "not AGE-PLUGIN-NAME-1..." },
		{ "AGE-PLUGIN--1QQQSPGSCPR", "not AGE-PLUGIN-NAME-1..." },
		{ "AGE-PLUGIN-X1QQQSD9X05G", "not AGE-PLUGIN-NAME-1..." },
		{ "AGE-PLUGIN-A/B-1QQQSV2R6V6", "not AGE-PLUGIN-NAME-1..." },
		{ "AGE-PLUGIN-" X64 "X-1QQQSYEXAG0C",
		    "not AGE-PLUGIN-NAME-1..." },
		{ "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47r"
		  "yef",
		    "a public key where a secret one is to stand" },
	};
	slu_identities *ids = nobody();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_IS(SLU_ERR_FORMAT, slu_identities_key(ids, cases[i].text,
					     strlen(cases[i].text)));
		CHECK_WORDS(cases[i].why);
		assert_null(strstr(slu_error(), "EGTZ"));
		assert_null(strstr(slu_error(), "hunter2"));
		assert_null(strstr(slu_error(), "QQQ"));
	}
	slu_identities_free(ids);
}

static void
a_key_of_a_kind_that_is_not_supported_is_known_by_its_form(void **state)
{
	static const struct {
		const char *text, *what;
	} cases[] = {
		{ "AGE-SECRET-KEY-PQ-1HZLGZUPT4ETPKDEV8HSGFDCYZ4E522W0A7PU2LHT8"
		  "EH9W6YLNC3SW78XKG",
		    "a hybrid key" },
		{ "AGE-PLUGIN-YUBIKEY-1QQQSYQCYU4YR5J",
		    "a key of the plugin yubikey" },
		{ "AGE-PLUGIN-YUBIKEY-18S3VSX", "a key of the plugin yubikey" },
		{ "AGE-PLUGIN-FIDO2-HMAC-1QQQSY4L8Q9F",
		    "a key of the plugin fido2-hmac" },
		{ "AGE-PLUGIN-TPM1-1QYV450GM", "a key of the plugin tpm1" },
		{ "AGE-PLUGIN-A_B.C+1-1QQQSYU5Q02N",
		    "a key of the plugin a_b.c+1" },
		{ "AGE-PLUGIN-" X64 "-1QQQSY6H9VS2",
		    "a key of the plugin xxx" },
	};
	slu_buf out = { .limit = 1000 };
	slu_identities *ids;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ids = nobody();
		CHECK_OK(slu_identities_key(
		    ids, cases[i].text, strlen(cases[i].text)));
		CHECK_IS(SLU_ERR_FORMAT, slu_identities_recipients(ids, &out));
		CHECK_WORDS(cases[i].what);
		CHECK_WORDS(", which is not supported");
		slu_identities_free(ids);
	}
	CHECK(out.len == 0);
}

static void
a_key_of_such_a_kind_keeps_no_other_from_opening(void **state)
{
	slu_buf file = { .limit = 4096 };
	slu_identities *ids = nobody();

	(void)state;
	seal_hello(&file, 1);
	CHECK_OK(slu_identities_key(ids, YUBIKEY, strlen(YUBIKEY)));
	add_secret(ids, 1);
	add_secret(ids, 0);
	CHECK_OK(open_hello(&file, ids));
	ids = nobody();
	CHECK_OK(slu_identities_key(ids, YUBIKEY, strlen(YUBIKEY)));
	CHECK_IS(SLU_ERR_NO_MATCH, open_hello(&file, ids));
	assert_string_equal(slu_error(),
	    "unseal: is sealed for: X25519; passed over: a key of the plugin "
	    "yubikey, which is not supported");
	slu_buf_free(&file);
}

static void
a_key_of_a_plugin_has_a_limit(void **state)
{
	slu_identities *ids = nobody();
	char text[8194];

	(void)state;
	memset(text, 'Q', sizeof(text));
	memcpy(text, "AGE-PLUGIN-X-1", 14);
	CHECK_IS(SLU_ERR_LIMIT, slu_identities_key(ids, text, 8193));
	assert_string_equal(slu_error(), "keys: longer than 8192 characters");
	CHECK_IS(SLU_ERR_FORMAT, slu_identities_key(ids, text, 8192));
	slu_identities_free(ids);
}

/* RFC 7748 section 6.1; the last one is p, another spelling of zero. */
static void
a_public_key_of_low_order_is_refused(void **state)
{
	static const char *const points[] = {
		"age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47"
		"z",
		"age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vry"
		"a",
		"age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v"
		"9",
		"age1t7wft09r2zxzfvwsk92eeql0tvzyghxytqwgapkcyf8dm5ylz9ts6wm9s"
		"8",
		"age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7"
		"m",
		"age1ahlllllllllllllllllllllllllllllllllllllllllllllllalsn46ay"
		"y",
	};
	slu_recipients *r = NULL;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		CHECK_IS(SLU_ERR_FORMAT,
		    slu_recipients_key(r, points[i], strlen(points[i])));
		CHECK_WORDS("a point of low order");
	}
	slu_recipients_free(r);
}

static void
the_public_halves_of_a_list_are_named_in_its_order(void **state)
{
	slu_identities *ids = nobody();
	slu_buf out = { .limit = 1000 };
	char want[1000];

	(void)state;
	CHECK_OK(slu_identities_passphrase(ids, "horse", 5, 0));
	for (size_t i = 0; i < 3; i++)
		add_secret(ids, 2 - i);
	CHECK_OK(slu_identities_recipients(ids, &out));
	snprintf(want, sizeof(want), "%s\n%s\n%s\n", keys[2].public,
	    keys[1].public, keys[0].public);
	CHECK_BYTES(want, strlen(want), slu_buf_front(&out), out.len);
	slu_buf_free(&out);
	slu_identities_free(ids);
}

/* Make a list of one key; what fails must leave nothing. */
static slu_status
try_to_seal_and_open(const slu_buf *file)
{
	slu_identities *ids = NULL;
	slu_recipients *r = NULL;
	slu_bio *out = NULL, *in = NULL;
	slu_buf to = { .limit = 4096 }, from = { .limit = 4096 };
	slu_status st;
	char text[8];
	size_t n;

	oom_hold();
	CHECK_OK(slu_buf_add(&from, slu_buf_front(file), file->len));
	CHECK_OK(slu_mem_open(&in, &from));
	CHECK_OK(slu_mem_open(&out, &to));
	oom_release();
	st = slu_recipients_new(&r);
	if (st == SLU_OK)
		st = slu_recipients_key(
		    r, keys[0].public, strlen(keys[0].public));
	if (st == SLU_OK)
		st = slu_seal(&out, r, NULL);
	if (st == SLU_OK)
		st = slu_identities_new(&ids);
	if (st == SLU_OK)
		st = slu_identities_key(ids, YUBIKEY, strlen(YUBIKEY));
	if (st == SLU_OK)
		st = slu_identities_key(
		    ids, keys[0].secret, strlen(keys[0].secret));
	if (st == SLU_OK)
		st = slu_unseal(&in, ids, NULL);
	if (st == SLU_OK)
		st = slu_bio_read(in, text, sizeof(text), &n);
	slu_recipients_free(r);
	slu_identities_free(ids);
	slu_bio_free(in);
	slu_bio_free(out);
	slu_buf_free(&to);
	slu_buf_free(&from);
	return st;
}

static void
wherever_memory_runs_out_it_is_said_and_nothing_is_lost(void **state)
{
	slu_buf file = { .limit = 4096 };
	slu_status st;
	oom_hit hit;
	size_t k = 0;

	(void)state;
	seal_hello(&file, 1);
	CHECK_OK(try_to_seal_and_open(&file));
	do {
		oom_arm(k++);
		st = try_to_seal_and_open(&file);
		hit = oom_disarm();
		if (hit == OOM_OURS)
			CHECK_IS(SLU_ERR_MEMORY, st);
		/* Some of OpenSSL's failures do not say that it was memory. */
		if (hit == OOM_OPENSSL)
			CHECK(st == SLU_OK || st == SLU_ERR_MEMORY ||
			      st == SLU_ERR_CRYPTO);
	} while (hit != OOM_NONE);
	CHECK_OK(st);
	CHECK(k > 50);
	slu_buf_free(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_of_several_recipients_opens_the_file_and_nobody_else),
		cmocka_unit_test(
		    one_key_that_fits_is_enough_wherever_it_stands),
		cmocka_unit_test(
		    two_files_for_the_same_key_have_nothing_in_common),
		cmocka_unit_test(without_a_key_the_kind_is_named),
		cmocka_unit_test(
		    keys_are_of_no_use_where_a_passphrase_is_needed),
		cmocka_unit_test(a_passphrase_is_the_only_recipient),
		cmocka_unit_test(there_may_be_as_many_recipients_as_stanzas),
		cmocka_unit_test(what_is_no_public_key_is_refused_with_words),
		cmocka_unit_test(
		    what_is_no_secret_key_is_refused_without_a_character_of_it),
		cmocka_unit_test(
		    a_key_of_a_kind_that_is_not_supported_is_known_by_its_form),
		cmocka_unit_test(
		    a_key_of_such_a_kind_keeps_no_other_from_opening),
		cmocka_unit_test(a_key_of_a_plugin_has_a_limit),
		cmocka_unit_test(a_public_key_of_low_order_is_refused),
		cmocka_unit_test(
		    the_public_halves_of_a_list_are_named_in_its_order),
		cmocka_unit_test(
		    wherever_memory_runs_out_it_is_said_and_nothing_is_lost),
	};

	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
