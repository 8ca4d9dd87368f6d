/* SPDX-License-Identifier: ISC */
#include "sluice/unseal.h"

#include <pthread.h>
#include <stdlib.h>

#include "check.h"
#include "sealed.h"
#include "trial.h"

#include "seal/chunk.h"
#include "seal/identity_internal.h"
#include "seal/match.h"
#include "sluice/armor.h"
#include "sluice/mem.h"
#include "sluice/seal.h"
#include "sluice/view.h"

#define PLAIN (3 * SLU_CHUNK + 100)
#define HEADER_LEN 150
#define PAYLOAD (HEADER_LEN + 16)
#define BORDER(i) (PAYLOAD + (i)*SLU_CHUNK_SEALED)

static const trial_pace whole = { .name = "whole" };

/* A sealed file, of which each test makes what it wants. */
struct fixture {
	unsigned char plain[PLAIN];
	slu_buf file;
	slu_identities *ids;
	unsigned char *bytes; /* the file's, to be changed */
	size_t len;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	CHECK(f != NULL);
	trial_plain(f->plain, PLAIN);
	f->file.limit = SEALED_ROOM;
	sealed_make(&f->file, f->plain, PLAIN);
	f->ids = sealed_identities();
	f->bytes = (unsigned char *)slu_buf_front(&f->file);
	f->len = f->file.len;
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	slu_identities_free(f->ids);
	slu_buf_free(&f->file);
	free(f);
	return 0;
}

/* Open a file to its end; checks how it ends, and how much came before. */
static void
must_end(const void *file, size_t len, slu_identities *ids, slu_status want,
    const char *words, size_t given)
{
	trial t = { .room = "unseal", .pace = whole.name, .len = len };
	slu_buf out = { .limit = SEALED_ROOM };
	slu_bio *c = NULL;

	CHECK_OK(slu_view_open(&c, file, len));
	CHECK_OK(slu_unseal(&c, ids, NULL));
	CHECK_IS(want, trial_read(&t, c, &out, &whole));
	if (words != NULL)
		assert_string_equal(slu_error(), words);
	CHECK(out.len == given);
	slu_bio_free(c);
	slu_buf_free(&out);
}

static void
a_cut_says_after_how_many_bytes(void **state)
{
	struct fixture *f = *state;

	must_end(f->bytes, 0, f->ids, SLU_ERR_FORMAT,
	    "unseal: not an age file: it is empty", 0);
	must_end(f->bytes, 1, f->ids, SLU_ERR_TRUNCATED,
	    "unseal: truncated within the header", 0);
	must_end(f->bytes, HEADER_LEN, f->ids, SLU_ERR_TRUNCATED,
	    "unseal: truncated within the header", 0);
	must_end(f->bytes, PAYLOAD - 1, f->ids, SLU_ERR_TRUNCATED,
	    "unseal: truncated within the header", 0);
	must_end(f->bytes, PAYLOAD, f->ids, SLU_ERR_TRUNCATED,
	    "unseal: truncated after 0 bytes", 0);
	must_end(f->bytes, BORDER(1), f->ids, SLU_ERR_TRUNCATED,
	    "unseal: truncated after 65536 bytes", 65536);
	must_end(f->bytes, BORDER(3), f->ids, SLU_ERR_TRUNCATED,
	    "unseal: truncated after 196608 bytes", 196608);
	must_end(f->bytes, BORDER(3) + 15, f->ids, SLU_ERR_TRUNCATED,
	    "unseal: truncated after 196608 bytes", 196608);
	must_end(f->bytes, BORDER(3) + 16, f->ids, SLU_ERR_AUTH,
	    "unseal: damaged, cut short or added to at byte 196608", 196608);
	must_end(f->bytes, f->len - 1, f->ids, SLU_ERR_AUTH,
	    "unseal: damaged, cut short or added to at byte 196608", 196608);
	must_end(f->bytes, f->len, f->ids, SLU_EOF, NULL, PLAIN);
}

