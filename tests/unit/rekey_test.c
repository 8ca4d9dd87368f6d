/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/rekey.h"

#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "sealed.h"
#include "trial.h"

#include "seal/header.h"
#include "seal/identity_internal.h"
#include "seal/parse.h"
#include "sluice/armor.h"
#include "sluice/mem.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define PLAIN 200000
#define FRESH "another passphrase"

static unsigned char plain[PLAIN];

static slu_recipients *
fresh_recipients(void)
{
	slu_recipients *r = NULL;

	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_passphrase(
	    r, FRESH, strlen(FRESH), SLU_WORK_FACTOR_MIN));
	return r;
}

static slu_identities *
fresh_identities(void)
{
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_passphrase(ids, FRESH, strlen(FRESH), 0));
	return ids;
}

static slu_status
rekey(slu_buf *out, const slu_buf *file, slu_identities *ids,
    const slu_recipients *r, const slu_rekey_options *options)
{
	slu_bio *src = NULL, *dst = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&src, slu_buf_front(file), file->len));
	CHECK_OK(slu_mem_open(&dst, out));
	st = slu_rekey(dst, src, ids, r, options);
	slu_bio_free(src);
	slu_bio_free(dst);
	return st;
}

/* How opening `file` ends; it gives `plain` where it ends well. */
static slu_status
unseal(const slu_buf *file, slu_identities *ids)
{
	trial t = { .room = "rekey", .pace = "whole", .len = PLAIN };
	slu_buf out = { .limit = SEALED_ROOM };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&c, slu_buf_front(file), file->len));
	CHECK_OK(slu_unseal(&c, ids, NULL));
	st = trial_read(&t, c, &out, &(trial_pace){ .name = "whole" });
	if (st == SLU_EOF)
		CHECK_BYTES(plain, PLAIN, slu_buf_front(&out), out.len);
	slu_bio_free(c);
	slu_buf_free(&out);
	return st;
}

static void
who_is_new_opens_it_and_who_was_there_does_not(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM }, out = { .limit = SEALED_ROOM };
	slu_identities *old = sealed_identities(), *new = fresh_identities();
	slu_recipients *r = fresh_recipients();
	size_t was, is;

	(void)state;
	sealed_make(&file, plain, PLAIN);
	CHECK_OK(rekey(&out, &file, old, r, NULL));
	CHECK_IS(SLU_EOF, unseal(&out, new));
	CHECK_IS(SLU_ERR_NO_MATCH, unseal(&out, old));
	/* What was taken away is nowhere but in the new file. */
	CHECK_IS(SLU_EOF, unseal(&file, old));
	was = sealed_header_len(slu_buf_front(&file), file.len);
	is = sealed_header_len(slu_buf_front(&out), out.len);
	CHECK_BYTES(slu_buf_front(&file) + was, file.len - was,
	    slu_buf_front(&out) + is, out.len - is);
	slu_recipients_free(r);
	slu_identities_free(old);
	slu_identities_free(new);
	slu_buf_free(&file);
	slu_buf_free(&out);
}

static void
who_cannot_open_it_changes_nothing(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM }, out = { .limit = SEALED_ROOM };
	slu_recipients *r = fresh_recipients(), *none = NULL;
	slu_identities *ids = fresh_identities(), *low = NULL;
	slu_identities *right = sealed_identities();
	unsigned over = 0;

	(void)state;
	sealed_make(&file, plain, PLAIN);
	CHECK_IS(SLU_ERR_NO_MATCH, rekey(&out, &file, ids, r, NULL));
	CHECK_OK(slu_identities_new(&low));
	CHECK_OK(slu_identities_passphrase(low, "x", 1, 1));
	CHECK_IS(
	    SLU_ERR_LIMIT, rekey(&out, &file, low, r,
			       &(slu_rekey_options){ .over_limit = &over }));
	CHECK(over == SEALED_FACTOR);
	CHECK_OK(slu_recipients_new(&none));
	CHECK_IS(SLU_ERR_USAGE, rekey(&out, &file, right, none, NULL));
	file.mem[file.off + 30] ^= 1;
	CHECK(slu_failed(rekey(&out, &file, right, r, NULL)));
	file.mem[file.off + 30] ^= 1;
	file.len = 50;
	CHECK_IS(SLU_ERR_TRUNCATED, rekey(&out, &file, right, r, NULL));
	CHECK(out.len == 0);
	slu_recipients_free(r);
	slu_recipients_free(none);
	slu_identities_free(ids);
	slu_identities_free(low);
	slu_identities_free(right);
	slu_buf_free(&file);
}

