/* SPDX-License-Identifier: ISC */
/*
 * json.h: a strict reader of JSON (RFC 8259) for the vectors that tests
 * read.  A document becomes a tree; the values of an array or an object
 * hang on a list, in the order in which they stand.
 */
#ifndef SLUICE_TESTS_JSON_H
#define SLUICE_TESTS_JSON_H

#include <stddef.h>

typedef struct json {
	enum {
		JSON_NULL,
		JSON_FALSE,
		JSON_TRUE,
		JSON_NUMBER,
		JSON_STRING,
		JSON_ARRAY,
		JSON_OBJECT
	} kind;
	char *name;         /* owned: of a member of an object, else NULL */
	char *text;         /* owned: a string as UTF-8, then a NUL */
	size_t len;         /* bytes of the text, which may hold NULs */
	double number;      /* exact for whole numbers up to 2^53 */
	struct json *first; /* owned: the first value inside */
	struct json *next;  /* owned: the value after this one */
} json;

/*
 * Read a document of `len` bytes; NULL where it is not JSON, nests deeper
 * than 64 values, holds half a surrogate pair, or memory ran out.
 */
json *json_parse(const char *text, size_t len);

/* Free a value with all that hangs on it; NULL is fine. */
void json_free(json *v);

/* The member `name` of an object, or NULL; `v` may be NULL. */
const json *json_get(const json *v, const char *name);

/* The text of the member `name`, or NULL where it is not a string. */
const char *json_text(const json *v, const char *name);

/* How many values hang on an array or an object. */
size_t json_count(const json *v);

/*
 * Decode the member `name`, a string of hexadecimal digits; NULL where it
 * is not one.  The bytes are the caller's, to be freed.
 */
unsigned char *json_hex(const json *v, const char *name, size_t *len);

#endif
