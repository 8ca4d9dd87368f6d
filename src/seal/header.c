/* SPDX-License-Identifier: ISC */
#include "header.h"

#include <stdlib.h>
#include <string.h>

#include "raw64.h"

#define LINE_BYTES SLU_RAW64_BYTES(SLU_HEADER_COLUMNS)

slu_status
slu_header_add(slu_header *h, slu_stanza **out)
{
	slu_stanza *grown;

	if (h->nstanzas == SLU_STANZAS_MAX)
		return slu_fail(SLU_ERR_LIMIT, "header: more than %d stanzas",
		    SLU_STANZAS_MAX);
	/* At the powers of two the array is full, and doubles. */
	if ((h->nstanzas & (h->nstanzas - 1)) == 0) {
		grown = realloc(h->stanzas,
		    (h->nstanzas == 0 ? 1 : h->nstanzas * 2) * sizeof(*grown));
		if (grown == NULL)
			return slu_fail(
			    SLU_ERR_MEMORY, "header: out of memory");
		h->stanzas = grown;
	}
	*out = &h->stanzas[h->nstanzas++];
	**out = (slu_stanza){
		.args = { .limit = SLU_HEADER_MAX },
		.body = { .limit = SLU_HEADER_MAX },
	};
	return SLU_OK;
}

slu_status
slu_stanza_add_arg(slu_stanza *s, const char *arg)
{
	return slu_buf_add(&s->args, arg, strlen(arg) + 1);
}

const char *
slu_stanza_arg(const slu_stanza *s, size_t i)
{
	const char *args = (const char *)slu_buf_front(&s->args);

	for (size_t at = 0; at < s->args.len; at += strlen(args + at) + 1)
		if (i-- == 0)
			return args + at;
	return NULL;
}

size_t
slu_stanza_place(const slu_stanza *s, size_t i)
{
	const char *arg = slu_stanza_arg(s, i);
	size_t at = s->args.len;

	if (arg != NULL)
		at = (size_t)(arg - slu_stanza_arg(s, 0));
	return s->at + strlen("-> ") + at;
}

bool
slu_header_is_grease(const char *type)
{
	size_t len = strlen(type), tail = strlen("-grease");

	return len >= tail && strcmp(type + len - tail, "-grease") == 0;
}

static slu_status
add_text(slu_buf *out, const char *text)
{
	return slu_buf_add(out, text, strlen(text));
}

static slu_status
encode_args(const slu_stanza *s, slu_buf *out)
{
	const char *args = (const char *)slu_buf_front(&s->args);
	slu_status st;

	st = add_text(out, "->");
	for (size_t at = 0; at < s->args.len && st == SLU_OK;
	     at += strlen(args + at) + 1) {
		st = add_text(out, " ");
		if (st == SLU_OK)
			st = add_text(out, args + at);
	}
	return st ? st : add_text(out, "\n");
}

/* The last line is always shorter than a full one, and may be empty. */
static slu_status
encode_body(const slu_stanza *s, slu_buf *out)
{
	const unsigned char *body = slu_buf_front(&s->body);
	char line[SLU_HEADER_COLUMNS + 1];
	size_t at = 0, n, len;
	slu_status st;

	do {
		n = s->body.len - at;
		if (n > LINE_BYTES)
			n = LINE_BYTES;
		len = SLU_RAW64_CHARS(n);
		if (n > 0)
			slu_raw64_encode(line, body + at, n);
		line[len] = '\n';
		st = slu_buf_add(out, line, len + 1);
		at += n;
	} while (st == SLU_OK && len == SLU_HEADER_COLUMNS);
	return st;
}

slu_status
slu_header_encode(const slu_header *h, slu_buf *out)
{
	slu_status st;

	st = add_text(out, "age-encryption.org/v1\n");
	for (size_t i = 0; i < h->nstanzas && st == SLU_OK; i++) {
		st = encode_args(&h->stanzas[i], out);
		if (st == SLU_OK)
			st = encode_body(&h->stanzas[i], out);
	}
	return st ? st : add_text(out, "---");
}

slu_status
slu_header_encode_mac(const slu_header *h, slu_buf *out)
{
	char line[1 + SLU_MAC_CHARS + 1];

	line[0] = ' ';
	slu_raw64_encode(line + 1, h->mac, sizeof(h->mac));
	line[sizeof(line) - 1] = '\n';
	return slu_buf_add(out, line, sizeof(line));
}

void
slu_header_free(slu_header *h)
{
	for (size_t i = 0; i < h->nstanzas; i++) {
		slu_buf_free(&h->stanzas[i].args);
		slu_buf_free(&h->stanzas[i].body);
	}
	free(h->stanzas);
	*h = (slu_header){ 0 };
}

slu_status
slu_header_fault(size_t at, const char *what)
{
	return slu_fail(
	    SLU_ERR_FORMAT, "unseal: damaged header at byte %zu: %s", at, what);
}
