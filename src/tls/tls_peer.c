/* SPDX-License-Identifier: ISC */
#include "tls_peer_internal.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "certificate_internal.h"
#include "fault.h"
#include "psk.h"

#define LABEL_MAX 200
#define CONTEXT_MAX 65535
#define NAME_MAX 255

/* The suite as far as it is agreed on; NULL: it is not. */
static const SSL_CIPHER *
suite(const slu_tls *tls)
{
	const SSL_CIPHER *pending = SSL_get_pending_cipher(tls->ssl);

	if (pending != NULL || !SSL_is_init_finished(tls->ssl))
		return pending;
	return SSL_get_current_cipher(tls->ssl);
}

int
slu_tls_peer_version(const slu_tls *tls)
{
	return suite(tls) == NULL ? 0 : SSL_version(tls->ssl);
}

const char *
slu_tls_peer_version_name(const slu_tls *tls)
{
	switch (slu_tls_peer_version(tls)) {
	case TLS1_2_VERSION: return "TLS 1.2";
	case TLS1_3_VERSION: return "TLS 1.3";
	default: return NULL;
	}
}

const char *
slu_tls_peer_cipher(const slu_tls *tls)
{
	const SSL_CIPHER *agreed = suite(tls);

	return agreed == NULL ? NULL : SSL_CIPHER_standard_name(agreed);
}

const char *
slu_tls_peer_group(slu_tls *tls)
{
	int nid = 0;

	if (suite(tls) != NULL)
		nid = (int)SSL_get_negotiated_group(tls->ssl);
	return nid <= 0 ? NULL : SSL_group_to_name(tls->ssl, nid);
}

const void *
slu_tls_peer_alpn(const slu_tls *tls, size_t *len)
{
	const unsigned char *name;
	unsigned n;

	SSL_get0_alpn_selected(tls->ssl, &name, &n);
	*len = n;
	return n == 0 ? NULL : name;
}

/* Names come from anybody, and go into messages and logs. */
static bool
is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789.-_");

	return len > 0 && len <= NAME_MAX && name[len] == '\0';
}

const char *
slu_tls_peer_name(const slu_tls *tls)
{
	const char *name;

	if (!SSL_is_server(tls->ssl))
		return tls->host;
	name = SSL_get_servername(tls->ssl, TLSEXT_NAMETYPE_host_name);
	return name != NULL && is_name(name) ? name : NULL;
}

const char *
slu_tls_peer_address(const slu_tls *tls)
{
	return tls->address;
}

slu_status
slu_tls_peer_verified(const slu_tls *tls)
{
	slu_status st = slu_failure_again(&tls->failure);
	long result;

	if (st)
		return st;
	if (!SSL_is_init_finished(tls->ssl))
		return slu_fail(
		    SLU_ERR_USAGE, "tls: the handshake is not done");
	if (slu_psk_used(tls) != NULL)
		return SLU_OK;
	if (SSL_get0_peer_certificate(tls->ssl) == NULL)
		return slu_fail(
		    SLU_ERR_AUTH, "tls: the peer showed no certificate");
	result = SSL_get_verify_result(tls->ssl);
	if (tls->doubt != NULL)
		return slu_failure_repeat(tls->doubt);
	if (result != X509_V_OK)
		return slu_fail(SLU_ERR_AUTH, "tls: certificate: %s",
		    X509_verify_cert_error_string(result));
	return SLU_OK;
}

const void *
slu_tls_peer_psk(const slu_tls *tls, size_t *len)
{
	const slu_psk *psk = slu_psk_used(tls);

	*len = psk == NULL ? 0 : psk->identity_len;
	return psk == NULL ? NULL : psk->identity;
}

bool
slu_tls_peer_resumed(const slu_tls *tls)
{
	return SSL_is_init_finished(tls->ssl) &&
	       SSL_session_reused(tls->ssl) == 1 && slu_psk_used(tls) == NULL;
}

int
slu_tls_peer_alert(const slu_tls *tls)
{
	return tls->alert;
}

uint64_t
slu_tls_peer_received(const slu_tls *tls)
{
	return BIO_number_read(SSL_get_rbio(tls->ssl));
}

uint64_t
slu_tls_peer_sent(const slu_tls *tls)
{
	return BIO_number_written(SSL_get_wbio(tls->ssl));
}

void
slu_tls_peer_forget(slu_tls *tls)
{
	int count = sk_X509_num(tls->chain);

	for (int i = 0; tls->shown != NULL && i < count; i++)
		slu_certificate_free(tls->shown[i]);
	free(tls->shown);
	tls->shown = NULL;
	sk_X509_pop_free(tls->chain, X509_free);
	tls->chain = NULL;
}

