/* SPDX-License-Identifier: ISC */
/*
 * Every path that this processor can take, against the plainest loops there
 * can be.  What they read and write ends where no memory follows.
 */
#define _DEFAULT_SOURCE
#include "check.h"

#include <sys/mman.h>
#include <unistd.h>

#include "bio/base64_block.h"
#include "text64.h"

#define WIDEST 64 /* characters of the widest vector */
#define ALPHABETS 2

/* How much a test takes, which a slow machine lowers. */
static size_t byte_step;
static unsigned texts;

/* Memory that ends where a page does, with none behind it. */
struct edge {
	unsigned char *mem; /* owned */
	size_t page;
};

static struct edge
edge_new(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct edge e = { .page = page };
	void *mem = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(mem != MAP_FAILED);
	CHECK(mprotect((char *)mem + page, page, PROT_NONE) == 0);
	e.mem = mem;
	return e;
}

static unsigned char *
edge_last(const struct edge *e, size_t len)
{
	CHECK(len <= e->page);
	return e->mem + e->page - len;
}

static void
edge_free(struct edge *e)
{
	munmap(e->mem, 2 * e->page);
}

/* A step of the plainest generator: the same numbers at each run. */
static unsigned
next_of(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16;
}

static void
fill(unsigned char *out, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)next_of(&seed);
}

static int
value_of(unsigned char c, slu_base64_alphabet alphabet)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (alphabet == SLU_BASE64_URL ? '-' : '+'))
		return 62;
	return c == (alphabet == SLU_BASE64_URL ? '_' : '/') ? 63 : -1;
}

/* What base64_path.h says of decoding, said in C. */
static void
decode_model(slu_base64_run *r, slu_base64_alphabet alphabet)
{
	while (r->in_len >= 4 && r->out_cap >= 3) {
		int v[4], least = 0;

		for (int i = 0; i < 4; i++) {
			v[i] = value_of(r->in[i], alphabet);
			least = v[i] < least ? v[i] : least;
		}
		if (least == 0) {
			r->out[0] = (unsigned char)(v[0] << 2 | v[1] >> 4);
			r->out[1] = (unsigned char)(v[1] << 4 | v[2] >> 2);
			r->out[2] = (unsigned char)(v[2] << 6 | v[3]);
			r->in += 4;
			r->in_len -= 4;
			r->out += 3;
			r->out_cap -= 3;
		} else if (r->in[0] == '\n') {
			r->in++;
			r->in_len--;
		} else if (r->in[0] == '\r' && r->in[1] == '\n') {
			r->in += 2;
			r->in_len -= 2;
		} else
			break;
	}
}

/*
 * Decode `len` characters with room for `cap` bytes, and compare.  Of line
 * breaks at the very end, a path may take more or fewer than the model.
 */
static void
check_decode(const slu_base64_path *path, slu_base64_alphabet alphabet,
    const unsigned char *text, size_t len, struct edge *e, size_t cap)
{
	static unsigned char want[4096];
	unsigned char *out = edge_last(e, cap);
	slu_base64_run m = { text, len, want, cap };
	slu_base64_run r = { text, len, out, cap };

	decode_model(&m, alphabet);
	path->decode(&r, alphabet);
	while (m.in_len > 0 && r.in_len < m.in_len &&
	       (*m.in == '\n' || *m.in == '\r')) {
		m.in++;
		m.in_len--;
	}
	if (m.in == r.in && m.in_len == r.in_len && m.out_cap == r.out_cap &&
	    r.out == out + (cap - r.out_cap) &&
	    memcmp(want, out, cap - r.out_cap) == 0)
		return;
	print_error("%s: %zu characters, room for %zu: %zu and %zu left, "
		    "not %zu and %zu\n",
	    path->name, len, cap, r.in_len, r.out_cap, m.in_len, m.out_cap);
	CHECK(false);
}

/* Do `each` by every path with every alphabet. */
static void
by_every_path(
    void (*each)(const slu_base64_path *path, slu_base64_alphabet alphabet))
{
	const slu_base64_path *path;

	for (size_t i = 0; (path = slu_base64_path_at(i)) != NULL; i++)
		for (int a = 0; a < ALPHABETS; a++)
			each(path, (slu_base64_alphabet)a);
}

