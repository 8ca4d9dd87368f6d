/* SPDX-License-Identifier: ISC */
#include "sluice/salvage.h"

#include <stdlib.h>

#include "check.h"
#include "sealed.h"
#include "trial.h"

#include "seal/chunk.h"
#include "seal/kdf.h"
#include "sluice/armor.h"
#include "sluice/mem.h"

#define PLAIN (12 * SLU_CHUNK + 1000)
#define HOLES 20

/* A sealed file in memory, part of which cannot be read. */
struct fixture {
	unsigned char plain[PLAIN];
	slu_buf file;
	unsigned char *bytes;
	uint64_t bad; /* the offset that cannot be read; 0: none */
	uint64_t tries;
	slu_sealed_source source;
	slu_identities *ids;
	size_t begin; /* of the first chunk */
	uint64_t holes[HOLES][2];
	size_t nholes;
	slu_buf out;
	slu_salvaged found;
};

static slu_status
read_file(void *arg, uint64_t offset, void *buf, size_t len)
{
	struct fixture *f = arg;

	if (offset <= f->bad && f->bad < offset + len)
		return slu_fail(SLU_ERR_IO, "test: a bad sector");
	memcpy(buf, f->bytes + offset, len);
	return SLU_OK;
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	CHECK(f != NULL);
	trial_plain(f->plain, PLAIN);
	f->file.limit = f->out.limit = SEALED_ROOM;
	sealed_make(&f->file, f->plain, PLAIN);
	f->bytes = f->file.mem + f->file.off;
	f->bad = UINT64_MAX;
	f->source = (slu_sealed_source){ read_file, f, f->file.len };
	f->begin = sealed_header_len(f->bytes, f->file.len) + SLU_PAYLOAD_NONCE;
	f->ids = sealed_file_key(f->bytes, f->file.len);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	slu_identities_free(f->ids);
	slu_buf_free(&f->file);
	slu_buf_free(&f->out);
	free(f);
	return 0;
}

static void
note_hole(void *arg, uint64_t offset, uint64_t len)
{
	struct fixture *f = arg;

	CHECK(f->nholes < HOLES);
	f->holes[f->nholes][0] = offset;
	f->holes[f->nholes++][1] = len;
}

static slu_status
salvage(struct fixture *f)
{
	const slu_salvage_options told = {
		.hole = note_hole, .arg = f, .tries = f->tries
	};
	slu_bio *c = NULL;
	slu_status st;

	slu_buf_free(&f->out);
	f->nholes = 0;
	CHECK_OK(slu_mem_open(&c, &f->out));
	st = slu_salvage(c, &f->source, f->ids, &told, &f->found);
	slu_bio_free(c);
	CHECK(f->out.len == f->found.size);
	CHECK(f->nholes == f->found.holes);
	return st;
}

/* The byte at `at` of the chunk at `index` is another one. */
static void
damage(struct fixture *f, size_t index, size_t at)
{
	f->bytes[f->begin + index * SLU_CHUNK_SEALED + at] ^= 1;
}

/* All is there but for the chunks that `lost` marks, which are zeros. */
static void
must_hold(const struct fixture *f, const bool lost[13], size_t size)
{
	static const unsigned char zeros[SLU_CHUNK];
	const unsigned char *out = slu_buf_front(&f->out);
	uint64_t intact = 0;

	CHECK(f->out.len == size);
	for (size_t at = 0; at < size; at += SLU_CHUNK) {
		size_t n = size - at < SLU_CHUNK ? size - at : SLU_CHUNK;
		bool gone = lost[at / SLU_CHUNK];

		CHECK(memcmp(out + at, gone ? zeros : f->plain + at, n) == 0);
		intact += gone ? 0 : n;
	}
	CHECK(f->found.intact == intact);
}

static const bool none[13];

static void
a_whole_file_is_found_whole(void **state)
{
	struct fixture *f = *state;

	CHECK_OK(salvage(f));
	must_hold(f, none, PLAIN);
	CHECK(f->found.holes == 0 && f->found.end == SLU_SALVAGE_WHOLE);
	CHECK(f->found.extra == 0 && f->found.front == 0);
}

static void
of_ten_damaged_chunks_every_other_byte_comes_back(void **state)
{
	bool lost[13] = { false };
	struct fixture *f = *state;

	/* The first, the middle and the last byte of a chunk, in turn. */
	for (size_t i = 1; i <= 10; i++) {
		damage(f, i,
		    i % 3 == 0   ? 0
		    : i % 3 == 1 ? 30000
				 : SLU_CHUNK_SEALED - 1);
		lost[i] = true;
	}
	CHECK_OK(salvage(f));
	must_hold(f, lost, PLAIN);
	/* What lies side by side is one hole. */
	CHECK(f->nholes == 1 && f->holes[0][0] == SLU_CHUNK &&
	      f->holes[0][1] == 10 * SLU_CHUNK);
	damage(f, 5, SLU_CHUNK_SEALED - 1);
	lost[5] = false;
	CHECK_OK(salvage(f));
	must_hold(f, lost, PLAIN);
	CHECK(f->nholes == 2 && f->holes[0][1] == 4 * SLU_CHUNK &&
	      f->holes[1][0] == 6 * SLU_CHUNK &&
	      f->holes[1][1] == 5 * SLU_CHUNK);
	CHECK(f->found.end == SLU_SALVAGE_WHOLE);
}

