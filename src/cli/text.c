/* SPDX-License-Identifier: ISC */
#include "text.h"

#include "sluice/base64.h"
#include "sluice/bio.h"
#include "sluice/mem.h"
#include "sluice/secret.h"

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
