/* SPDX-License-Identifier: ISC */
/*
 * The age test kit: every vector, with what it gives to open it with.  Keys of
 * the hybrid kind open nothing here, so that those files are for others.
 */
#include "kit.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "check.h"
#include "choke.h"
#include "trial.h"

#include "seal/identity_internal.h"
#include "seal/parse.h"
#include "seal/unseal_internal.h"
#include "sluice/armor.h"
#include "sluice/sealed.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define BIG (1024 * 1024) /* bytes of the few vectors that are long */

static const trial_pace paces[] = {
	{ .name = "whole" },
	{ .name = "byte by byte", .piece = 1 },
	{ .name = "over a choke of 1", .choke = 1 },
	{ .name = "byte by byte over a choke of 1", .piece = 1, .choke = 1 },
	{ .name = "in odd pieces over a choke", .piece = PACE_ODD, .choke = 1 },
};

/* A byte at a time is slow for megabytes; odd pieces meet as many borders. */
static const trial_pace big_paces[] = {
	{ .name = "whole" },
	{ .name = "in odd pieces", .piece = PACE_ODD },
	{ .name = "over a choke of 60001", .choke = 60001 },
};

/* All that a vector gives to open it with. */
static slu_identities *
identities_of(const kit_vector *v)
{
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	for (size_t i = 0; i < v->npassphrases; i++)
		CHECK_OK(slu_identities_passphrase(
		    ids, v->passphrase[i], strlen(v->passphrase[i]), 0));
	for (size_t i = 0; i < v->nidentities; i++)
		CHECK_OK(slu_identities_key(
		    ids, v->identity[i], strlen(v->identity[i])));
	return ids;
}

/* Who holds the file's own key needs none of its stanzas. */
static slu_identities *
file_key_of(const kit_vector *v)
{
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_file_key(ids, v->file_key));
	return ids;
}

/* Whether a failure belongs to the header: all of those come before it. */
static bool
says_header(slu_status st)
{
	const char *why = slu_error();

	return (st == SLU_ERR_FORMAT || st == SLU_ERR_LIMIT ||
		   st == SLU_ERR_TRUNCATED) &&
	       (strstr(why, "unseal: damaged header at byte ") != NULL ||
		   strstr(why, "unseal: not an age file") != NULL ||
		   strstr(why, "unseal: an age file of another ") != NULL ||
		   strstr(why, "unseal: truncated within the header") != NULL ||
		   strstr(why, "unseal: work factor ") != NULL);
}

static bool
says_payload(slu_status st)
{
	const char *why = slu_error();

	switch (st) {
	case SLU_ERR_AUTH:
		return strstr(why, "unseal: damaged at byte ") != NULL ||
		       strstr(why, "unseal: damaged, cut short or added to") !=
			   NULL;
	case SLU_ERR_TRUNCATED:
		return strstr(why, "unseal: truncated after ") != NULL;
	case SLU_ERR_FORMAT:
		return strstr(why, "unseal: data after the end") != NULL ||
		       strstr(why, "unseal: an empty chunk ") != NULL;
	default: return false;
	}
}

static bool
says_armor(slu_status st)
{
	const char *why = slu_error();

	return (st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED) &&
	       (strstr(why, "armor: ") != NULL ||
		   strstr(why, "unseal: not an age file") != NULL);
}

static bool
is_as_expected(const kit_vector *v, slu_status st)
{
	switch (v->expect) {
	case KIT_SUCCESS: return st == SLU_EOF;
	case KIT_NO_MATCH: return st == SLU_ERR_NO_MATCH;
	case KIT_HMAC_FAILURE: return st == SLU_ERR_AUTH;
	case KIT_HEADER_FAILURE: return says_header(st);
	case KIT_PAYLOAD_FAILURE: return says_payload(st);
	case KIT_ARMOR_FAILURE: return says_armor(st);
	}
	return false;
}

