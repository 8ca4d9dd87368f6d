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
read_recipients(slu_recipients *r, const char *text, size_t len,
    const slu_recipient_file_options *options)
{
	slu_bio *in = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&in, text, len));
	st = slu_recipients_read(r, in, options);
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
	CHECK_OK(read_recipients(
	    r, (const char *)slu_buf_front(&names), names.len, NULL));
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
	    read_recipients(r, "\n" SECRET, strlen("\n" SECRET), NULL));
	assert_string_equal(slu_error(),
	    "keys: line 2: a secret key where a public one is to stand");
	CHECK_IS(SLU_ERR_FORMAT, read_recipients(r, "#", 1, NULL));
	assert_string_equal(slu_error(), "keys: no key is in it");
	slu_recipients_free(r);
}

/* What was told of the lines that were passed over. */
struct told {
	char words[1000];
	slu_status answer;
};

static slu_status
tell(size_t line, const char *why, void *arg)
{
	struct told *t = arg;
	size_t len = strlen(t->words);

	snprintf(
	    t->words + len, sizeof(t->words) - len, "%zu: %s\n", line, why);
	return t->answer;
}

#define HYBRID \
	"AGE-SECRET-KEY-PQ-1HZLGZUPT4ETPKDEV8HSGFDCYZ4E522W0A7PU2LHT8EH9W6Y" \
	"LNC3SW78XKG"
#define PLUGIN "AGE-PLUGIN-YUBIKEY-1QQQSYQCYU4YR5J"

static void
a_secret_key_of_no_use_is_told_of_by_its_line(void **state)
{
	static const char text[] = "#\n" HYBRID "\n" SECRET "\n" PLUGIN "\r\n";
	struct told told = { .words = "" };
	const slu_identity_file_options options = { .passed_over = tell,
		.arg = &told };
	slu_identities *ids = NULL;
	slu_buf out = { .limit = 100 };

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(read_identities(ids, text, strlen(text), &options));
	assert_string_equal(told.words,
	    "2: a hybrid key, which is not supported\n"
	    "4: a key of the plugin yubikey, which is not supported\n");
	/* It may be all that there is, and nobody need be told. */
	CHECK_OK(read_identities(ids, HYBRID, strlen(HYBRID), NULL));
	CHECK_IS(SLU_ERR_FORMAT, slu_identities_recipients(ids, &out));
	assert_string_equal(
	    slu_error(), "keys: a hybrid key, which is not supported");
	CHECK_IS(SLU_ERR_FORMAT,
	    read_identities(ids, "\n" HYBRID "Q", strlen(HYBRID) + 2, NULL));
	assert_string_equal(slu_error(),
	    "keys: line 2: AGE-SECRET-KEY-PQ-1...: too short or too long");
	slu_identities_free(ids);
}

static void
who_is_told_of_a_secret_key_may_refuse_it(void **state)
{
	struct told told = { .words = "" };
	const slu_identity_file_options options = { .passed_over = tell,
		.arg = &told };
	slu_identities *ids = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	told.answer = slu_fail(SLU_ERR_USAGE, "test: not with me");
	CHECK_IS(SLU_ERR_USAGE,
	    read_identities(ids, "\n" PLUGIN, strlen(PLUGIN) + 1, &options));
	assert_string_equal(slu_error(), "keys: line 2: not with me");
	slu_identities_free(ids);
}

/* ssh's, as https://github.com/USER.keys may have them. */
#define EC \
	"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY" \
	"AAABBBDPFZZFaZwvN1zVenyw4vW33iW31bi4ogg9Dx9lCG+HJgMrMIHRsxfX1PvGm5" \
	"f6WcAoz6D2udJM6B3DVdXE8VhA="
#define SK \
	"sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t" \
	"AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABHNzaDo="
#define SMALL \
	"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDJE6pkRjo/gHmkWiowXT2o/t+W9Uy" \
	"nBaQolF1j0tx4A6OxlRIMQEinn+cBzoRPlkKr7JOvG8PCPnkIbP/NntyuclQwej9O4j" \
	"Tfzi2Uu9e5DcHKEMDKFgNUED4a3O+ST29wHFVMhVp1k5vblc3C6EZdZ4qBVp1kjo3mM" \
	"wbyC8YFrw=="

static void
ssh_keys_of_no_use_are_passed_over_for_who_hears_of_it(void **state)
{
	static const char text[] = EC "\n" PUBLIC "\n\n" SK " me\n" SMALL "\n";
	struct told told = { .words = "" };
	const slu_recipient_file_options options = { tell, &told };
	slu_recipients *r = NULL;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(read_recipients(r, text, strlen(text), &options));
	assert_string_equal(told.words,
	    "1: an ssh key of type ecdsa-sha2-nistp256, not ssh-ed25519 or "
	    "ssh-rsa\n"
	    "4: an ssh key of type sk-ssh-ed25519@openssh.com, not "
	    "ssh-ed25519 or ssh-rsa\n"
	    "5: ssh-rsa: a key of 1024 bits, not of 2048 to 16384\n");
	/* That one which is left is a recipient. */
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_passphrase(r, "x", 1, 10));
	CHECK_IS(SLU_ERR_FORMAT, read_recipients(r, text, strlen(text), NULL));
	assert_string_equal(slu_error(),
	    "keys: line 1: an ssh key of type ecdsa-sha2-nistp256, not "
	    "ssh-ed25519 or ssh-rsa");
	told.answer = slu_fail(SLU_ERR_USAGE, "test: not with me");
	CHECK_IS(
	    SLU_ERR_USAGE, read_recipients(r, text, strlen(text), &options));
	assert_string_equal(slu_error(), "keys: line 1: not with me");
	slu_recipients_free(r);
}

