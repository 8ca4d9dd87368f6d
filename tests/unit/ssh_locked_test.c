/* SPDX-License-Identifier: ISC */
/*
 * ssh's keys that a passphrase protects; ssh-keygen made those here for this,
 * with a single round of bcrypt, and they serve nobody.
 */
#include "seal/bcrypt.h"

#include "check.h"
#include "sealed.h"

#include "seal/raw64.h"
#include "seal/ssh_file.h"
#include "sluice/base64.h"
#include "sluice/copy.h"
#include "sluice/identity_file.h"
#include "sluice/mem.h"
#include "sluice/recipient.h"
#include "sluice/seal.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define PASSPHRASE "correct horse battery staple ssh!"

#define CTR \
	"b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABBTNLvz" \
	"vuwP+r+aVTSEt5SJAAAAAQAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIOEYzh1vmN0+" \
	"yTNSkfl/JaD+3kqwUCgU7MOaRbSUrkNcAAAAkO/fsoj2b/0p3kwK0o90xw8EJX83JFbH" \
	"gOPGX42mJ7eGsxkgLNdjf7iG4p/4FUX/9woTQ/NGFMdwIFdyVj0N2rlm4dxEAaserVPz" \
	"/cJw1W0Xfz6mp/VjFXzyH+Aro8cNFspneJytUy1WK5pBbFS8fEJjM1oBfaLLpyemDcvU" \
	"zw3sSXofX8G7NgPEwPidTcA0Zg=="
#define CBC \
	"b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jYmMAAAAGYmNyeXB0AAAAGAAAABC51HeE" \
	"y3Lv/iAG1L0NQQVLAAAAAQAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAICbjxyAILY4q" \
	"waqYkS0d3VI2Jjrolsoh52YwCdbnGGNtAAAAkEheN8wmyDo54+ijf35b1n7iFBVYXh/L" \
	"jEx747JPMOqDWljxPHNqLw/XGjW/3vKaKAHIBkNB/9VsaPNgQfj3g/q5LuhTRtWI8C9r" \
	"dtXJ5Qd/z1Qjiu9nqrHnWkjfXHNsxEgB08i6goMC3F/H1pOUjMxibklbv0MV/DWdPlYJ" \
	"xm3sUGKtuzhJGS/G+uhefeROLg=="
#define GCM \
	"b3BlbnNzaC1rZXktdjEAAAAAFmFlczI1Ni1nY21Ab3BlbnNzaC5jb20AAAAGYmNyeXB0" \
	"AAAAGAAAABCscfFkw13mdrLEBaIAHiEjAAAAAQAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5" \
	"AAAAIKvcuL05dj4tR4I6UiOjXIFobNr/llKJoj+Z+NuCXU/1AAAAkBhj6Kkfb6s31qD3" \
	"BVBRto8qlEoSLxn4WXkXyXb8bJQX31xvmbX8m9CGNc1GwFzjpYMHQhOefHiBRyWVElTi" \
	"2qJK/VFCq3XtY9GIDqJR68YVgfTiwhPaCijNlArJh9pfhxWM8axn4rz6jtFv6C7Ll+vw" \
	"CcsGmEcS4mCB9iux1ywLnTDvyLsuF80ym1sME1Z5Uo/+iRyL2yHlz0P4QbS8Aek="

static const struct locked {
	const char *file; /* between its first line and the last */
	const char *public;
} keys[] = {
	{ CTR,
	    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOEYzh1vmN0+yTNSkfl/JaD+3kqw"
	    "UCgU7MOaRbSUrkNc" },
	{ CBC,
	    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICbjxyAILY4qwaqYkS0d3VI2Jjro"
	    "lsoh52YwCdbnGGNt" },
	{ GCM,
	    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKvcuL05dj4tR4I6UiOjXIFobNr/"
	    "llKJoj+Z+NuCXU/1" },
};

#define NKEYS (sizeof(keys) / sizeof(keys[0]))

/* Where these things are in the first of them. */
enum { CIPHER_AT = 19, KDF_AT = 33, SALT_AT = 43, ROUNDS_AT = 63 };

static void
skip_without_botan(void)
{
	slu_bcrypt b = { 0 };
	bool is_there = slu_bcrypt_load(&b) == SLU_OK;

	slu_bcrypt_free(&b);
	if (is_there)
		return;
	print_message("skipped: %s\n", slu_error());
	skip();
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
		return slu_fail(SLU_ERR_IO, "test: nobody answers");
	return slu_buf_add(passphrase, a->answer, strlen(a->answer));
}

static slu_buf
text_of(const char *base64, size_t len)
{
	slu_buf text = { .limit = 100000 };

	CHECK_OK(slu_buf_add(&text, SLU_SSH_PRIVATE "\n", 36));
	CHECK_OK(slu_buf_add(&text, base64, len));
	CHECK_OK(
	    slu_buf_add(&text, "\n-----END OPENSSH PRIVATE KEY-----\n", 35));
	return text;
}