static void
a_damaged_payload_is_carried_as_it_is(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM }, out = { .limit = SEALED_ROOM };
	slu_identities *old = sealed_identities(), *new = fresh_identities();
	slu_recipients *r = fresh_recipients();

	(void)state;
	sealed_make(&file, plain, PLAIN);
	file.mem[file.off + 100000] ^= 1;
	CHECK_OK(rekey(&out, &file, old, r, NULL));
	CHECK_IS(SLU_ERR_AUTH, unseal(&out, new));
	CHECK_WORDS("unseal: damaged at byte 65536");
	slu_recipients_free(r);
	slu_identities_free(old);
	slu_identities_free(new);
	slu_buf_free(&file);
	slu_buf_free(&out);
}

/* Give at most seven bytes a read. */
static slu_status
few_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	(void)self;
	return slu_bio_read(next, buf, cap < 7 ? cap : 7, got);
}

static const slu_bio_ops few = { .name = "few", .size = 1, .read = few_read };

/* Rekey a file of which `len` bytes are left. */
static slu_status
rekey_cut(
    slu_buf *out, const slu_buf *file, size_t len, const slu_bio_ops *below)
{
	slu_identities *ids = sealed_key_identities();
	slu_recipients *r = sealed_key_recipients();
	slu_bio *src = NULL, *dst = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&src, slu_buf_front(file), len));
	if (below != NULL)
		CHECK(slu_bio_push(&src, below) != NULL);
	CHECK_OK(slu_mem_open(&dst, out));
	st = slu_rekey(dst, src, ids, r, NULL);
	slu_bio_free(src);
	slu_bio_free(dst);
	slu_recipients_free(r);
	slu_identities_free(ids);
	return st;
}

/* No file has fewer bytes behind its header, whatever is in it. */
static void
a_file_without_a_whole_nonce_and_tag_is_truncated(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM }, out = { .limit = SEALED_ROOM };
	const slu_bio_ops *const below[] = { NULL, &few };
	size_t header, least = SLU_PAYLOAD_NONCE + SLU_TAG_SIZE;

	(void)state;
	sealed_make_for_key(&file, plain, 0);
	header = sealed_header_len(slu_buf_front(&file), file.len);
	CHECK(file.len == header + least);
	for (int i = 0; i < 2; i++) {
		for (size_t n = 0; n < least; n++) {
			CHECK_IS(SLU_ERR_TRUNCATED,
			    rekey_cut(&out, &file, header + n, below[i]));
			CHECK_WORDS("rekey: truncated after 0 bytes");
			CHECK(out.len == 0);
		}
		CHECK_OK(rekey_cut(&out, &file, file.len, below[i]));
		CHECK_BYTES(slu_buf_front(&file) + header, least,
		    slu_buf_front(&out) + out.len - least, least);
		slu_buf_free(&out);
	}
	slu_buf_free(&file);
}

/* A file for these stanzas, whose own key is the only one to open it. */
static slu_identities *
make_strange(slu_buf *out, const char *stanzas)
{
	static const unsigned char file_key[SLU_FILE_KEY] = "YELLOW SUBMARIN";
	slu_identities *ids = NULL;
	slu_parser p = { 0 };
	slu_buf text = { .limit = 4096 };
	char draft[2000];
	size_t used;

	snprintf(draft, sizeof(draft),
	    "age-encryption.org/v1\n%s"
	    "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
	    stanzas);
	CHECK_OK(slu_parser_feed(&p, draft, strlen(draft), &used));
	CHECK_OK(slu_header_encode(&p.header, &text));
	CHECK_OK(slu_kdf_mac(
	    p.header.mac, file_key, slu_buf_front(&text), text.len));
	CHECK_OK(slu_header_encode_mac(&p.header, &text));
	CHECK_OK(slu_buf_add(out, slu_buf_front(&text), text.len));
	CHECK_OK(slu_buf_add(out, "0123456789abcdef0123456789abcdef", 32));
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_file_key(ids, file_key));
	slu_parser_free(&p);
	slu_buf_free(&text);
	return ids;
}

#define STRANGE "-> piv-p256 abc d\nAAAA\n"
#define EMPTY "-> other\n\n"
#define GREASE "-> a-grease x\n\n"