static void
a_file_in_which_all_are_passed_over_has_nobody_to_seal_for(void **state)
{
	struct told told = { .words = "" };
	const slu_recipient_file_options options = { tell, &told };
	slu_recipients *r = NULL;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	CHECK_IS(SLU_ERR_FORMAT,
	    read_recipients(r, EC "\n", strlen(EC "\n"), &options));
	assert_string_equal(
	    slu_error(), "keys: no key in it is one to seal for");
	/* None was added. */
	CHECK_OK(slu_recipients_passphrase(r, "x", 1, 10));
	slu_recipients_free(r);
}

static void
other_lines_that_are_not_to_seal_for_are_never_passed_over(void **state)
{
	static const char *const lines[][2] = {
		{ "age1pq1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4",
		    "hybrid keys and those of plugins are not supported" },
		{ "age1tag1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66m",
		    "hybrid keys and those of plugins are not supported" },
		{ "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3y"
		  "ysf5yw3rhl3t",
		    "hybrid keys and those of plugins are not supported" },
		/* Cut; another type inside; a type that nobody should print. */
		{ "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY",
		    "an ssh key that is malformed" },
		{ "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAA",
		    "an ssh key that is malformed" },
		{ "ecdsa-sha2-nistp256", "an ssh key that is malformed" },
		{ "ssh-\033 AAAABXNzaC0b", "an ssh key that is malformed" },
		{ "ssh-ed25519 AAAA", "ssh-ed25519: malformed" },
		{ "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDJ",
		    "ssh-rsa: malformed" },
		{ "command=\"x\" " EC, "not a public key" },
		{ HYBRID, "a secret key where a public one is to stand" },
	};
	struct told told = { .words = "" };
	const slu_recipient_file_options options = { tell, &told };
	slu_recipients *r = NULL;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		CHECK_IS(SLU_ERR_FORMAT, read_recipients(r, lines[i][0],
					     strlen(lines[i][0]), &options));
		CHECK_WORDS("keys: line 1: ");
		CHECK_WORDS(lines[i][1]);
	}
	assert_string_equal(told.words, "");
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

static slu_status
answer(slu_buf *passphrase, void *arg)
{
	(void)arg;
	return slu_buf_add(passphrase, PASSPHRASE, strlen(PASSPHRASE));
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

/* That one is of no use is told when the file is opened. */
static void
a_sealed_file_of_keys_tells_of_those_of_no_use_once_open(void **state)
{
	slu_buf keys = { .limit = 4096 }, file = { .limit = 4096 };
	struct told told = { .words = "" };
	const slu_identity_file_options options = { .ask = answer,
		.passed_over = tell,
		.arg = &told,
		.name = "key.age" };
	slu_identities *ids = NULL;

	(void)state;
	seal_text(&keys, HYBRID "\n" PLUGIN "\n", PASSPHRASE, 10, false);
	seal_text(&file, "hello", NULL, 0, false);
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(read_identities(
	    ids, (const char *)slu_buf_front(&keys), keys.len, &options));
	assert_string_equal(told.words, "");
	for (int i = 0; i < 2; i++) {
		CHECK_IS(SLU_ERR_NO_MATCH, open_with(&file, ids));
		assert_string_equal(slu_error(),
		    "unseal: is sealed for: X25519; passed over: a hybrid "
		    "key, which is not supported (and 1 more)");
	}
	assert_string_equal(told.words,
	    "1: a hybrid key, which is not supported\n"
	    "2: a key of the plugin yubikey, which is not supported\n");
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
		cmocka_unit_test(a_secret_key_of_no_use_is_told_of_by_its_line),
		cmocka_unit_test(who_is_told_of_a_secret_key_may_refuse_it),
		cmocka_unit_test(
		    ssh_keys_of_no_use_are_passed_over_for_who_hears_of_it),
		cmocka_unit_test(
		    a_file_in_which_all_are_passed_over_has_nobody_to_seal_for),
		cmocka_unit_test(
		    other_lines_that_are_not_to_seal_for_are_never_passed_over),
		cmocka_unit_test(long_lines_and_long_files_are_over_a_limit),
		cmocka_unit_test(
		    a_sealed_file_of_keys_is_opened_once_it_is_needed),
		cmocka_unit_test(nobody_is_asked_where_that_would_be_of_no_use),
		cmocka_unit_test(
		    a_wrong_passphrase_is_said_of_the_file_and_asked_once),
		cmocka_unit_test(
		    a_file_of_keys_over_the_work_factor_is_over_the_limit),
		cmocka_unit_test(
		    a_sealed_file_of_keys_tells_of_those_of_no_use_once_open),
		cmocka_unit_test(a_sealed_file_that_holds_no_keys_is_said_to),
		cmocka_unit_test(
		    what_a_file_of_keys_is_sealed_with_is_seen_when_it_is_read),
	};

	return cmocka_run_group_tests_name("key files", tests, NULL, NULL);
}
