/* SPDX-License-Identifier: ISC */
/* Keys that stand in files, and files of keys that are sealed themselves. */
#include "sluice/identity_file.h"
#include "sluice/recipient_file.h"

#include "check.h"

#include "sluice/armor.h"
#include "sluice/key.h"
#include "sluice/mem.h"
#include "sluice/seal.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define PUBLIC "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef"
#define SECRET \
	"AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40" \
	"Q2P2LM0"
#define FILE_OF_KEYS "# public key: " PUBLIC "\n" SECRET "\n"
#define PASSPHRASE "correct horse"

static slu_status
read_identities(slu_identities *ids, const char *text, size_t len,
    const slu_identity_file_options *options)
{
	slu_bio *in = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&in, text, len));
	st = slu_identities_read(ids, in, options);
	slu_bio_free(in);
	return st;
}

static slu_status
read_recipients(slu_recipients *r, const char *text, size_t len)
{
	slu_bio *in = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&in, text, len));
	st = slu_recipients_read(r, in);
	slu_bio_free(in);
	return st;
}

/* The public halves of what is in a file of keys. */
static void
must_name(slu_identities *ids, const char *want)
{
	slu_buf out = { .limit = 4096 };

	CHECK_OK(slu_identities_recipients(ids, &out));
	CHECK_BYTES(want, strlen(want), slu_buf_front(&out), out.len);
	slu_buf_free(&out);
}

static void
a_file_of_age_keygen_is_read_whatever_its_lines_end_in(void **state)
{
	static const char *const texts[] = {
		"# created: 2026-11-21T06:12:53Z\n" FILE_OF_KEYS,
		"# created: 2026-11-21T06:12:53Z\r\n\r\n" SECRET "\r\n",
		SECRET,
		"\n\n#\n" SECRET "\n\n# end",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		slu_identities *ids = NULL;

		CHECK_OK(slu_identities_new(&ids));
		CHECK_OK(
		    read_identities(ids, texts[i], strlen(texts[i]), NULL));
		must_name(ids, PUBLIC "\n");
		slu_identities_free(ids);
	}
}

static void
every_key_of_a_file_counts(void **state)
{
	slu_identities *ids = NULL;
	slu_buf text = { .limit = 1000 }, names = { .limit = 1000 };
	slu_recipients *r = NULL;

	(void)state;
	for (int i = 0; i < 3; i++) {
		CHECK_OK(slu_key_new(&text));
		CHECK_OK(slu_buf_add(&text, "\n", 1));
	}
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(read_identities(
	    ids, (const char *)slu_buf_front(&text), text.len, NULL));
	CHECK_OK(slu_identities_recipients(ids, &names));
	CHECK(names.len == 3 * (sizeof(PUBLIC)));
	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(
	    read_recipients(r, (const char *)slu_buf_front(&names), names.len));
	slu_recipients_free(r);
	slu_identities_free(ids);
	slu_buf_free(&names);
	slu_buf_free(&text);
}

struct bad {
	const char *text;
	slu_status st;
	const char *why;
};

static void
a_line_that_is_no_key_is_named_by_its_number(void **state)
{
	static const struct bad bad[] = {
		{ "", SLU_ERR_FORMAT, "keys: no key is in it" },
		{ "# only\n\n", SLU_ERR_FORMAT, "keys: no key is in it" },
		{ "#\n" SECRET "\nx\n", SLU_ERR_FORMAT,
		    "keys: line 3: not a secret key: those begin with "
		    "AGE-SECRET-KEY-1" },
		{ " " SECRET "\n", SLU_ERR_FORMAT,
		    "keys: line 1: not a secret key: those begin with "
		    "AGE-SECRET-KEY-1" },
		{ SECRET " \n", SLU_ERR_FORMAT,
		    "keys: line 1: AGE-SECRET-KEY-1...: too short or too "
		    "long" },
		{ PUBLIC "\n", SLU_ERR_FORMAT,
		    "keys: line 1: a public key where a secret one is to "
		    "stand" },
	};
	slu_identities *ids = NULL;
	slu_recipients *r = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_IS(bad[i].st, read_identities(ids, bad[i].text,
					strlen(bad[i].text), NULL));
		assert_string_equal(slu_error(), bad[i].why);
	}
	slu_identities_free(ids);
	CHECK_OK(slu_recipients_new(&r));
	CHECK_IS(SLU_ERR_FORMAT,
	    read_recipients(r, "\n" SECRET, strlen("\n" SECRET)));
	assert_string_equal(slu_error(),
	    "keys: line 2: a secret key where a public one is to stand");
	CHECK_IS(SLU_ERR_FORMAT, read_recipients(r, "#", 1));
	assert_string_equal(slu_error(), "keys: no key is in it");
	slu_recipients_free(r);
}

