/* SPDX-License-Identifier: ISC */
/* certificate.h: a key, and a certificate that it has signed itself. */
#ifndef SLUICE_TESTS_CERTIFICATE_H
#define SLUICE_TESTS_CERTIFICATE_H

#include <openssl/evp.h>
#include <openssl/x509.h>

/* The name that the certificate is made out to. */
#define CERTIFICATE_NAME "sluice.test"

typedef struct certificate {
	EVP_PKEY *key;
	X509 *cert;
} certificate;

/* Fails the running test where OpenSSL does. */
certificate certificate_make(void);
void certificate_free(certificate *c);

#endif
