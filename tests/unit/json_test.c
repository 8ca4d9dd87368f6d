/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <stdlib.h>

#include "json.h"

/* Parse a string constant, which may hold NULs. */
#define PARSE(text) json_parse((text), sizeof(text) - 1)

static void
values_of_every_kind_are_read(void **state)
{
	json *root = PARSE(" { \"a\" : [ 1, -2.5e1, true, false, null ],\n"
			   "\"b\":{}, \"c\":[], \"d\":\"\" }\t");
	const json *at;

	(void)state;
	CHECK(root != NULL && root->kind == JSON_OBJECT);
	CHECK(json_count(root) == 4);
	CHECK(json_count(json_get(root, "a")) == 5);
	at = json_get(root, "a")->first;
	CHECK(at->kind == JSON_NUMBER && at->number == 1);
	at = at->next;
	CHECK(at->kind == JSON_NUMBER && at->number == -25);
	at = at->next;
	CHECK(at->kind == JSON_TRUE);
	at = at->next;
	CHECK(at->kind == JSON_FALSE);
	at = at->next;
	CHECK(at->kind == JSON_NULL && at->next == NULL);
	CHECK(json_get(root, "b")->kind == JSON_OBJECT);
	CHECK(json_get(root, "c")->kind == JSON_ARRAY);
	CHECK(strcmp(json_text(root, "d"), "") == 0);
	CHECK(json_text(root, "a") == NULL && json_get(root, "e") == NULL);
	json_free(root);
}

static void
escapes_become_utf_8(void **state)
{
	json *v = PARSE("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac"
			"\\uD83D\\ude00\\u0000.\"");

	(void)state;
	CHECK(v != NULL && v->kind == JSON_STRING);
	CHECK_BYTES("\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\0.",
	    20, v->text, v->len);
	json_free(v);
}

static void
hexadecimal_members_are_decoded(void **state)
{
	json *v = PARSE("{\"a\":\"00fFA7\",\"b\":\"0\",\"c\":\"0g\",\"d\":0,"
			"\"e\":\"\"}");
	unsigned char *bytes;
	size_t len;

	(void)state;
	bytes = json_hex(v, "a", &len);
	CHECK(bytes != NULL);
	CHECK_BYTES("\x00\xff\xa7", 3, bytes, len);
	free(bytes);
	CHECK(json_hex(v, "b", &len) == NULL);
	CHECK(json_hex(v, "c", &len) == NULL);
	CHECK(json_hex(v, "d", &len) == NULL);
	bytes = json_hex(v, "e", &len);
	CHECK(bytes != NULL && len == 0);
	free(bytes);
	json_free(v);
}

static void
what_is_not_json_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "nul", "01", "1.", "1e",
		"+1", "-", ".5", "\"", "\"\\", "\"\\x\"", "\"\\u12g4\"",
		"\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"",
		"[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"",
		"{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{1:1}", "]",
		"1 2", "[1]]", "'a'", "NaN" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json *v = json_parse(bad[i], strlen(bad[i]));

		if (v != NULL)
			print_error("%s\n", bad[i]);
		CHECK(v == NULL);
	}
	CHECK(PARSE("1\0") == NULL);
	CHECK(PARSE("\"a\0b\"") == NULL);
}

static void
values_nest_so_deep_and_no_deeper(void **state)
{
	char text[2 * 65 + 2];
	json *v;

	(void)state;
	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	v = json_parse(text, 130);
	CHECK(v != NULL);
	json_free(v);
	memset(text, '[', 66);
	memset(text + 66, ']', 66);
	CHECK(json_parse(text, 132) == NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_of_every_kind_are_read),
		cmocka_unit_test(escapes_become_utf_8),
		cmocka_unit_test(hexadecimal_members_are_decoded),
		cmocka_unit_test(what_is_not_json_is_refused),
		cmocka_unit_test(values_nest_so_deep_and_no_deeper),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
