/* SPDX-License-Identifier: ISC */
/*
 * Other people's texts, with our verdict on each.
 *
 * Theirs are laxer: the Web Platform's forgive blanks and missing padding,
 * OpenSSL's a text that goes on after a hyphen.  What both take must mean
 * the same bytes.
 */
#include "check.h"

#include <stdlib.h>

#include "text64.h"
#include "vectors.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define T(text) text, sizeof(text) - 1

/* A text, and a letter for each padding: required, optional, absent. */
struct verdict {
	const char *text;
	size_t len;
	const char *letters; /* E: SLU_EOF, F: FORMAT, T: TRUNCATED */
};

static const struct verdict web[] = {
	{ T(""), "EEE" },
	{ T("abcd"), "EEE" },
	{ T(" abcd"), "FFF" },
	{ T("abcd "), "FFF" },
	{ T(" abcd==="), "FFF" },
	{ T("abcd=== "), "FFF" },
	{ T("abcd ==="), "FFF" },
	{ T("a"), "TTT" },
	{ T("ab"), "TFF" },
	{ T("abc"), "TEE" },
	{ T("abcde"), "TTT" },
	{ T("\360\220\200\200"), "FFF" },
	{ T("="), "FFF" },
	{ T("=="), "FFF" },
	{ T("==="), "FFF" },
	{ T("===="), "FFF" },
	{ T("====="), "FFF" },
	{ T("a="), "FFF" },
	{ T("a=="), "FFF" },
	{ T("a==="), "FFF" },
	{ T("a===="), "FFF" },
	{ T("a====="), "FFF" },
	{ T("ab="), "FFF" },
	{ T("ab=="), "FFF" },
	{ T("ab==="), "FFF" },
	{ T("ab===="), "FFF" },
	{ T("ab====="), "FFF" },
	{ T("abc="), "EEF" },
	{ T("abc=="), "FFF" },
	{ T("abc==="), "FFF" },
	{ T("abc===="), "FFF" },
	{ T("abc====="), "FFF" },
	{ T("abcd="), "FFF" },
	{ T("abcd=="), "FFF" },
	{ T("abcd==="), "FFF" },
	{ T("abcd===="), "FFF" },
	{ T("abcd====="), "FFF" },
	{ T("abcde="), "FFF" },
	{ T("abcde=="), "FFF" },
	{ T("abcde==="), "FFF" },
	{ T("abcde===="), "FFF" },
	{ T("abcde====="), "FFF" },
	{ T("=a"), "FFF" },
	{ T("=a="), "FFF" },
	{ T("a=b"), "FFF" },
	{ T("a=b="), "FFF" },
	{ T("ab=c"), "FFF" },
	{ T("ab=c="), "FFF" },
	{ T("abc=d"), "FFF" },
	{ T("abc=d="), "FFF" },
	{ T("ab\tcd"), "FFF" },
	{ T("ab\ncd"), "EEE" },
	{ T("ab\fcd"), "FFF" },
	{ T("ab\rcd"), "FFF" },
	{ T("ab cd"), "FFF" },
	{ T("ab\302\240cd"), "FFF" },
	{ T("ab\t\n\f\r cd"), "FFF" },
	{ T(" \t\n\f\r ab\t\n\f\r cd\t\n\f\r "), "FFF" },
	{ T("ab\t\n\f\r =\t\n\f\r =\t\n\f\r "), "FFF" },
	{ T("A"), "TTT" },
	{ T("/A"), "TEE" },
	{ T("//A"), "TEE" },
	{ T("///A"), "EEE" },
	{ T("////A"), "TTT" },
	{ T("/"), "TTT" },
	{ T("A/"), "TFF" },
	{ T("AA/"), "TFF" },
	{ T("AAAA/"), "TTT" },
	{ T("AAA/"), "EEE" },
	{ T("\000nonsense"), "FFF" },
	{ T("abcd\000nonsense"), "FFF" },
};