/* Another MAC, as well-formed as the right one. */
static void
spoil_mac(struct fixture *f)
{
	unsigned char *c = &f->bytes[HEADER_LEN - 10];

	*c = *c == 'A' ? 'B' : 'A';
}

static void
damage_says_at_which_byte(void **state)
{
	struct fixture *f = *state;

	f->bytes[f->len - 1] ^= 1;
	must_end(f->bytes, f->len, f->ids, SLU_ERR_AUTH,
	    "unseal: damaged, cut short or added to at byte 196608", 196608);
	f->bytes[BORDER(1) + 5] ^= 1;
	must_end(f->bytes, f->len, f->ids, SLU_ERR_AUTH,
	    "unseal: damaged at byte 65536", 65536);
	f->bytes[HEADER_LEN] ^= 1;
	must_end(f->bytes, f->len, f->ids, SLU_ERR_AUTH,
	    "unseal: damaged at byte 0", 0);
	spoil_mac(f);
	must_end(f->bytes, f->len, f->ids, SLU_ERR_AUTH,
	    "unseal: the header was forged or damaged", 0);
	f->bytes[0] ^= 1;
	must_end(f->bytes, f->len, f->ids, SLU_ERR_FORMAT,
	    "unseal: not an age file", 0);
}

static void
data_behind_the_end_says_at_which_byte_of_the_file(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM };
	struct fixture *f = *state;

	sealed_make(&file, f->plain, 2 * SLU_CHUNK);
	CHECK(file.len == BORDER(2));
	CHECK_OK(slu_buf_add(&file, "x", 1));
	must_end(slu_buf_front(&file), file.len, f->ids, SLU_ERR_FORMAT,
	    "unseal: data after the end, at byte 131270", 2 * SLU_CHUNK);
	slu_buf_free(&file);
}

static void
damage_behind_what_a_read_can_give_waits_for_the_next(void **state)
{
	struct fixture *f = *state;
	unsigned char *buf = malloc(4 * SLU_CHUNK);
	slu_bio *c = NULL;
	size_t got;

	CHECK(buf != NULL);
	f->bytes[BORDER(2)] ^= 1;
	CHECK_OK(slu_view_open(&c, f->bytes, f->len));
	CHECK_OK(slu_unseal(&c, f->ids, NULL));
	CHECK_OK(slu_bio_read(c, buf, 4 * SLU_CHUNK, &got));
	CHECK_BYTES(f->plain, got, buf, got);
	while (got < 2 * SLU_CHUNK) {
		size_t n;

		CHECK_OK(slu_bio_read(c, buf, 4 * SLU_CHUNK, &n));
		got += n;
	}
	CHECK(got == 2 * SLU_CHUNK);
	memset(buf, 0xaa, 4 * SLU_CHUNK);
	CHECK_IS(SLU_ERR_AUTH, slu_bio_read(c, buf, 4 * SLU_CHUNK, &got));
	CHECK_WORDS("unseal: damaged at byte 131072");
	/* What was opened on trial is gone from the reader's buffer. */
	for (size_t i = 0; i < SLU_CHUNK; i++)
		CHECK(buf[i] == 0);
	slu_bio_free(c);
	free(buf);
}

/* A source that has only so much for now, and waits then. */
struct trickle {
	const unsigned char *data;
	size_t at;
	size_t until;
};

static slu_status
trickle_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct trickle **t = self, *from = *t;
	size_t n = from->until - from->at;

	(void)next;
	if (n == 0)
		return SLU_WANT_READ;
	n = n < cap ? n : cap;
	memcpy(buf, from->data + from->at, n);
	from->at += n;
	*got = n;
	return SLU_OK;
}

static const slu_bio_ops trickle_ops = {
	.name = "trickle",
	.size = sizeof(struct trickle *),
	.read = trickle_read,
};

