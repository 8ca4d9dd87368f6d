/* SPDX-License-Identifier: ISC */
#include "seal/header.h"

#include <stdlib.h>

#include "check.h"

#include "seal/front.h"
#include "seal/parse.h"
#include "seal/raw64.h"

#define V1 "age-encryption.org/v1\n"
#define STANZA "-> X25519 abc\nZm9vYmFy\n"
#define MAC_TEXT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define END "--- " MAC_TEXT "\n"
#define FULL \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" /* a line of 64 */

/* What became of a text, however it was fed. */
struct verdict {
	slu_status st;
	size_t used;
	char why[SLU_ERROR_MAX];
};

/* Feed a text in pieces: up to `first`, and from there up to `step` a time. */
static struct verdict
feed(slu_parser *p, const char *text, size_t len, size_t first, size_t step)
{
	struct verdict v = { .st = SLU_WANT_READ };
	size_t n = first, used;

	(void)slu_fail(SLU_OK, "%s", "");
	while (v.st == SLU_WANT_READ && v.used < len) {
		if (n > len - v.used)
			n = len - v.used;
		v.st = slu_parser_feed(p, text + v.used, n, &used);
		CHECK(used <= n);
		CHECK(v.st != SLU_WANT_READ || used == n);
		v.used += used;
		n = step;
	}
	snprintf(v.why, sizeof(v.why), "%s", slu_error());
	return v;
}

static void
check_same(const struct verdict *a, const struct verdict *b)
{
	CHECK(a->st == b->st);
	CHECK(a->used == b->used);
	assert_string_equal(a->why, b->why);
}

/* Feed a text whole, in two at every place, and byte by byte. */
static struct verdict
feed_in_every_way(const char *text, size_t len)
{
	slu_parser p = { 0 };
	struct verdict whole, v;

	whole = feed(&p, text, len, len, len);
	slu_parser_free(&p);
	v = feed(&p, text, len, 1, 1);
	check_same(&whole, &v);
	slu_parser_free(&p);
	for (size_t cut = 1; cut < len; cut++) {
		v = feed(&p, text, len, cut, len);
		check_same(&whole, &v);
		slu_parser_free(&p);
	}
	return whole;
}

static void
check_fault(const char *text, slu_status st, const char *why)
{
	struct verdict v = feed_in_every_way(text, strlen(text));

	if (v.st != st || strcmp(v.why, why) != 0)
		fail_msg("\"%s\": %s: %s", text, slu_status_name(v.st), v.why);
}

static void
check_damaged(const char *text, size_t at, const char *what)
{
	char why[SLU_ERROR_MAX];

	snprintf(why, sizeof(why), "unseal: damaged header at byte %zu: %s", at,
	    what);
	check_fault(text, SLU_ERR_FORMAT, why);
}

static void
a_header_is_read_up_to_its_last_byte_however_it_comes(void **state)
{
	static const char text[] = V1 STANZA "-> b c d\n" FULL "\nAAA\n"
					     "-> e\n\n" END "payload";
	size_t len = strlen(text);
	struct verdict v = feed_in_every_way(text, len);
	slu_parser p = { 0 };
	const slu_stanza *s;
	size_t used;

	(void)state;
	CHECK(v.st == SLU_OK);
	CHECK(v.used == len - strlen("payload"));
	CHECK_OK(slu_parser_feed(&p, text, len, &used));
	CHECK(p.header.nstanzas == 3);
	s = &p.header.stanzas[0];
	assert_string_equal(slu_stanza_arg(s, 0), "X25519");
	assert_string_equal(slu_stanza_arg(s, 1), "abc");
	CHECK(slu_stanza_arg(s, 2) == NULL);
	CHECK(s->at == strlen(V1));
	CHECK_BYTES("foobar", 6, slu_buf_front(&s->body), s->body.len);
	s = &p.header.stanzas[1];
	assert_string_equal(slu_stanza_arg(s, 2), "d");
	CHECK(s->at == strlen(V1 STANZA));
	CHECK(s->body.len == 50);
	s = &p.header.stanzas[2];
	CHECK(s->body.len == 0);
	CHECK(slu_stanza_arg(s, 1) == NULL);
	CHECK_BYTES(text, used - strlen(" " MAC_TEXT "\n"),
	    slu_buf_front(&p.text), p.covered);
	slu_parser_free(&p);
}

