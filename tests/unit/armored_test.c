/* SPDX-License-Identifier: ISC */
#include "seal/armored.h"

#include <stdlib.h>

#include "check.h"
#include "oom.h"
#include "trial.h"

#include "seal/armor_line.h"
#include "seal/armor_map.h"
#include "sluice/mem.h"
#include "sluice/view.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----"
#define END "-----END AGE ENCRYPTED FILE-----"
/* A full line, of 48 bytes. */
#define FULL "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD"
#define UNEVEN \
	"armor: the lines of its armor differ in length or in how they end"
#define LINE 48 /* bytes of the file in a line */
#define ROOM (1024 * 1024)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A text in memory, which of its bytes were read, and which cannot be. */
struct memory {
	const unsigned char *text;
	uint64_t size; /* 0: not told */
	uint64_t least, most, bytes;
	uint64_t bad, nbad;
};

static slu_status
read_memory(void *arg, uint64_t offset, void *buf, size_t len)
{
	struct memory *m = arg;

	CHECK(m->size == 0 || offset + len <= m->size);
	if (offset < m->bad + m->nbad && m->bad < offset + len)
		return slu_fail(SLU_ERR_IO, "test: a bad sector");
	m->least = offset < m->least ? offset : m->least;
	m->most = offset + len > m->most ? offset + len : m->most;
	m->bytes += len;
	memcpy(buf, m->text + offset, len);
	return SLU_OK;
}

typedef slu_status (*opener)(
    slu_armored **out, const slu_sealed_source *text, slu_sealed_source *bare);

/* Put `len` bytes in armor whose lines end in this way. */
static void
armor(slu_buf *out, const void *plain, size_t len, const char *end)
{
	slu_buf text = { .limit = ROOM };
	const char *from, *to;
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, &text));
	CHECK_OK(slu_armor(&c));
	CHECK_OK(slu_bio_write_all(c, plain, len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	CHECK_OK(slu_buf_add(&text, "", 1));
	out->limit = ROOM;
	from = (const char *)slu_buf_front(&text);
	for (; (to = strchr(from, '\n')) != NULL; from = to + 1) {
		CHECK_OK(slu_buf_add(out, from, (size_t)(to - from)));
		CHECK_OK(slu_buf_add(out, end, strlen(end)));
	}
	slu_buf_free(&text);
}

/* How reading it in order ends, as slu_unseal does. */
static slu_status
dearmor(const void *text, size_t len, slu_buf *out)
{
	const trial_pace pace = { .name = "whole" };
	trial t = { .room = "dearmor", .pace = pace.name, .len = len };
	slu_bio *c = NULL;
	slu_status st;

	out->limit = ROOM;
	CHECK_OK(slu_view_open(&c, text, len));
	CHECK_OK(slu_dearmor_if(&c, NULL));
	st = trial_read(&t, c, out, &pace);
	slu_bio_free(c);
	return st;
}

/* Open it, and read all of it; SLU_EOF if that goes well. */
static slu_status
read_all(opener open, struct memory *m, size_t len, slu_buf *out)
{
	const slu_sealed_source text = { read_memory, m, len };
	static unsigned char bytes[ROOM];
	slu_armored *a = NULL;
	slu_sealed_source bare;
	slu_status st;

	m->size = len;
	st = open(&a, &text, &bare);
	if (st) {
		CHECK(a == NULL);
		return st;
	}
	CHECK(bare.size < ROOM);
	out->limit = ROOM;
	st = bare.read_at(bare.arg, 0, bytes, (size_t)bare.size);
	if (st == SLU_OK)
		CHECK_OK(slu_buf_add(out, bytes, (size_t)bare.size));
	slu_armored_free(a);
	return st ? st : SLU_EOF;
}

/*
 * Whoever reads all of it, in order or not, comes to the same verdict, but for
 * lines that differ; what is wrong is said in these words, if not NULL.
 */
static void
must_agree(const void *text, size_t len, const char *words)
{
	slu_buf want = { 0 }, got = { 0 };
	struct memory m = { .text = text };
	slu_status st = dearmor(text, len, &want), other;

	other = read_all(slu_armored_open, &m, len, &got);
	if (words != NULL)
		CHECK_WORDS(words);
	if (st != SLU_EOF)
		CHECK(slu_failed(other));
	else if (other != SLU_EOF)
		CHECK_WORDS(UNEVEN);
	else
		CHECK_BYTES(slu_buf_front(&want), want.len, slu_buf_front(&got),
		    got.len);
	slu_buf_free(&want);
	slu_buf_free(&got);
}

static void
every_range_is_as_without_armor(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 47, 48, 49, 95, 96, 97, 143,
		144, 146 };
	static const char *const ends[] = { "\n", "\r\n" };
	unsigned char plain[150], out[150];

	(void)state;
	trial_plain(plain, sizeof(plain));
	for (size_t i = 0; i < 2 * COUNT(sizes); i++) {
		size_t size = sizes[i / 2];
		slu_buf text = { 0 };
		struct memory m = { 0 };
		slu_sealed_source source = { read_memory, &m, 0 }, bare;
		slu_armored *a = NULL;

		armor(&text, plain, size, ends[i % 2]);
		m.text = slu_buf_front(&text);
		source.size = text.len;
		CHECK_OK(slu_armored_open(&a, &source, &bare));
		CHECK(bare.size == size && a != NULL);
		for (size_t at = 0; at <= size; at++)
			for (size_t len = 0; len <= size - at; len++) {
				CHECK_OK(bare.read_at(bare.arg, at, out, len));
				CHECK_BYTES(plain + at, len, out, len);
			}
		slu_armored_free(a);
		slu_buf_free(&text);
	}
}

