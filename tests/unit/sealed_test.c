/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/sealed.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "sealed.h"
#include "trial.h"

#include "seal/chunk.h"
#include "seal/header.h"
#include "seal/identity_internal.h"
#include "seal/kdf.h"
#include "sluice/armor.h"
#include "sluice/mem.h"

#define PLAIN (3 * SLU_CHUNK + 1000)
#define TEBI ((uint64_t)1 << 40)

/* A sealed file in memory, and which of its bytes were read. */
struct memory {
	unsigned char *file;
	uint64_t reads, least, most;
	bool broken;
	slu_status answers; /* instead of reading; SLU_OK: it reads */
};

static slu_status
read_memory(void *arg, uint64_t offset, void *buf, size_t len)
{
	struct memory *m = arg;

	if (m->broken)
		return slu_fail(SLU_ERR_IO, "test: broken");
	if (m->answers)
		return m->answers;
	m->reads++;
	m->least = offset < m->least ? offset : m->least;
	m->most = offset + len > m->most ? offset + len : m->most;
	memcpy(buf, m->file + offset, len);
	return SLU_OK;
}

struct fixture {
	unsigned char plain[PLAIN];
	slu_buf file;
	struct memory memory;
	slu_sealed_source source;
	slu_identities *ids;
	size_t begin; /* of the first chunk */
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	CHECK(f != NULL);
	trial_plain(f->plain, PLAIN);
	f->file.limit = SEALED_ROOM;
	sealed_make(&f->file, f->plain, PLAIN);
	f->memory.file = f->file.mem + f->file.off;
	f->source = (slu_sealed_source){ read_memory, &f->memory, f->file.len };
	f->begin =
	    sealed_header_len(f->memory.file, f->file.len) + SLU_PAYLOAD_NONCE;
	f->ids = sealed_file_key(f->memory.file, f->file.len);
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

static slu_sealed *
open_it(struct fixture *f)
{
	slu_sealed *s = NULL;

	CHECK_OK(slu_sealed_open(&s, &f->source, f->ids, NULL));
	CHECK(slu_sealed_size(s) == PLAIN);
	return s;
}

static void
any_range_is_what_was_sealed(void **state)
{
	static const size_t places[] = { 0, 1, 100, SLU_CHUNK - 1, SLU_CHUNK,
		SLU_CHUNK + 1, 2 * SLU_CHUNK, 3 * SLU_CHUNK - 7, 3 * SLU_CHUNK,
		PLAIN - 1, PLAIN, PLAIN + 1 };
	static const size_t lengths[] = { 0, 1, 2, 4096, SLU_CHUNK - 1,
		SLU_CHUNK, SLU_CHUNK + 1, 2 * SLU_CHUNK, PLAIN, 2 * PLAIN };
	static unsigned char out[2 * PLAIN];
	struct fixture *f = *state;
	slu_sealed *s = open_it(f);
	size_t got;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (size_t k = 0; k < sizeof(lengths) / sizeof(lengths[0]);
		     k++) {
			size_t left = places[i] < PLAIN ? PLAIN - places[i] : 0;
			size_t want = lengths[k] < left ? lengths[k] : left;

			CHECK_IS(lengths[k] > 0 && left == 0 ? SLU_EOF : SLU_OK,
			    slu_sealed_read_at(
				s, places[i], out, lengths[k], &got));
			CHECK_BYTES(want == 0 ? out : f->plain + places[i],
			    want, out, got);
		}
	CHECK_IS(SLU_EOF, slu_sealed_read_at(s, UINT64_MAX, out, 1, &got));
	slu_sealed_free(s);
}

static void
a_range_takes_no_more_than_its_chunks(void **state)
{
	struct fixture *f = *state;
	slu_sealed *s = open_it(f);
	unsigned char out[10];
	size_t got;

	f->memory.reads = f->memory.most = 0;
	f->memory.least = UINT64_MAX;
	CHECK_OK(slu_sealed_read_at(s, SLU_CHUNK + 5, out, 10, &got));
	CHECK(f->memory.reads == 1);
	CHECK(f->memory.least == f->begin + SLU_CHUNK_SEALED);
	CHECK(f->memory.most == f->begin + 2 * SLU_CHUNK_SEALED);
	/* It is kept, and so is no other. */
	CHECK_OK(slu_sealed_read_at(s, SLU_CHUNK + 500, out, 10, &got));
	CHECK(f->memory.reads == 1);
	CHECK_OK(slu_sealed_read_at(s, 2 * SLU_CHUNK - 5, out, 10, &got));
	CHECK(f->memory.reads == 2 && got == 10);
	CHECK_BYTES(f->plain + 2 * SLU_CHUNK - 5, 10, out, got);
	slu_sealed_free(s);
}

static void
a_damaged_chunk_spoils_what_is_in_it_and_nothing_else(void **state)
{
	static unsigned char out[PLAIN];
	struct fixture *f = *state;
	slu_sealed *s = open_it(f);
	size_t got;

	f->memory.file[f->begin + SLU_CHUNK_SEALED + 100] ^= 1;
	CHECK_OK(slu_sealed_read_at(s, 0, out, PLAIN, &got));
	CHECK_BYTES(f->plain, SLU_CHUNK, out, got);
	CHECK_IS(SLU_ERR_AUTH, slu_sealed_read_at(s, SLU_CHUNK, out, 1, &got));
	CHECK_WORDS("unseal: damaged at byte 65536");
	CHECK(got == 0);
	CHECK_IS(SLU_ERR_AUTH,
	    slu_sealed_read_at(s, 2 * SLU_CHUNK - 1, out, 2, &got));
	CHECK_OK(slu_sealed_read_at(s, 2 * SLU_CHUNK, out, PLAIN, &got));
	CHECK_BYTES(f->plain + 2 * SLU_CHUNK, PLAIN - 2 * SLU_CHUNK, out, got);
	/* What could not be opened is not kept. */
	f->memory.file[f->begin + SLU_CHUNK_SEALED + 100] ^= 1;
	CHECK_OK(slu_sealed_read_at(s, SLU_CHUNK, out, 1, &got));
	CHECK(out[0] == f->plain[SLU_CHUNK]);
	slu_sealed_free(s);
}

static void
must_not_open(struct fixture *f, uint64_t size, slu_status st, const char *why)
{
	slu_sealed *s = NULL;

	f->source.size = size;
	CHECK_IS(st, slu_sealed_open(&s, &f->source, f->ids, NULL));
	CHECK_WORDS(why);
	CHECK(s == NULL);
}

static void
the_size_is_believed_only_with_the_end(void **state)
{
	struct fixture *f = *state;

	must_not_open(f, f->begin + 3 * SLU_CHUNK_SEALED, SLU_ERR_TRUNCATED,
	    "unseal: truncated after 196608 bytes");
	must_not_open(f, f->begin + 2 * SLU_CHUNK_SEALED, SLU_ERR_TRUNCATED,
	    "unseal: truncated after 131072 bytes");
	must_not_open(f, f->begin + 2 * SLU_CHUNK_SEALED + 15,
	    SLU_ERR_TRUNCATED, "unseal: truncated after 131072 bytes");
	must_not_open(f, f->begin + 2 * SLU_CHUNK_SEALED + 16, SLU_ERR_FORMAT,
	    "unseal: an empty chunk behind 131072 bytes");
	must_not_open(f, f->begin + 2 * SLU_CHUNK_SEALED + 17, SLU_ERR_AUTH,
	    "unseal: damaged, cut short or added to at byte 131072");
	must_not_open(f, f->file.len - 1, SLU_ERR_AUTH,
	    "unseal: damaged, cut short or added to at byte 196608");
	must_not_open(
	    f, f->begin, SLU_ERR_TRUNCATED, "unseal: truncated after 0 bytes");
	must_not_open(f, f->begin - 1, SLU_ERR_TRUNCATED,
	    "unseal: truncated within the header");
	must_not_open(
	    f, 30, SLU_ERR_TRUNCATED, "unseal: truncated within the header");
	must_not_open(
	    f, 0, SLU_ERR_FORMAT, "unseal: not an age file: it is empty");
	f->memory.file[f->file.len - 1] ^= 1;
	must_not_open(f, f->file.len, SLU_ERR_AUTH,
	    "unseal: damaged, cut short or added to at byte 196608");
}

static void
sizes_around_a_chunks_open_and_end_where_they_did(void **state)
{
	static const size_t sizes[] = { 0, 1, SLU_CHUNK - 1, SLU_CHUNK,
		SLU_CHUNK + 1, 2 * SLU_CHUNK };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		slu_buf file = { .limit = SEALED_ROOM };
		struct memory m = { 0 };
		slu_sealed_source source = { read_memory, &m, 0 };
		slu_identities *ids = sealed_identities();
		slu_sealed *s = NULL;
		unsigned char byte;
		size_t got;

		sealed_make(&file, f->plain, sizes[i]);
		m.file = file.mem + file.off;
		source.size = file.len;
		CHECK_OK(slu_sealed_open(&s, &source, ids, NULL));
		slu_identities_free(ids);
		CHECK(slu_sealed_size(s) == sizes[i]);
		CHECK_IS(
		    SLU_EOF, slu_sealed_read_at(s, sizes[i], &byte, 1, &got));
		if (sizes[i] > 0) {
			CHECK_OK(slu_sealed_read_at(
			    s, sizes[i] - 1, &byte, 1, &got));
			CHECK(byte == f->plain[sizes[i] - 1]);
		}
		slu_sealed_free(s);
		slu_buf_free(&file);
	}
}

