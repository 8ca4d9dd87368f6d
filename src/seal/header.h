/* SPDX-License-Identifier: ISC */
/*
 * header.h: the text in front of a sealed file (C2SP age, "Header").
 *
 * A header is a list of stanzas, each of which wraps the file key for one
 * recipient, and a MAC over all of them.  The grammar leaves no freedom:
 * what was parsed encodes to the same bytes again, stanzas of unknown types
 * included.  What a stanza means is for others to know.
 */
#ifndef SLUICE_SEAL_HEADER_H
#define SLUICE_SEAL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/buf.h"
#include "sluice/status.h"

/*
 * The format sets no limits, and nothing in a header can be authenticated
 * before one of its stanzas was opened, so these bound what a stranger's
 * file can make us do.  A post-quantum stanza takes some 1,600 bytes and is
 * the longest kind known: the limits leave room for hundreds of recipients
 * of any kind, while a try of each of them stays in the milliseconds.
 */
#define SLU_HEADER_MAX ((size_t)1024 * 1024) /* bytes */
#define SLU_STANZAS_MAX 1024

#define SLU_HEADER_COLUMNS 64 /* characters of a full line of a body */
#define SLU_MAC_SIZE 32       /* bytes */
#define SLU_MAC_CHARS 43      /* the same in base64 */

typedef struct slu_stanza {
	size_t at;    /* the byte of the file it starts at; 0 if it is ours */
	slu_buf args; /* the type, then the arguments, a NUL after each */
	slu_buf body;
} slu_stanza;

typedef struct slu_header {
	slu_stanza *stanzas; /* owned */
	size_t nstanzas;
	unsigned char mac[SLU_MAC_SIZE];
} slu_header;

/*
 * Append an empty stanza.  `*out` is valid until the next one is added.
 * SLU_ERR_LIMIT past SLU_STANZAS_MAX.
 */
slu_status slu_header_add(slu_header *h, slu_stanza **out) SLU_CHECKED;

/* Append an argument, the first one being the stanza's type. */
slu_status slu_stanza_add_arg(slu_stanza *s, const char *arg) SLU_CHECKED;

/* The argument at `i`, the type at 0; NULL past the last one. */
const char *slu_stanza_arg(const slu_stanza *s, size_t i);

/* The byte of the file at which the argument at `i` stands, or the body. */
size_t slu_stanza_place(const slu_stanza *s, size_t i);

/*
 * Whether it is of a type that is there only so that programs learn to skip
 * those that they do not know.
 */
bool slu_header_is_grease(const char *type);

/* Append the header's text, as far as the MAC covers it. */
slu_status slu_header_encode(const slu_header *h, slu_buf *out) SLU_CHECKED;

/* Append what is left of it: the MAC, and the end of its line. */
slu_status slu_header_encode_mac(const slu_header *h, slu_buf *out) SLU_CHECKED;

/* Release what it holds; it is empty and can be used again. */
void slu_header_free(slu_header *h);

/* Fail with "damaged header", the byte of the file, and what is wrong. */
slu_status slu_header_fault(size_t at, const char *what);

#endif