static void
a_chunk_is_given_out_as_soon_as_it_is_there(void **state)
{
	struct fixture *f = *state;
	struct trickle t = { .data = f->bytes }, **source;
	unsigned char *buf = malloc(SLU_CHUNK);
	slu_bio *c = NULL;
	size_t got;

	CHECK(buf != NULL);
	source = slu_bio_push(&c, &trickle_ops);
	CHECK(source != NULL);
	*source = &t;
	CHECK_OK(slu_unseal(&c, f->ids, NULL));
	for (size_t i = 0; i < 3; i++) {
		t.until = BORDER(i + 1) - 1;
		CHECK_IS(SLU_WANT_READ, slu_bio_read(c, buf, SLU_CHUNK, &got));
		t.until = BORDER(i + 1);
		CHECK_OK(slu_bio_read(c, buf, SLU_CHUNK, &got));
		CHECK_BYTES(f->plain + i * SLU_CHUNK, SLU_CHUNK, buf, got);
	}
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, buf, SLU_CHUNK, &got));
	slu_bio_free(c);
	free(buf);
}

/* Try passphrases, each with its limit, on a file made for `correct horse`. */
static slu_status
try_passphrases(
    const struct fixture *f, const char *const *words, const unsigned *most)
{
	slu_identities *ids = NULL;
	slu_bio *c = NULL;
	unsigned char byte;
	slu_status st;
	size_t got;

	CHECK_OK(slu_identities_new(&ids));
	for (size_t i = 0; words[i] != NULL; i++)
		CHECK_OK(slu_identities_passphrase(
		    ids, words[i], strlen(words[i]), most[i]));
	CHECK_OK(slu_view_open(&c, f->bytes, f->len));
	CHECK_OK(slu_unseal(&c, ids, NULL));
	slu_identities_free(ids);
	st = slu_bio_read(c, &byte, 1, &got);
	slu_bio_free(c);
	return st;
}

static void
any_of_several_passphrases_opens(void **state)
{
	const char *words[] = { "wrong", SEALED_PASSPHRASE, "other", NULL };
	const char *wrong[] = { "wrong", "other", NULL };
	const char *none[] = { NULL };
	const unsigned most[] = { 0, 0, 0 };

	CHECK_OK(try_passphrases(*state, words, most));
	CHECK_IS(SLU_ERR_NO_MATCH, try_passphrases(*state, wrong, most));
	assert_string_equal(slu_error(), "unseal: wrong passphrase");
	CHECK_IS(SLU_ERR_NO_MATCH, try_passphrases(*state, none, most));
	assert_string_equal(
	    slu_error(), "unseal: sealed with a passphrase, and none is given");
}

static void
the_answer_that_says_most_counts(void **state)
{
	const char *words[] = { SEALED_PASSPHRASE, "wrong", NULL };
	const char *both[] = { SEALED_PASSPHRASE, SEALED_PASSPHRASE, NULL };
	const unsigned first[] = { 9, 0 }, last[] = { 0, 9 };
	struct fixture *f = *state;

	/* What was not tried might open it: to say "wrong" would be wrong. */
	CHECK_IS(SLU_ERR_LIMIT, try_passphrases(f, words, first));
	assert_string_equal(slu_error(),
	    "unseal: work factor 10 needs 1 MiB of memory; limit is 9");
	CHECK_OK(try_passphrases(f, both, first));
	CHECK_OK(try_passphrases(f, both, last));
	spoil_mac(f);
	CHECK_IS(SLU_ERR_AUTH, try_passphrases(f, both, first));
	CHECK_IS(SLU_ERR_AUTH, try_passphrases(f, both, last));
}

static void
others_recipients_are_named(void **state)
{
#define V1 "age-encryption.org/v1\n"
#define END "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
	static const char *const cases[][2] = {
		{ V1 "-> piv-p256 a\n\n" END, "piv-p256" },
		{ V1 "-> x25519 a\n\n-> x25519 b\n\n" END, "x25519" },
		{ V1 "-> x25519 a\n\n-> 7t/-grease b\n\n" END, "x25519" },
		{ V1 "-> b-grease\n\n" END, "nobody" },
		{ V1 "-> -grease\n\n" END, "nobody" },
		{ V1 "-> a\n\n-> b\n\n" END, "a, b" },
		{ V1 "-> a\n\n-> b\n\n-> c\n\n-> d\n\n-> e\n\n" END,
		    "a, b, c, others" },
		{ V1 "-> 0123456789012345678901234567890123\n\n" END,
		    "01234567890123456789012345678901" },
	};
	struct fixture *f = *state;
	char words[SLU_ERROR_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(words, sizeof(words), "unseal: is sealed for: %s",
		    cases[i][1]);
		must_end(cases[i][0], strlen(cases[i][0]), f->ids,
		    SLU_ERR_NO_MATCH, words, 0);
	}
}

