/* SPDX-License-Identifier: ISC */
#include "alert.h"

#include <stddef.h>

static const struct {
	int alert;
	const char *name, *words;
} alerts[] = {
	{ 0, "close_notify", "it ended the handshake" },
	{ 10, "unexpected_message", "a message came out of its turn" },
	{ 20, "bad_record_mac", "a record was forged, or damaged on its way" },
	{ 22, "record_overflow", "a record was too long" },
	{ 40, "handshake_failure", "nothing in common with us" },
	{ 42, "bad_certificate", "our certificate is not valid to it" },
	{ 43, "unsupported_certificate", "our certificate is of no use to it" },
	{ 44, "certificate_revoked", "our certificate is revoked" },
	{ 45, "certificate_expired", "our certificate has expired" },
	{ 46, "certificate_unknown", "our certificate does not please it" },
	{ 47, "illegal_parameter", "we said what may not be said" },
	{ 48, "unknown_ca", "it does not trust who issued our certificate" },
	{ 49, "access_denied", "we may not come in" },
	{ 50, "decode_error", "a message was malformed, or cut short" },
	{ 51, "decrypt_error", "a signature or a key is wrong" },
	{ 70, "protocol_version", "it speaks no version of TLS that we do" },
	{ 71, "insufficient_security", "it wants stronger ciphers" },
	{ 80, "internal_error", "something in it failed" },
	{ 86, "inappropriate_fallback", "an older version was forced" },
	{ 90, "user_canceled", "somebody there does not want to" },
	{ 100, "no_renegotiation", "no new handshake" },
	{ 109, "missing_extension", "an extension is missing" },
	{ 110, "unsupported_extension", "an extension was not asked for" },
	{ 112, "unrecognized_name", "it does not serve this name" },
	{ 113, "bad_certificate_status_response", "our OCSP answer is wrong" },
	{ 115, "unknown_psk_identity", "it does not know our key" },
	{ 116, "certificate_required", "it wants a certificate of ours" },
	{ 120, "no_application_protocol", "no application protocol of ours" },
};

slu_status
slu_alert_fail(int alert)
{
	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++)
		if (alerts[i].alert == alert)
			return slu_fail(SLU_ERR_PEER,
			    "tls: refused by the peer: %s (alert %s)",
			    alerts[i].words, alerts[i].name);
	return slu_fail(
	    SLU_ERR_PEER, "tls: refused by the peer (alert %d)", alert);
}
