/* SPDX-License-Identifier: ISC */
/*
 * What is fed is a name that somebody gave a file.
 *
 * Made visible it is UTF-8 without a control character, within the room that
 * is promised; made visible twice it is the same.  Cut to any length it is a
 * beginning of what it was, and no character of it is cut in two.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/utf8.c"
#include "cli/visible.c"

#define MOST 4096

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
check_visible(const char *name, size_t len)
{
	static char shown[VISIBLE_MAX(MOST)], twice[VISIBLE_MAX(4 * MOST)];
	size_t left, n;

	visible(shown, name);
	left = strlen(shown);
	must(left < VISIBLE_MAX(len));
	must(!visible_binary(
	    &(visible_place){ 0 }, (unsigned char *)shown, left));
	must(strpbrk(shown, "\t\n\f\r") == NULL);
	must(strcmp(visible(twice, shown), shown) == 0);
	for (const char *p = shown; left > 0; p += n, left -= n) {
		n = utf8_char(p, left);
		must(n > 0);
	}
}

/* The bytes of a stream are the same however they are split. */
static void
check_split(const uint8_t *data, size_t size, size_t at)
{
	visible_place whole = { 0 }, parts = { 0 };
	bool binary = visible_binary(&whole, data, size);

	if (at > size)
		at = size;
	must(binary == (visible_binary(&parts, data, at) ||
			   visible_binary(&parts, data + at, size - at)));
}

static void
check_cut(const char *name, size_t len, size_t max)
{
	static char cut[MOST + 1];
	size_t n;

	utf8_cut(cut, name, max);
	n = strlen(cut);
	must(n <= max && n <= len && memcmp(cut, name, n) == 0);
	must(n == len || n + 4 > max);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char name[MOST + 1];
	size_t len = size < MOST ? size : MOST;

	memcpy(name, data, len);
	name[len] = '\0';
	len = strlen(name);
	check_visible(name, len);
	check_split(data, size, size > 0 ? data[0] : 0);
	check_cut(name, len, size > 0 ? data[size - 1] : 0);
	return 0;
}
