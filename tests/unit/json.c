/* SPDX-License-Identifier: ISC */
#include "json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH 64 /* values within values */

struct reader {
	const char *p; /* ends with a NUL at `end`, of the parser's own */
	const char *end;
};

static bool read_value(struct reader *r, json *v, int depth);

static void
skip_space(struct reader *r)
{
	r->p += strspn(r->p, " \t\r\n");
}

/* Take the literal `word` if it stands here. */
static bool
take(struct reader *r, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(r->p, word, len) != 0)
		return false;
	r->p += len;
	return true;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	if (at == NULL)
		return -1;
	return (int)(at - digits < 16 ? at - digits : at - digits - 6);
}

/* Read the four digits of a \u escape. */
static bool
read_unit(struct reader *r, unsigned *unit)
{
	int digit;

	*unit = 0;
	for (int i = 0; i < 4; i++) {
		digit = hex_digit(*r->p);
		if (digit < 0)
			return false;
		*unit = *unit << 4 | (unsigned)digit;
		r->p++;
	}
	return true;
}

/* Append a code point to a text, as UTF-8: at most as long as its escape. */
static void
put_point(json *v, unsigned long c)
{
	int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char mark[] = { 0, 0xc0, 0xe0, 0xf0 };

	v->text[v->len++] = (char)(mark[more] | c >> (6 * more));
	while (more-- > 0)
		v->text[v->len++] = (char)(0x80 | (c >> (6 * more) & 63));
}

/* What follows a backslash. */
static bool
read_escape(struct reader *r, json *v)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at = *r->p != '\0' ? strchr(from, *r->p) : NULL;
	unsigned high, low;

	if (at != NULL) {
		v->text[v->len++] = to[at - from];
		r->p++;
		return true;
	}
	if (!take(r, "u") || !read_unit(r, &high))
		return false;
	if (high < 0xd800 || high > 0xdfff) {
		put_point(v, high);
		return true;
	}
	if (high > 0xdbff || !take(r, "\\u") || !read_unit(r, &low) ||
	    low < 0xdc00 || low > 0xdfff)
		return false;
	put_point(v, 0x10000 + ((high - 0xd800UL) << 10) + (low - 0xdc00));
	return true;
}

static bool
read_string(struct reader *r, json *v)
{
	size_t most = 0;

	if (!take(r, "\""))
		return false;
	while (r->p[most] != '"' && r->p + most < r->end)
		most += r->p[most] == '\\' && r->p + most + 1 < r->end ? 2 : 1;
	v->kind = JSON_STRING;
	v->text = malloc(most + 1);
	if (v->text == NULL)
		return false;
	while (*r->p != '"') {
		if ((unsigned char)*r->p < 0x20)
			return false;
		if (!take(r, "\\"))
			v->text[v->len++] = *r->p++;
		else if (!read_escape(r, v))
			return false;
	}
	r->p++;
	v->text[v->len] = '\0';
	return true;
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
static bool
read_number(struct reader *r, json *v)
{
	static const char digits[] = "0123456789";
	const char *start = r->p;
	size_t n;

	v->kind = JSON_NUMBER;
	(void)take(r, "-");
	n = strspn(r->p, digits);
	if (n == 0 || (*r->p == '0' && n > 1))
		return false;
	r->p += n;
	if (take(r, ".")) {
		n = strspn(r->p, digits);
		r->p += n;
		if (n == 0)
			return false;
	}
	if (take(r, "e") || take(r, "E")) {
		if (!take(r, "+"))
			(void)take(r, "-");
		n = strspn(r->p, digits);
		r->p += n;
		if (n == 0)
			return false;
	}
	v->number = strtod(start, NULL);
	return true;
}

/* The name of a member and its colon. */
static bool
read_name(struct reader *r, json *member)
{
	if (!read_string(r, member))
		return false;
	member->name = member->text;
	member->text = NULL;
	member->len = 0;
	skip_space(r);
	return take(r, ":");
}

/* The values of an array or the members of an object, up to `close`. */
static bool
read_list(struct reader *r, json *v, const char *close, int depth)
{
	json **last = &v->first;

	v->kind = *close == ']' ? JSON_ARRAY : JSON_OBJECT;
	skip_space(r);
	if (take(r, close))
		return true;
	do {
		*last = calloc(1, sizeof(**last));
		if (*last == NULL)
			return false;
		skip_space(r);
		if (v->kind == JSON_OBJECT && !read_name(r, *last))
			return false;
		if (!read_value(r, *last, depth + 1))
			return false;
		last = &(*last)->next;
		skip_space(r);
	} while (take(r, ","));
	return take(r, close);
}

static bool
read_value(struct reader *r, json *v, int depth)
{
	if (depth > DEPTH)
		return false;
	skip_space(r);
	v->kind = JSON_NULL;
	if (take(r, "null"))
		return true;
	v->kind = JSON_FALSE;
	if (take(r, "false"))
		return true;
	v->kind = JSON_TRUE;
	if (take(r, "true"))
		return true;
	if (take(r, "["))
		return read_list(r, v, "]", depth);
	if (take(r, "{"))
		return read_list(r, v, "}", depth);
	return *r->p == '"' ? read_string(r, v) : read_number(r, v);
}

json *
json_parse(const char *text, size_t len)
{
	char *own = malloc(len + 1);
	json *root = calloc(1, sizeof(*root));
	struct reader r;
	bool good = false;

	if (own != NULL && root != NULL) {
		memcpy(own, text, len);
		own[len] = '\0';
		r = (struct reader){ own, own + len };
		good = read_value(&r, root, 0);
		skip_space(&r);
		good = good && r.p == r.end;
	}
	free(own);
	if (!good) {
		json_free(root);
		return NULL;
	}
	return root;
}

void
json_free(json *v)
{
	json *next;

	for (; v != NULL; v = next) {
		next = v->next;
		json_free(v->first);
		free(v->name);
		free(v->text);
		free(v);
	}
}

const json *
json_get(const json *v, const char *name)
{
	const json *at = v != NULL && v->kind == JSON_OBJECT ? v->first : NULL;

	while (at != NULL && strcmp(at->name, name) != 0)
		at = at->next;
	return at;
}

const char *
json_text(const json *v, const char *name)
{
	const json *at = json_get(v, name);

	return at != NULL && at->kind == JSON_STRING ? at->text : NULL;
}

size_t
json_count(const json *v)
{
	size_t n = 0;

	for (const json *at = v->first; at != NULL; at = at->next)
		n++;
	return n;
}

unsigned char *
json_hex(const json *v, const char *name, size_t *len)
{
	const char *text = json_text(v, name);
	unsigned char *out;
	int high, low;

	if (text == NULL || strlen(text) % 2 != 0)
		return NULL;
	*len = strlen(text) / 2;
	out = malloc(*len + 1);
	for (size_t i = 0; out != NULL && i < *len; i++) {
		high = hex_digit(text[2 * i]);
		low = hex_digit(text[2 * i + 1]);
		if (high < 0 || low < 0) {
			free(out);
			return NULL;
		}
		out[i] = (unsigned char)(high << 4 | low);
	}
	return out;
}