static void
each_fault_is_found_at_its_byte(void **state)
{
	static const char cr[] = "a carriage return, as if converted as text";
	static const char mark[] = "neither a stanza nor the MAC";
	static const char body[] = "a stanza's body is not base64";
	static const char mac[] = "the MAC is not 43 characters of base64";

	(void)state;
	check_damaged("age-encryption.org/v1\r\n", 21, cr);
	check_damaged(V1 "\n", 22, mark);
	check_damaged(V1 "=> a\n", 22, mark);
	check_damaged(V1 "-= a\n", 23, mark);
	check_damaged(V1 "->a\n", 24, mark);
	check_damaged(V1 "--> a\n", 24, mark);
	check_damaged(V1 "-> \n", 25, "an empty argument");
	check_damaged(V1 "-> a  b\n", 27, "an empty argument");
	check_damaged(V1 "-> a \n", 27, "an empty argument");
	check_damaged(V1 "-> a\tb\n", 26, "a byte that no argument may hold");
	check_damaged(V1 "-> a\x7f\n", 26, "a byte that no argument may hold");
	check_damaged(
	    V1 "-> \xc3\xa9\n", 25, "a byte that no argument may hold");
	check_damaged(V1 "-> a\r\n", 26, cr);
	check_damaged(V1 "-> a\nAAA=\n", 30, body);
	check_damaged(V1 "-> a\nAA-A\n", 29, body);
	check_damaged(V1 "-> a\nAAAA\r\n", 31, cr);
	check_damaged(V1 "-> a\n" END, 27, body);
	check_damaged(V1 "-> a\n" FULL "\n" END, 92, body);
	check_damaged(V1 "-> a\n" FULL "A\n", 91,
	    "a stanza's line of over 64 characters");
	check_damaged(V1 "-> a\nAAA\nAAA\n", 31, mark);
	check_damaged(
	    V1 "-> a\nAB\n", 29, "a stanza's body is not canonical base64");
	check_damaged(
	    V1 "-> a\nAAAAA\n", 32, "a stanza's body is not canonical base64");
	check_damaged(V1 END, 24, "no stanza before the MAC");
	check_damaged(V1 STANZA "---\n", 48, "no space before the MAC");
	check_damaged(
	    V1 STANZA "---" MAC_TEXT "\n", 48, "no space before the MAC");
	check_damaged(V1 STANZA "---\r\n", 48, cr);
	check_damaged(V1 STANZA "---  " MAC_TEXT "\n", 49, mac);
	check_damaged(V1 STANZA "--- AAA\n", 52, mac);
	check_damaged(
	    V1 STANZA "--- " MAC_TEXT "A\n", 92, "data behind the MAC");
	check_damaged(
	    V1 STANZA "--- " MAC_TEXT " \n", 92, "data behind the MAC");
	check_damaged(V1 STANZA "--- " MAC_TEXT "\r\n", 92, cr);
	check_damaged(V1 STANZA
	    "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n",
	    92, "the MAC is not canonical base64");
}

static void
what_is_no_header_at_all_is_named(void **state)
{
	(void)state;
	check_fault("hello", SLU_ERR_FORMAT, "unseal: not an age file");
	check_fault(
	    "age-encryption.com/", SLU_ERR_FORMAT, "unseal: not an age file");
	check_fault("-----BEGIN PGP MESSAGE-----", SLU_ERR_FORMAT,
	    "unseal: not an age file");
	check_fault("-----BEGIN AGE ENCRYPTED FILE-----\n", SLU_ERR_FORMAT,
	    "unseal: an age file in armor, which has to come off first");
	check_fault("age-encryption.org/v2\n", SLU_ERR_FORMAT,
	    "unseal: an age file of another version than v1");
	check_fault("age-encryption.org/w", SLU_ERR_FORMAT,
	    "unseal: an age file of another version than v1");
	check_fault("age-encryption.org/v1234\n", SLU_ERR_FORMAT,
	    "unseal: an age file of another version than v1");
}

