/* SPDX-License-Identifier: ISC */
/* hash_line.h: a digest and a name, as lists of checksums have them. */
#ifndef SLUICE_CLI_HASH_LINE_H
#define SLUICE_CLI_HASH_LINE_H

#include <stddef.h>

#include "sluice/buf.h"
#include "sluice/file.h"
#include "sluice/status.h"

/* What ends a line; where it is NUL, names are as they are. */
typedef enum hash_end { HASH_NEWLINE = 0, HASH_NUL } hash_end;

/* How lines look; zero is what sha256sum writes. */
typedef struct hash_style {
	enum {
		HASH_PLAIN = 0, /* DIGEST  NAME */
		HASH_TAGGED,    /* SHA256 (NAME) = DIGEST */
	} form;
	enum {
		HASH_HEX = 0,
		HASH_BASE64,
		HASH_SRI, /* sha256-BASE64 */
	} digits;
	hash_end end;
} hash_style;

/* What a line of the longest name and `len` bytes of digest takes. */
#define HASH_LINE_MAX(len) (2 * (len) + 8 * SLU_PATH_MAX + 100)

/*
 * Append a line.  `algorithm` is the digest's name in the library; a newline,
 * a carriage return or a backslash in `name` is escaped, which a backslash
 * at the start of the line tells.
 */
slu_status hash_line(slu_buf *out, const hash_style *style,
    const char *algorithm, const unsigned char *digest, size_t len,
    const char *name) SLU_CHECKED;

/* Append the digest alone, as it is in a line. */
slu_status hash_line_digits(slu_buf *out, const hash_style *style,
    const char *algorithm, const unsigned char *digest, size_t len) SLU_CHECKED;

/* Append `name`, escaped as it is in a line, with what tells so. */
slu_status hash_line_name(slu_buf *out, const char *name) SLU_CHECKED;

#endif
