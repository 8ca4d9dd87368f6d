/* SPDX-License-Identifier: ISC */
/*
 * parse.h: the header of a sealed file, read as strictly as it is written.
 *
 * The parser is fed the file from its first byte, in pieces of any size,
 * and comes to the same verdict about the same byte however they were cut.
 * The zero state, `slu_parser p = { 0 }`, is a new parser.
 */
#ifndef SLUICE_SEAL_PARSE_H
#define SLUICE_SEAL_PARSE_H

#include "header.h"

typedef struct slu_parser {
	slu_header header; /* owned: what was parsed so far */
	slu_buf text;      /* owned: the bytes behind it */
	size_t covered;    /* how many of them the MAC covers */
	int state;         /* which step takes the next byte */
	size_t at;         /* the byte of the file it takes */
	size_t column;     /* of its line, or of what the step looks for */
	bool armored;      /* it failed since the file is in armor */
	char line[SLU_HEADER_COLUMNS]; /* characters of base64 */
} slu_parser;

/*
 * Take bytes of the file.  SLU_OK: the header is complete in `p->header`,
 * and what lies behind `*used` bytes is payload.  SLU_WANT_READ: all were
 * taken, and more are needed.  SLU_ERR_FORMAT, SLU_ERR_LIMIT: it is no
 * header that we read, for good.
 */
slu_status slu_parser_feed(
    slu_parser *p, const void *data, size_t len, size_t *used) SLU_CHECKED;

/* How it fails when there are no more bytes to feed. */
slu_status slu_parser_cut(const slu_parser *p);

/* Release what it holds; it is a new parser. */
void slu_parser_free(slu_parser *p);

#endif