static void
long_lines_and_long_files_are_over_a_limit(void **state)
{
	const size_t len = 1024 * 1024 + 1;
	slu_identities *ids = NULL;
	char *text = malloc(len);

	(void)state;
	CHECK(text != NULL);
	memset(text, 'A', len);
	CHECK_OK(slu_identities_new(&ids));
	CHECK_IS(SLU_ERR_LIMIT, read_identities(ids, text, 8193, NULL));
	assert_string_equal(
	    slu_error(), "keys: line 1: longer than 8192 bytes");
	CHECK_IS(SLU_ERR_FORMAT, read_identities(ids, text, 8192, NULL));
	memset(text, '\n', len);
	memcpy(text, SECRET, strlen(SECRET));
	CHECK_IS(SLU_ERR_LIMIT, read_identities(ids, text, len, NULL));
	CHECK_OK(read_identities(ids, text, len - 1, NULL));
	slu_identities_free(ids);
	free(text);
}

/* Seal `text` with the passphrase, or for PUBLIC where that is NULL. */
static void
seal_text(slu_buf *file, const char *text, const char *passphrase,
    unsigned factor, bool armor)
{
	slu_recipients *r = NULL;
	slu_bio *out = NULL;
	size_t n;

	CHECK_OK(slu_recipients_new(&r));
	if (passphrase != NULL)
		CHECK_OK(slu_recipients_passphrase(
		    r, passphrase, strlen(passphrase), factor));
	else
		CHECK_OK(slu_recipients_key(r, PUBLIC, strlen(PUBLIC)));
	CHECK_OK(slu_mem_open(&out, file));
	if (armor)
		CHECK_OK(slu_armor(&out));
	CHECK_OK(slu_seal(&out, r, NULL));
	slu_recipients_free(r);
	CHECK_OK(slu_bio_write_all(out, text, strlen(text), &n));
	CHECK_OK(slu_bio_finish(out));
	slu_bio_free(out);
}

struct asked {
	const char *answer; /* NULL: nobody answers */
	unsigned times;
};

static slu_status
ask(slu_buf *passphrase, void *arg)
{
	struct asked *a = arg;

	a->times++;
	if (a->answer == NULL)
		return slu_fail(SLU_ERR_NO_MATCH, "test: nobody answers");
	return slu_buf_add(passphrase, a->answer, strlen(a->answer));
}

/* A list of what is in the sealed file of keys. */
static slu_identities *
with_sealed(const slu_buf *keys, struct asked *a, unsigned max)
{
	const slu_identity_file_options options = {
		.ask = ask, .arg = a, .max_work_factor = max, .name = "key.age"
	};
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(read_identities(
	    ids, (const char *)slu_buf_front(keys), keys->len, &options));
	return ids;
}

/* Read "hello" from `file`. */
static slu_status
open_with(const slu_buf *file, slu_identities *ids)
{
	slu_bio *in = NULL;
	slu_status st;
	char text[8];
	size_t n;

	CHECK_OK(slu_view_open(&in, slu_buf_front(file), file->len));
	CHECK_OK(slu_unseal(&in, ids, NULL));
	st = slu_bio_read(in, text, sizeof(text), &n);
	if (st == SLU_OK)
		CHECK_BYTES("hello", 5, text, n);
	slu_bio_free(in);
	return st;
}

static void
a_sealed_file_of_keys_is_opened_once_it_is_needed(void **state)
{
	slu_buf keys = { .limit = 4096 }, file = { .limit = 4096 };

	(void)state;
	seal_text(&file, "hello", NULL, 0, false);
	for (int armor = 0; armor < 2; armor++) {
		struct asked a = { .answer = PASSPHRASE };
		slu_identities *ids;

		seal_text(&keys, FILE_OF_KEYS, PASSPHRASE, 10, armor == 1);
		ids = with_sealed(&keys, &a, 0);
		CHECK(a.times == 0);
		CHECK_OK(open_with(&file, ids));
		CHECK_OK(open_with(&file, ids));
		must_name(ids, PUBLIC "\n");
		CHECK(a.times == 1);
		slu_identities_free(ids);
		slu_buf_free(&keys);
	}
	slu_buf_free(&file);
}

static void
nobody_is_asked_where_that_would_be_of_no_use(void **state)
{
	slu_buf keys = { .limit = 4096 }, file = { .limit = 4096 };
	slu_buf other = { .limit = 4096 };
	struct asked a = { .answer = PASSPHRASE };
	slu_identities *ids;

	(void)state;
	seal_text(&keys, FILE_OF_KEYS, PASSPHRASE, 10, false);
	seal_text(&file, "hello", NULL, 0, false);
	seal_text(&other, "hello", "staple", 10, false);
	ids = with_sealed(&keys, &a, 0);
	CHECK_OK(slu_identities_key(ids, SECRET, strlen(SECRET)));
	CHECK_OK(open_with(&file, ids));
	CHECK_IS(SLU_ERR_NO_MATCH, open_with(&other, ids));
	CHECK_WORDS("sealed with a passphrase, and none is given");
	CHECK(a.times == 0);
	slu_identities_free(ids);
	slu_buf_free(&keys);
	slu_buf_free(&other);
	slu_buf_free(&file);
}