static void
a_damaged_first_chunk_is_a_hole_like_others(void **state)
{
	bool lost[13] = { true };
	struct fixture *f = *state;

	if (check_slow("no search for a front that is not missing"))
		return;
	damage(f, 0, 7);
	CHECK_OK(salvage(f));
	must_hold(f, lost, PLAIN);
	CHECK(f->nholes == 1 && f->holes[0][0] == 0 && f->found.front == 0);
}

static void
what_cannot_be_read_is_a_hole(void **state)
{
	bool lost[13] = { false };
	struct fixture *f = *state;

	f->bad = f->begin + 3 * SLU_CHUNK_SEALED + 9;
	lost[3] = true;
	CHECK_OK(salvage(f));
	must_hold(f, lost, PLAIN);
	CHECK(f->nholes == 1 && f->holes[0][0] == 3 * SLU_CHUNK);
}

static void
a_tail_that_is_missing_or_lost_is_told_apart(void **state)
{
	struct fixture *f = *state;

	f->source.size = f->begin + 5 * SLU_CHUNK_SEALED;
	CHECK_OK(salvage(f));
	must_hold(f, none, 5 * SLU_CHUNK);
	CHECK(f->found.end == SLU_SALVAGE_MISSING && f->nholes == 0);

	f->source.size += 100;
	CHECK_OK(salvage(f));
	must_hold(f, none, 5 * SLU_CHUNK);
	CHECK(f->found.end == SLU_SALVAGE_LOST && f->nholes == 1);
	CHECK(f->holes[0][0] == 5 * SLU_CHUNK && f->holes[0][1] == 84);

	f->source.size = f->file.len;
	damage(f, 12, 5);
	CHECK_OK(salvage(f));
	must_hold(f, none, 12 * SLU_CHUNK);
	CHECK(f->found.end == SLU_SALVAGE_LOST && f->nholes == 1);
	CHECK(f->holes[0][1] == 1000);
}

static void
what_was_added_behind_the_end_is_left_out(void **state)
{
	struct fixture *f = *state;
	static unsigned char more[SLU_CHUNK_SEALED + 100];

	CHECK_OK(slu_buf_add(&f->file, more, sizeof(more)));
	f->bytes = f->file.mem + f->file.off;
	for (size_t extra = 1; extra <= sizeof(more);
	     extra += sizeof(more) - 1) {
		f->source.size = f->file.len - sizeof(more) + extra;
		CHECK_OK(salvage(f));
		must_hold(f, none, PLAIN);
		CHECK(f->found.end == SLU_SALVAGE_WHOLE && f->nholes == 0);
		CHECK(f->found.extra == extra);
	}
}

static void
chunks_that_are_missing_in_front_are_a_hole_there(void **state)
{
	bool lost[13] = { true, true, true };
	struct fixture *f = *state;
	size_t cut = 3 * SLU_CHUNK_SEALED;

	memmove(f->bytes + f->begin, f->bytes + f->begin + cut,
	    f->file.len - f->begin - cut);
	f->source.size -= cut;
	CHECK_OK(salvage(f));
	must_hold(f, lost, PLAIN);
	CHECK(f->found.front == 3 * SLU_CHUNK && f->nholes == 1);
	CHECK(f->holes[0][0] == 0 && f->holes[0][1] == 3 * SLU_CHUNK);
}

static void
where_nothing_is_intact_it_is_said_what_may_be_the_reason(void **state)
{
	struct fixture *f = *state;

	f->tries = 5000;
	memmove(f->bytes + f->begin, f->bytes + f->begin + 100,
	    f->file.len - f->begin - 100);
	f->source.size = f->begin + SLU_CHUNK_SEALED;
	CHECK_IS(SLU_ERR_AUTH, salvage(f));
	CHECK_WORDS("the front of the payload is damaged or was cut off");
	CHECK(f->out.len == 0 && f->nholes == 0);
	f->source.size = f->begin;
	CHECK_IS(SLU_ERR_AUTH, salvage(f));
	f->source.size = f->begin - 1;
	CHECK_IS(SLU_ERR_TRUNCATED, salvage(f));
	f->bytes[0] ^= 1;
	CHECK_IS(SLU_ERR_FORMAT, salvage(f));
	CHECK_WORDS("unseal: not an age file");
}