/* Add the key in a text, which this frees. */
static slu_status
add_text(slu_identities *ids, slu_buf *text, struct asked *a)
{
	const slu_identity_file_options options = {
		.ask = a == NULL ? NULL : ask, .arg = a, .name = "id"
	};
	slu_bio *in = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&in, slu_buf_front(text), text->len));
	st = slu_identities_read(ids, in, &options);
	slu_bio_free(in);
	slu_buf_free(text);
	return st;
}

static slu_status
add_key(slu_identities *ids, size_t i, struct asked *a)
{
	slu_buf text = text_of(keys[i].file, strlen(keys[i].file));

	return add_text(ids, &text, a);
}

static slu_buf
seal_for(const char *public)
{
	slu_buf file = { .limit = 8192 };
	slu_recipients *r = NULL;
	slu_bio *out = NULL;
	size_t put;

	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_key(r, public, strlen(public)));
	CHECK_OK(slu_mem_open(&out, &file));
	CHECK_OK(slu_seal(&out, r, NULL));
	slu_recipients_free(r);
	CHECK_OK(slu_bio_write_all(out, "hello", 5, &put));
	CHECK_OK(slu_bio_finish(out));
	slu_bio_free(out);
	return file;
}

/* Read "hello" from what is sealed for that key. */
static slu_status
open_for(size_t i, slu_identities *ids)
{
	slu_buf file = seal_for(keys[i].public);
	slu_bio *in = NULL;
	slu_status st;
	char text[8];
	size_t n;

	CHECK_OK(slu_view_open(&in, slu_buf_front(&file), file.len));
	CHECK_OK(slu_unseal(&in, ids, NULL));
	st = slu_bio_read(in, text, sizeof(text), &n);
	if (st == SLU_OK)
		CHECK_BYTES("hello", 5, text, n);
	slu_bio_free(in);
	slu_buf_free(&file);
	return st;
}

static void
each_cipher_opens_and_its_passphrase_is_asked_for_once(void **state)
{
	(void)state;
	skip_without_botan();
	for (size_t i = 0; i < NKEYS; i++) {
		struct asked a = { .answer = PASSPHRASE };
		slu_identities *ids = NULL;

		CHECK_OK(slu_identities_new(&ids));
		CHECK_OK(add_key(ids, i, &a));
		CHECK(a.times == 0);
		CHECK_OK(open_for(i, ids));
		CHECK_OK(open_for(i, ids));
		CHECK(a.times == 1);
		slu_identities_free(ids);
	}
}

/* Of three keys, only that one's owner is asked whom the file is for. */
static void
who_cannot_open_a_file_is_not_asked(void **state)
{
	struct asked a[NKEYS] = { { NULL, 0 } };
	slu_identities *ids = NULL;

	(void)state;
	skip_without_botan();
	CHECK_OK(slu_identities_new(&ids));
	for (size_t i = 0; i + 1 < NKEYS; i++) {
		a[i].answer = PASSPHRASE;
		CHECK_OK(add_key(ids, i, &a[i]));
	}
	CHECK_IS(SLU_ERR_NO_MATCH, open_for(NKEYS - 1, ids));
	assert_string_equal(slu_error(),
	    "unseal: is sealed for: ssh-ed25519; no key that is given opens "
	    "it");
	CHECK(a[0].times == 0 && a[1].times == 0);
	CHECK_OK(open_for(1, ids));
	CHECK(a[0].times == 0 && a[1].times == 1);
	slu_identities_free(ids);
}

static void
a_wrong_passphrase_is_said_of_the_key_and_asked_once(void **state)
{
	(void)state;
	skip_without_botan();
	for (size_t i = 0; i < NKEYS; i++) {
		struct asked a = { .answer = "staple" };
		slu_identities *ids = NULL;

		CHECK_OK(slu_identities_new(&ids));
		CHECK_OK(add_key(ids, i, &a));
		for (int k = 0; k < 2; k++) {
			CHECK_IS(SLU_ERR_NO_MATCH, open_for(i, ids));
			assert_string_equal(
			    slu_error(), "unseal: id: wrong passphrase");
		}
		CHECK(a.times == 1);
		slu_identities_free(ids);
	}
}

static void
who_did_not_answer_is_asked_again(void **state)
{
	struct asked a = { 0 };
	slu_identities *ids = NULL;

	(void)state;
	skip_without_botan();
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(add_key(ids, 0, &a));
	CHECK_IS(SLU_ERR_IO, open_for(0, ids));
	assert_string_equal(slu_error(), "unseal: id: nobody answers");
	a.answer = "";
	CHECK_IS(SLU_ERR_USAGE, open_for(0, ids));
	assert_string_equal(slu_error(), "unseal: id: no passphrase was given");
	a.answer = PASSPHRASE;
	CHECK_OK(open_for(0, ids));
	slu_identities_free(ids);
}

