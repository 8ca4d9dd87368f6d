/* SPDX-License-Identifier: ISC */
/*
 * What is left of a sealed file whose chunks are not where they were: each of
 * them that nothing was done to comes back, and nothing else.
 */
#include <stdlib.h>

#include "check.h"
#include "sealed.h"
#include "seeded.h"
#include "trial.h"

#include "seal/chunk.h"
#include "seal/kdf.h"
#include "sluice/mem.h"
#include "sluice/salvage.h"

#define CHUNKS 16
#define LAST (CHUNKS - 1)
#define PLAIN (LAST * SLU_CHUNK + 1000)
#define ROOM (4 * PLAIN)
#define HOLES 40

/* A sealed file, and what was done to it. */
struct fixture {
	unsigned char plain[PLAIN];
	unsigned char whole[ROOM], file[ROOM];
	size_t whole_len, len;
	size_t begin;         /* of the first chunk, in both */
	size_t place[CHUNKS]; /* of each chunk in the file */
	bool spoilt[CHUNKS];  /* whether something was done to it */
	size_t bad;           /* the byte that cannot be read */
	uint64_t tries;
	uint64_t lost; /* bytes in holes */
	slu_identities *ids;
	slu_buf out;
	slu_salvaged found;
};

static size_t
len_of(size_t chunk)
{
	return chunk == LAST ? 1000 + SLU_TAG_SIZE : SLU_CHUNK_SEALED;
}

static void
begin_again(struct fixture *f)
{
	memcpy(f->file, f->whole, f->whole_len);
	f->len = f->whole_len;
	f->bad = SIZE_MAX;
	f->tries = 0;
	for (size_t i = 0; i < CHUNKS; i++) {
		f->place[i] = f->begin + i * SLU_CHUNK_SEALED;
		f->spoilt[i] = false;
	}
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	slu_buf file = { .limit = SEALED_ROOM };

	CHECK(f != NULL);
	trial_plain(f->plain, PLAIN);
	sealed_make(&file, f->plain, PLAIN);
	f->whole_len = file.len;
	memcpy(f->whole, slu_buf_front(&file), file.len);
	f->begin = sealed_header_len(f->whole, file.len) + SLU_PAYLOAD_NONCE;
	f->ids = sealed_file_key(f->whole, file.len);
	f->out.limit = SEALED_ROOM;
	slu_buf_free(&file);
	begin_again(f);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	slu_identities_free(f->ids);
	slu_buf_free(&f->out);
	free(f);
	return 0;
}

static slu_status
read_file(void *arg, uint64_t offset, void *buf, size_t len)
{
	struct fixture *f = arg;

	CHECK(offset <= f->len && len <= f->len - offset);
	if (offset <= f->bad && f->bad < offset + len)
		return slu_fail(SLU_ERR_IO, "test: a bad sector");
	memcpy(buf, f->file + offset, len);
	return SLU_OK;
}

static void
note_hole(void *arg, uint64_t offset, uint64_t len)
{
	struct fixture *f = arg;

	CHECK(len > 0);
	(void)offset;
	f->lost += len;
}

static slu_status
salvage(struct fixture *f)
{
	const slu_sealed_source source = { read_file, f, f->len };
	const slu_salvage_options told = {
		.hole = note_hole, .arg = f, .tries = f->tries
	};
	slu_bio *c = NULL;
	slu_status st;

	slu_buf_free(&f->out);
	f->lost = 0;
	CHECK_OK(slu_mem_open(&c, &f->out));
	st = slu_salvage(c, &source, f->ids, &told, &f->found);
	slu_bio_free(c);
	CHECK(f->out.len == f->found.size);
	return st;
}

/* Where the byte at `at` of a chunk is now. */
static size_t
byte_of(const struct fixture *f, size_t chunk, size_t at)
{
	return f->place[chunk] + at;
}

static void
drop(struct fixture *f, size_t at, size_t len)
{
	memmove(f->file + at, f->file + at + len, f->len - at - len);
	f->len -= len;
	for (size_t i = 0; i < CHUNKS; i++) {
		if (at < f->place[i] + len_of(i) && f->place[i] < at + len)
			f->spoilt[i] = true;
		if (f->place[i] >= at + len)
			f->place[i] -= len;
	}
}

/* Put in bytes of another place. */
static void
put_in(struct fixture *f, size_t at, size_t len, const unsigned char *bytes)
{
	CHECK(f->len + len <= ROOM);
	memmove(f->file + at + len, f->file + at, f->len - at);
	memcpy(f->file + at, bytes, len);
	f->len += len;
	for (size_t i = 0; i < CHUNKS; i++) {
		if (f->place[i] < at && at < f->place[i] + len_of(i))
			f->spoilt[i] = true;
		if (f->place[i] >= at)
			f->place[i] += len;
	}
}

static void
damage(struct fixture *f, size_t chunk)
{
	f->file[byte_of(f, chunk, 500)] ^= 1;
	f->spoilt[chunk] = true;
}

static const unsigned char *
zeros(void)
{
	static const unsigned char bytes[ROOM];

	return bytes;
}

