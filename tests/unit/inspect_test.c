/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "choke.h"
#include "kit.h"
#include "sealed.h"
#include "trial.h"

#include "sluice/armor.h"
#include "sluice/inspect.h"
#include "sluice/mem.h"
#include "sluice/view.h"

#define V1 "age-encryption.org/v1\n"
#define END "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
#define NONCE "0123456789abcdef"

static slu_status
inspect(const void *file, size_t len, uint64_t size, slu_inspection *out)
{
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&c, file, len));
	st = slu_seal_inspect(c, size, out);
	slu_bio_free(c);
	return st;
}

static void
put_on_armor(slu_buf *out, const slu_buf *file)
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
sizes_add_up_to_the_files_whatever_it_holds(void **state)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072,
		200000 };
	static unsigned char plain[200000];

	(void)state;
	trial_plain(plain, sizeof(plain));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		slu_buf file = { .limit = SEALED_ROOM };
		slu_buf text = { .limit = SEALED_ROOM };
		slu_inspection known, read, armored;

		sealed_make(&file, plain, sizes[i]);
		put_on_armor(&text, &file);
		CHECK_OK(
		    inspect(slu_buf_front(&file), file.len, file.len, &known));
		CHECK_OK(inspect(slu_buf_front(&file), file.len, 0, &read));
		CHECK_OK(inspect(
		    slu_buf_front(&text), text.len, text.len, &armored));
		CHECK(known.payload == sizes[i] && known.armor == 0);
		CHECK(known.header ==
		      sealed_header_len(slu_buf_front(&file), file.len));
		CHECK(
		    known.header + known.overhead + known.payload == file.len);
		CHECK(read.payload == sizes[i] && read.armor == 0 &&
		      read.header == known.header &&
		      read.overhead == known.overhead);
		CHECK(armored.payload == sizes[i] &&
		      armored.header == known.header &&
		      armored.overhead == known.overhead &&
		      armored.armor == text.len - file.len);
		slu_inspection_free(&known);
		slu_inspection_free(&read);
		slu_inspection_free(&armored);
		slu_buf_free(&file);
		slu_buf_free(&text);
	}
}

static void
a_passphrase_is_told_with_what_it_costs(void **state)
{
	slu_buf file = { .limit = SEALED_ROOM };
	slu_inspection in;

	(void)state;
	sealed_make(&file, "x", 1);
	CHECK_OK(inspect(slu_buf_front(&file), file.len, 0, &in));
	CHECK(in.stanzas == 1 && in.work_factor == SEALED_FACTOR);
	assert_string_equal(slu_inspection_type(&in, 0), "scrypt");
	CHECK(slu_inspection_type(&in, 1) == NULL);
	CHECK(in.postquantum == SLU_POSTQUANTUM_YES);
	slu_inspection_free(&in);
	CHECK(in.stanzas == 0 && slu_inspection_type(&in, 0) == NULL);
	slu_buf_free(&file);
}

static void
the_weakest_known_stanza_says_what_a_file_resists(void **state)
{
	static const struct {
		const char *stanzas;
		slu_postquantum resists;
	} rows[] = {
		{ "-> a\n\n", SLU_POSTQUANTUM_UNKNOWN },
		{ "-> mlkem768x25519\n\n", SLU_POSTQUANTUM_YES },
		{ "-> mlkem768x25519\n\n-> a\n\n", SLU_POSTQUANTUM_YES },
		{ "-> mlkem768x25519\n\n-> X25519\n\n", SLU_POSTQUANTUM_NO },
		{ "-> ssh-rsa x\n\n-> mlkem768x25519\n\n", SLU_POSTQUANTUM_NO },
		{ "-> p256tag x\n\n", SLU_POSTQUANTUM_NO },
		{ "-> mlkem768p256tag x\n\n", SLU_POSTQUANTUM_YES },
	};
	char file[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		slu_inspection in;

		snprintf(file, sizeof(file),
		    V1 "%s" END NONCE "0123456789abcdef", rows[i].stanzas);
		CHECK_OK(inspect(file, strlen(file), 0, &in));
		CHECK(in.postquantum == rows[i].resists);
		CHECK(in.work_factor == 0 && in.payload == 0);
		slu_inspection_free(&in);
	}
}

static void
what_is_no_whole_file_fails_as_on_opening(void **state)
{
	static const char file[] = V1 "-> a\n\n" END NONCE;
	slu_inspection in;

	(void)state;
	CHECK_IS(SLU_ERR_FORMAT, inspect("", 0, 0, &in));
	CHECK_WORDS("unseal: not an age file: it is empty");
	CHECK_IS(SLU_ERR_FORMAT, inspect("hello", 5, 5, &in));
	CHECK_WORDS("unseal: not an age file");
	CHECK_IS(SLU_ERR_TRUNCATED, inspect(file, 40, 0, &in));
	CHECK_WORDS("unseal: truncated within the header");
	CHECK_IS(SLU_ERR_TRUNCATED,
	    inspect(file, sizeof(file) - 2, sizeof(file) - 2, &in));
	CHECK_WORDS("unseal: truncated within the header");
	CHECK_IS(SLU_ERR_TRUNCATED, inspect(file, sizeof(file) - 1, 0, &in));
	CHECK_WORDS("unseal: truncated after 0 bytes");
	CHECK_IS(SLU_ERR_FORMAT, inspect(file, sizeof(file) - 1,
				     sizeof(file) - 1 + 65552 + 16, &in));
	CHECK_WORDS("unseal: an empty chunk behind 65536 bytes");
	CHECK(in.stanzas == 0 && slu_inspection_type(&in, 0) == NULL);
}

/* A file that can be opened can be looked into, armored or not. */
static void
look(const kit_vector *v, void *arg)
{
	slu_inspection in;

	(void)arg;
	if (v->expect != KIT_SUCCESS)
		return;
	CHECK_OK(inspect(v->file, v->len, v->len, &in));
	CHECK(v->armored == (in.armor > 0));
	CHECK(in.header + in.overhead + in.payload + in.armor == v->len);
	slu_inspection_free(&in);
}

static void
each_file_of_the_kit_that_opens_can_be_looked_into(void **state)
{
	(void)state;
	CHECK(kit_each(look, NULL) >= KIT_VECTORS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_add_up_to_the_files_whatever_it_holds),
		cmocka_unit_test(a_passphrase_is_told_with_what_it_costs),
		cmocka_unit_test(
		    the_weakest_known_stanza_says_what_a_file_resists),
		cmocka_unit_test(what_is_no_whole_file_fails_as_on_opening),
		cmocka_unit_test(
		    each_file_of_the_kit_that_opens_can_be_looked_into),
	};

	return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
