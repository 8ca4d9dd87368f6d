/* SPDX-License-Identifier: ISC */
/*
 * Whatever is done to a sealed file, it fails to open: nothing comes out of
 * it but whole chunks from its beginning, and never an end.
 */
#include <stdlib.h>

#include "check.h"
#include "sealed.h"
#include "trial.h"

#include "seal/chunk.h"
#include "seal/kdf.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define CHUNKS 3
#define LAST 100 /* bytes of the last chunk */
#define PLAIN ((CHUNKS - 1) * SLU_CHUNK + LAST)

static const trial_pace paces[] = {
	{ .name = "whole" },
	{ .name = "in odd pieces", .piece = PACE_ODD },
};

/* A sealed file, and copies of it to be spoilt. */
struct fixture {
	unsigned char plain[PLAIN];
	slu_buf file;
	slu_identities *passphrase;
	slu_identities *file_key; /* quick, where the header is whole */
	size_t head;              /* bytes of the header */
	unsigned char *copy;      /* with room for two more chunks */
	size_t len;               /* bytes of the copy */
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	CHECK(f != NULL);
	trial_plain(f->plain, PLAIN);
	f->file.limit = SEALED_ROOM;
	sealed_make(&f->file, f->plain, PLAIN);
	f->passphrase = sealed_identities();
	f->file_key = sealed_file_key(slu_buf_front(&f->file), f->file.len);
	f->head = sealed_header_len(slu_buf_front(&f->file), f->file.len);
	f->copy = malloc(f->file.len + 2 * SLU_CHUNK_SEALED);
	CHECK(f->copy != NULL);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	slu_identities_free(f->passphrase);
	slu_identities_free(f->file_key);
	slu_buf_free(&f->file);
	free(f->copy);
	free(f);
	return 0;
}

static void
make_copy(struct fixture *f)
{
	memcpy(f->copy, slu_buf_front(&f->file), f->file.len);
	f->len = f->file.len;
}

/* Where the sealed chunk at `i` begins, and its end for one past the last. */
static size_t
border(const struct fixture *f, size_t i)
{
	size_t at = f->head + SLU_PAYLOAD_NONCE + i * SLU_CHUNK_SEALED;

	return i < CHUNKS ? at : f->file.len;
}

static void
erase(struct fixture *f, size_t from, size_t to)
{
	memmove(f->copy + from, f->copy + to, f->len - to);
	f->len -= to - from;
}

static void
insert(struct fixture *f, size_t at, const unsigned char *data, size_t len)
{
	memmove(f->copy + at + len, f->copy + at, f->len - at);
	memcpy(f->copy + at, data, len);
	f->len += len;
}

/* The copy must fail for good, however it is read. */
static void
must_fail(const struct fixture *f, slu_identities *ids, const char *what)
{
	for (size_t i = 0; i < sizeof(paces) / sizeof(paces[0]); i++) {
		trial t = {
			.room = what, .pace = paces[i].name, .len = f->len
		};
		slu_buf out = { .limit = SEALED_ROOM };
		slu_bio *c = NULL;
		slu_status st;

		CHECK_OK(slu_view_open(&c, f->copy, f->len));
		CHECK_OK(slu_unseal(&c, ids, NULL));
		st = trial_read(&t, c, &out, &paces[i]);
		trial_must(&t, slu_failed(st), "it fails");
		trial_must(
		    &t, out.len % SLU_CHUNK == 0, "whole chunks come out");
		trial_must(&t, out.len <= PLAIN, "no more comes out");
		trial_must_equal(&t, f->plain, out.len, &out,
		    "only what was sealed comes out");
		trial_must_stay_failed(&t, c, st);
		slu_bio_free(c);
		slu_buf_free(&out);
	}
}

/* Flip bits in the first, the middle and the last byte from `from` to `to`. */
static void
flip_in(struct fixture *f, slu_identities *ids, size_t from, size_t to,
    const char *what)
{
	size_t at[] = { from, from + (to - from) / 2, to - 1 };

	make_copy(f);
	for (size_t i = 0; i < 3; i++) {
		for (unsigned bit = 1; bit < 256; bit <<= 1) {
			f->copy[at[i]] ^= (unsigned char)bit;
			must_fail(f, ids, what);
			f->copy[at[i]] ^= (unsigned char)bit;
		}
	}
}