/* Its header is malformed, and not only in a hybrid stanza's argument. */
static bool
is_malformed_for_all(const kit_vector *v)
{
	return strcmp(v->name, "hybrid_not_canonical_body") == 0 ||
	       strcmp(v->name, "hybrid_x25519_arg") == 0;
}

/*
 * A stanza of a kind that we do not have says nothing to us, malformed or not:
 * what else is there decides, which for all but these two is nothing.
 */
static bool
is_for_others(const kit_vector *v, slu_status st)
{
	if (is_malformed_for_all(v))
		return is_as_expected(v, st);
	return st == SLU_ERR_NO_MATCH &&
	       strstr(slu_error(), "is sealed for: ") != NULL &&
	       strstr(slu_error(), "passed over: a hybrid key, ") != NULL;
}

static void
must_be_released(const trial *t, const kit_vector *v, const slu_buf *out)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	CHECK(EVP_Digest(slu_buf_front(out), out->len, digest, NULL,
		  EVP_sha256(), NULL) == 1);
	trial_must(t, memcmp(digest, v->payload, sizeof(v->payload)) == 0,
	    "it gives out what the kit expects");
}

/*
 * Open it with `ids`, which this frees, by so many threads, each a chunk at a
 * time; `verdict` is held to how it ends.
 */
static void
open_vector(const kit_vector *v, const trial_pace *pace, unsigned threads,
    slu_identities *ids, bool (*verdict)(const kit_vector *v, slu_status st))
{
	const slu_unseal_options how = { .threads = threads };
	trial t = { .room = v->name, .pace = pace->name, .len = v->len };
	slu_buf out = { .limit = 64 * 1024 * 1024 };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&c, v->file, v->len));
	if (pace->choke > 0)
		CHECK_OK(choke_push(&c, pace->choke));
	CHECK_OK(slu_unseal_runs(&c, ids, &how, 1));
	slu_identities_free(ids);
	st = trial_read(&t, c, &out, pace);
	trial_must(&t, verdict(v, st), "it ends as the kit expects");
	if (st == SLU_ERR_NO_MATCH || !v->has_payload)
		trial_must(&t, out.len == 0, "it gives out nothing");
	else
		must_be_released(&t, v, &out);
	if (st != SLU_EOF)
		trial_must_stay_failed(&t, c, st);
	slu_bio_free(c);
	slu_buf_free(&out);
}

struct tally {
	size_t decided, hybrid, malformed;
};

static void
decide_at(const kit_vector *v, const trial_pace *pace)
{
	open_vector(v, pace, 0, identities_of(v),
	    v->hybrid ? is_for_others : is_as_expected);
	/* What no stanza decides, the file's own key does as well. */
	if (v->expect == KIT_SUCCESS || v->expect == KIT_HMAC_FAILURE ||
	    v->expect == KIT_PAYLOAD_FAILURE)
		open_vector(v, pace, 0, file_key_of(v), is_as_expected);
}

static void
decide(const kit_vector *v, void *arg)
{
	struct tally *tally = arg;

	tally->decided++;
	tally->hybrid += v->hybrid;
	tally->malformed += is_malformed_for_all(v);
	if (v->len > BIG) {
		for (size_t i = 0; i < sizeof(big_paces) / sizeof(paces[0]);
		     i++)
			decide_at(v, &big_paces[i]);
		return;
	}
	for (size_t i = 0; i < sizeof(paces) / sizeof(paces[0]); i++)
		decide_at(v, &paces[i]);
}

static void
each_vector_ends_and_gives_out_as_the_kit_expects(void **state)
{
	struct tally tally = { 0 };
	size_t n;

	(void)state;
	n = kit_each(decide, &tally);
	print_message(
	    "%zu vectors: all decided, %zu of them hybrid\n", n, tally.hybrid);
	CHECK(n >= KIT_VECTORS);
	CHECK(tally.decided == n && tally.hybrid >= 19);
	CHECK(tally.malformed == 2);
}

