/* SPDX-License-Identifier: ISC */
/* cert_text.h: what a stranger wrote into a certificate, fit to be shown. */
#ifndef SLUICE_TLS_CERT_TEXT_H
#define SLUICE_TLS_CERT_TEXT_H

#include <openssl/x509v3.h>

#include "sluice/certificate.h"

/*
 * Each answers a new string, to be freed by free(), or NULL without memory;
 * what is malformed is shown in hexadecimal.
 */

/* A distinguished name, as RFC 4514 has it. */
char *slu_cert_text_name(const X509_NAME *name);

/* One of the names that a certificate is for, and its kind. */
char *slu_cert_text_general(
    const GENERAL_NAME *name, slu_certificate_kind *kind);

/* A serial number, its bytes with colons between them. */
char *slu_cert_text_serial(const ASN1_INTEGER *serial);

#endif