/* Whether a file for these stanzas is told to take another program. */
static bool
is_foreign(const char *stanzas, slu_status want)
{
	trial t = { .room = "unseal", .pace = whole.name };
	slu_identities *ids = sealed_key_identities();
	slu_buf out = { .limit = SEALED_ROOM };
	bool foreign = true;
	slu_bio *c = NULL;
	char file[1000];

	snprintf(file, sizeof(file), V1 "%s" END, stanzas);
	CHECK_OK(slu_view_open(&c, file, strlen(file)));
	CHECK_OK(
	    slu_unseal(&c, ids, &(slu_unseal_options){ .foreign = &foreign }));
	CHECK(!foreign);
	CHECK_IS(want, trial_read(&t, c, &out, &whole));
	slu_bio_free(c);
	slu_buf_free(&out);
	slu_identities_free(ids);
	return foreign;
}

#define SHARE "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define BODY "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"

static void
a_file_that_only_other_programs_open_is_told(void **state)
{
	(void)state;
	CHECK(is_foreign("-> mlkem768x25519 a\n\n", SLU_ERR_NO_MATCH));
	CHECK(
	    is_foreign("-> p256tag a b\n\n-> x-grease\n\n", SLU_ERR_NO_MATCH));
	CHECK(!is_foreign(
	    "-> p256tag a\n\n-> X25519 " SHARE "\n" BODY, SLU_ERR_NO_MATCH));
	CHECK(!is_foreign("-> ssh-rsa AAAAAA\n\n", SLU_ERR_NO_MATCH));
	CHECK(!is_foreign(
	    "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\n" BODY, SLU_ERR_NO_MATCH));
	CHECK(!is_foreign("-> p256tag a\n\n-> X25519 a\n\n", SLU_ERR_FORMAT));
}

static void
a_malformed_passphrase_stanza_is_refused_whatever_we_hold(void **state)
{
	static const char beside[] =
	    V1 "-> X25519 a\n\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\n"
	       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" END;
	unsigned char key[SLU_FILE_KEY] = { 0 };
	slu_identities *ids = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	must_end(beside, strlen(beside), ids, SLU_ERR_FORMAT,
	    "unseal: damaged header at byte 35: scrypt is not the only stanza",
	    0);
	CHECK_OK(slu_identities_file_key(ids, key));
	must_end(beside, strlen(beside), ids, SLU_ERR_FORMAT,
	    "unseal: damaged header at byte 35: scrypt is not the only stanza",
	    0);
	slu_identities_free(ids);
}

/* How reading `file` with these identities begins, and what is told. */
static slu_status
begin(const void *file, size_t len, slu_identities *ids, unsigned *over_limit,
    bool *armored)
{
	slu_bio *c = NULL;
	slu_status st;
	char byte;
	size_t n;

	*over_limit = 1;
	*armored = true;
	CHECK_OK(slu_view_open(&c, file, len));
	CHECK_OK(slu_unseal(&c, ids,
	    &(slu_unseal_options){
		.over_limit = over_limit, .armored = armored }));
	CHECK(*over_limit == 0 && !*armored);
	st = slu_bio_read(c, &byte, 1, &n);
	slu_bio_free(c);
	return st;
}

