/* SPDX-License-Identifier: ISC */
#include "explain.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "fault.h"
#include "tls_config_internal.h"
#include "alert.h"

#define RECORD_HANDSHAKE 22 /* a content type: RFC 8446, 5.1 */

struct cause {
	int reason; /* SSL_R_ */
	slu_status st;
	const char *words;
};

/* What is not here is told in OpenSSL's words. */
static const struct cause causes[] = {
	{ SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, SLU_ERR_AUTH,
	    "a record was forged, or damaged on its way" },
	{ SSL_R_DIGEST_CHECK_FAILED, SLU_ERR_AUTH,
	    "the handshake was tampered with" },
	{ SSL_R_INAPPROPRIATE_FALLBACK, SLU_ERR_AUTH,
	    "the handshake was tampered with: an older version was forced" },
	{ SSL_R_BAD_SIGNATURE, SLU_ERR_AUTH,
	    "the peer does not have the key of its certificate" },
	{ SSL_R_BINDER_DOES_NOT_VERIFY, SLU_ERR_AUTH,
	    "the peer does not have the key of the session" },
	{ SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, SLU_ERR_AUTH,
	    "the peer shows no certificate" },
	{ SSL_R_UNSUPPORTED_PROTOCOL, SLU_ERR_PEER,
	    "the peer speaks no version of TLS that we allow" },
	{ SSL_R_VERSION_TOO_LOW, SLU_ERR_PEER,
	    "the peer speaks no version of TLS that we allow" },
	{ SSL_R_NO_SHARED_CIPHER, SLU_ERR_PEER,
	    "the peer offers no cipher suite that we allow" },
	{ SSL_R_WRONG_CIPHER_RETURNED, SLU_ERR_FORMAT,
	    "the peer chose a cipher suite that was not offered" },
	{ SSL_R_NO_SUITABLE_KEY_SHARE, SLU_ERR_PEER,
	    "the peer offers no group that we allow" },
	{ SSL_R_NO_SHARED_GROUPS, SLU_ERR_PEER,
	    "the peer offers no group that we allow" },
	{ SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SLU_ERR_PEER,
	    "the peer takes no signature that our key can make" },
	{ SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, SLU_ERR_PEER,
	    "the peer takes no signature that we allow" },
	{ SSL_R_WRONG_SIGNATURE_TYPE, SLU_ERR_PEER,
	    "the peer signs in a way that we do not allow" },
	{ SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, SLU_ERR_PEER,
	    "the peer does not know secure renegotiation (RFC 5746)" },
	{ SSL_R_NO_APPLICATION_PROTOCOL, SLU_ERR_PEER,
	    "the peer offers no application protocol that we speak" },
	{ SSL_R_HTTP_REQUEST, SLU_ERR_FORMAT, "the peer speaks HTTP, not TLS" },
	{ SSL_R_HTTPS_PROXY_REQUEST, SLU_ERR_FORMAT,
	    "the peer speaks HTTP, not TLS: it takes us for a proxy" },
	{ SSL_R_PACKET_LENGTH_TOO_LONG, SLU_ERR_FORMAT,
	    "a record is longer than TLS allows" },
	{ SSL_R_ENCRYPTED_LENGTH_TOO_LONG, SLU_ERR_FORMAT,
	    "a record is longer than TLS allows" },
	{ SSL_R_DATA_LENGTH_TOO_LONG, SLU_ERR_FORMAT,
	    "a record is longer than TLS allows" },
	{ SSL_R_BAD_RECORD_TYPE, SLU_ERR_FORMAT,
	    "a record is of no known type" },
	{ SSL_R_UNEXPECTED_RECORD, SLU_ERR_FORMAT,
	    "a record is of no known type" },
	{ SSL_R_UNEXPECTED_MESSAGE, SLU_ERR_FORMAT,
	    "the peer sent a message out of its turn" },
	{ SSL_R_EXCESSIVE_MESSAGE_SIZE, SLU_ERR_LIMIT,
	    "a message of the handshake is larger than we take" },
	{ SSL_R_TOO_MANY_WARN_ALERTS, SLU_ERR_LIMIT,
	    "the peer sends warnings and nothing else" },
	{ SSL_R_TOO_MANY_KEY_UPDATES, SLU_ERR_LIMIT,
	    "the peer changes keys and sends nothing" },
};

static const struct cause *
known_cause(unsigned long err)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (ERR_GET_LIB(err) == ERR_LIB_SSL &&
		    ERR_GET_REASON(err) == causes[i].reason)
			return &causes[i];
	return NULL;
}

