/* SPDX-License-Identifier: ISC */
/* A damaged header, and what salvage makes of it where others refuse. */
#include <stdlib.h>

#include "check.h"
#include "sealed.h"

#include "sluice/mem.h"
#include "sluice/salvage.h"
#include "sluice/seal.h"

#define TEXT "what was sealed"
#define OURS 1 /* of three stanzas, the one that is for us */

/* A file that is sealed for three keys, the second of which is ours. */
struct fixture {
	slu_buf file;
	unsigned char *bytes;
	size_t header;
	size_t begin[4]; /* of each stanza, and of the MAC */
	slu_identities *ids;
};

static void
add_other(slu_recipients *r)
{
	static const char *const text[] = {
		"age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfaf"
		"g",
		"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8"
		"p",
	};
	static size_t next;

	next = !next;
	CHECK_OK(slu_recipients_key(r, text[next], strlen(text[next])));
}

static slu_recipients *
all_three(void)
{
	slu_identities *ids = sealed_key_identities();
	slu_buf ours = { .limit = 1000 };
	slu_recipients *r = NULL;

	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_identities_recipients(ids, &ours));
	add_other(r);
	CHECK_OK(slu_recipients_key(
	    r, (const char *)slu_buf_front(&ours), ours.len - 1));
	add_other(r);
	slu_buf_free(&ours);
	slu_identities_free(ids);
	return r;
}

static void
find_stanzas(struct fixture *f)
{
	size_t n = 0;

	for (size_t i = 1; i < f->header; i++)
		if (f->bytes[i - 1] == '\n' && f->bytes[i] == '-')
			f->begin[n++] = i;
	CHECK(n == 4);
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	slu_recipients *r = all_three();
	slu_bio *c = NULL;
	size_t put;

	CHECK(f != NULL);
	f->file.limit = SEALED_ROOM;
	CHECK_OK(slu_mem_open(&c, &f->file));
	CHECK_OK(slu_seal(&c, r, NULL));
	CHECK_OK(slu_bio_write_all(c, TEXT, strlen(TEXT), &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	slu_recipients_free(r);
	f->bytes = f->file.mem + f->file.off;
	f->header = sealed_header_len(f->bytes, f->file.len);
	f->ids = sealed_key_identities();
	find_stanzas(f);
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

static slu_status
read_file(void *arg, uint64_t offset, void *buf, size_t len)
{
	const struct fixture *f = arg;

	CHECK(offset <= f->file.len && len <= f->file.len - offset);
	memcpy(buf, f->bytes + offset, len);
	return SLU_OK;
}

static slu_status
salvage(struct fixture *f, slu_salvaged *found)
{
	const slu_sealed_source source = { read_file, f, f->file.len };
	const slu_salvage_options few = { .tries = 100 };
	slu_buf out = { .limit = SEALED_ROOM };
	slu_bio *c = NULL;
	slu_status st;

	CHECK_OK(slu_mem_open(&c, &out));
	st = slu_salvage(c, &source, f->ids, &few, found);
	slu_bio_free(c);
	if (st == SLU_OK)
		CHECK_BYTES(TEXT, strlen(TEXT), slu_buf_front(&out), out.len);
	else
		CHECK(out.len == 0);
	slu_buf_free(&out);
	return st;
}

/* Others are as strict as ever. */
static void
must_refuse(struct fixture *f)
{
	const slu_sealed_source source = { read_file, f, f->file.len };
	slu_sealed *s = NULL;
	slu_status st;

	st = slu_sealed_open(&s, &source, f->ids, NULL);
	CHECK(st == SLU_ERR_AUTH || st == SLU_ERR_FORMAT);
	CHECK(s == NULL);
}

static void
a_whole_header_is_whole(void **state)
{
	struct fixture *f = *state;
	slu_salvaged found;

	CHECK_OK(salvage(f, &found));
	CHECK(!found.header_damaged && found.end == SLU_SALVAGE_WHOLE);
}

/* Any byte of another stanza, or of the MAC's line, to any of some others. */
static void
damage_to_what_is_not_ours_costs_nothing(void **state)
{
	static const char others[] = "\n-Ab> \r";
	struct fixture *f = *state;
	size_t kinds = check_slow("two other bytes") ? 2 : sizeof(others);
	slu_salvaged found;
	unsigned char was;

	for (size_t i = f->begin[0]; i < f->header; i++) {
		if (i == f->begin[OURS])
			i = f->begin[OURS + 1];
		for (size_t k = 0; k < kinds; k++) {
			was = f->bytes[i];
			if (was == (unsigned char)others[k])
				continue;
			f->bytes[i] = (unsigned char)others[k];
			CHECK_OK(salvage(f, &found));
			CHECK(found.header_damaged);
			CHECK(found.intact == strlen(TEXT));
			must_refuse(f);
			f->bytes[i] = was;
		}
	}
}

static void
damage_to_ours_is_refused_as_ever(void **state)
{
	struct fixture *f = *state;
	slu_salvaged found;

	for (size_t i = f->begin[OURS]; i < f->begin[OURS + 1] - 1; i++) {
		f->bytes[i] ^= 1;
		CHECK(slu_failed(salvage(f, &found)));
		f->bytes[i] ^= 1;
	}
	/* The version's line is what tells such a file from others. */
	for (size_t i = 0; i < f->begin[0]; i++) {
		f->bytes[i] ^= 1;
		CHECK_IS(SLU_ERR_FORMAT, salvage(f, &found));
		f->bytes[i] ^= 1;
	}
}

static void
a_header_that_ends_nowhere_is_refused_as_ever(void **state)
{
	struct fixture *f = *state;
	slu_salvaged found;

	f->bytes[f->begin[2] + 20] = '!';
	memset(f->bytes + f->begin[3], 'x', 48);
	CHECK_IS(SLU_ERR_FORMAT, salvage(f, &found));
	CHECK_WORDS("damaged header");
	f->file.len = f->begin[3] - 10;
	CHECK_IS(SLU_ERR_TRUNCATED, salvage(f, &found));
}

static void
another_files_stanza_opens_nothing(void **state)
{
	struct fixture *f = *state;
	void *other = NULL;
	struct fixture *o;
	slu_salvaged found;

	CHECK(set_up(&other) == 0);
	o = other;
	CHECK(o->header == f->header);
	memcpy(f->bytes + f->begin[OURS], o->bytes + o->begin[OURS],
	    f->begin[OURS + 1] - f->begin[OURS]);
	CHECK_IS(SLU_ERR_AUTH, salvage(f, &found));
	CHECK_WORDS("nothing is intact");
	tear_down(&other);
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(a_whole_header_is_whole),
		FILE_TEST(damage_to_what_is_not_ours_costs_nothing),
		FILE_TEST(damage_to_ours_is_refused_as_ever),
		FILE_TEST(a_header_that_ends_nowhere_is_refused_as_ever),
		FILE_TEST(another_files_stanza_opens_nothing),
	};

	return cmocka_run_group_tests_name("mend", tests, NULL, NULL);
}