static void
ranges_of_many_lines_are_as_without_armor(void **state)
{
	static unsigned char plain[200000], out[200000];
	slu_buf text = { 0 };
	struct memory m = { 0 };
	slu_sealed_source source = { read_memory, &m, 0 }, bare;
	slu_armored *a = NULL;

	(void)state;
	trial_plain(plain, sizeof(plain));
	armor(&text, plain, sizeof(plain), "\r\n");
	m.text = slu_buf_front(&text);
	source.size = text.len;
	CHECK_OK(slu_armored_open(&a, &source, &bare));
	for (size_t i = 0; i < 500; i++) {
		size_t at = i * 7919 % sizeof(plain);
		size_t len = i * i * 104729 % (sizeof(plain) - at + 1);

		CHECK_OK(bare.read_at(bare.arg, at, out, len));
		CHECK_BYTES(plain + at, len, out, len);
	}
	slu_armored_free(a);
	slu_buf_free(&text);
}

static void
no_more_is_read_than_both_ends_and_the_lines_of_a_range(void **state)
{
	static unsigned char plain[100000], out[100];
	slu_buf text = { 0 };
	struct memory m = { 0 };
	slu_sealed_source source = { read_memory, &m, 0 }, bare;
	slu_armored *a = NULL;

	(void)state;
	trial_plain(plain, sizeof(plain));
	armor(&text, plain, sizeof(plain), "\n");
	m.text = slu_buf_front(&text);
	source.size = text.len;
	CHECK_OK(slu_armored_open(&a, &source, &bare));
	CHECK(m.bytes < 3000);
	m = (struct memory){ .text = m.text, .least = UINT64_MAX };
	CHECK_OK(bare.read_at(bare.arg, 480 * 100, out, 1));
	CHECK(m.least == 35 + 65 * 1000 && m.most == m.least + 65);
	m = (struct memory){ .text = m.text, .least = UINT64_MAX };
	CHECK_OK(bare.read_at(bare.arg, 480 * 100 - 1, out, 50));
	CHECK(m.least == 35 + 65 * 999 && m.most == m.least + 3 * 65);
	slu_armored_free(a);
	slu_buf_free(&text);
}