static const unsigned char *
noise(void)
{
	static unsigned char bytes[2 * SLU_CHUNK_SEALED];
	slu_stream *s = seeded(5);

	slu_stream_bytes(s, bytes, sizeof(bytes));
	slu_stream_free(s);
	return bytes;
}

/* Each chunk is what was sealed, or zeros where something was done to it. */
static void
must_be_all_else(struct fixture *f)
{
	const unsigned char *out;
	uint64_t intact = 0, size = 0;
	size_t n;

	CHECK_OK(salvage(f));
	out = slu_buf_front(&f->out);
	for (size_t i = 0; i < CHUNKS; i++) {
		n = len_of(i) - SLU_TAG_SIZE;
		if (!f->spoilt[i]) {
			size = i * SLU_CHUNK + n;
			intact += n;
		}
	}
	CHECK(f->out.len == size && f->found.intact == intact);
	for (size_t i = 0; i < CHUNKS && i * SLU_CHUNK < size; i++) {
		n = len_of(i) - SLU_TAG_SIZE;
		CHECK(memcmp(out + i * SLU_CHUNK,
			  f->spoilt[i] ? zeros() : f->plain + i * SLU_CHUNK,
			  n) == 0);
	}
	CHECK(f->found.end == SLU_SALVAGE_LOST || f->lost + intact == size);
	CHECK((f->found.end == SLU_SALVAGE_WHOLE) == !f->spoilt[LAST]);
}

static void
a_byte_that_is_dropped_or_put_in_costs_its_chunk(void **state)
{
	struct fixture *f = *state;

	for (size_t at = 0; at < 3; at++) {
		begin_again(f);
		drop(f, byte_of(f, 3, at * (SLU_CHUNK_SEALED - 1) / 2), 1);
		must_be_all_else(f);
		CHECK(f->lost == SLU_CHUNK && f->found.added == 0);
		begin_again(f);
		put_in(f, byte_of(f, 3, 1 + at * 30000), 1, noise());
		must_be_all_else(f);
		CHECK(f->lost == SLU_CHUNK && f->found.added == 1);
	}
	begin_again(f);
	put_in(f, byte_of(f, 3, 0), 1, noise());
	must_be_all_else(f);
	CHECK(f->lost == 0 && f->found.added == 1);
}

static void
a_chunk_that_is_dropped_or_doubled_costs_no_other(void **state)
{
	struct fixture *f = *state;

	drop(f, byte_of(f, 3, 0), SLU_CHUNK_SEALED);
	must_be_all_else(f);
	CHECK(f->lost == SLU_CHUNK && f->found.added == 0);
	CHECK(f->found.front == 0);
	begin_again(f);
	put_in(f, byte_of(f, 4, 0), SLU_CHUNK_SEALED, f->whole + f->place[3]);
	must_be_all_else(f);
	CHECK(f->lost == 0 && f->found.added == SLU_CHUNK_SEALED);
}

static void
a_front_that_is_no_whole_number_of_chunks_is_told_of(void **state)
{
	static const size_t cuts[] = { 1, 1000, SLU_CHUNK, 4 * 4096 };
	struct fixture *f = *state;

	for (size_t i = 0; i < 4; i++) {
		if (i > 0 && check_slow("a byte that was cut off"))
			break;
		begin_again(f);
		drop(f, f->begin, cuts[i]);
		must_be_all_else(f);
		CHECK(f->found.front == SLU_CHUNK && f->lost == SLU_CHUNK);
	}
}

static void
behind_a_front_that_is_cut_the_next_chunk_may_be_damaged(void **state)
{
	struct fixture *f = *state;

	drop(f, f->begin, SLU_CHUNK_SEALED);
	damage(f, 1);
	must_be_all_else(f);
	CHECK(f->found.front == 2 * SLU_CHUNK && f->lost == 2 * SLU_CHUNK);
	begin_again(f);
	drop(f, f->begin, 10);
	damage(f, 1);
	damage(f, 2);
	must_be_all_else(f);
	CHECK(f->found.front == 3 * SLU_CHUNK);
}

static void
the_last_chunk_is_found_where_it_is_whatever_is_behind_it(void **state)
{
	static const size_t behind[] = { 0, 8, 5000, 2 * SLU_CHUNK_SEALED };
	struct fixture *f = *state;

	for (size_t i = 0; i < 4; i++) {
		/* Damage before it, in place and not, by itself and not. */
		for (size_t how = 0; how < 4; how++) {
			begin_again(f);
			put_in(f, f->len, behind[i], zeros());
			if (how == 0 || how == 3)
				damage(f, LAST - 1);
			if (how > 0)
				drop(f, byte_of(f, how == 1 ? 5 : LAST - 1, 9),
				    how);
			must_be_all_else(f);
			CHECK(f->found.extra == behind[i]);
		}
		if (i > 1 && check_slow("only zeros behind it"))
			continue;
		begin_again(f);
		put_in(f, f->len, behind[i], noise());
		drop(f, byte_of(f, 5, 9), 7);
		damage(f, LAST - 1);
		must_be_all_else(f);
		CHECK(f->found.extra == behind[i]);
	}
}