static void
a_header_cut_anywhere_waits_for_more(void **state)
{
	static const char text[] = V1 STANZA END;
	slu_parser p = { 0 };
	size_t used;

	(void)state;
	for (size_t cut = 0; cut < strlen(text); cut++) {
		CHECK_IS(SLU_WANT_READ, slu_parser_feed(&p, text, cut, &used));
		CHECK(used == cut);
		CHECK_IS(cut == 0 ? SLU_ERR_FORMAT : SLU_ERR_TRUNCATED,
		    slu_parser_cut(&p));
		CHECK_WORDS(cut == 0 ? "unseal: not an age file: it is empty"
				     : "unseal: truncated within the header");
		slu_parser_free(&p);
	}
}

/* A header of exactly `len` bytes, by the length of one argument. */
static char *
make_long(size_t len)
{
	static const char head[] = V1 "-> ", tail[] = "\n\n" END;
	char *text = malloc(len);

	CHECK(text != NULL);
	memset(text, 'a', len);
	memcpy(text, head, strlen(head));
	memcpy(text + len - strlen(tail), tail, strlen(tail));
	return text;
}

static void
a_header_may_have_a_mebibyte_and_not_a_byte_more(void **state)
{
	char *text = make_long(SLU_HEADER_MAX);
	slu_parser p = { 0 };
	size_t used;

	(void)state;
	CHECK_OK(slu_parser_feed(&p, text, SLU_HEADER_MAX, &used));
	CHECK(used == SLU_HEADER_MAX);
	slu_parser_free(&p);
	free(text);

	text = make_long(SLU_HEADER_MAX + 1);
	used = 0;
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_parser_feed(&p, text, SLU_HEADER_MAX + 1, &used));
	CHECK_WORDS("unseal: header of more than 1048576 bytes");
	CHECK(used == SLU_HEADER_MAX + 1);
	slu_parser_free(&p);
	free(text);
}

/* Else there would be files that nobody here can read. */
static void
a_header_is_written_up_to_the_same_limit_and_says_so(void **state)
{
	static const unsigned char key[SLU_FILE_KEY];
	static const unsigned char body[SLU_HEADER_MAX];
	slu_buf out = { 0 };
	slu_parser p = { 0 };
	slu_header h = { 0 };
	slu_stanza *s;
	size_t len;

	(void)state;
	CHECK_OK(slu_header_add(&h, &s));
	CHECK_OK(slu_stanza_add_arg(s, "a"));
	CHECK_OK(slu_front_encode(&h, key, &out));
	/* A line of 65 bytes holds 48. */
	len = (SLU_HEADER_MAX - out.len) / 65 * 48;
	slu_buf_free(&out);
	CHECK_OK(slu_buf_add(&s->body, body, len));
	CHECK_OK(slu_front_encode(&h, key, &out));
	CHECK_OK(slu_parser_feed(&p, slu_buf_front(&out), out.len, &len));
	CHECK(len == out.len && SLU_HEADER_MAX - len < 65);
	slu_parser_free(&p);
	slu_buf_free(&out);
	CHECK_OK(slu_buf_add(&s->body, body, 48));
	CHECK_IS(SLU_ERR_LIMIT, slu_front_encode(&h, key, &out));
	CHECK_WORDS("seal: a header of more than 1048576 bytes");
	slu_buf_free(&out);
	slu_header_free(&h);
}

static void
a_header_may_have_1024_stanzas_and_not_one_more(void **state)
{
	static const char stanza[] = "-> a\n\n";
	slu_parser p = { 0 };
	size_t used;

	(void)state;
	CHECK_IS(SLU_WANT_READ, slu_parser_feed(&p, V1, strlen(V1), &used));
	for (int i = 0; i < SLU_STANZAS_MAX; i++)
		CHECK_IS(SLU_WANT_READ,
		    slu_parser_feed(&p, stanza, strlen(stanza), &used));
	CHECK(p.header.nstanzas == SLU_STANZAS_MAX);
	CHECK_IS(
	    SLU_ERR_LIMIT, slu_parser_feed(&p, stanza, strlen(stanza), &used));
	CHECK_WORDS("more than 1024 stanzas");
	slu_parser_free(&p);
}