/* The words are slu_dearmor's, where both come to the same byte. */
static void
what_is_wrong_is_said_as_by_who_reads_in_order(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "\n \n", "unseal: not an age file" },
		{ " " BEGIN "\n" END "\n", "unseal: not an age file" },
		{ BEGIN " \n" END "\n", "unseal: not an age file" },
		{ BEGIN "\r\r\n" END "\n", "unseal: not an age file" },
		{ BEGIN "\n\nQUJD\n" END "\n", UNEVEN },
		{ BEGIN "\nQUJD\n\n" END "\n", "byte 40: an empty line" },
		{ BEGIN "\n\n" END "\n", "byte 35: an empty line" },
		{ BEGIN "\n" FULL "A\n" END,
		    "byte 99: a line of over 64 characters" },
		{ BEGIN "\n" FULL FULL "\n" END,
		    "byte 99: a line of over 64 characters" },
		{ BEGIN "\nQUJD\nQUJD\n" END "\n", UNEVEN },
		{ BEGIN "\nQUJ\n" END "\n",
		    "byte 38: a line that ends within a group" },
		{ BEGIN "\nQUJD \n" END "\n",
		    "byte 39: not a base64 character" },
		{ BEGIN "\n QUJD\n" END "\n",
		    "byte 35: not a base64 character" },
		{ BEGIN "\nQU\rJD\n" END "\n",
		    "byte 37: not a base64 character" },
		{ BEGIN "\nQUJD\r\r\n" END "\n",
		    "byte 39: not a base64 character" },
		{ BEGIN "\nQ===\n" END "\n",
		    "byte 36: not a base64 character" },
		{ BEGIN "\nQUJ=\n" END "\n",
		    "byte 37: nonzero bits after the last byte" },
		{ BEGIN "\nQR==\n" END "\n",
		    "byte 36: nonzero bits after the last byte" },
		{ BEGIN "\nQUJD\n" END "\nx", "byte 73: data after its end" },
		{ BEGIN "\nQUJD\n" END "\n \n\n" BEGIN "\n",
		    "byte 76: data after its end" },
		{ BEGIN "\nQUJD\n" END " \n",
		    "byte 40: not a base64 character" },
		{ BEGIN "\nQUJD\n" END "\r",
		    "truncated within the armor, after 73 bytes" },
		{ BEGIN "\nQUJD\n",
		    "truncated within the armor, after 40 bytes" },
		{ BEGIN "\n" FULL "\n" FULL "=\n" FULL "\nQUJD\n" END, UNEVEN },
		{ BEGIN "\n" FULL "\nQUJD" FULL "QUJD\n" END,
		    "byte 164: a line of over 64 characters" },
		{ BEGIN "\n" FULL "\nQ-J" FULL "\nQUJD\n" END, UNEVEN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		must_agree(rows[i].text, strlen(rows[i].text), rows[i].words);
}

static void
what_lies_in_a_range_is_held_to_the_same(void **state)
{
	/* In the second of four full lines, its end included. */
	static const struct {
		size_t at;
		char c;
		const char *words;
	} rows[] = {
		{ 3, '-', "byte 103: not a base64 character" },
		{ 63, '=', "byte 162: nonzero bits after the last byte" },
		{ 10, '\n', "byte 110: a line that ends within a group" },
		{ 12, '\n', "byte 113: a line behind the last one" },
		{ 0, '\n', "byte 100: an empty line" },
		{ 64, 'A', "byte 164: a line of over 64 characters" },
		{ 64, '\r', UNEVEN },
	};
	unsigned char out[3 * LINE];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[] =
		    BEGIN "\n" FULL "\n" FULL "\n" FULL "\n" FULL "\n" END;
		struct memory m = { .text = (const unsigned char *)text };
		slu_sealed_source source = { read_memory, &m,
			sizeof(text) - 1 };
		slu_sealed_source bare;
		slu_armored *a = NULL;

		text[sizeof(BEGIN) + 65 + rows[i].at] = rows[i].c;
		CHECK_OK(slu_armored_open(&a, &source, &bare));
		CHECK_OK(bare.read_at(bare.arg, 0, out, LINE));
		CHECK_IS(SLU_ERR_FORMAT, bare.read_at(bare.arg, 40, out, 10));
		CHECK_WORDS(rows[i].words);
		CHECK_OK(bare.read_at(bare.arg, 2 * LINE, out, LINE));
		slu_armored_free(a);
	}
}