static void
decide_by_threads(const kit_vector *v, void *arg)
{
	const trial_pace pace = { .name = "by two threads" };

	(void)arg;
	open_vector(v, &pace, 2, identities_of(v),
	    v->hybrid ? is_for_others : is_as_expected);
}

static void
each_vector_ends_and_gives_out_the_same_by_threads(void **state)
{
	(void)state;
	CHECK(kit_each(decide_by_threads, NULL) >= KIT_VECTORS);
}

/* The stanza says whom it is for, and that is how far we can read it. */
static void
refuse(const kit_vector *v, void *arg)
{
	slu_identities *ids = arg;
	slu_bio *c = NULL;
	unsigned char byte;
	size_t got;

	if (strcmp(v->name, "hybrid_and_x25519") != 0)
		return;
	CHECK_OK(slu_view_open(&c, v->file, v->len));
	CHECK_OK(slu_unseal(&c, ids, NULL));
	CHECK_IS(SLU_ERR_NO_MATCH, slu_bio_read(c, &byte, 1, &got));
	slu_bio_free(c);
}

static void
a_file_for_other_kinds_of_keys_names_them(void **state)
{
	slu_identities *ids = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_passphrase(ids, "password", 8, 0));
	CHECK(kit_each(refuse, ids) >= KIT_VECTORS);
	assert_string_equal(
	    slu_error(), "unseal: is sealed for: X25519, mlkem768x25519");
	slu_identities_free(ids);
}

#define HYBRID_KEY \
	"AGE-SECRET-KEY-PQ-1HZLGZUPT4ETPKDEV8HSGFDCYZ4E522W0A7PU2LHT8EH9W6Y" \
	"LNC3SW78XKG"
#define OTHER_KEY \
	"AGE-SECRET-KEY-143PE6YSEZF3D2TKUGZ89VEAJUKZDHL8DFKMTJH93XZFN0Z2WV6" \
	"9QDE439X"
#define PLUGIN_KEY "AGE-PLUGIN-YUBIKEY-1QQQSYQCYU4YR5J"

static void
keys_that_were_passed_over_are_told_where_none_opens(void **state)
{
	static const struct {
		const char *key, *words;
	} added[] = {
		{ HYBRID_KEY,
		    "unseal: is sealed for: X25519, mlkem768x25519; passed "
		    "over: a hybrid key, which is not supported" },
		{ PLUGIN_KEY,
		    "unseal: is sealed for: X25519, mlkem768x25519; passed "
		    "over: a hybrid key, which is not supported (and 1 more)" },
		{ OTHER_KEY,
		    "unseal: is sealed for: X25519, mlkem768x25519; no key "
		    "that is given opens it; passed over: a hybrid key, which "
		    "is not supported (and 1 more)" },
	};
	slu_identities *ids = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
		CHECK_OK(slu_identities_key(
		    ids, added[i].key, strlen(added[i].key)));
		CHECK(kit_each(refuse, ids) >= KIT_VECTORS);
		assert_string_equal(slu_error(), added[i].words);
	}
	slu_identities_free(ids);
}

/* The file of a vector, out of its armor if it has one. */
static void
take_file(const kit_vector *v, slu_buf *out)
{
	slu_bio *c = NULL;
	unsigned char piece[1000];
	slu_status st;
	size_t got;

	CHECK_OK(slu_view_open(&c, v->file, v->len));
	if (v->armored)
		CHECK_OK(slu_dearmor(&c));
	while ((st = slu_bio_read(c, piece, sizeof(piece), &got)) == SLU_OK)
		CHECK_OK(slu_buf_add(out, piece, got));
	CHECK(st == SLU_EOF || v->expect == KIT_ARMOR_FAILURE);
	slu_bio_free(c);
}

static slu_status
read_file(void *arg, uint64_t offset, void *buf, size_t len)
{
	const kit_vector *v = arg;

	memcpy(buf, v->file + offset, len);
	return SLU_OK;
}