static void
a_body_of_any_length_is_wrapped_and_read_again(void **state)
{
	unsigned char body[200];
	slu_buf text = { .limit = SLU_HEADER_MAX };
	slu_header h = { 0 };
	slu_parser p = { 0 };
	slu_stanza *s;
	size_t used;

	(void)state;
	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (unsigned char)(i * 7);
	for (size_t len = 0; len <= sizeof(body); len++) {
		CHECK_OK(slu_header_add(&h, &s));
		CHECK_OK(slu_stanza_add_arg(s, "some.type/x"));
		CHECK_OK(slu_buf_add(&s->body, body, len));
	}
	memset(h.mac, 0x5a, sizeof(h.mac));
	CHECK_OK(slu_header_encode(&h, &text));
	CHECK_OK(slu_header_encode_mac(&h, &text));
	CHECK_OK(slu_parser_feed(&p, slu_buf_front(&text), text.len, &used));
	CHECK(used == text.len);
	CHECK(p.header.nstanzas == sizeof(body) + 1);
	for (size_t len = 0; len <= sizeof(body); len++) {
		s = &p.header.stanzas[len];
		CHECK_BYTES(body, len, slu_buf_front(&s->body), s->body.len);
	}
	CHECK_BYTES(h.mac, sizeof(h.mac), p.header.mac, sizeof(p.header.mac));
	slu_parser_free(&p);
	slu_header_free(&h);
	CHECK(h.stanzas == NULL && h.nstanzas == 0);
	slu_buf_free(&text);
}

static void
base64_without_padding_is_as_in_rfc_4648(void **state)
{
	static const char *const pairs[][2] = { { "", "" }, { "f", "Zg" },
		{ "fo", "Zm8" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg" },
		{ "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "+//+" } };
	char text[16];
	unsigned char bytes[16];

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		size_t len = strlen(pairs[i][0]), n = strlen(pairs[i][1]);

		CHECK(SLU_RAW64_CHARS(len) == n && SLU_RAW64_BYTES(n) == len);
		slu_raw64_encode(text, pairs[i][0], len);
		CHECK_BYTES(pairs[i][1], n, text, n);
		CHECK(slu_raw64_decode(bytes, text, n));
		CHECK_BYTES(pairs[i][0], len, bytes, len);
	}
}

/* Of all texts of up to four characters, only what we would write is read. */
static void
no_two_texts_mean_the_same_bytes(void **state)
{
	static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij"
				    "klmnopqrstuvwxyz0123456789+/=-_ \n";
	char text[4], again[4];
	unsigned char bytes[3];
	size_t base = strlen(chars), all = base * base * base;
	size_t read = 0;

	(void)state;
	for (size_t len = 1; len <= 3; len++) {
		for (size_t k = 0; k < all; k++) {
			text[0] = chars[k % base];
			text[1] = chars[k / base % base];
			text[2] = chars[k / base / base];
			if (!slu_raw64_decode(bytes, text, len))
				continue;
			slu_raw64_encode(again, bytes, SLU_RAW64_BYTES(len));
			CHECK_BYTES(text, len, again,
			    SLU_RAW64_CHARS(SLU_RAW64_BYTES(len)));
			read++;
		}
	}
	/* One byte makes 256 texts, each met once for all third ones. */
	CHECK(read == 256 * base + 65536);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_header_is_read_up_to_its_last_byte_however_it_comes),
		cmocka_unit_test(each_fault_is_found_at_its_byte),
		cmocka_unit_test(what_is_no_header_at_all_is_named),
		cmocka_unit_test(a_header_cut_anywhere_waits_for_more),
		cmocka_unit_test(
		    a_header_may_have_a_mebibyte_and_not_a_byte_more),
		cmocka_unit_test(
		    a_header_is_written_up_to_the_same_limit_and_says_so),
		cmocka_unit_test(
		    a_header_may_have_1024_stanzas_and_not_one_more),
		cmocka_unit_test(
		    a_body_of_any_length_is_wrapped_and_read_again),
		cmocka_unit_test(base64_without_padding_is_as_in_rfc_4648),
		cmocka_unit_test(no_two_texts_mean_the_same_bytes),
	};

	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
