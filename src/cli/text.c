/* SPDX-License-Identifier: ISC */
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sluice/base64.h"
#include "sluice/bio.h"
#include "sluice/mem.h"
#include "sluice/secret.h"
#include "utf8.h"

slu_status
text_hex(slu_buf *out, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = data;
	slu_status st = SLU_OK;
	char text[1024];
	size_t n = 0;

	for (size_t i = 0; i < len && st == SLU_OK; i++) {
		text[n++] = digits[p[i] >> 4];
		text[n++] = digits[p[i] & 15];
		if (n == sizeof(text) || i + 1 == len) {
			st = slu_buf_add(out, text, n);
			n = 0;
		}
	}
	slu_wipe(text, sizeof(text));
	return st;
}

slu_status
text_base64(slu_buf *out, const void *data, size_t len)
{
	slu_bio *text = NULL;
	slu_status st;
	size_t n;

	st = slu_mem_open(&text, out);
	if (st == SLU_OK)
		st = slu_base64_encode(&text, NULL);
	if (st == SLU_OK)
		st = slu_bio_write_all(text, data, len, &n);
	if (st == SLU_OK)
		st = slu_bio_finish(text);
	slu_bio_free(text);
	return st;
}

slu_status
text_base64url(slu_buf *out, const void *data, size_t len)
{
	size_t before = out->len;
	slu_status st;
	char *p;

	st = text_base64(out, data, len);
	if (st)
		return st;
	p = (char *)out->mem + out->off;
	while (out->len > before && p[out->len - 1] == '=')
		out->len--;
	for (size_t i = before; i < out->len; i++)
		if (p[i] == '+')
			p[i] = '-';
		else if (p[i] == '/')
			p[i] = '_';
	return SLU_OK;
}

/* The character that the `n` bytes of UTF-8 at `s` are. */
static uint32_t
character(const char *s, size_t n)
{
	static const unsigned char masks[] = { 0x7f, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)s[0] & masks[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	return c;
}

/* One character of a string of JSON; UTF-16 has two for those over U+FFFF. */
static slu_status
add_json_character(slu_buf *out, uint32_t c)
{
	char text[16] = { (char)c };

	if (c == '"' || c == '\\')
		snprintf(text, sizeof(text), "\\%c", (char)c);
	else if (c >= 0x10000)
		snprintf(text, sizeof(text), "\\u%04x\\u%04x",
		    (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
		    (unsigned)(0xdc00 + ((c - 0x10000) & 0x3ff)));
	else if (c < ' ' || c > '~')
		snprintf(text, sizeof(text), "\\u%04x", (unsigned)c);
	return slu_buf_add(out, text, strlen(text));
}

slu_status
text_json(slu_buf *out, const char *text)
{
	slu_status st = slu_buf_add(out, "\"", 1);
	size_t left = strlen(text), n;

	for (; left > 0 && st == SLU_OK; text += n, left -= n) {
		n = utf8_char(text, left);
		st = add_json_character(
		    out, n > 0 ? character(text, n) : 0xfffd);
		n = n > 0 ? n : 1;
	}
	return st ? st : slu_buf_add(out, "\"", 1);
}

bool
text_is_utf8(const char *text)
{
	size_t left = strlen(text), n;

	for (; left > 0; text += n, left -= n) {
		n = utf8_char(text, left);
		if (n == 0)
			return false;
	}
	return true;
}

static slu_status
add_text(slu_buf *out, const char *text)
{
	return slu_buf_add(out, text, strlen(text));
}

slu_status
text_json_file(slu_buf *out, const char *name)
{
	slu_status st = add_text(out, "\"file\":");

	st = st ? st : text_json(out, name);
	if (st || text_is_utf8(name))
		return st;
	st = add_text(out, ",\"file_base64\":\"");
	st = st ? st : text_base64(out, name, strlen(name));
	return st ? st : add_text(out, "\"");
}