static void
line_ends_and_blanks_around_may_differ_but_lines_may_not(void **state)
{
	static const char *const fine[] = {
		BEGIN "\r\n" FULL "\r\nQUI=\r\n" END "\r\n",
		BEGIN "\r\n" FULL "\nQUI=\r\n" END,
		BEGIN "\n" FULL "\r\n" FULL "\r\nQUI=\n" END "\n",
		" \t\r\n\v\f\n" BEGIN "\nQUJD\n" END "\r\n \t\v\f\r\n\n",
		"\n" BEGIN "\n" END,
	};
	static const char mixed[] = BEGIN "\n" FULL "\r\n" FULL "\nQUI=\n" END;

	(void)state;
	for (size_t i = 0; i < COUNT(fine); i++) {
		struct memory m = { .text = (const unsigned char *)fine[i] };
		slu_buf out = { 0 };

		must_agree(fine[i], strlen(fine[i]), NULL);
		CHECK_IS(SLU_EOF,
		    read_all(slu_armored_open, &m, strlen(fine[i]), &out));
		slu_buf_free(&out);
	}
	must_agree(mixed, sizeof(mixed) - 1, UNEVEN);
}

static void
white_space_around_has_the_same_limit(void **state)
{
	char text[2 * SLU_ARMOR_BLANKS_MAX + 200];

	(void)state;
	for (int more = 0; more < 2; more++) {
		const char *words =
		    more ? "armor: more than 1024 bytes of white space" : NULL;

		snprintf(text, sizeof(text), "%*s" BEGIN "\nQUJD\n" END "\n",
		    SLU_ARMOR_BLANKS_MAX + more, "\n");
		must_agree(text, strlen(text), words);
		snprintf(text, sizeof(text), "%*s" BEGIN "\nQUJD\n" END "\n%*s",
		    SLU_ARMOR_BLANKS_MAX, "\n", SLU_ARMOR_BLANKS_MAX + more,
		    "");
		must_agree(text, strlen(text), words);
	}
}

static void
armor_cut_or_changed_anywhere_gets_the_same_verdict(void **state)
{
	static const char others[] = "\n\r=A- ";
	unsigned char plain[400];
	slu_buf text = { 0 };
	unsigned char *mem;

	(void)state;
	trial_plain(plain, sizeof(plain));
	armor(&text, plain, sizeof(plain), "\r\n");
	mem = text.mem + text.off;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char old = mem[i];

		must_agree(mem, i, NULL);
		for (size_t k = 0; k < sizeof(others) - 1; k++) {
			mem[i] = (unsigned char)others[k];
			must_agree(mem, text.len, NULL);
		}
		mem[i] = old;
	}
	slu_buf_free(&text);
}

static void
what_is_in_no_armor_is_read_as_it_is(void **state)
{
	static const char *const texts[] = { "", "age-encryption.org/v1\n",
		"QUJD" };
	static const opener openers[] = { slu_armored_open,
		slu_armored_rescue };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(texts); i++) {
		struct memory m = { 0 };
		slu_sealed_source source = { read_memory, &m, 0 }, bare;
		slu_armored *a = NULL;

		source.size = strlen(texts[i / 2]);
		m.text = (const unsigned char *)texts[i / 2];
		CHECK_OK(openers[i % 2](&a, &source, &bare));
		CHECK(a == NULL && bare.arg == &m);
		CHECK(bare.size == source.size);
	}
}