static void
encode_all_lengths(const slu_base64_path *path, slu_base64_alphabet alphabet)
{
	const slu_base64_options options = { .alphabet = alphabet };
	struct edge from = edge_new(), to = edge_new();

	for (size_t groups = 0; groups <= 4 * WIDEST / 4 + 3; groups++) {
		unsigned char *in = edge_last(&from, groups * 3);
		unsigned char *out = edge_last(&to, groups * 4);
		slu_buf want = { .limit = 1000 };

		fill(in, groups * 3, (unsigned)groups);
		text64_model(in, groups * 3, &options, &want);
		out[-1] = 'x';
		path->encode(out, in, groups, alphabet);
		CHECK_BYTES(slu_buf_front(&want), want.len, out, groups * 4);
		CHECK(out[-1] == 'x');
		slu_buf_free(&want);
	}
	edge_free(&from);
	edge_free(&to);
}

static void
every_number_of_groups_is_encoded_within_its_bounds(void **state)
{
	(void)state;
	by_every_path(encode_all_lengths);
}

static void
encode_all_lines(const slu_base64_path *path, slu_base64_alphabet alphabet)
{
	struct edge from = edge_new(), to = edge_new();

	for (size_t groups = 1; groups <= 40; groups++) {
		const slu_base64_options options = { .alphabet = alphabet,
			.columns = groups * 4 };

		for (size_t lines = 0; lines <= 12; lines++) {
			size_t len = lines * groups * 3;
			size_t text = lines * (groups * 4 + 1);
			unsigned char *in = edge_last(&from, len);
			unsigned char *out = edge_last(&to, text);
			slu_buf want = { .limit = 4096 };

			fill(in, len, (unsigned)(groups + lines));
			text64_model(in, len, &options, &want);
			path->encode_lines(out, in, groups, lines, alphabet);
			CHECK_BYTES(slu_buf_front(&want), want.len, out, text);
			slu_buf_free(&want);
		}
	}
	edge_free(&from);
	edge_free(&to);
}

static void
lines_of_every_length_are_encoded_within_their_bounds(void **state)
{
	(void)state;
	by_every_path(encode_all_lines);
}

/* Encode `groups` groups of noise to clean text. */
static void
make_text(unsigned char *text, size_t groups, slu_base64_alphabet alphabet)
{
	unsigned char noise[3 * WIDEST];

	CHECK(groups <= WIDEST);
	fill(noise, groups * 3, 7);
	slu_base64_block.encode(text, noise, groups, alphabet);
}

static void
decode_all_sizes(const slu_base64_path *path, slu_base64_alphabet alphabet)
{
	struct edge from = edge_new(), to = edge_new();
	unsigned char text[4 * WIDEST];

	make_text(text, WIDEST, alphabet);
	for (size_t len = 0; len <= sizeof(text); len++) {
		unsigned char *in = edge_last(&from, len);

		memcpy(in, text, len);
		for (size_t cap = 0; cap <= 3 * WIDEST + 70; cap++)
			check_decode(path, alphabet, in, len, &to, cap);
	}
	edge_free(&from);
	edge_free(&to);
}

static void
every_length_is_decoded_into_every_room_within_its_bounds(void **state)
{
	(void)state;
	by_every_path(decode_all_sizes);
}

/* A text of many vectors, in lines of `columns`, into every room there is. */
static void
decode_all_rooms(
    const slu_base64_path *path, slu_base64_alphabet alphabet, size_t columns)
{
	const slu_base64_options options = { .alphabet = alphabet,
		.columns = columns };
	struct edge from = edge_new(), to = edge_new();
	slu_buf text = { .limit = 2048 };
	unsigned char noise[900];
	unsigned char *in;

	fill(noise, sizeof(noise), 3);
	text64_model(noise, sizeof(noise), &options, &text);
	in = edge_last(&from, text.len);
	memcpy(in, slu_buf_front(&text), text.len);
	for (size_t cap = 0; cap <= sizeof(noise) + 2 * WIDEST; cap++)
		check_decode(path, alphabet, in, text.len, &to, cap);
	slu_buf_free(&text);
	edge_free(&from);
	edge_free(&to);
}