static void
stanzas_of_unknown_types_come_along_as_they_are(void **state)
{
	static const char key[] =
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye86"
	    "9xeexvn73equnujwj";
	slu_buf file = { .limit = SEALED_ROOM }, out = { .limit = SEALED_ROOM };
	slu_identities *ids;
	slu_recipients *r = NULL;
	size_t carried = 0;
	const char *text;

	(void)state;
	ids = make_strange(&file, STRANGE GREASE EMPTY);
	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_key(r, key, strlen(key)));
	CHECK_OK(rekey(
	    &out, &file, ids, r, &(slu_rekey_options){ .carried = &carried }));
	CHECK(carried == 3);
	CHECK_OK(slu_buf_add(&out, "", 1));
	text = (const char *)slu_buf_front(&out);
	CHECK(strstr(text, "-> X25519 ") != NULL);
	CHECK(strstr(text, "\n" STRANGE GREASE EMPTY "--- ") != NULL);
	slu_buf_free(&out);
	CHECK_OK(rekey(&out, &file, ids, r,
	    &(slu_rekey_options){
		.unknown = SLU_REKEY_DROP, .carried = &carried }));
	CHECK(carried == 0);
	CHECK_OK(slu_buf_add(&out, "", 1));
	CHECK(strstr((const char *)slu_buf_front(&out), "piv") == NULL);
	slu_recipients_free(r);
	slu_identities_free(ids);
	slu_buf_free(&file);
	slu_buf_free(&out);
}

static void
unknown_stanzas_cannot_stand_beside_a_passphrase(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM }, out = { .limit = SEALED_ROOM };
	slu_identities *ids = make_strange(&file, STRANGE EMPTY);
	slu_recipients *r = fresh_recipients();

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, rekey(&out, &file, ids, r, NULL));
	CHECK_WORDS("rekey: is also sealed for piv-p256, which cannot stand");
	CHECK(out.len == 0);
	CHECK_OK(rekey(&out, &file, ids, r,
	    &(slu_rekey_options){ .unknown = SLU_REKEY_DROP }));
	slu_recipients_free(r);
	slu_identities_free(ids);
	slu_buf_free(&file);
	slu_buf_free(&out);
}

static slu_status
count(slu_buf *passphrase, void *times)
{
	++*(unsigned *)times;
	return slu_buf_add(passphrase, FRESH, strlen(FRESH));
}

static void
nobody_is_asked_for_a_passphrase_before_the_file_opens(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM }, out = { .limit = SEALED_ROOM };
	slu_buf strange = { .limit = SEALED_ROOM };
	slu_identities *old = sealed_identities(), *new = fresh_identities();
	slu_identities *ids = make_strange(&strange, STRANGE);
	slu_recipients *r = NULL;
	unsigned times = 0;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_ask(r, count, &times, SLU_WORK_FACTOR_MIN));
	sealed_make(&file, plain, PLAIN);
	CHECK_IS(SLU_ERR_NO_MATCH, rekey(&out, &file, new, r, NULL));
	/* Nor for what a passphrase could not stand beside. */
	CHECK_IS(SLU_ERR_USAGE, rekey(&out, &strange, ids, r, NULL));
	CHECK(times == 0 && out.len == 0);
	CHECK_OK(rekey(&out, &file, old, r, NULL));
	CHECK(times == 1);
	CHECK_IS(SLU_EOF, unseal(&out, new));
	slu_recipients_free(r);
	slu_identities_free(old);
	slu_identities_free(new);
	slu_identities_free(ids);
	slu_buf_free(&file);
	slu_buf_free(&strange);
	slu_buf_free(&out);
}

static void
put_file(const char *path, const slu_buf *file)
{
	FILE *f = fopen(path, "w");

	CHECK(f != NULL);
	CHECK(fwrite(slu_buf_front(file), 1, file->len, f) == file->len);
	CHECK(fclose(f) == 0);
}

static void
get_file(const char *path, slu_buf *out)
{
	FILE *f = fopen(path, "r");
	char piece[4096];
	size_t n;

	CHECK(f != NULL);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		CHECK_OK(slu_buf_add(out, piece, n));
	fclose(f);
}