/* What is rescued begins as an age file does. */
#define SAVED (10 * LINE + 20)

struct saved {
	unsigned char plain[SAVED];
	slu_buf text;
	unsigned char *mem; /* a copy of it, with room for more */
	size_t body;        /* where its lines begin */
};

static int
set_up(void **state)
{
	struct saved *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	trial_plain(s->plain, SAVED);
	memcpy(s->plain, "age-encryption.org/v1\n", 22);
	armor(&s->text, s->plain, SAVED, "\n");
	s->body = sizeof(BEGIN);
	s->mem = malloc(2 * s->text.len);
	CHECK(s->mem != NULL);
	memcpy(s->mem, slu_buf_front(&s->text), s->text.len);
	*state = s;
	return 0;
}

static int
tear_down(void **state)
{
	struct saved *s = *state;

	slu_buf_free(&s->text);
	free(s->mem);
	free(s);
	return 0;
}

/* Of what is rescued, the bytes before `from` and from `to` on are there. */
static void
must_save(struct saved *s, struct memory *m, size_t len, size_t from, size_t to)
{
	slu_buf out = { 0 };

	m->text = s->mem;
	CHECK_IS(SLU_EOF, read_all(slu_armored_rescue, m, len, &out));
	CHECK_BYTES(s->plain, from < SAVED ? from : SAVED, slu_buf_front(&out),
	    from < SAVED ? from : SAVED);
	if (to < SAVED) {
		CHECK(out.len == SAVED);
		CHECK_BYTES(s->plain + to, SAVED - to, slu_buf_front(&out) + to,
		    SAVED - to);
	}
	slu_buf_free(&out);
}

static void
restore(struct saved *s)
{
	memcpy(s->mem, slu_buf_front(&s->text), s->text.len);
}

static void
a_changed_character_costs_its_group(void **state)
{
	static const char others[] = "\n\r=*- ";
	struct saved *s = *state;
	size_t end = s->text.len - sizeof(END);

	for (size_t i = s->body + 32; i < end; i++) {
		size_t in = (i - s->body) % 65;
		size_t group = (i - s->body) / 65 * LINE + in / 4 * 3;
		struct memory m = { 0 };

		for (size_t k = 0; k < sizeof(others) - 1; k++) {
			s->mem[i] = (unsigned char)others[k];
			if (in == 64 || i + 1 == end)
				must_save(s, &m, s->text.len, SAVED, SAVED);
			else if (group >= 10 * LINE && others[k] == '\n')
				must_save(s, &m, s->text.len, 10 * LINE, SAVED);
			else
				must_save(s, &m, s->text.len, group, group + 3);
		}
		restore(s);
	}
}

static void
a_character_that_is_lost_or_added_costs_its_line(void **state)
{
	struct saved *s = *state;
	size_t len = s->text.len;

	for (size_t i = s->body + 65; i < s->body + 10 * 65; i++) {
		size_t line = (i - s->body) / 65 * LINE;
		size_t in = (i - s->body) % 65;
		struct memory m = { 0 };

		memmove(s->mem + i, s->mem + i + 1, len - i - 1);
		must_save(s, &m, len - 1, line + in / 4 * 3,
		    in == 64 ? line + 2 * LINE : line + LINE);
		restore(s);
		memmove(s->mem + i + 1, s->mem + i, len - i);
		s->mem[i] = 'x';
		must_save(s, &m, len + 1, line + in / 4 * 3, line + LINE);
		restore(s);
	}
}

static void
either_end_of_the_armor_may_be_damaged_or_missing(void **state)
{
	struct saved *s = *state;
	struct memory m = { 0 };
	size_t len = s->text.len, end = len - sizeof(END);

	for (size_t i = 0; i < s->body; i++) {
		s->mem[i] = '*';
		must_save(s, &m, len, SAVED, SAVED);
		restore(s);
	}
	for (size_t i = end; i < len; i++) {
		s->mem[i] = '*';
		must_save(s, &m, len, SAVED, SAVED);
		restore(s);
		must_save(s, &m, i, SAVED, SAVED);
	}
	must_save(s, &m, end - 1, SAVED, SAVED);
	memmove(s->mem, s->mem + s->body, len - s->body);
	must_save(s, &m, len - s->body, SAVED, SAVED);
}