static void
a_wrong_passphrase_is_said_of_the_file_and_asked_once(void **state)
{
	slu_buf keys = { .limit = 4096 }, file = { .limit = 4096 };
	struct asked a = { .answer = "staple" };
	slu_identities *ids;

	(void)state;
	seal_text(&keys, FILE_OF_KEYS, PASSPHRASE, 10, false);
	seal_text(&file, "hello", NULL, 0, false);
	ids = with_sealed(&keys, &a, 0);
	for (int i = 0; i < 2; i++) {
		CHECK_IS(SLU_ERR_NO_MATCH, open_with(&file, ids));
		assert_string_equal(
		    slu_error(), "unseal: key.age: wrong passphrase");
	}
	CHECK(a.times == 1);
	slu_identities_free(ids);
	/* Who gave no answer may be asked again. */
	a = (struct asked){ .answer = NULL };
	ids = with_sealed(&keys, &a, 0);
	CHECK_IS(SLU_ERR_NO_MATCH, open_with(&file, ids));
	assert_string_equal(slu_error(), "unseal: key.age: nobody answers");
	slu_identities_free(ids);
	slu_buf_free(&keys);
	slu_buf_free(&file);
}

static void
a_file_of_keys_over_the_work_factor_is_over_the_limit(void **state)
{
	slu_buf keys = { .limit = 4096 }, file = { .limit = 4096 };
	struct asked a = { .answer = PASSPHRASE };
	slu_identities *ids;

	(void)state;
	seal_text(&keys, FILE_OF_KEYS, PASSPHRASE, 11, false);
	seal_text(&file, "hello", NULL, 0, false);
	ids = with_sealed(&keys, &a, 10);
	CHECK_IS(SLU_ERR_LIMIT, open_with(&file, ids));
	CHECK_WORDS("unseal: key.age: work factor 11 needs ");
	CHECK(a.times == 0);
	slu_identities_free(ids);
	slu_buf_free(&keys);
	slu_buf_free(&file);
}

static void
a_sealed_file_that_holds_no_keys_is_said_to(void **state)
{
	slu_buf keys = { .limit = 4096 }, file = { .limit = 4096 };
	struct asked a = { .answer = PASSPHRASE };
	slu_identities *ids;

	(void)state;
	seal_text(&keys, "milk, eggs\n", PASSPHRASE, 10, false);
	seal_text(&file, "hello", NULL, 0, false);
	ids = with_sealed(&keys, &a, 0);
	CHECK_IS(SLU_ERR_FORMAT, open_with(&file, ids));
	CHECK_WORDS("unseal: key.age: line 1: not a secret key");
	slu_identities_free(ids);
	slu_buf_free(&keys);
	slu_buf_free(&file);
}

static void
what_a_file_of_keys_is_sealed_with_is_seen_when_it_is_read(void **state)
{
	const slu_identity_file_options options = { .ask = ask };
	slu_buf keys = { .limit = 4096 };
	slu_identities *ids = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	seal_text(&keys, FILE_OF_KEYS, NULL, 0, false);
	CHECK_IS(SLU_ERR_NO_MATCH,
	    read_identities(
		ids, (const char *)slu_buf_front(&keys), keys.len, &options));
	CHECK_WORDS("it is sealed itself, and not with a passphrase");
	CHECK_IS(SLU_ERR_TRUNCATED,
	    read_identities(
		ids, (const char *)slu_buf_front(&keys), 50, &options));
	slu_buf_free(&keys);
	seal_text(&keys, FILE_OF_KEYS, PASSPHRASE, 10, false);
	CHECK_IS(SLU_ERR_NO_MATCH,
	    read_identities(
		ids, (const char *)slu_buf_front(&keys), keys.len, NULL));
	CHECK_WORDS("nobody is to be asked for that");
	slu_identities_free(ids);
	slu_buf_free(&keys);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_file_of_age_keygen_is_read_whatever_its_lines_end_in),
		cmocka_unit_test(every_key_of_a_file_counts),
		cmocka_unit_test(a_line_that_is_no_key_is_named_by_its_number),
		cmocka_unit_test(long_lines_and_long_files_are_over_a_limit),
		cmocka_unit_test(
		    a_sealed_file_of_keys_is_opened_once_it_is_needed),
		cmocka_unit_test(nobody_is_asked_where_that_would_be_of_no_use),
		cmocka_unit_test(
		    a_wrong_passphrase_is_said_of_the_file_and_asked_once),
		cmocka_unit_test(
		    a_file_of_keys_over_the_work_factor_is_over_the_limit),
		cmocka_unit_test(a_sealed_file_that_holds_no_keys_is_said_to),
		cmocka_unit_test(
		    what_a_file_of_keys_is_sealed_with_is_seen_when_it_is_read),
	};

	return cmocka_run_group_tests_name("key files", tests, NULL, NULL);
}
