/* SPDX-License-Identifier: ISC */
/*
 * rsp.h: a reader of the vectors that NIST's CAVP writes, and of those that
 * others write alike.
 *
 *     # a comment
 *     [L = 32]
 *     Len = 24
 *     Msg = 616263
 */
#ifndef SLUICE_TESTS_RSP_H
#define SLUICE_TESTS_RSP_H

#include <stdbool.h>
#include <stddef.h>

typedef struct rsp {
	char *text;       /* owned */
	char *at;         /* what was not read yet */
	const char *name; /* of the latest line, "Msg" */
	char *value;      /* and what stands behind its "=", "" at least */
} rsp;

/* Open a file of vectors.h; where it is absent, the test is skipped. */
void rsp_open(rsp *r, const char *name);

/* Go on to the next line that sets something; false at the end. */
bool rsp_next(rsp *r);

/* Whether the line sets `name`. */
bool rsp_is(const rsp *r, const char *name);

/* Its value as a decimal number. */
size_t rsp_number(const rsp *r);

/*
 * Its value as bytes, written in hexadecimal digits, which are put in the
 * place of the digits and stay there until the file is closed.
 */
const unsigned char *rsp_bytes(rsp *r, size_t *len);

void rsp_close(rsp *r);

#endif