static void
a_work_factor_over_a_limit_is_told(void **state)
{
	struct fixture *f = *state;
	slu_identities *ids = NULL;
	unsigned over;
	bool armored;

	CHECK_OK(begin(f->bytes, f->len, f->ids, &over, &armored));
	CHECK(over == 0 && !armored);
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(
	    slu_identities_passphrase(ids, "x", 1, SLU_WORK_FACTOR_MIN - 1));
	CHECK_IS(SLU_ERR_LIMIT, begin(f->bytes, f->len, ids, &over, &armored));
	CHECK(over == SLU_WORK_FACTOR_MIN && !armored);
	slu_identities_free(ids);
	ids = NULL;
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_passphrase(ids, "x", 1, SLU_WORK_FACTOR_MIN));
	CHECK_IS(
	    SLU_ERR_NO_MATCH, begin(f->bytes, f->len, ids, &over, &armored));
	CHECK(over == 0 && !armored);
	slu_identities_free(ids);
}

/* Put `file` into armor. */
static void
put_on_armor(slu_buf *out, const void *file, size_t len)
{
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, out));
	CHECK_OK(slu_armor(&c));
	CHECK_OK(slu_bio_write_all(c, file, len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

static void
armor_comes_off_and_is_told(void **state)
{
	slu_buf text = { .limit = SEALED_ROOM };
	struct fixture *f = *state;
	unsigned over;
	bool armored;

	CHECK_OK(begin(f->bytes, f->len, f->ids, &over, &armored));
	CHECK(!armored && over == 0);
	put_on_armor(&text, f->bytes, f->len);
	CHECK_OK(
	    begin(slu_buf_front(&text), text.len, f->ids, &over, &armored));
	CHECK(armored && over == 0);
	CHECK_IS(SLU_ERR_TRUNCATED,
	    begin(slu_buf_front(&text), 35, f->ids, &over, &armored));
	CHECK(armored && over == 0);
	slu_buf_free(&text);
}

static void
what_begins_like_armor_and_is_none_is_no_age_file(void **state)
{
	static const char *const texts[] = { "-----BEGIN PGP MESSAGE-----\n",
		"-", " age-encryption.org/v1\n", "\n\n", "- item\n- item\n" };
	struct fixture *f = *state;
	unsigned over;
	bool armored;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		slu_status st =
		    strlen(texts[i]) == 1 ? SLU_ERR_TRUNCATED : SLU_ERR_FORMAT;

		CHECK_IS(st,
		    begin(texts[i], strlen(texts[i]), f->ids, &over, &armored));
		if (st == SLU_ERR_FORMAT)
			CHECK_WORDS("unseal: not an age file");
		CHECK(!armored && over == 0);
	}
}

static void
armor_under_armor_is_none_of_ours(void **state)
{
	slu_buf one = { .limit = SEALED_ROOM }, two = { .limit = SEALED_ROOM };
	struct fixture *f = *state;
	unsigned over;
	bool armored;

	put_on_armor(&one, f->bytes, f->len);
	put_on_armor(&two, slu_buf_front(&one), one.len);
	CHECK_IS(SLU_ERR_FORMAT,
	    begin(slu_buf_front(&two), two.len, f->ids, &over, &armored));
	CHECK_WORDS("unseal: an age file in armor, which has to come off");
	slu_buf_free(&one);
	slu_buf_free(&two);
}

static void
without_a_limit_of_its_own_a_passphrase_has_ours(void **state)
{
	static const char dear[] =
	    V1 "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 23\n"
	       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" END;
	slu_identities *ids = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_passphrase(ids, "x", 1, 0));
	must_end(dear, strlen(dear), ids, SLU_ERR_LIMIT,
	    "unseal: work factor 23 needs 8 GiB of memory; limit is 22", 0);
	slu_identities_free(ids);
}

static void
a_forged_header_gives_no_key(void **state)
{
	unsigned char key[SLU_FILE_KEY], none[SLU_FILE_KEY] = { 0 };
	struct fixture *f = *state;
	slu_parser p = { 0 };
	slu_match_told told;
	size_t used;

	spoil_mac(f);
	CHECK_OK(slu_parser_feed(&p, f->bytes, f->len, &used));
	memset(key, 0xaa, sizeof(key));
	CHECK_IS(SLU_ERR_AUTH, slu_match(f->ids, &p, key, &told));
	CHECK_BYTES(none, sizeof(none), key, sizeof(key));
	slu_parser_free(&p);
}