static void
an_empty_file_is_whole(void **state)
{
	struct fixture *f = *state;

	slu_buf_free(&f->file);
	sealed_make(&f->file, "", 0);
	f->bytes = f->file.mem + f->file.off;
	f->source.size = f->file.len;
	slu_identities_free(f->ids);
	f->ids = sealed_file_key(f->bytes, f->file.len);
	CHECK_OK(salvage(f));
	CHECK(f->found.end == SLU_SALVAGE_WHOLE && f->out.len == 0);
}

/* The file is in armor from now on. */
static void
put_in_armor(struct fixture *f)
{
	slu_buf text = { .limit = SEALED_ROOM };
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, &text));
	CHECK_OK(slu_armor(&c));
	CHECK_OK(slu_bio_write_all(c, f->bytes, f->file.len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	slu_buf_free(&f->file);
	f->file = text;
	f->bytes = text.mem + text.off;
	f->source.size = text.len;
}

/* A character of the chunk at `index`. */
static unsigned char *
character(struct fixture *f, size_t index)
{
	size_t at = f->begin + index * SLU_CHUNK_SEALED + 30000;

	return f->bytes + 35 + at / 48 * 65 + at % 48 / 3 * 4;
}

static void
of_a_damaged_file_in_armor_every_other_chunk_comes_back(void **state)
{
	bool lost[13] = { false, false, true, false, true, false, true, true };
	struct fixture *f = *state;
	unsigned char *at;

	put_in_armor(f);
	CHECK_OK(salvage(f));
	must_hold(f, none, PLAIN);
	CHECK(f->found.end == SLU_SALVAGE_WHOLE && !f->found.armor_damaged);
	/* Changed; lost; added; unreadable. */
	*character(f, 2) = '*';
	f->bad = (uint64_t)(character(f, 7) - f->bytes);
	at = character(f, 6);
	memmove(at + 1, at, f->file.len - 1 - (size_t)(at - f->bytes));
	at = character(f, 4);
	memmove(at, at + 1, f->file.len - 1 - (size_t)(at - f->bytes));
	CHECK_OK(salvage(f));
	must_hold(f, lost, PLAIN);
	CHECK(f->nholes == 3 && f->found.end == SLU_SALVAGE_WHOLE);
	CHECK(f->found.armor_damaged);
}

static void
either_end_of_the_armor_may_be_gone(void **state)
{
	bool lost[13] = { false };
	struct fixture *f = *state;

	put_in_armor(f);
	f->source.size -= 20;
	memset(f->bytes, '#', 34);
	CHECK_OK(salvage(f));
	must_hold(f, none, PLAIN);
	CHECK(f->found.end == SLU_SALVAGE_WHOLE && f->nholes == 0);
	CHECK(f->found.armor_damaged && f->found.extra == 0);
	f->source.size = (uint64_t)(character(f, 3) - f->bytes);
	CHECK_OK(salvage(f));
	must_hold(f, lost, 3 * SLU_CHUNK);
	CHECK(f->found.end == SLU_SALVAGE_LOST && f->found.armor_damaged);
	CHECK(f->nholes == 1 && f->holes[0][1] >= 29900);
}

static void
a_header_in_damaged_armor_says_what_is_wrong(void **state)
{
	struct fixture *f = *state;

	put_in_armor(f);
	f->bytes[35 + 40] = '*';
	CHECK_IS(SLU_ERR_FORMAT, salvage(f));
	CHECK_WORDS("unseal: damaged header at byte ");
	f->bytes[35 + 4] = '*';
	CHECK_IS(SLU_ERR_FORMAT, salvage(f));
	CHECK_WORDS("armor: damaged armor at byte 39: not a base64 character");
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(a_whole_file_is_found_whole),
		FILE_TEST(of_ten_damaged_chunks_every_other_byte_comes_back),
		FILE_TEST(a_damaged_first_chunk_is_a_hole_like_others),
		FILE_TEST(what_cannot_be_read_is_a_hole),
		FILE_TEST(a_tail_that_is_missing_or_lost_is_told_apart),
		FILE_TEST(what_was_added_behind_the_end_is_left_out),
		FILE_TEST(chunks_that_are_missing_in_front_are_a_hole_there),
		FILE_TEST(
		    where_nothing_is_intact_it_is_said_what_may_be_the_reason),
		FILE_TEST(an_empty_file_is_whole),
		FILE_TEST(
		    of_a_damaged_file_in_armor_every_other_chunk_comes_back),
		FILE_TEST(either_end_of_the_armor_may_be_gone),
		FILE_TEST(a_header_in_damaged_armor_says_what_is_wrong),
	};

	return cmocka_run_group_tests_name("salvage", tests, NULL, NULL);
}