static const struct verdict openssl[] = {
	{ T(""), "EEE" },
	{ T("aA==\n"), "EEF" },
	{ T("aGVsbG8=\n"), "EEF" },
	{ T("aGVsbG8gd29ybGQh\n"), "EEE" },
	{ T("AAECAwQFBgcICaCwwNDg8AA=\n"), "EEF" },
	{ T("aGVsbG8"), "TEE" },
	{ T("aGVsbG8\n"), "TEE" },
	{ T("aGVsbG8="), "EEF" },
	{ T("aGVsbG8==\n"), "FFF" },
	{ T("aGVsbG8===\n"), "FFF" },
	{ T("aGV=sbG8=\n"), "FFF" },
	{ T("aGV\nsbG8=\n"), "EEF" },
	{ T("aGVsbG8=\n"), "EEF" },
	{ T("aGVsbG8=\n\000"), "FFF" },
	{ T("aGV\000sbG8=\n"), "FFF" },
	{ T("aGV\001sbG8=\n"), "FFF" },
	{ T("aGV\200sbG8=\n"), "FFF" },
	{ T("\341GVsbG8=\n"), "FFF" },
	{ T("T3BlblNTTE9wZW5TU0wK\n"), "EEE" },
	{ T("T3BlblNTTE9wZW5TU0wK"), "EEE" },
	{ T("T3BlblNTTE9wZW5TU0w"), "TEE" },
	{ T("T3BlblNTTE9wZW5TU0"), "TFF" },
	{ T("T3BlblNTTE9wZW5TU"), "TTT" },
	{ T("T3BlblNTTE9wZW5TU0wK===="), "FFF" },
	{ T("T3BlblNTTE9wZW5TU0wK=============================="
	    "==============\n"),
	    "FFF" },
	{ T("YQ==YQ==YQ==\n"), "FFF" },
	{ T("A"), "TTT" },
	{ T("A\n"), "TTT" },
	{ T("A="), "FFF" },
	{ T("A==\n"), "FFF" },
	{ T("A===\n"), "FFF" },
	{ T("A====\n"), "FFF" },
	{ T("T3BlblNTTE9wZW5TU0wK\n\n"), "EEE" },
	{ T("T3BlblNTTE\n9wZW5TU0wK"), "EEE" },
	{ T("ZW5jb2RlIG1lCg===================================="
	    "==============================\n"),
	    "FFF" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eA==\n"),
	    "EEF" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eA\n==\n"),
	    "EEF" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eA=\n=\n"),
	    "EEF" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eA====\n"),
	    "FFF" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eHh4\neHh4eHh4eHh4eHh4\n"),
	    "EEE" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eHh4\neHh4eHh4eHh4eHh4eHh4eA==\n"),
	    "EEF" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eHh\n4eHh4eHh4eHh4eHh4eHh4eA==\n"),
	    "EEF" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eA==\n"),
	    "EEF" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eA==\neHh4eHh4eHh4eHh4eHh4eHh4\n"),
	    "FFF" },
	{ T("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
	    "h4eHh4eHh4eHh4\neA==eHh4eHh4eHh4eHh4eHh4\n"),
	    "FFF" },
	{ T("T3BlblNTTE9wZW5TU0wK\n-abcd"), "FFF" },
	{ T("T3BlblNTTE9wZW5TU0wK-abcd"), "FFF" },
};

static const trial_pace byte_by_byte = { .name = "byte by byte", .piece = 1 };

static slu_status
status_of(char letter)
{
	return letter == 'E'   ? SLU_EOF
	       : letter == 'F' ? SLU_ERR_FORMAT
			       : SLU_ERR_TRUNCATED;
}