/* Of the longest passphrase, as of any other. */
static void
every_byte_of_a_passphrase_counts(void **state)
{
	unsigned char words[SLU_PASSPHRASE_MAX];
	slu_buf file = { .limit = SEALED_ROOM };
	slu_identities *right = NULL, *wrong = NULL;
	slu_recipients *r = NULL;
	slu_bio *c = NULL;

	(void)state;
	memset(words, 'x', sizeof(words));
	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(
	    slu_recipients_passphrase(r, words, sizeof(words), SEALED_FACTOR));
	CHECK_OK(slu_identities_new(&right));
	CHECK_OK(slu_identities_new(&wrong));
	CHECK_OK(slu_identities_passphrase(right, words, sizeof(words), 0));
	words[SLU_PASSPHRASE_MAX - 1] = 'y';
	CHECK_OK(slu_identities_passphrase(wrong, words, sizeof(words), 0));
	CHECK_OK(slu_mem_open(&c, &file));
	CHECK_OK(slu_seal(&c, r, NULL));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	must_end(slu_buf_front(&file), file.len, wrong, SLU_ERR_NO_MATCH,
	    "unseal: wrong passphrase", 0);
	must_end(slu_buf_front(&file), file.len, right, SLU_EOF, NULL, 0);
	slu_recipients_free(r);
	slu_identities_free(right);
	slu_identities_free(wrong);
	slu_buf_free(&file);
}

static void
an_empty_file_is_one_empty_chunk(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM };
	struct fixture *f = *state;

	sealed_make(&file, "", 0);
	CHECK(file.len == PAYLOAD + 16);
	must_end(slu_buf_front(&file), file.len, f->ids, SLU_EOF, NULL, 0);
	slu_buf_free(&file);
}

/* Whoever has the key could write it, and another length would mean it. */
static void
an_empty_chunk_behind_others_is_refused(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM };
	struct fixture *f = *state;
	unsigned char key[SLU_KEY_SIZE], *bytes;
	slu_identities *ids;
	slu_aead *a = NULL;

	sealed_make(&file, f->plain, SLU_CHUNK + 1);
	bytes = (unsigned char *)slu_buf_front(&file);
	ids = sealed_file_key(bytes, file.len);
	CHECK_OK(slu_kdf_payload(
	    key, slu_identities_first(ids)->secret, bytes + HEADER_LEN));
	CHECK_OK(slu_aead_new(&a, key));
	CHECK_OK(
	    slu_chunk_seal(a, 1, SLU_CHUNK_LAST, NULL, 0, bytes + BORDER(1)));
	must_end(bytes, BORDER(1) + SLU_TAG_SIZE, ids, SLU_ERR_FORMAT,
	    "unseal: an empty chunk at byte 65718", SLU_CHUNK);
	slu_aead_free(a);
	slu_identities_free(ids);
	slu_buf_free(&file);
}

/* A source whose end is not the last it has to say. */
static slu_status
undecided_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct trickle **t = self, *from = *t;

	if (from->at < from->until)
		return trickle_read(self, next, buf, cap, got);
	from->until++;
	return SLU_EOF;
}

static const slu_bio_ops undecided_ops = {
	.name = "undecided",
	.size = sizeof(struct trickle *),
	.read = undecided_read,
};

static void
an_end_below_is_believed_once_and_for_all(void **state)
{
	struct fixture *f = *state;
	struct trickle t = { .data = f->bytes, .until = f->len - 1 }, **source;
	slu_bio *c = NULL;
	unsigned char *buf = malloc(SLU_CHUNK);
	slu_status st;
	size_t got;

	CHECK(buf != NULL);
	source = slu_bio_push(&c, &undecided_ops);
	CHECK(source != NULL);
	*source = &t;
	CHECK_OK(slu_unseal(&c, f->ids, NULL));
	do {
		st = slu_bio_read(c, buf, SLU_CHUNK, &got);
	} while (st == SLU_OK);
	CHECK_IS(SLU_ERR_AUTH, st);
	CHECK(t.until == f->len);
	slu_bio_free(c);
	free(buf);
}

