/* SPDX-License-Identifier: ISC */
/*
 * What is fed is a line of a list of checksums.
 *
 * What is taken apart is within the line, and has a digest and a name; and
 * the line that we would write for it is taken apart into the same again.
 * The program is no library, so its sources are taken in as they are.
 */
#include <stdint.h>
#include <stdlib.h>

#include "cli/hash_line.c"
#include "cli/hash_list.c"
#include "cli/text.c"
#include "cli/utf8.c"

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
check_shape(const hash_entry *e, size_t len)
{
	size_t used = strlen(e->digest) + strlen(e->name);

	must(strlen(e->digest) > 0);
	must(strlen(e->name) > 0);
	if (e->tag != NULL) {
		must(strlen(e->tag) > 0);
		used += strlen(e->tag);
	}
	must(used < len);
}

static void
check_again(const hash_entry *e, const hash_style *style)
{
	static const unsigned char digest[32] = { 0xde, 0xad, 0xbe, 0xef };
	slu_buf line = { .limit = HASH_LINE_MAX(sizeof(digest)) +
				  4 * HASH_LIST_LINE };
	static hash_entry again;

	must(hash_line(&line, style, "sha256", digest, sizeof(digest),
		 e->name) == SLU_OK);
	if (line.len - 1 <= HASH_LIST_LINE) {
		must(hash_list_parse(&again, (const char *)slu_buf_front(&line),
		    line.len - 1, style->end));
		must(strcmp(again.name, e->name) == 0);
		must((again.tag != NULL) ==
		     (style->form == HASH_TAGGED || style->digits == HASH_SRI));
	}
	slu_buf_free(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static hash_entry e;

	(void)hash_list_skips((const char *)data, size);
	if (hash_list_parse_sfv(&e, (const char *)data, size)) {
		must(strcmp(e.tag, "CRC32") == 0 && strlen(e.digest) == 8);
		must(strlen(e.name) > 0 && strlen(e.name) < size - 8);
	}
	if (hash_list_parse(&e, (const char *)data, size, HASH_NUL)) {
		check_shape(&e, size);
		check_again(&e, &(hash_style){ .end = HASH_NUL });
	}
	if (!hash_list_parse(&e, (const char *)data, size, HASH_NEWLINE))
		return 0;
	check_shape(&e, size);
	check_again(&e, &(hash_style){ .form = HASH_PLAIN });
	check_again(&e, &(hash_style){ .form = HASH_TAGGED });
	check_again(&e, &(hash_style){ .digits = HASH_SRI });
	return 0;
}
