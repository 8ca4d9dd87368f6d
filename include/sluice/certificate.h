/* SPDX-License-Identifier: ISC */
/*
 * certificate.h: what an X.509 certificate says (RFC 5280).
 *
 *     slu_certificate *c = NULL;
 *     slu_certificate_pem(&c, text, len);
 *     puts(slu_certificate_subject(c));
 *     slu_certificate_free(c);
 *
 * Reading one says nothing about whether it can be believed: anybody can write
 * any name into a certificate of their own.  Of a TLS peer's, tls_peer.h tells
 * whether it was checked.
 *
 * Texts are UTF-8 and fit for a terminal and for a log: control characters,
 * marks that turn the direction of writing, and bytes that are no UTF-8 stand
 * there as \XX, two digits of hexadecimal for each byte.  They live with the
 * certificate.
 */
#ifndef SLUICE_CERTIFICATE_H
#define SLUICE_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

#include "sluice/buf.h"
#include "sluice/status.h"

SLU_BEGIN_DECLS

/* The longest certificate that is read, in bytes of DER. */
#define SLU_CERTIFICATE_MAX (256 * 1024)

typedef struct slu_certificate slu_certificate;

/*
 * Read a certificate in DER, or one in PEM; text around PEM is fine.  `*out`
 * is the caller's, to be freed.  SLU_ERR_FORMAT for what is none, for a second
 * one behind it, and where its names or dates are malformed; SLU_ERR_LIMIT
 * where it is too long.
 */
slu_status slu_certificate_der(
    slu_certificate **out, const void *der, size_t len) SLU_CHECKED;
slu_status slu_certificate_pem(
    slu_certificate **out, const char *pem, size_t len) SLU_CHECKED;

void slu_certificate_free(slu_certificate *c);

/* Its bytes in DER, `*len` of them; they live with the certificate. */
const void *slu_certificate_to_der(const slu_certificate *c, size_t *len);

/* Append it to `out` in PEM (RFC 7468), or nothing. */
slu_status slu_certificate_to_pem(
    const slu_certificate *c, slu_buf *out) SLU_CHECKED;

/*
 * The names of its holder, and of who signed it, as RFC 4514 writes them:
 * "CN=example.org,O=Example".  "" where there is none, as in many a leaf: who
 * a server is stands in the names below.
 */
const char *slu_certificate_subject(const slu_certificate *c);
const char *slu_certificate_issuer(const slu_certificate *c);

/* The kinds of names that a certificate is for (RFC 5280, section 4.2.1.6). */
typedef enum slu_certificate_kind {
	SLU_CERTIFICATE_DNS = 0, /* "example.org", "*.example.org" */
	SLU_CERTIFICATE_IP,      /* "192.0.2.1", "2001:db8::1" */
	SLU_CERTIFICATE_EMAIL,
	SLU_CERTIFICATE_URI,
	SLU_CERTIFICATE_DIRECTORY, /* a name like the subject's */
	SLU_CERTIFICATE_OTHER,     /* its kind only, as numbers with dots */
} slu_certificate_kind;

/*
 * The name at `i`, counted from 0, of those that the certificate is for, and
 * its kind, unless `kind` is NULL; NULL past the last.
 */
const char *slu_certificate_name(
    const slu_certificate *c, size_t i, slu_certificate_kind *kind);

/* Between when it is valid, both included, in seconds since 1970 (UTC). */
int64_t slu_certificate_not_before(const slu_certificate *c);
int64_t slu_certificate_not_after(const slu_certificate *c);

/* Its serial number, in hexadecimal, "04:d2:..."; at most 20 bytes of it. */
const char *slu_certificate_serial(const slu_certificate *c);

/*
 * The digest of its DER by any digest of hash.h that has a fixed size,
 * "sha256" mostly; `*len` is how many bytes that are.  SLU_ERR_USAGE for an
 * unknown digest, or where `cap` is too small.
 */
slu_status slu_certificate_fingerprint(const slu_certificate *c,
    const char *digest, void *out, size_t cap, size_t *len) SLU_CHECKED;

/*
 * The SHA-256 of its public key, as SubjectPublicKeyInfo in DER (RFC 7469,
 * section 2.4).  It stays the same in each certificate for the same key, and
 * is what slu_tls_config_trust_pin takes.
 */
#define SLU_TLS_PIN 32
slu_status slu_certificate_pin(
    const slu_certificate *c, unsigned char pin[SLU_TLS_PIN]) SLU_CHECKED;

SLU_END_DECLS

#endif