/* Hold the room to a verdict; `plain` is theirs, NULL where they refuse. */
static void
check_verdict(
    const struct verdict *v, const void *text, size_t len, const slu_buf *plain)
{
	CHECK_BYTES(v->text, v->len, text, len);
	for (size_t padding = 0; padding < 3; padding++) {
		const slu_base64_options options = {
			.padding = (slu_base64_padding)padding,
		};
		slu_status want = status_of(v->letters[padding]);
		slu_buf out = { .limit = 1000 };

		CHECK_IS(want,
		    text64_decode(text, len, &options, &byte_by_byte, &out));
		if (want == SLU_EOF && plain != NULL)
			CHECK_BYTES(slu_buf_front(plain), plain->len,
			    slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
}

static void
the_web_platforms_texts_get_their_strict_verdicts(void **state)
{
	json *rows = vectors_json("base64/wpt-forgiving-base64.json");
	size_t n = 0;

	(void)state;
	CHECK(json_count(rows) == COUNT(web));
	for (const json *row = rows->first; row != NULL; row = row->next) {
		const json *text = row->first, *lax = text->next;
		slu_buf plain = { .limit = 100 };

		for (const json *v = lax->first; v != NULL; v = v->next) {
			unsigned char byte = (unsigned char)v->number;

			CHECK_OK(slu_buf_add(&plain, &byte, 1));
		}
		/* What they refuse, we do. */
		CHECK(lax->kind == JSON_ARRAY ||
		      strchr(web[n].letters, 'E') == NULL);
		check_verdict(&web[n++], text->text, text->len, &plain);
		slu_buf_free(&plain);
	}
	json_free(rows);
}

/* A value in OpenSSL's vectors: a quoted string with escapes, or hex. */
static void
evp_value(slu_buf *out, const char *value)
{
	size_t len = strcspn(value, "\r\n");
	unsigned byte;

	slu_buf_skip(out, out->len);
	if (value[0] != '"') {
		for (size_t i = 0; i + 1 < len; i += 2) {
			CHECK(sscanf(value + i, "%2x", &byte) == 1);
			CHECK_OK(slu_buf_add(
			    out, &(unsigned char){ (unsigned char)byte }, 1));
		}
		return;
	}
	for (const char *p = value + 1; *p != '"' && *p != '\0'; p++) {
		char c = *p;

		if (c == '\\' && *++p == 'n')
			c = '\n';
		CHECK_OK(slu_buf_add(out, &c, 1));
	}
}

static void
check_evp(const struct verdict *v, const char *kind, const slu_buf *plain,
    const slu_buf *text)
{
	slu_buf again = { .limit = 1000 };

	check_verdict(
	    v, slu_buf_front(text), text->len, *kind == 'i' ? NULL : plain);
	if (*kind == 'i') /* invalid: for want of padding at the least */
		CHECK(v->letters[0] != 'E');
	if (*kind == 'c') { /* canonical: padded, in lines of 64 */
		text64_encode(slu_buf_front(plain), plain->len,
		    &(slu_base64_options){ .columns = 64 }, &again);
		CHECK_BYTES(slu_buf_front(text), text->len,
		    slu_buf_front(&again), again.len);
	}
	slu_buf_free(&again);
}

static void
openssls_texts_get_their_strict_verdicts(void **state)
{
	char *file = vectors_read("base64/openssl-evpencod.txt", NULL);
	slu_buf plain = { .limit = 1000 }, text = { .limit = 1000 };
	const char *kind = NULL;
	size_t n = 0;

	(void)state;
	for (char *line = file; *line != '\0';) {
		if (strncmp(line, "Encoding = ", 11) == 0) {
			kind = line + 11;
			slu_buf_skip(&plain, plain.len);
		} else if (strncmp(line, "Input = ", 8) == 0)
			evp_value(&plain, line + 8);
		else if (strncmp(line, "Output = ", 9) == 0) {
			evp_value(&text, line + 9);
			CHECK(kind != NULL && n < COUNT(openssl));
			check_evp(&openssl[n++], kind, &plain, &text);
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	CHECK(n == COUNT(openssl));
	slu_buf_free(&plain);
	slu_buf_free(&text);
	free(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_web_platforms_texts_get_their_strict_verdicts),
		cmocka_unit_test(openssls_texts_get_their_strict_verdicts),
	};

	return cmocka_run_group_tests_name("base64 vectors", tests, NULL, NULL);
}