static void
what_cannot_be_read_or_opened_says_why(void **state)
{
	struct fixture *f = *state;
	slu_identities *none = NULL;
	slu_sealed *s = open_it(f);
	slu_sealed *other = NULL;
	unsigned over = 1;
	unsigned char byte;
	size_t got;

	f->memory.broken = true;
	CHECK_IS(SLU_ERR_IO, slu_sealed_read_at(s, 0, &byte, 1, &got));
	CHECK_WORDS("test: broken");
	CHECK_IS(SLU_ERR_IO, slu_sealed_open(&other, &f->source, f->ids, NULL));
	f->memory.broken = false;
	CHECK_OK(slu_sealed_read_at(s, 0, &byte, 1, &got));
	slu_sealed_free(s);
	CHECK_OK(slu_identities_new(&none));
	CHECK_IS(
	    SLU_ERR_NO_MATCH, slu_sealed_open(&other, &f->source, none, NULL));
	CHECK_OK(slu_identities_passphrase(none, "x", 1, 1));
	CHECK_IS(
	    SLU_ERR_LIMIT, slu_sealed_open(&other, &f->source, none,
			       &(slu_unseal_options){ .over_limit = &over }));
	CHECK(over == SEALED_FACTOR && other == NULL);
	slu_identities_free(none);
	slu_sealed_free(NULL);
}

