/* SPDX-License-Identifier: ISC */
/*
 * What is fed is text to decode and bytes to encode, by every path that this
 * processor can take: each must do what the plain one does, and touch nothing
 * but what it was given.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bio/base64_block.h"

#define MOST 4096 /* bytes of input that are looked at */

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* A copy whose end the sanitizer watches. */
static unsigned char *
copy_of(const uint8_t *data, size_t size)
{
	unsigned char *p = malloc(size);

	must(p != NULL || size == 0);
	if (size > 0)
		memcpy(p, data, size);
	return p;
}

/* Decode to the end, as the filter would, one path beside the other. */
static void
decode(const slu_base64_path *path, slu_base64_alphabet alphabet,
    const uint8_t *data, size_t size, size_t cap)
{
	unsigned char *text = copy_of(data, size);
	unsigned char *want = calloc(cap, 1), *got = calloc(cap, 1);
	slu_base64_run w = { text, size, want, cap };
	slu_base64_run g = { text, size, got, cap };

	must(want != NULL && got != NULL);
	slu_base64_block.decode(&w, alphabet);
	path->decode(&g, alphabet);
	/* Line breaks at the very end may be left, or taken. */
	while (w.in_len > 0 && g.in_len < w.in_len &&
	       (*w.in == '\n' || *w.in == '\r'))
		w.in++, w.in_len--;
	must(w.in == g.in && w.in_len == g.in_len &&
	     w.in + w.in_len == text + size);
	must(w.out_cap == g.out_cap && g.out == got + (cap - g.out_cap));
	must(memcmp(want, got, cap - g.out_cap) == 0);
	free(text);
	free(want);
	free(got);
}

static void
encode(const slu_base64_path *path, slu_base64_alphabet alphabet,
    const uint8_t *data, size_t size, size_t groups)
{
	size_t lines = size / (groups * 3), all = size / 3;
	size_t bytes = lines * groups * 3, len = lines * (groups * 4 + 1);
	unsigned char *in = copy_of(data, all * 3);
	unsigned char *lined = copy_of(data, bytes);
	unsigned char *want = malloc(all * 5 + 1), *got = malloc(all * 4);
	unsigned char *got_lined = malloc(len);

	must(want != NULL && (got != NULL || all == 0) &&
	     (got_lined != NULL || len == 0));
	slu_base64_block.encode(want, in, all, alphabet);
	path->encode(got, in, all, alphabet);
	must(all == 0 || memcmp(want, got, all * 4) == 0);
	slu_base64_block.encode_lines(want, lined, groups, lines, alphabet);
	path->encode_lines(got_lined, lined, groups, lines, alphabet);
	must(len == 0 || memcmp(want, got_lined, len) == 0);
	free(in);
	free(lined);
	free(want);
	free(got);
	free(got_lined);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first two bytes choose the alphabet, the room, and the lines. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const slu_base64_path *path;
	slu_base64_alphabet alphabet;
	size_t cap, groups;

	if (size < 2 || size > MOST)
		return 0;
	alphabet = data[0] & 1 ? SLU_BASE64_URL : SLU_BASE64_STANDARD;
	cap = data[0] < 128 ? size : (size_t)data[0] * 2;
	groups = 1 + data[1] % 32;
	for (size_t i = 0; (path = slu_base64_path_at(i)) != NULL; i++) {
		decode(path, alphabet, data + 2, size - 2, cap);
		encode(path, alphabet, data + 2, size - 2, groups);
	}
	return 0;
}