static void
a_cut_costs_what_was_cut_off(void **state)
{
	struct saved *s = *state;
	struct memory m = { 0 };

	for (size_t i = s->body + 32; i < s->text.len; i++) {
		size_t in = (i - s->body) % 65;

		must_save(
		    s, &m, i, (i - s->body) / 65 * LINE + in / 4 * 3, SAVED);
	}
}

static void
what_mail_does_to_lines_costs_nothing(void **state)
{
	static const char *const ends[] = { "\r\n", " \n", " \t\r\n", "\n\n",
		"\r\n \r\n" };
	struct saved *s = *state;
	struct memory m = { 0 };

	for (size_t i = 0; i < COUNT(ends); i++) {
		slu_buf text = { 0 };
		size_t len = 0;

		armor(&text, s->plain, SAVED, ends[i]);
		CHECK(text.len < 2 * s->text.len);
		len = slu_buf_take(&text, s->mem, 2 * s->text.len);
		must_save(s, &m, len, SAVED, SAVED);
		slu_buf_free(&text);
	}
	restore(s);
	/* Here and there, and with words around it. */
	s->mem[s->body + 3 * 65 - 1] = '\r';
	memmove(s->mem + s->body + 3 * 65 + 1, s->mem + s->body + 3 * 65,
	    s->text.len - s->body - 3 * 65);
	s->mem[s->body + 3 * 65] = '\n';
	must_save(s, &m, s->text.len + 1, SAVED, SAVED);
	restore(s);
	memmove(s->mem + 9, s->mem, s->text.len);
	memcpy(s->mem, "Hello,\n\n>", 9);
	memcpy(s->mem + 9 + s->text.len, "QUJD\n", 5);
	must_save(s, &m, s->text.len + 9 + 5, SAVED, SAVED);
}

static void
lines_that_are_damaged_together_move_no_other(void **state)
{
	struct saved *s = *state;
	struct memory m = { 0 };

	for (size_t n = 65; n < 400; n += 33) {
		memset(s->mem + s->body + 140, 0, n);
		must_save(s, &m, s->text.len, 2 * LINE + 10 / 4 * 3,
		    (140 + n) / 65 * LINE + ((140 + n) % 65 + 3) / 4 * 3);
		restore(s);
	}
}

static void
no_line_is_read_past_the_end_of_the_text(void **state)
{
	static const char *const ends[] = { "*\nQUJD\n", "*\nQUJD", "*\n", "*",
		"\n*\nQUJD", "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQ\nQUJD" };
	struct saved *s = *state;
	struct memory m = { 0 };

	for (size_t i = 0; i < COUNT(ends); i++)
		for (size_t cut = s->body + 65; cut < s->body + 130; cut++) {
			memcpy(s->mem + cut, ends[i], strlen(ends[i]));
			must_save(s, &m, cut + strlen(ends[i]), LINE, SAVED);
			restore(s);
		}
}