static void
sectors_that_are_dropped_or_put_in_cost_their_chunks(void **state)
{
	static const size_t n[] = { 512, 200 * 512, 60 * 4096 };
	struct fixture *f = *state;

	if (check_slow("no search for sectors"))
		return;
	for (size_t i = 0; i < sizeof(n) / sizeof(n[0]); i++) {
		begin_again(f);
		drop(f, byte_of(f, 3, 777), n[i]);
		must_be_all_else(f);
		begin_again(f);
		for (size_t put = 0; put < n[i]; put += 512)
			put_in(f, byte_of(f, 3, 777), 512, noise());
		must_be_all_else(f);
		CHECK(f->lost == SLU_CHUNK && f->found.added == n[i]);
	}
}

/* What is put in makes up for what is dropped: all behind it is in place. */
static void
chunks_between_two_places_that_even_out_come_back(void **state)
{
	static const size_t n[] = { 1, 40, 512, 3 * 512, SLU_CHUNK_SEALED };
	struct fixture *f = *state;

	if (check_slow("no search for sectors"))
		return;
	for (size_t i = 0; i < sizeof(n) / sizeof(n[0]); i++) {
		begin_again(f);
		drop(f, byte_of(f, 3, 0), n[i]);
		put_in(f, byte_of(f, 8, 1000), n[i], noise());
		must_be_all_else(f);
	}
}

static void
chunks_between_damage_at_random_places_come_back(void **state)
{
	struct fixture *f = *state;
	slu_stream *s;
	size_t len, at;

	if (check_slow("no search at random places"))
		return;
	for (unsigned char seed = 0; seed < 5; seed++) {
		s = seeded(seed);
		begin_again(f);
		for (size_t i = 0; i < 3; i++) {
			/* Damage to the end would be all that takes time. */
			len = 1 + (size_t)slu_stream_below(
				      s, seed == 0 ? SLU_CHUNK : 1300);
			at = f->begin +
			     (size_t)slu_stream_below(s, 12 * SLU_CHUNK);
			if (slu_stream_below(s, 2))
				drop(f, at, len);
			else
				put_in(f, at, len, noise());
		}
		slu_stream_free(s);
		must_be_all_else(f);
	}
}

static void
a_sector_that_cannot_be_read_hides_nothing_beside_it(void **state)
{
	struct fixture *f = *state;

	drop(f, byte_of(f, 3, 100), 1);
	f->bad = byte_of(f, 5, 5000);
	f->spoilt[5] = true;
	must_be_all_else(f);
}

static void
of_chunks_that_changed_places_none_is_put_wrong(void **state)
{
	struct fixture *f = *state;
	const unsigned char *out;

	memcpy(f->file + f->place[3], f->whole + f->place[4], SLU_CHUNK_SEALED);
	memcpy(f->file + f->place[4], f->whole + f->place[3], SLU_CHUNK_SEALED);
	CHECK_OK(salvage(f));
	CHECK(f->found.intact == PLAIN - SLU_CHUNK && f->found.holes == 1);
	out = slu_buf_front(&f->out);
	for (size_t i = 0; i < PLAIN; i++)
		CHECK(out[i] == f->plain[i] || out[i] == 0);
}

static void
how_long_is_searched_is_for_the_caller_to_say(void **state)
{
	struct fixture *f = *state;

	/* In place, nothing is searched for. */
	f->tries = 1;
	damage(f, 2);
	damage(f, 3);
	damage(f, LAST - 1);
	must_be_all_else(f);
	drop(f, byte_of(f, 4, 5), 1000);
	CHECK_OK(salvage(f));
	CHECK(f->found.end == SLU_SALVAGE_LOST);
	CHECK(f->found.intact == 2 * SLU_CHUNK);
	f->tries = 5000;
	memset(f->file + f->begin, 1, f->len - f->begin);
	CHECK_IS(SLU_ERR_AUTH, salvage(f));
	CHECK(f->out.len == 0 && f->lost == 0);
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(a_byte_that_is_dropped_or_put_in_costs_its_chunk),
		FILE_TEST(a_chunk_that_is_dropped_or_doubled_costs_no_other),
		FILE_TEST(a_front_that_is_no_whole_number_of_chunks_is_told_of),
		FILE_TEST(
		    behind_a_front_that_is_cut_the_next_chunk_may_be_damaged),
		FILE_TEST(
		    the_last_chunk_is_found_where_it_is_whatever_is_behind_it),
		FILE_TEST(sectors_that_are_dropped_or_put_in_cost_their_chunks),
		FILE_TEST(chunks_between_two_places_that_even_out_come_back),
		FILE_TEST(chunks_between_damage_at_random_places_come_back),
		FILE_TEST(a_sector_that_cannot_be_read_hides_nothing_beside_it),
		FILE_TEST(of_chunks_that_changed_places_none_is_put_wrong),
		FILE_TEST(how_long_is_searched_is_for_the_caller_to_say),
	};

	return cmocka_run_group_tests_name("resync", tests, NULL, NULL);
}