static void
a_source_cannot_pass_off_a_short_read_as_an_end_or_a_wait(void **state)
{
	static const slu_status no_failures[] = { SLU_EOF, SLU_WANT_READ,
		SLU_WANT_WRITE, SLU_WANT_CERT };
	struct fixture *f = *state;
	slu_sealed *s = open_it(f), *other = NULL;
	unsigned char byte;
	size_t got;

	for (size_t i = 0; i < sizeof(no_failures) / sizeof(no_failures[0]);
	     i++) {
		f->memory.answers = no_failures[i];
		CHECK_IS(
		    SLU_ERR_USAGE, slu_sealed_read_at(s, 0, &byte, 1, &got));
		CHECK_WORDS("sealed: a source that neither read nor failed");
		CHECK_IS(SLU_ERR_USAGE,
		    slu_sealed_open(&other, &f->source, f->ids, NULL));
		CHECK(got == 0 && other == NULL);
	}
	f->memory.answers = SLU_OK;
	CHECK_OK(slu_sealed_read_at(s, 0, &byte, 1, &got));
	slu_sealed_free(s);
}

/* The file is in armor from now on, whose lines end in this way. */
static void
put_in_armor(struct fixture *f, slu_buf *text, const char *end)
{
	const char *from, *to;
	slu_buf lines = { .limit = SEALED_ROOM };
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, &lines));
	CHECK_OK(slu_armor(&c));
	CHECK_OK(
	    slu_bio_write_all(c, slu_buf_front(&f->file), f->file.len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	CHECK_OK(slu_buf_add(&lines, "", 1));
	text->limit = SEALED_ROOM;
	from = (const char *)slu_buf_front(&lines);
	for (; (to = strchr(from, '\n')) != NULL; from = to + 1) {
		CHECK_OK(slu_buf_add(text, from, (size_t)(to - from)));
		CHECK_OK(slu_buf_add(text, end, strlen(end)));
	}
	slu_buf_free(&lines);
	f->memory.file = text->mem + text->off;
	f->source.size = text->len;
}

/* Where in armor, whose lines are so wide, a byte of the file is. */
static size_t
in_armor(size_t at, size_t width)
{
	return 34 + width - 64 + at / 48 * width + at % 48 / 3 * 4;
}

static void
of_a_file_in_armor_any_range_takes_no_more_than_its_lines(void **state)
{
	static unsigned char out[PLAIN];
	struct fixture *f = *state;

	for (size_t width = 65; width < 67; width++) {
		size_t chunk = f->begin + SLU_CHUNK_SEALED, got;
		slu_buf text = { 0 };
		bool armored = false;
		slu_sealed *s = NULL;

		put_in_armor(f, &text, width == 65 ? "\n" : "\r\n");
		CHECK_OK(slu_sealed_open(&s, &f->source, f->ids,
		    &(slu_unseal_options){ .armored = &armored }));
		CHECK(armored && slu_sealed_size(s) == PLAIN);
		f->memory.most = 0;
		f->memory.least = UINT64_MAX;
		CHECK_OK(slu_sealed_read_at(s, SLU_CHUNK + 5, out, 10, &got));
		CHECK_BYTES(f->plain + SLU_CHUNK + 5, 10, out, got);
		CHECK(f->memory.least >= in_armor(chunk, width) - width);
		CHECK(f->memory.most <=
		      in_armor(chunk + SLU_CHUNK_SEALED, width) + width);
		CHECK_OK(slu_sealed_read_at(s, 0, out, PLAIN, &got));
		CHECK_BYTES(f->plain, PLAIN, out, got);
		slu_sealed_free(s);
		slu_buf_free(&text);
	}
	f->memory.file = f->file.mem + f->file.off;
}

static void
damaged_armor_spoils_its_chunk_or_the_end_is_not_believed(void **state)
{
	static unsigned char out[PLAIN];
	struct fixture *f = *state;
	size_t at = in_armor(f->begin + SLU_CHUNK_SEALED + 100, 65), got;
	slu_buf text = { 0 };
	slu_sealed *s;

	put_in_armor(f, &text, "\n");
	s = open_it(f);
	f->memory.file[at] = '-';
	CHECK_OK(slu_sealed_read_at(s, 0, out, PLAIN, &got));
	CHECK_BYTES(f->plain, SLU_CHUNK, out, got);
	CHECK_IS(
	    SLU_ERR_FORMAT, slu_sealed_read_at(s, SLU_CHUNK, out, 1, &got));
	CHECK_WORDS("armor: damaged armor at byte ");
	CHECK_OK(slu_sealed_read_at(s, 2 * SLU_CHUNK, out, PLAIN, &got));
	CHECK_BYTES(f->plain + 2 * SLU_CHUNK, PLAIN - 2 * SLU_CHUNK, out, got);
	slu_sealed_free(s);
	must_not_open(f, text.len - 20, SLU_ERR_TRUNCATED,
	    "armor: truncated within the armor, after ");
	f->memory.file[200] = '\n';
	must_not_open(f, text.len, SLU_ERR_FORMAT,
	    "armor: damaged armor at byte 200: a line that ends within a ");
	slu_buf_free(&text);
}

/* A file of a tebibyte, each chunk of which is sealed when it is read. */
struct vast {
	unsigned char head[300];
	size_t nhead;
	slu_aead *aead;
};

static slu_status
read_vast(void *arg, uint64_t offset, void *buf, size_t len)
{
	static unsigned char plain[SLU_CHUNK], sealed[SLU_CHUNK_SEALED];
	struct vast *v = arg;
	uint64_t index = (offset - v->nhead) / SLU_CHUNK_SEALED;
	slu_chunk_place place = SLU_CHUNK_INNER;

	if (offset < v->nhead) {
		memset(buf, 0, len);
		memcpy(buf, v->head + offset, v->nhead - (size_t)offset);
		return SLU_OK;
	}
	if (index == TEBI / SLU_CHUNK - 1)
		place = SLU_CHUNK_LAST;
	for (size_t i = 0; i < SLU_CHUNK; i += sizeof(index))
		memcpy(plain + i, &index, sizeof(index));
	CHECK((offset - v->nhead) % SLU_CHUNK_SEALED == 0);
	CHECK_OK(
	    slu_chunk_seal(v->aead, index, place, plain, SLU_CHUNK, sealed));
	memcpy(buf, sealed, len);
	return SLU_OK;
}

static void
make_vast(struct vast *v, const unsigned char file_key[SLU_FILE_KEY])
{
	unsigned char key[SLU_KEY_SIZE];
	slu_buf text = { .limit = 300 };
	slu_header h = { 0 };
	slu_stanza *st;

	CHECK_OK(slu_header_add(&h, &st));
	CHECK_OK(slu_stanza_add_arg(st, "test"));
	CHECK_OK(slu_header_encode(&h, &text));
	CHECK_OK(slu_kdf_mac(h.mac, file_key, slu_buf_front(&text), text.len));
	CHECK_OK(slu_header_encode_mac(&h, &text));
	v->nhead =
	    slu_buf_take(&text, v->head, sizeof(v->head)) + SLU_PAYLOAD_NONCE;
	CHECK_OK(slu_kdf_payload(
	    key, file_key, v->head + v->nhead - SLU_PAYLOAD_NONCE));
	CHECK_OK(slu_aead_new(&v->aead, key));
	slu_header_free(&h);
	slu_buf_free(&text);
}

static void
ranges_of_a_tebibyte_are_where_they_should_be(void **state)
{
	static const unsigned char file_key[SLU_FILE_KEY] = "YELLOW SUBMARIN";
	struct vast v = { .nhead = 0 };
	slu_sealed_source source = { read_vast, &v, 0 };
	slu_identities *ids = NULL;
	slu_sealed *s = NULL;
	uint64_t index;
	size_t got;

	(void)state;
	make_vast(&v, file_key);
	source.size = v.nhead + TEBI / SLU_CHUNK * SLU_CHUNK_SEALED;
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_file_key(ids, file_key));
	CHECK_OK(slu_sealed_open(&s, &source, ids, NULL));
	CHECK(slu_sealed_size(s) == TEBI);
	for (uint64_t at = 0; at < TEBI; at += TEBI / 7 / 8 * 8) {
		CHECK_OK(slu_sealed_read_at(s, at, &index, 8, &got));
		CHECK(got == 8 && index == at / SLU_CHUNK);
	}
	CHECK_OK(slu_sealed_read_at(s, TEBI - 8, &index, 9, &got));
	CHECK(got == 8 && index == TEBI / SLU_CHUNK - 1);
	slu_sealed_free(s);
	slu_identities_free(ids);
	slu_aead_free(v.aead);
}

