/* SPDX-License-Identifier: ISC */
#include "hash_line.h"

#include <stdbool.h>
#include <string.h>

#include "text.h"

static slu_status
put(slu_buf *out, const char *text)
{
	return slu_buf_add(out, text, strlen(text));
}

static bool
needs_escape(const char *name)
{
	return strpbrk(name, "\\\n\r") != NULL;
}

static slu_status
put_escaped(slu_buf *out, const char *name)
{
	slu_status st = SLU_OK;
	size_t plain;

	while (st == SLU_OK && *name != '\0') {
		plain = strcspn(name, "\\\n\r");
		st = slu_buf_add(out, name, plain);
		name += plain;
		if (st || *name == '\0')
			break;
		st = put(out, *name == '\n'   ? "\\n"
			      : *name == '\r' ? "\\r"
					      : "\\\\");
		name++;
	}
	return st;
}

slu_status
hash_line_name(slu_buf *out, const char *name)
{
	slu_status st = SLU_OK;

	if (needs_escape(name))
		st = put(out, "\\");
	return st ? st : put_escaped(out, name);
}

/* The tag of a digest: other programs know these two by names of their own. */
static slu_status
put_tag(slu_buf *out, const char *algorithm)
{
	slu_status st = SLU_OK;
	char c;

	if (strcmp(algorithm, "blake2b512") == 0)
		return put(out, "BLAKE2b");
	if (strcmp(algorithm, "blake2s256") == 0)
		return put(out, "BLAKE2s");
	for (; *algorithm != '\0' && st == SLU_OK; algorithm++) {
		c = *algorithm;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		st = slu_buf_add(out, &c, 1);
	}
	return st;
}

/* SRI, "Subresource Integrity" of the W3C, section 3.1. */
slu_status
hash_line_digits(slu_buf *out, const hash_style *style, const char *algorithm,
    const unsigned char *digest, size_t len)
{
	slu_status st = SLU_OK;

	if (style->digits == HASH_HEX)
		return text_hex(out, digest, len);
	if (style->digits == HASH_SRI) {
		st = put(out, algorithm);
		st = st ? st : put(out, "-");
	}
	return st ? st : text_base64(out, digest, len);
}

slu_status
hash_line(slu_buf *out, const hash_style *style, const char *algorithm,
    const unsigned char *digest, size_t len, const char *name)
{
	bool escaped = style->end == HASH_NEWLINE && needs_escape(name);
	slu_status (*put_name)(slu_buf *, const char *) =
	    escaped ? put_escaped : put;
	slu_status st = SLU_OK;

	if (escaped)
		st = put(out, "\\");
	if (st == SLU_OK && style->form == HASH_TAGGED) {
		st = put_tag(out, algorithm);
		st = st ? st : put(out, " (");
		st = st ? st : put_name(out, name);
		st = st ? st : put(out, ") = ");
		st = st ? st
			: hash_line_digits(out, style, algorithm, digest, len);
	} else if (st == SLU_OK) {
		st = hash_line_digits(out, style, algorithm, digest, len);
		st = st ? st : put(out, "  ");
		st = st ? st : put_name(out, name);
	}
	if (st)
		return st;
	return slu_buf_add(out, style->end == HASH_NUL ? "" : "\n", 1);
}
