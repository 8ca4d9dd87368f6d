/* SPDX-License-Identifier: ISC */
/* ssh_wire.h: bytes as ssh has them in keys (RFC 4251 section 5). */
#ifndef SLUICE_SEAL_SSH_WIRE_H
#define SLUICE_SEAL_SSH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sluice/buf.h"

/* What is still to be read; zero once something was not there. */
typedef struct slu_ssh_wire {
	const unsigned char *at; /* lent */
	size_t left;
} slu_ssh_wire;

typedef struct slu_ssh_string {
	const unsigned char *data; /* lent */
	size_t len;
} slu_ssh_string;

/* How reading fails where ssh would not have written what is there. */
slu_status slu_ssh_malformed(void);

/* Take a number or a string off the front; false where there is none. */
bool slu_ssh_u32(slu_ssh_wire *w, uint32_t *out) SLU_CHECKED;
bool slu_ssh_take(slu_ssh_wire *w, slu_ssh_string *out) SLU_CHECKED;

/* The same for a number that is over zero, and spelt without need of more. */
bool slu_ssh_mpint(slu_ssh_wire *w, slu_ssh_string *out) SLU_CHECKED;

bool slu_ssh_is(const slu_ssh_string *s, const char *text);

/* Append a string. */
slu_status slu_ssh_put(slu_buf *out, const void *data, size_t len) SLU_CHECKED;

#define SLU_SSH_TAG_CHARS 6 /* four bytes in base64 */

/*
 * The first bytes of a public key's digest, in base64: by these a stanza says
 * which key it is for (as age and OpenSSH's fingerprints have it).
 */
slu_status slu_ssh_tag(
    char tag[SLU_SSH_TAG_CHARS + 1], const slu_ssh_string *public) SLU_CHECKED;

/* Whether that is the tag of a public key. */
slu_status slu_ssh_is_tag(
    const char *tag, const slu_ssh_string *public, bool *is) SLU_CHECKED;

/* Append what base64 with its padding, and nothing else, says. */
slu_status slu_ssh_decode(
    slu_buf *out, const char *text, size_t len) SLU_CHECKED;

/* Append a public key as it stands in a line of ssh's, without a comment. */
slu_status slu_ssh_line(
    slu_buf *out, const char *type, const slu_ssh_string *public) SLU_CHECKED;

#endif