/* Is this as good a reason as the queue can have? */
static bool
is_certain(unsigned long err)
{
	int reason = ERR_GET_REASON(err);

	if (reason == ERR_R_MALLOC_FAILURE)
		return true;
	return ERR_GET_LIB(err) == ERR_LIB_SSL &&
	       (reason == SSL_R_CERTIFICATE_VERIFY_FAILED ||
		   reason == SSL_R_UNEXPECTED_EOF_WHILE_READING ||
		   reason == SSL_R_WRONG_VERSION_NUMBER ||
		   reason >= SSL_AD_REASON_OFFSET || known_cause(err) != NULL);
}

/*
 * Empty the queue, and choose the error that says most: one that we know,
 * or else one of libssl's, or else the oldest, the cause of the others.
 */
static unsigned long
choose_error(void)
{
	unsigned long best = 0, err;

	while ((err = ERR_get_error()) != 0) {
		if (is_certain(err)) {
			ERR_clear_error();
			return err;
		}
		if (best == 0 || (ERR_GET_LIB(best) != ERR_LIB_SSL &&
				     ERR_GET_LIB(err) == ERR_LIB_SSL))
			best = err;
	}
	return best;
}

static slu_status
cut(slu_tls *tls)
{
	if (tls->wire.received == 0)
		return slu_fail(
		    SLU_ERR_TRUNCATED, "tls: the peer left without an answer");
	if (!tls->shaken)
		return slu_fail(SLU_ERR_TRUNCATED,
		    "tls: the peer left during the handshake");
	return slu_fail(
	    SLU_ERR_TRUNCATED, "tls: the peer left without a close_notify");
}

/* The first bytes say what it is that is no TLS. */
static slu_status
not_tls(slu_tls *tls)
{
	static const struct {
		const char *first, *name;
	} known[] = {
		{ "HTTP", "HTTP" },
		{ "GET ", "HTTP" },
		{ "SSH-", "SSH" },
		{ "220 ", "SMTP or FTP" },
		{ "220-", "SMTP or FTP" },
		{ "+OK ", "POP3" },
		{ "* OK", "IMAP" },
	};

	if (tls->wire.first[0] == RECORD_HANDSHAKE)
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: a record is of another version than agreed on");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (memcmp(tls->wire.first, known[i].first, SLU_WIRE_FIRST) ==
		    0)
			return slu_fail(SLU_ERR_FORMAT,
			    "tls: the peer speaks %s, not TLS", known[i].name);
	return slu_fail(SLU_ERR_FORMAT, "tls: what the peer sent is not TLS");
}

static slu_status
certificate(slu_tls *tls)
{
	return slu_fail(SLU_ERR_AUTH, "tls: certificate: %s",
	    X509_verify_cert_error_string(SSL_get_verify_result(tls->ssl)));
}

static slu_status
of_libssl(slu_tls *tls, unsigned long err)
{
	const struct cause *known = known_cause(err);
	int reason = ERR_GET_REASON(err);
	const char *words = ERR_reason_error_string(err);

	/* Who has nothing but keys cannot sign. */
	if (reason == SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM &&
	    tls->cfg->psk_count > 0 && tls->cfg->identity_count == 0)
		return slu_fail(SLU_ERR_AUTH,
		    "tls: the client has no key that is known here");
	if (known != NULL)
		return slu_fail(known->st, "tls: %s", known->words);
	if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
		return certificate(tls);
	if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return cut(tls);
	if (reason == SSL_R_WRONG_VERSION_NUMBER)
		return not_tls(tls);
	if (reason >= SSL_AD_REASON_OFFSET) {
		tls->alert = reason - SSL_AD_REASON_OFFSET;
		return slu_alert_fail(tls->alert);
	}
	return slu_fail(
	    SLU_ERR_FORMAT, "tls: %s", words != NULL ? words : "no TLS");
}

slu_status
slu_tls_explain(slu_tls *tls)
{
	unsigned long err = choose_error();
	const char *words = err != 0 ? ERR_reason_error_string(err) : NULL;

	if (tls->wire.exhausted || ERR_GET_REASON(err) == ERR_R_MALLOC_FAILURE)
		return slu_tls_no_memory();
	if (err != 0 && ERR_GET_LIB(err) == ERR_LIB_SSL)
		return of_libssl(tls, err);
	return slu_fail(SLU_ERR_CRYPTO, "tls: OpenSSL failed: %s",
	    words != NULL ? words : "it does not say why");
}
