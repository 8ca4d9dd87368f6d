/* SPDX-License-Identifier: ISC */
/*
 * pem.h: the blocks of a text in PEM (RFC 7468), one after the other.
 *
 * What stands between blocks is passed over.  A text may hold a private key,
 * so all of it is wiped.
 */
#ifndef SLUICE_TLS_PEM_H
#define SLUICE_TLS_PEM_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "sluice/buf.h"

#define SLU_PEM_NAMED 200 /* bytes of a name in words, a NUL included */

/* The zero state is closed. */
typedef struct slu_pem {
	char name[SLU_PEM_NAMED]; /* of the file, in words */
	slu_buf text;             /* owned: of a file */
	BIO *in;                  /* owned: what is still to be read */
	char *label, *header;     /* owned: of the block at hand */
	unsigned char *data;      /* owned */
	long len;                 /* bytes of data */
} slu_pem;

/*
 * Read a file of at most `max` bytes, whole; or lend a text from memory, which
 * words call `name`, for as long as it is open.
 */
slu_status slu_pem_open_file(
    slu_pem *pem, const char *path, size_t max) SLU_CHECKED;
slu_status slu_pem_open_memory(slu_pem *pem, const char *name, const void *text,
    size_t len, size_t max) SLU_CHECKED;
void slu_pem_close(slu_pem *pem);

/* Go to the next block; SLU_EOF where there is none.  And begin again. */
slu_status slu_pem_next(slu_pem *pem) SLU_CHECKED;
void slu_pem_rewind(slu_pem *pem);

/* What the block at hand says it is. */
bool slu_pem_is_certificate(const slu_pem *pem);
bool slu_pem_is_private_key(const slu_pem *pem);

/* Decode the block at hand as a certificate, which is the caller's. */
slu_status slu_pem_certificate(const slu_pem *pem, X509 **out) SLU_CHECKED;

#endif
