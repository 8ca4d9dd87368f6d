/* SPDX-License-Identifier: ISC */
/*
 * authority.h: an authority of the test's own, and what it signs.
 *
 * Certificates are as strict checks want them: version 3, names in a SAN, key
 * usages set.  What a test wants wrong, it says.
 */
#ifndef SLUICE_TESTS_AUTHORITY_H
#define SLUICE_TESTS_AUTHORITY_H

#include <stdbool.h>

#include "certificate.h"

/* What is asked of a certificate; the zero state is a good server's. */
typedef struct wish {
	const char *san;   /* "DNS:a.test,IP:127.0.0.1"; NULL: sluice.test;
			      "": none, and a CN that is sluice.test */
	const char *key;   /* "P-256" (NULL), "P-384", "ED25519", "RSA"... */
	bool staples;      /* says that it comes with an OCSP response */
	const char *usage; /* extended: "serverAuth,clientAuth" (NULL) */
	long from, to;     /* seconds from now; 0, 0: -60 to 3600 */
} wish;

/* Fail the running test where OpenSSL does.  Freed by certificate_free. */
certificate authority_make(const char *name);
certificate authority_issue(const certificate *by, const wish *w);
/* An authority that `by` vouches for; of the wish, key and dates count. */
certificate authority_below(
    const certificate *by, const char *name, const wish *w);

/* What `by` says of a leaf: an OCSP response in DER, by OPENSSL_free. */
typedef struct ocsp_wish {
	const certificate *by; /* who signs it; NULL: the leaf's issuer */
	int status;            /* V_OCSP_CERTSTATUS_ */
	long from, to;         /* seconds from now; `to` 0: it does not say */
	const char *digest;    /* that is signed; NULL: sha256 */
} ocsp_wish;
int authority_ocsp(unsigned char **out, X509 *leaf, const certificate *issuer,
    const ocsp_wish *w);

/* Write certificates, and then a key, in PEM; NULL is left out. */
void authority_write(
    const char *path, X509 *first, X509 *second, EVP_PKEY *key);

/* The same, at the end of what is in the file. */
void authority_add(const char *path, X509 *cert, EVP_PKEY *key);

#endif