static void
decode_long_and_lined(const slu_base64_path *path, slu_base64_alphabet alphabet)
{
	decode_all_rooms(path, alphabet, 0);
	decode_all_rooms(path, alphabet, 76);
	decode_all_rooms(path, alphabet, 4);
}

static void
long_texts_and_lines_fit_into_every_room(void **state)
{
	(void)state;
	by_every_path(decode_long_and_lined);
}

static void
decode_all_bytes(const slu_base64_path *path, slu_base64_alphabet alphabet)
{
	struct edge to = edge_new();
	unsigned char text[3 * WIDEST], good;

	make_text(text, sizeof(text) / 4, alphabet);
	for (size_t at = 0; at < sizeof(text); at++) {
		good = text[at];
		for (size_t c = 0; c < 256; c += byte_step) {
			text[at] = (unsigned char)c;
			check_decode(path, alphabet, text, sizeof(text), &to,
			    sizeof(text));
		}
		text[at] = good;
	}
	edge_free(&to);
}

static void
every_byte_at_every_place_of_three_vectors_is_judged(void **state)
{
	(void)state;
	byte_step = check_slow("every 7th byte") ? 7 : 1;
	by_every_path(decode_all_bytes);
}

/* Noise in lines of ever other lengths, and now and then what is neither. */
static size_t
make_lines(unsigned char *text, size_t cap, unsigned seed,
    slu_base64_alphabet alphabet)
{
	static const size_t usual[] = { 4, 64, 76, 128, 8, 0, 77, 60 };
	size_t n = 0, line = usual[next_of(&seed) % 8];

	while (n + 260 < cap) {
		if (next_of(&seed) % 4 == 0)
			line = next_of(&seed) % 2 ? usual[next_of(&seed) % 8]
						  : next_of(&seed) % 64 * 4;
		make_text(text + n, (line + 3) / 4, alphabet);
		n += line;
		if (next_of(&seed) % 8 == 0)
			text[n++] = '\r';
		if (next_of(&seed) % 64 != 0)
			text[n++] = '\n';
	}
	if (next_of(&seed) % 2)
		text[next_of(&seed) % n] = (unsigned char)next_of(&seed);
	return n;
}

static void
decode_lines(const slu_base64_path *path, slu_base64_alphabet alphabet)
{
	struct edge from = edge_new(), to = edge_new();
	unsigned char text[2048];

	for (unsigned seed = 0; seed < texts; seed++) {
		size_t len = make_lines(text, sizeof(text), seed, alphabet);
		unsigned char *in = edge_last(&from, len);

		memcpy(in, text, len);
		check_decode(path, alphabet, in, len, &to, sizeof(text));
	}
	edge_free(&from);
	edge_free(&to);
}

static void
lines_of_any_lengths_are_decoded_alike(void **state)
{
	(void)state;
	texts = check_slow("a tenth of the texts") ? 400 : 4000;
	by_every_path(decode_lines);
}

static void
there_is_always_a_path_and_the_plain_one_is_the_last(void **state)
{
	const slu_base64_path *path, *last = NULL;

	(void)state;
	for (size_t i = 0; (path = slu_base64_path_at(i)) != NULL; i++) {
		print_message("path %zu: %s\n", i, path->name);
		last = path;
	}
	CHECK(last == &slu_base64_block);
	CHECK(slu_base64_path_at(SIZE_MAX) == NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    there_is_always_a_path_and_the_plain_one_is_the_last),
		cmocka_unit_test(
		    every_number_of_groups_is_encoded_within_its_bounds),
		cmocka_unit_test(
		    lines_of_every_length_are_encoded_within_their_bounds),
		cmocka_unit_test(
		    every_length_is_decoded_into_every_room_within_its_bounds),
		cmocka_unit_test(long_texts_and_lines_fit_into_every_room),
		cmocka_unit_test(
		    every_byte_at_every_place_of_three_vectors_is_judged),
		cmocka_unit_test(lines_of_any_lengths_are_decoded_alike),
	};

	return cmocka_run_group_tests_name("base64 path", tests, NULL, NULL);
}
