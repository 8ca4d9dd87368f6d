/* SPDX-License-Identifier: ISC */
#include "sluice/tls_dane.h"

#include <openssl/err.h>
#include <string.h>

#include "fault.h"
#include "sluice/hash.h"
#include "tls_config_internal.h"
#include "tls_internal.h"

static slu_status
may_add(const slu_tls *tls)
{
	slu_status st = slu_failure_again(&tls->failure);

	if (st)
		return st;
	if (SSL_is_server(tls->ssl) || !SSL_in_before(tls->ssl) ||
	    SSL_get_session(tls->ssl) != NULL)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: TLSA records are for a client that has not begun");
	if (SSL_get0_param(tls->ssl) == NULL ||
	    X509_VERIFY_PARAM_get0_host(SSL_get0_param(tls->ssl), 0) == NULL)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: TLSA records are for names, not addresses");
	if (tls->cfg->only_pins)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: TLSA records are of no use where only pins are "
		    "trusted");
	if (tls->dane_count == SLU_TLS_DANE_MAX)
		return slu_fail(SLU_ERR_LIMIT, "tls: more than %d TLSA records",
		    SLU_TLS_DANE_MAX);
	return SLU_OK;
}

/* Names are not looked at for a server's own certificate: RFC 7671, 5.1. */
static slu_status
enable(slu_tls *tls)
{
	const char *sni =
	    SSL_get_servername(tls->ssl, TLSEXT_NAMETYPE_host_name);

	if (tls->dane_on)
		return SLU_OK;
	if (SSL_dane_enable(tls->ssl, tls->host) != 1)
		return slu_tls_no_memory();
	(void)SSL_dane_set_flags(tls->ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
	if (sni == NULL)
		(void)SSL_set_tlsext_host_name(tls->ssl, NULL);
	tls->dane_on = true;
	return SLU_OK;
}

/*
 * Sessions are of who was held to the same records, in the same order: `all`
 * is a digest of those, and of one more.
 */
static slu_status
digest_with(const slu_tls *tls, const unsigned char numbers[3],
    const void *data, size_t len, unsigned char all[SLU_DANE_DIGEST])
{
	slu_hash *h = NULL;
	slu_status st = slu_hash_new(&h, "sha256");
	size_t n;

	if (st == SLU_OK)
		st = slu_hash_update(h, tls->dane, sizeof(tls->dane));
	if (st == SLU_OK)
		st = slu_hash_update(h, numbers, 3);
	if (st == SLU_OK)
		st = slu_hash_update(h, data, len);
	if (st == SLU_OK)
		st = slu_hash_final(h, all, SLU_DANE_DIGEST, &n);
	slu_hash_free(h);
	return st;
}

slu_status
slu_tls_dane(slu_tls *tls, slu_tls_dane_usage usage,
    slu_tls_dane_selector selector, slu_tls_dane_matching matching,
    const void *data, size_t len)
{
	const unsigned char numbers[3] = { (unsigned char)usage,
		(unsigned char)selector, (unsigned char)matching };
	unsigned char all[SLU_DANE_DIGEST];
	slu_status st = may_add(tls);
	int added;

	if (st)
		return st;
	if (len > SLU_TLS_DANE_DATA_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "tls: a TLSA record of more than %d bytes",
		    SLU_TLS_DANE_DATA_MAX);
	if ((usage != SLU_TLS_DANE_TA && usage != SLU_TLS_DANE_EE) ||
	    (unsigned)selector > SLU_TLS_DANE_SPKI ||
	    (unsigned)matching > SLU_TLS_DANE_SHA512)
		return slu_fail(SLU_ERR_NO_MATCH,
		    "tls: a TLSA record %d %d %d is of no use", (int)usage,
		    (int)selector, (int)matching);
	st = enable(tls);
	if (st == SLU_OK)
		st = digest_with(tls, numbers, data, len, all);
	if (st)
		return st;
	ERR_clear_error();
	added = SSL_dane_tlsa_add(
	    tls->ssl, numbers[0], numbers[1], numbers[2], data, len);
	ERR_clear_error();
	if (added < 0)
		return slu_tls_no_memory();
	if (added == 0)
		return slu_fail(
		    SLU_ERR_NO_MATCH, "tls: a TLSA record is malformed");
	tls->dane_count++;
	memcpy(tls->dane, all, sizeof(tls->dane));
	return SLU_OK;
}
