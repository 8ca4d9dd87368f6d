/* SPDX-License-Identifier: ISC */
/* cert_names.h: the names of hosts that a certificate is made out to. */
#ifndef SLUICE_TLS_CERT_NAMES_H
#define SLUICE_TLS_CERT_NAMES_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "sluice/status.h"

/* The zero state holds none. */
typedef struct slu_cert_names {
	char **names; /* owned, in lower case */
	size_t count;
} slu_cert_names;

/*
 * Read the names in the subjectAltName; there is no other place for them (RFC
 * 9525, section 6.3).  Bytes that no name of a host has make it none.
 */
slu_status slu_cert_names_read(slu_cert_names *out, X509 *cert) SLU_CHECKED;
void slu_cert_names_free(slu_cert_names *names);

/*
 * Whether `host` is one of them, in any case of letters.  The first label of a
 * name may be "*", which stands for any one label (RFC 9525, section 6.3).
 */
bool slu_cert_names_have(const slu_cert_names *names, const char *host);

#endif