static void
the_public_half_is_named_without_the_passphrase(void **state)
{
	struct asked a = { 0 };
	slu_identities *ids = NULL;
	slu_buf names = { .limit = 4096 };

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(add_key(ids, 0, &a));
	CHECK_OK(slu_identities_recipients(ids, &names));
	CHECK(a.times == 0 && names.len == strlen(keys[0].public) + 1);
	CHECK_BYTES(keys[0].public, names.len - 1, slu_buf_front(&names),
	    names.len - 1);
	slu_buf_free(&names);
	slu_identities_free(ids);
}

static void
where_nobody_is_to_be_asked_it_is_no_match_at_once(void **state)
{
	slu_identities *ids = NULL;

	(void)state;
	CHECK_OK(slu_identities_new(&ids));
	CHECK_IS(SLU_ERR_NO_MATCH, add_key(ids, 0, NULL));
	CHECK_WORDS("nobody is to be asked");
	slu_identities_free(ids);
}

/* The first key's bytes, with some in the place of others. */
static slu_status
read_changed(size_t at, const char *bytes, size_t len)
{
	slu_buf wire = { .limit = 4096 }, text;
	struct asked a = { 0 };
	slu_identities *ids = NULL;
	char base64[800];
	slu_status st;

	CHECK_OK(slu_ssh_decode(&wire, CTR, strlen(CTR)));
	memcpy(wire.mem + wire.off + at, bytes, len);
	memset(base64, '=', sizeof(base64));
	slu_raw64_encode(base64, slu_buf_front(&wire), wire.len);
	text = text_of(base64, (wire.len + 2) / 3 * 4);
	slu_buf_free(&wire);
	CHECK_OK(slu_identities_new(&ids));
	st = add_text(ids, &text, &a);
	slu_identities_free(ids);
	return st;
}

static void
what_a_passphrase_may_cost_is_limited(void **state)
{
	(void)state;
	CHECK_OK(read_changed(ROUNDS_AT, "\0\0\x27\x10", 4));
	CHECK_IS(SLU_ERR_LIMIT, read_changed(ROUNDS_AT, "\0\0\x27\x11", 4));
	CHECK_WORDS("more than 10000 rounds of bcrypt");
	CHECK_IS(SLU_ERR_LIMIT, read_changed(ROUNDS_AT, "\xff\xff\xff\xff", 4));
	CHECK_IS(SLU_ERR_FORMAT, read_changed(ROUNDS_AT, "\0\0\0\0", 4));
}

static void
what_is_malformed_is_refused_before_anybody_is_asked(void **state)
{
	(void)state;
	CHECK_IS(SLU_ERR_FORMAT, read_changed(CIPHER_AT, "aes257", 6));
	CHECK_WORDS("protected otherwise than by AES and bcrypt");
	CHECK_IS(SLU_ERR_FORMAT, read_changed(KDF_AT, "scrypt", 6));
	CHECK_WORDS("protected otherwise than by AES and bcrypt");
	/* A salt that is longer than what holds it, or shorter. */
	CHECK_IS(SLU_ERR_FORMAT, read_changed(SALT_AT, "\0\0\0\x15", 4));
	CHECK_IS(SLU_ERR_FORMAT, read_changed(SALT_AT, "\0\0\0\x0f", 4));
	/* Another type of key; a point that is on no curve. */
	CHECK_IS(SLU_ERR_FORMAT, read_changed(79, "ssh-ed25518", 11));
	CHECK_WORDS("another type than ssh-ed25519 and ssh-rsa");
	CHECK_IS(SLU_ERR_FORMAT, read_changed(94,
				     "\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
				     32));
	CHECK_WORDS("point");
}

static void
a_file_that_was_cut_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < NKEYS; i++)
		for (size_t n = 0; n < strlen(keys[i].file); n++) {
			slu_buf text = text_of(keys[i].file, n);
			struct asked a = { 0 };
			slu_identities *ids = NULL;

			CHECK_OK(slu_identities_new(&ids));
			CHECK_IS(SLU_ERR_FORMAT, add_text(ids, &text, &a));
			slu_identities_free(ids);
		}
}

/* Add the first key, out of a file that is sealed itself. */
static void
add_sealed_key(slu_identities *ids, const slu_identity_file_options *options)
{
	slu_buf text = text_of(CTR, strlen(CTR)), file = { .limit = 8192 };
	slu_bio *in = NULL;

	sealed_make(&file, slu_buf_front(&text), text.len);
	CHECK_OK(slu_view_open(&in, slu_buf_front(&file), file.len));
	CHECK_OK(slu_identities_read(ids, in, options));
	slu_bio_free(in);
	slu_buf_free(&file);
	slu_buf_free(&text);
}