static void
armor_it(slu_buf *out, const slu_buf *file)
{
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, out));
	CHECK_OK(slu_armor(&c));
	CHECK_OK(slu_bio_write_all(c, slu_buf_front(file), file->len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

static void
a_file_is_rekeyed_in_its_place_with_its_mode_and_armor(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM },
		text = { .limit = SEALED_ROOM };
	slu_identities *old = sealed_identities(), *new = fresh_identities();
	slu_recipients *r = fresh_recipients();
	char folder[] = "/tmp/rekey_test.XXXXXX", path[60];
	struct stat there;

	(void)state;
	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/a", folder);
	sealed_make(&file, plain, PLAIN);
	armor_it(&text, &file);
	for (int armored = 0; armored < 2; armored++) {
		slu_buf is = { .limit = SEALED_ROOM };

		put_file(path, armored ? &text : &file);
		CHECK(chmod(path, 0640) == 0);
		CHECK_OK(slu_rekey_file(path, old, r, NULL));
		get_file(path, &is);
		CHECK(is.len == (armored ? text.len : file.len));
		CHECK((slu_buf_front(&is)[0] == '-') == armored);
		CHECK_IS(SLU_EOF, unseal(&is, new));
		CHECK_IS(SLU_ERR_NO_MATCH, slu_rekey_file(path, old, r, NULL));
		CHECK(
		    stat(path, &there) == 0 && (there.st_mode & 0777) == 0640);
		slu_buf_free(&is);
	}
	CHECK(unlink(path) == 0);
	CHECK_IS(SLU_ERR_IO, slu_rekey_file(path, old, r, NULL));
	CHECK_WORDS("No such file or directory");
	CHECK_IS(SLU_ERR_IO, slu_rekey_file(folder, old, r, NULL));
	CHECK_WORDS("Is a directory");
	CHECK_IS(SLU_ERR_IO, slu_rekey_file("/dev/null", old, r, NULL));
	CHECK_WORDS("/dev/null: not a regular file");
	/* Nothing was left behind. */
	CHECK(rmdir(folder) == 0);
	slu_recipients_free(r);
	slu_identities_free(old);
	slu_identities_free(new);
	slu_buf_free(&file);
	slu_buf_free(&text);
}

/* Only the superuser may give files away. */
static void
a_rekeyed_file_is_whose_it_was_whatever_its_mode(void **state)
{
	slu_identities *old = sealed_key_identities();
	slu_buf file = { .limit = SEALED_ROOM };
	slu_recipients *r = sealed_key_recipients();
	char folder[] = "/tmp/rekey_test.XXXXXX", path[60];
	struct stat there;

	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: not the superuser\n");
		skip();
	}
	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/a", folder);
	sealed_make_for_key(&file, plain, 10);
	put_file(path, &file);
	CHECK(chown(path, 65534, 12345) == 0 && chmod(path, 0) == 0);
	CHECK_OK(slu_rekey_file(path, old, r, NULL));
	CHECK(stat(path, &there) == 0 && (there.st_mode & 07777) == 0);
	CHECK(there.st_uid == 65534 && there.st_gid == 12345);
	CHECK(unlink(path) == 0 && rmdir(folder) == 0);
	slu_recipients_free(r);
	slu_identities_free(old);
	slu_buf_free(&file);
}

static void
a_limit_that_was_not_met_is_told_as_none(void **state)
{
	slu_buf file = { .limit = 10 }, out = { .limit = SEALED_ROOM };
	slu_identities *ids = sealed_key_identities();
	slu_recipients *r = sealed_key_recipients();
	unsigned over = 7;
	const slu_rekey_options told = { .over_limit = &over };

	(void)state;
	CHECK_OK(slu_buf_add(&file, "no file", 7));
	CHECK_IS(SLU_ERR_FORMAT, rekey(&out, &file, ids, r, &told));
	CHECK(over == 0);
	over = 7;
	CHECK_IS(SLU_ERR_IO, slu_rekey_file("/nonexistent/a", ids, r, &told));
	CHECK(over == 0);
	slu_recipients_free(r);
	slu_identities_free(ids);
	slu_buf_free(&file);
	slu_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    who_is_new_opens_it_and_who_was_there_does_not),
		cmocka_unit_test(who_cannot_open_it_changes_nothing),
		cmocka_unit_test(a_damaged_payload_is_carried_as_it_is),
		cmocka_unit_test(
		    a_file_without_a_whole_nonce_and_tag_is_truncated),
		cmocka_unit_test(
		    stanzas_of_unknown_types_come_along_as_they_are),
		cmocka_unit_test(
		    unknown_stanzas_cannot_stand_beside_a_passphrase),
		cmocka_unit_test(
		    nobody_is_asked_for_a_passphrase_before_the_file_opens),
		cmocka_unit_test(
		    a_file_is_rekeyed_in_its_place_with_its_mode_and_armor),
		cmocka_unit_test(
		    a_rekeyed_file_is_whose_it_was_whatever_its_mode),
		cmocka_unit_test(a_limit_that_was_not_met_is_told_as_none),
	};

	trial_plain(plain, PLAIN);
	return cmocka_run_group_tests_name("rekey", tests, NULL, NULL);
}