/* Read from one end to the other; SLU_EOF once all is there. */
static slu_status
read_sealed(const kit_vector *v, slu_identities *ids, slu_buf *out)
{
	const slu_sealed_source source = { read_file, (void *)v, v->len };
	bool armored = !v->armored;
	const slu_unseal_options told = { .armored = &armored };
	static unsigned char piece[100001];
	slu_sealed *s = NULL;
	slu_status st;
	size_t got;

	st = slu_sealed_open(&s, &source, ids, &told);
	CHECK(armored == v->armored || v->expect == KIT_ARMOR_FAILURE);
	while (st == SLU_OK) {
		st =
		    slu_sealed_read_at(s, out->len, piece, sizeof(piece), &got);
		CHECK_OK(slu_buf_add(out, piece, got));
	}
	slu_sealed_free(s);
	return st;
}

/*
 * Opening at offsets looks at the end first, so a file that is cut or has no
 * end gives out nothing; else it is as from front to end, in armor too.
 */
static void
decide_at_offsets(const kit_vector *v, void *arg)
{
	trial t = { .room = v->name, .pace = "at offsets", .len = v->len };
	slu_buf out = { .limit = 64 * 1024 * 1024 };
	slu_identities *ids = identities_of(v);
	size_t *armored = arg;
	slu_status st;

	*armored += v->armored;
	st = read_sealed(v, ids, &out);
	trial_must(&t, (v->hybrid ? is_for_others : is_as_expected)(v, st),
	    "it ends as the kit expects");
	if (st == SLU_EOF)
		must_be_released(&t, v, &out);
	else if (!v->has_payload)
		trial_must(&t, out.len == 0, "it gives out nothing");
	slu_identities_free(ids);
	slu_buf_free(&out);
}

static void
each_vector_ends_the_same_at_offsets(void **state)
{
	size_t armored = 0;

	(void)state;
	CHECK(kit_each(decide_at_offsets, &armored) >= KIT_VECTORS);
	CHECK(armored >= 32);
}

static void
encode_again(const kit_vector *v, void *arg)
{
	slu_buf text = { .limit = SLU_HEADER_MAX };
	slu_buf file = { .limit = 64 * 1024 * 1024 };
	slu_parser p = { 0 };
	size_t *parsed = arg, used;
	slu_status st;

	take_file(v, &file);
	st = slu_parser_feed(&p, slu_buf_front(&file), file.len, &used);
	if (v->expect != KIT_HEADER_FAILURE && v->expect != KIT_ARMOR_FAILURE)
		CHECK_OK(st);
	if (st == SLU_OK) {
		CHECK_OK(slu_header_encode(&p.header, &text));
		CHECK(text.len == p.covered);
		CHECK_OK(slu_header_encode_mac(&p.header, &text));
		CHECK_BYTES(
		    slu_buf_front(&file), used, slu_buf_front(&text), text.len);
		++*parsed;
	}
	slu_parser_free(&p);
	slu_buf_free(&text);
	slu_buf_free(&file);
}

static void
each_header_that_is_read_is_written_the_same(void **state)
{
	size_t parsed = 0;

	(void)state;
	CHECK(kit_each(encode_again, &parsed) >= KIT_VECTORS);
	print_message("%zu headers\n", parsed);
	CHECK(parsed >= 86);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_vector_ends_and_gives_out_as_the_kit_expects),
		cmocka_unit_test(
		    each_vector_ends_and_gives_out_the_same_by_threads),
		cmocka_unit_test(each_vector_ends_the_same_at_offsets),
		cmocka_unit_test(a_file_for_other_kinds_of_keys_names_them),
		cmocka_unit_test(
		    keys_that_were_passed_over_are_told_where_none_opens),
		cmocka_unit_test(each_header_that_is_read_is_written_the_same),
	};

	return cmocka_run_group_tests_name("kit", tests, NULL, NULL);
}