/* The same file asks for its passphrase, and then for that of the key. */
struct both {
	struct asked file, key;
};

static slu_status
ask_for_file(slu_buf *passphrase, void *arg)
{
	struct both *b = arg;

	CHECK(b->key.times == 0);
	return ask(passphrase, &b->file);
}

static slu_status
ask_for_key(slu_buf *passphrase, void *arg)
{
	struct both *b = arg;

	CHECK(b->file.times == 1);
	return ask(passphrase, &b->key);
}

static slu_identities *
sealed_key(struct both *b)
{
	const slu_identity_file_options options = { .ask = ask_for_file,
		.ask_inside = ask_for_key,
		.arg = b,
		.name = "id" };
	slu_identities *ids = NULL;

	b->file.answer = SEALED_PASSPHRASE;
	CHECK_OK(slu_identities_new(&ids));
	add_sealed_key(ids, &options);
	return ids;
}

static void
a_key_in_a_sealed_file_asks_once_for_each_passphrase(void **state)
{
	struct both b = { .key.answer = PASSPHRASE };
	slu_identities *ids = sealed_key(&b);

	(void)state;
	skip_without_botan();
	CHECK(b.file.times == 0);
	CHECK_OK(open_for(0, ids));
	CHECK_OK(open_for(0, ids));
	CHECK(b.file.times == 1 && b.key.times == 1);
	slu_identities_free(ids);
}

static void
a_wrong_passphrase_is_said_of_the_key_in_the_sealed_file(void **state)
{
	struct both b = { .key.answer = "staple" };
	slu_identities *ids = sealed_key(&b);

	(void)state;
	skip_without_botan();
	for (int k = 0; k < 2; k++) {
		CHECK_IS(SLU_ERR_NO_MATCH, open_for(0, ids));
		assert_string_equal(
		    slu_error(), "unseal: the ssh key in id: wrong passphrase");
	}
	CHECK(b.file.times == 1 && b.key.times == 1);
	slu_identities_free(ids);
}

static void
of_a_key_in_a_sealed_file_only_what_is_of_use_is_asked(void **state)
{
	struct both b = { .key.answer = PASSPHRASE };
	slu_identities *ids = sealed_key(&b);
	slu_buf names = { .limit = 4096 };

	(void)state;
	CHECK_IS(SLU_ERR_NO_MATCH, open_for(1, ids));
	CHECK_WORDS("is sealed for: ssh-ed25519; no key that is given opens");
	CHECK_OK(slu_identities_recipients(ids, &names));
	CHECK_BYTES(keys[0].public, strlen(keys[0].public),
	    slu_buf_front(&names), names.len - 1);
	CHECK(b.file.times == 1 && b.key.times == 0);
	slu_buf_free(&names);
	slu_identities_free(ids);
}

/* One who knows a single passphrase gives it for both. */
static void
without_a_second_question_the_first_is_asked_again(void **state)
{
	struct asked a = { .answer = SEALED_PASSPHRASE };
	const slu_identity_file_options options = { .ask = ask, .arg = &a };
	slu_identities *ids = NULL;

	(void)state;
	skip_without_botan();
	CHECK_OK(slu_identities_new(&ids));
	add_sealed_key(ids, &options);
	CHECK_IS(SLU_ERR_NO_MATCH, open_for(0, ids));
	assert_string_equal(slu_error(),
	    "unseal: the ssh key in the file of the keys: wrong passphrase");
	CHECK(a.times == 2);
	slu_identities_free(ids);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_cipher_opens_and_its_passphrase_is_asked_for_once),
		cmocka_unit_test(who_cannot_open_a_file_is_not_asked),
		cmocka_unit_test(
		    a_wrong_passphrase_is_said_of_the_key_and_asked_once),
		cmocka_unit_test(who_did_not_answer_is_asked_again),
		cmocka_unit_test(
		    the_public_half_is_named_without_the_passphrase),
		cmocka_unit_test(
		    where_nobody_is_to_be_asked_it_is_no_match_at_once),
		cmocka_unit_test(what_a_passphrase_may_cost_is_limited),
		cmocka_unit_test(
		    what_is_malformed_is_refused_before_anybody_is_asked),
		cmocka_unit_test(a_file_that_was_cut_is_refused),
		cmocka_unit_test(
		    a_key_in_a_sealed_file_asks_once_for_each_passphrase),
		cmocka_unit_test(
		    a_wrong_passphrase_is_said_of_the_key_in_the_sealed_file),
		cmocka_unit_test(
		    of_a_key_in_a_sealed_file_only_what_is_of_use_is_asked),
		cmocka_unit_test(
		    without_a_second_question_the_first_is_asked_again),
	};

	return cmocka_run_group_tests_name("ssh locked", tests, NULL, NULL);
}