static void
what_cannot_be_read_is_as_good_as_damaged(void **state)
{
	static unsigned char plain[100000], out[100000];
	slu_buf text = { 0 };
	struct memory m = { .bad = 40000, .nbad = 512 };
	slu_sealed_source source = { read_memory, &m, 0 }, bare;
	slu_armored *a = NULL;
	size_t line = (40000 - 35) / 65 * LINE;

	(void)state;
	trial_plain(plain, sizeof(plain));
	memcpy(plain, "age-encryption.org/v1\n", 22);
	armor(&text, plain, sizeof(plain), "\n");
	m.text = slu_buf_front(&text);
	source.size = text.len;
	CHECK_OK(slu_armored_rescue(&a, &source, &bare));
	CHECK(bare.size == sizeof(plain));
	CHECK_OK(bare.read_at(bare.arg, 0, out, line));
	CHECK_BYTES(plain, line, out, line);
	CHECK_IS(SLU_ERR_IO, bare.read_at(bare.arg, line, out, LINE));
	line += 9 * LINE;
	CHECK_OK(bare.read_at(bare.arg, line, out, sizeof(plain) - line));
	CHECK_BYTES(
	    plain + line, sizeof(plain) - line, out, sizeof(plain) - line);
	slu_armored_free(a);
	slu_buf_free(&text);
}

static void
memory_that_runs_out_is_said_and_nothing_else(void **state)
{
	static const opener openers[] = { slu_armored_open,
		slu_armored_rescue };
	struct saved *s = *state;
	struct memory m = { .text = s->mem };
	const slu_sealed_source text = { read_memory, &m, s->text.len };

	for (size_t i = 0; i < COUNT(openers); i++) {
		slu_status st = SLU_ERR_MEMORY;
		slu_sealed_source bare;
		slu_armored *a;
		size_t k = 0;

		for (; st != SLU_OK; k++) {
			a = NULL;
			oom_arm(k);
			st = openers[i](&a, &text, &bare);
			if (oom_disarm() == OOM_NONE)
				CHECK_OK(st);
			else
				CHECK_IS(SLU_ERR_MEMORY, st);
			CHECK((a != NULL) == (st == SLU_OK));
			CHECK(!slu_armored_is_damaged(a));
			slu_armored_free(a);
		}
		CHECK(k > 2);
	}
}

static void
lines_that_differ_everywhere_have_a_limit(void **state)
{
	static slu_armor_map map;
	uint64_t at = 0;

	(void)state;
	for (size_t i = 0; i < SLU_ARMOR_STRETCHES_MAX; i++, at += 100)
		CHECK_OK(slu_armor_map_add(&map, at, 1, 65));
	CHECK_IS(SLU_ERR_LIMIT, slu_armor_map_add(&map, at, 1, 65));
	CHECK_WORDS("differ in more than 262144 places");
	slu_armor_map_free(&map);
}

#define SAVED_TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_range_is_as_without_armor),
		cmocka_unit_test(ranges_of_many_lines_are_as_without_armor),
		cmocka_unit_test(
		    no_more_is_read_than_both_ends_and_the_lines_of_a_range),
		cmocka_unit_test(
		    what_is_wrong_is_said_as_by_who_reads_in_order),
		cmocka_unit_test(what_lies_in_a_range_is_held_to_the_same),
		cmocka_unit_test(
		    line_ends_and_blanks_around_may_differ_but_lines_may_not),
		cmocka_unit_test(white_space_around_has_the_same_limit),
		cmocka_unit_test(
		    armor_cut_or_changed_anywhere_gets_the_same_verdict),
		cmocka_unit_test(what_is_in_no_armor_is_read_as_it_is),
		SAVED_TEST(a_changed_character_costs_its_group),
		SAVED_TEST(a_character_that_is_lost_or_added_costs_its_line),
		SAVED_TEST(either_end_of_the_armor_may_be_damaged_or_missing),
		SAVED_TEST(a_cut_costs_what_was_cut_off),
		SAVED_TEST(what_mail_does_to_lines_costs_nothing),
		SAVED_TEST(lines_that_are_damaged_together_move_no_other),
		SAVED_TEST(no_line_is_read_past_the_end_of_the_text),
		cmocka_unit_test(what_cannot_be_read_is_as_good_as_damaged),
		SAVED_TEST(memory_that_runs_out_is_said_and_nothing_else),
		cmocka_unit_test(lines_that_differ_everywhere_have_a_limit),
	};

	return cmocka_run_group_tests_name("armored", tests, NULL, NULL);
}