/* The end of the line, or of the word, that begins at `at`. */
static size_t
end_of(const struct fixture *f, size_t at, char until)
{
	while (slu_buf_front(&f->file)[at] != (unsigned char)until)
		at++;
	return at + 1;
}

static void
a_flipped_bit_in_any_part_of_the_header_is_found(void **state)
{
	struct fixture *f = *state;
	size_t version = end_of(f, 0, '\n');
	size_t type = version + strlen("-> scrypt ");
	size_t salt = end_of(f, type, ' ');
	size_t factor = end_of(f, salt, '\n');
	size_t body = end_of(f, factor, '\n');
	size_t mac = end_of(f, body, '\n');

	CHECK(mac == f->head);
	flip_in(f, f->passphrase, 0, version, "the version");
	flip_in(f, f->passphrase, version, type, "the stanza's type");
	flip_in(f, f->passphrase, type, salt, "the salt");
	flip_in(f, f->passphrase, salt, factor, "the work factor");
	flip_in(f, f->passphrase, factor, body, "the stanza's body");
	flip_in(f, f->passphrase, body, mac, "the MAC");
}

static void
a_flipped_bit_in_any_part_of_the_payload_is_found(void **state)
{
	struct fixture *f = *state;

	flip_in(f, f->file_key, f->head, border(f, 0), "the nonce");
	for (size_t i = 0; i < CHUNKS; i++) {
		size_t tag = border(f, i + 1) - SLU_TAG_SIZE;

		flip_in(f, f->file_key, border(f, i), tag, "a chunk");
		flip_in(f, f->file_key, tag, border(f, i + 1), "a tag");
	}
}

static void
a_byte_less_or_more_is_found_anywhere(void **state)
{
	struct fixture *f = *state;

	for (size_t at = 0; at < f->head; at += 7) {
		make_copy(f);
		erase(f, at, at + 1);
		must_fail(f, f->passphrase, "a byte less in the header");
		make_copy(f);
		insert(f, at, (const unsigned char *)"A", 1);
		must_fail(f, f->passphrase, "a byte more in the header");
	}
	for (size_t i = 0; i <= CHUNKS; i++) {
		for (size_t back = 0; back <= SLU_TAG_SIZE + 1; back++) {
			size_t at = border(f, i) - back;

			if (at < f->head)
				continue;
			make_copy(f);
			insert(f, at, (const unsigned char *)"A", 1);
			must_fail(f, f->file_key, "a byte more");
			make_copy(f);
			if (at == f->len)
				continue;
			erase(f, at, at + 1);
			must_fail(f, f->file_key, "a byte less");
		}
	}
}

static void
a_cut_is_found_at_and_around_each_border(void **state)
{
	struct fixture *f = *state;

	for (size_t cut = 0; cut < f->head; cut++) {
		make_copy(f);
		f->len = cut;
		must_fail(f, f->file_key, "cut in the header");
	}
	for (size_t i = 0; i <= CHUNKS; i++) {
		size_t from = border(f, i) - SLU_PAYLOAD_NONCE - 1;

		for (size_t cut = from; cut < from + 40; cut++) {
			make_copy(f);
			if (cut >= f->len)
				continue;
			f->len = cut;
			must_fail(f, f->file_key, "cut in the payload");
		}
	}
}

static void
chunks_cannot_be_swapped(void **state)
{
	struct fixture *f = *state;
	const unsigned char *file = slu_buf_front(&f->file);

	make_copy(f);
	memcpy(f->copy + border(f, 0), file + border(f, 1), SLU_CHUNK_SEALED);
	memcpy(f->copy + border(f, 1), file + border(f, 0), SLU_CHUNK_SEALED);
	must_fail(f, f->file_key, "two chunks swapped");
	make_copy(f);
	erase(f, border(f, 1), border(f, 2));
	insert(f, f->len, file + border(f, 1), SLU_CHUNK_SEALED);
	must_fail(f, f->file_key, "the last chunk moved before another");
}