static void
a_file_by_its_path_gives_the_same(void **state)
{
	struct fixture *f = *state;
	char path[] = "/tmp/sealed_test.XXXXXX";
	static unsigned char out[PLAIN];
	int fd = mkstemp(path);
	slu_sealed *s = NULL;
	size_t got;

	CHECK(fd >= 0);
	CHECK(write(fd, f->memory.file, f->file.len) == (ssize_t)f->file.len);
	CHECK_OK(slu_sealed_open_file(&s, path, f->ids, NULL));
	CHECK_OK(slu_sealed_read_at(s, 0, out, PLAIN, &got));
	CHECK_BYTES(f->plain, PLAIN, out, got);
	CHECK(ftruncate(fd, 1000) == 0);
	CHECK_IS(SLU_ERR_TRUNCATED, slu_sealed_read_at(s, 9, out, 1, &got));
	CHECK_WORDS("sealed: the file became shorter meanwhile");
	slu_sealed_free(s);
	s = NULL;
	CHECK(unlink(path) == 0);
	CHECK_IS(SLU_ERR_IO, slu_sealed_open_file(&s, path, f->ids, NULL));
	CHECK_WORDS("No such file or directory");
	CHECK_IS(SLU_ERR_IO, slu_sealed_open_file(&s, "/tmp", f->ids, NULL));
	CHECK_WORDS("/tmp: Is a directory");
	CHECK_IS(
	    SLU_ERR_IO, slu_sealed_open_file(&s, "/dev/null", f->ids, NULL));
	CHECK_WORDS("/dev/null: not a regular file");
	close(fd);
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(any_range_is_what_was_sealed),
		FILE_TEST(a_range_takes_no_more_than_its_chunks),
		FILE_TEST(
		    a_damaged_chunk_spoils_what_is_in_it_and_nothing_else),
		FILE_TEST(the_size_is_believed_only_with_the_end),
		FILE_TEST(sizes_around_a_chunks_open_and_end_where_they_did),
		FILE_TEST(what_cannot_be_read_or_opened_says_why),
		FILE_TEST(
		    a_source_cannot_pass_off_a_short_read_as_an_end_or_a_wait),
		FILE_TEST(
		    of_a_file_in_armor_any_range_takes_no_more_than_its_lines),
		FILE_TEST(
		    damaged_armor_spoils_its_chunk_or_the_end_is_not_believed),
		cmocka_unit_test(ranges_of_a_tebibyte_are_where_they_should_be),
		FILE_TEST(a_file_by_its_path_gives_the_same),
	};

	return cmocka_run_group_tests_name("sealed", tests, NULL, NULL);
}