static void
a_list_of_identities_has_bounds(void **state)
{
	char longest[SLU_PASSPHRASE_MAX + 1] = "";
	slu_identities *ids = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	CHECK_IS(SLU_ERR_USAGE, slu_identities_passphrase(ids, "", 0, 0));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_identities_passphrase(ids, longest, sizeof(longest), 0));
	CHECK_IS(SLU_ERR_USAGE, slu_identities_passphrase(
				    ids, "x", 1, SLU_WORK_FACTOR_CEILING + 1));
	CHECK_OK(
	    slu_identities_passphrase(ids, "x", 1, SLU_WORK_FACTOR_CEILING));
	for (int i = 1; i < SLU_IDENTITIES_MAX; i++)
		CHECK_OK(slu_identities_passphrase(ids, "x", 1, 0));
	CHECK_IS(SLU_ERR_LIMIT, slu_identities_passphrase(ids, "x", 1, 0));
	CHECK_WORDS("more than 1024 identities");
	slu_identities_free(ids);
	slu_identities_free(NULL);
}

struct reader {
	const struct fixture *f;
	slu_bio *c;
	size_t got;
	slu_status st;
};

static void *
read_all(void *arg)
{
	struct reader *r = arg;
	unsigned char buf[4096];
	size_t got;

	while ((r->st = slu_bio_read(r->c, buf, sizeof(buf), &got)) == SLU_OK)
		r->got += got;
	slu_bio_free(r->c);
	return NULL;
}

/* The list is let go by each thread in its own time, and by us before all. */
static void
chains_in_several_threads_may_share_identities(void **state)
{
	enum { THREADS = 4 };
	struct fixture *f = *state;
	struct reader readers[THREADS] = { 0 };
	pthread_t threads[THREADS];

	for (size_t i = 0; i < THREADS; i++) {
		CHECK_OK(slu_view_open(&readers[i].c, f->bytes, f->len));
		CHECK_OK(slu_unseal(&readers[i].c, f->ids, NULL));
	}
	slu_identities_free(f->ids);
	f->ids = NULL;
	for (size_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(
			  &threads[i], NULL, read_all, &readers[i]) == 0);
	for (size_t i = 0; i < THREADS; i++) {
		CHECK(pthread_join(threads[i], NULL) == 0);
		CHECK(readers[i].st == SLU_EOF && readers[i].got == PLAIN);
	}
}

#define FILE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(a_cut_says_after_how_many_bytes),
		FILE_TEST(damage_says_at_which_byte),
		FILE_TEST(data_behind_the_end_says_at_which_byte_of_the_file),
		FILE_TEST(
		    damage_behind_what_a_read_can_give_waits_for_the_next),
		FILE_TEST(a_chunk_is_given_out_as_soon_as_it_is_there),
		FILE_TEST(any_of_several_passphrases_opens),
		FILE_TEST(the_answer_that_says_most_counts),
		FILE_TEST(others_recipients_are_named),
		cmocka_unit_test(a_file_that_only_other_programs_open_is_told),
		FILE_TEST(
		    a_malformed_passphrase_stanza_is_refused_whatever_we_hold),
		FILE_TEST(a_work_factor_over_a_limit_is_told),
		FILE_TEST(armor_comes_off_and_is_told),
		FILE_TEST(what_begins_like_armor_and_is_none_is_no_age_file),
		FILE_TEST(armor_under_armor_is_none_of_ours),
		cmocka_unit_test(
		    without_a_limit_of_its_own_a_passphrase_has_ours),
		FILE_TEST(a_forged_header_gives_no_key),
		cmocka_unit_test(every_byte_of_a_passphrase_counts),
		FILE_TEST(an_empty_file_is_one_empty_chunk),
		FILE_TEST(an_empty_chunk_behind_others_is_refused),
		FILE_TEST(an_end_below_is_believed_once_and_for_all),
		cmocka_unit_test(a_list_of_identities_has_bounds),
		FILE_TEST(chains_in_several_threads_may_share_identities),
	};

	return cmocka_run_group_tests_name("unseal", tests, NULL, NULL);
}