static void
chunks_cannot_be_dropped(void **state)
{
	struct fixture *f = *state;

	for (size_t from = 0; from < CHUNKS; from++) {
		for (size_t to = from + 1; to <= CHUNKS; to++) {
			make_copy(f);
			erase(f, border(f, from), border(f, to));
			must_fail(f, f->file_key, "chunks dropped");
		}
	}
}

static void
chunks_cannot_be_repeated(void **state)
{
	struct fixture *f = *state;
	const unsigned char *file = slu_buf_front(&f->file);

	for (size_t i = 0; i < CHUNKS; i++) {
		for (size_t at = 0; at <= CHUNKS; at++) {
			make_copy(f);
			insert(f, border(f, at), file + border(f, i),
			    border(f, i + 1) - border(f, i));
			must_fail(f, f->file_key, "a chunk repeated");
		}
	}
}

/* Both files are for the same passphrase, and each of them is good. */
static void
parts_of_two_files_do_not_make_a_third(void **state)
{
	struct fixture *f = *state;
	slu_buf other = { .limit = SEALED_ROOM };
	const unsigned char *file;

	sealed_make(&other, f->plain, PLAIN);
	CHECK(other.len == f->file.len);
	file = slu_buf_front(&other);
	make_copy(f);
	memcpy(f->copy, file, f->head);
	must_fail(f, f->passphrase, "another header");
	make_copy(f);
	memcpy(f->copy + f->head, file + f->head, SLU_PAYLOAD_NONCE);
	must_fail(f, f->file_key, "another nonce");
	for (size_t i = 0; i < CHUNKS; i++) {
		make_copy(f);
		memcpy(f->copy + border(f, i), file + border(f, i),
		    border(f, i + 1) - border(f, i));
		must_fail(f, f->file_key, "another chunk");
	}
	slu_buf_free(&other);
}

static void
a_cheaper_or_dearer_work_factor_is_found(void **state)
{
	static const char *const factors[] = { "1", "2", "9", "11", "12", "010",
		"23", "100", "99999999999999999999", "" };
	struct fixture *f = *state;
	size_t at = end_of(f, end_of(f, 0, '\n') + 10, ' ');

	for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++) {
		make_copy(f);
		CHECK(memcmp(f->copy + at, "10\n", 3) == 0);
		erase(f, at, at + 2);
		insert(f, at, (const unsigned char *)factors[i],
		    strlen(factors[i]));
		must_fail(f, f->passphrase, factors[i]);
	}
}

static void
nothing_can_be_added_behind_the_end(void **state)
{
	struct fixture *f = *state;
	unsigned char *more = calloc(1, SLU_CHUNK_SEALED);
	static const size_t sizes[] = { 1, 15, 16, 17, 65536 - LAST - 1,
		65536 - LAST, 65536 - LAST + 1, SLU_CHUNK_SEALED };

	CHECK(more != NULL);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		make_copy(f);
		insert(f, f->len, more, sizes[i]);
		must_fail(f, f->file_key, "bytes behind the end");
	}
	free(more);
}

#define TAMPER_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TAMPER_TEST(a_flipped_bit_in_any_part_of_the_header_is_found),
		TAMPER_TEST(a_flipped_bit_in_any_part_of_the_payload_is_found),
		TAMPER_TEST(a_byte_less_or_more_is_found_anywhere),
		TAMPER_TEST(a_cut_is_found_at_and_around_each_border),
		TAMPER_TEST(chunks_cannot_be_swapped),
		TAMPER_TEST(chunks_cannot_be_dropped),
		TAMPER_TEST(chunks_cannot_be_repeated),
		TAMPER_TEST(parts_of_two_files_do_not_make_a_third),
		TAMPER_TEST(a_cheaper_or_dearer_work_factor_is_found),
		TAMPER_TEST(nothing_can_be_added_behind_the_end),
	};

	return cmocka_run_group_tests_name("tamper", tests, NULL, NULL);
}