slu_status
slu_tls_peer_keep(slu_tls *tls, const STACK_OF(X509) * certs)
{
	slu_tls_peer_forget(tls);
	if (certs == NULL || sk_X509_num(certs) == 0)
		return SLU_OK;
	tls->chain = X509_chain_up_ref((STACK_OF(X509) *)certs);
	return tls->chain == NULL ? slu_tls_no_memory() : SLU_OK;
}

/* The peer's own, and then what it sent beside it. */
static slu_status
keep_sent(slu_tls *tls)
{
	X509 *leaf = SSL_get0_peer_certificate(tls->ssl);
	STACK_OF(X509) *sent = SSL_get_peer_cert_chain(tls->ssl);
	STACK_OF(X509) * all;
	slu_status st = SLU_OK;
	int flags = X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP;

	if (leaf == NULL)
		return SLU_OK;
	all = sk_X509_new_null();
	if (all == NULL || X509_add_cert(all, leaf, flags) != 1 ||
	    (sent != NULL && X509_add_certs(all, sent, flags) != 1))
		st = slu_tls_no_memory();
	else
		st = slu_tls_peer_keep(tls, all);
	sk_X509_pop_free(all, X509_free);
	return st;
}

/* Have the chain, if there is one. */
static slu_status
have_chain(slu_tls *tls)
{
	STACK_OF(X509) * verified;

	if (tls->chain != NULL)
		return SLU_OK;
	verified = SSL_get0_verified_chain(tls->ssl);
	if (verified != NULL && SSL_get_verify_result(tls->ssl) == X509_V_OK)
		return slu_tls_peer_keep(tls, verified);
	return keep_sent(tls);
}

size_t
slu_tls_peer_chain(slu_tls *tls)
{
	if (have_chain(tls) || tls->chain == NULL)
		return 0;
	return (size_t)sk_X509_num(tls->chain);
}

slu_status
slu_tls_peer_certificate(slu_tls *tls, size_t i, const slu_certificate **out)
{
	slu_status st = have_chain(tls);
	size_t count;

	*out = NULL;
	if (st)
		return st;
	count = slu_tls_peer_chain(tls);
	if (i >= count)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: the peer's chain has %zu certificates", count);
	if (tls->shown == NULL)
		tls->shown = calloc(count, sizeof(slu_certificate *));
	if (tls->shown == NULL)
		return slu_tls_no_memory();
	if (tls->shown[i] == NULL)
		st = slu_certificate_read(
		    &tls->shown[i], sk_X509_value(tls->chain, (int)i));
	*out = tls->shown[i];
	return st;
}

/* Whether keys may be exported, and not to others as well. */
static slu_status
may_export(slu_tls *tls)
{
	slu_status st = slu_failure_again(&tls->failure);

	if (st)
		return st;
	if (!SSL_is_init_finished(tls->ssl))
		return slu_fail(
		    SLU_ERR_USAGE, "tls: the handshake is not done");
	if (SSL_version(tls->ssl) == TLS1_2_VERSION &&
	    SSL_get_extms_support(tls->ssl) != 1)
		return slu_fail(SLU_ERR_PEER,
		    "tls: no extended master secret, so no key is exported");
	return SLU_OK;
}

slu_status
slu_tls_export(slu_tls *tls, const char *label, const void *context,
    size_t context_len, void *out, size_t len)
{
	slu_status st = may_export(tls);
	size_t label_len = strlen(label);

	if (st)
		return st;
	if (label_len == 0 || label_len > LABEL_MAX || len == 0 ||
	    len > SLU_TLS_EXPORT_MAX || context_len > CONTEXT_MAX)
		return slu_fail(
		    SLU_ERR_USAGE, "tls: no such key can be exported");
	/* Labels that TLS 1.2 uses itself are what libssl refuses. */
	if (SSL_export_keying_material(tls->ssl, out, len, label, label_len,
		context, context_len, context != NULL) != 1) {
		ERR_clear_error();
		return slu_fail(SLU_ERR_USAGE,
		    "tls: no key can be exported for '%s'", label);
	}
	return SLU_OK;
}

slu_status
slu_tls_binding(slu_tls *tls, unsigned char out[SLU_TLS_BINDING_SIZE])
{
	return slu_tls_export(
	    tls, "EXPORTER-Channel-Binding", "", 0, out, SLU_TLS_BINDING_SIZE);
}
