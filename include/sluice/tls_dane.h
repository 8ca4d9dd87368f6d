/* SPDX-License-Identifier: ISC */
/*
 * tls_dane.h: a server's certificate, known by TLSA records (RFC 6698 and RFC
 * 7671).
 *
 *     slu_tls_client(&tls, cfg, "mail.example.org");
 *     for each TLSA record of _25._tcp.mail.example.org, by DNSSEC:
 *             slu_tls_dane(tls, usage, selector, matching, data, len);
 *
 * Who looked the records up has validated them by DNSSEC: they are believed
 * without question, and anything else would let anybody be trusted.
 */
#ifndef SLUICE_TLS_DANE_H
#define SLUICE_TLS_DANE_H

#include <stddef.h>

#include "sluice/tls.h"

SLU_BEGIN_DECLS

/* What a record is about (RFC 7218): its first three numbers. */
typedef enum slu_tls_dane_usage {
	SLU_TLS_DANE_TA = 2, /* an authority that issued the certificate */
	SLU_TLS_DANE_EE = 3, /* the server's own certificate */
} slu_tls_dane_usage;

typedef enum slu_tls_dane_selector {
	SLU_TLS_DANE_CERT = 0, /* all of a certificate */
	SLU_TLS_DANE_SPKI = 1, /* its public key */
} slu_tls_dane_selector;

typedef enum slu_tls_dane_matching {
	SLU_TLS_DANE_FULL = 0, /* itself */
	SLU_TLS_DANE_SHA256 = 1,
	SLU_TLS_DANE_SHA512 = 2,
} slu_tls_dane_matching;

/* The most records that a client takes, and the longest, in bytes of data. */
#define SLU_TLS_DANE_MAX 64
#define SLU_TLS_DANE_DATA_MAX 16384

/*
 * Hold the server to one more TLSA record, before a client's first byte was
 * made; that it fits one of them will do.  The authorities of the config then
 * count for nothing, and what is checked besides is RFC 7671's: with
 * SLU_TLS_DANE_TA all that is otherwise checked, below that authority; with
 * SLU_TLS_DANE_EE nothing, neither the name nor the dates (section 5.1).
 *
 * Pins of the config (slu_tls_config_trust_pin) are asked for besides: one
 * must be of a key in the chain, which with SLU_TLS_DANE_EE is the leaf alone.
 * A config that trusts nothing but pins takes no records: SLU_ERR_USAGE, as
 * for a server, for a host that is an address, after the first byte, and after
 * slu_tls_session_set, which comes later.
 *
 * SLU_ERR_NO_MATCH says that a record cannot be used: one of another usage (0
 * and 1 ask for authorities besides), selector or matching type, with a digest
 * of the wrong length, or no certificate or key in it where it should be one.
 * It does not count, as if it were not there; where no other does, the
 * authorities of the config are asked as ever (RFC 6698, section 4.1), unless
 * the caller makes an end of it.  SLU_ERR_LIMIT past the above.
 */
slu_status slu_tls_dane(slu_tls *tls, slu_tls_dane_usage usage,
    slu_tls_dane_selector selector, slu_tls_dane_matching matching,
    const void *data, size_t len) SLU_CHECKED;

SLU_END_DECLS

#endif
