/* SPDX-License-Identifier: ISC */
/*
 * hash_list.h: a line of a list of checksums, whoever wrote it.
 *
 *     DIGEST  NAME              sha256sum; *NAME for binary
 *     DIGEST NAME               BSD's -r
 *     SHA256 (NAME) = DIGEST    sha256sum --tag, BSD
 *     SHA256(NAME)= DIGEST      OpenSSL 1.1
 *     SHA2-256(NAME)= DIGEST    OpenSSL 3
 *     SHA1  (NAME) = DIGEST     RHash --bsd
 *     sha256-DIGEST  NAME       our own, of --sri; DIGEST is base64
 *     NAME CRC                  SFV, as RHash has it; CRC is a CRC-32
 *
 * A backslash in front says that backslashes, newlines and carriage returns
 * of the name are escaped; where lines end in NUL, nothing is.
 */
#ifndef SLUICE_CLI_HASH_LIST_H
#define SLUICE_CLI_HASH_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "hash_line.h"

#define HASH_LIST_LINE (16 * 1024) /* bytes of a line that is taken */

/* A line taken apart: its strings lie in `text`. */
typedef struct hash_entry {
	char text[HASH_LIST_LINE + sizeof("CRC32") + 2];
	const char *tag;    /* what names the digest; NULL: nothing does */
	const char *digest; /* as it is written */
	const char *name;   /* without its escapes */
} hash_entry;

/*
 * Take apart the `len` bytes of a line, without its end.  False where it is
 * none of these forms, but for SFV's; whether the digest is one is not looked
 * at.
 */
bool hash_list_parse(hash_entry *e, const char *line, size_t len, hash_end end);

/*
 * Take apart a line of SFV's.  Much else looks like one: ask for this last.
 */
bool hash_list_parse_sfv(hash_entry *e, const char *line, size_t len);

/* Whether a line, without its end, has nothing to say: blank, a comment. */
bool hash_list_skips(const char *line, size_t len);

#endif
