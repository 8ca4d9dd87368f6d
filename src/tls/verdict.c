/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "verdict.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cert_text.h"
#include "fault.h"

#define SHOWN_MAX 160 /* bytes of what the peer wrote */

/* What libcrypto finds, where the words are ours and nothing goes in. */
static const struct finding {
	int error;
	const char *words;
} findings[] = {
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed certificate" },
	{ X509_V_ERR_CERT_REVOKED, "certificate was revoked" },
	{ X509_V_ERR_CERT_SIGNATURE_FAILURE, "certificate is forged: its "
					     "signature is wrong" },
	{ X509_V_ERR_EE_KEY_TOO_SMALL, "certificate has a key that is too "
				       "weak" },
	{ X509_V_ERR_CA_KEY_TOO_SMALL, "certificate of an authority whose key "
				       "is too weak" },
	{ X509_V_ERR_CA_MD_TOO_WEAK, "certificate is signed with a digest that "
				     "is too weak" },
	{ X509_V_ERR_INVALID_CA, "certificate was signed by one that is no "
				 "authority" },
	{ X509_V_ERR_KEYUSAGE_NO_CERTSIGN, "certificate was signed by one that "
					   "is no authority" },
	{ X509_V_ERR_PATH_LENGTH_EXCEEDED, "certificate of an authority that "
					   "its own one does not allow" },
	{ X509_V_ERR_PERMITTED_VIOLATION, "certificate is for a name that its "
					  "authority may not vouch for" },
	{ X509_V_ERR_EXCLUDED_VIOLATION, "certificate is for a name that its "
					 "authority may not vouch for" },
	{ X509_V_ERR_CERT_CHAIN_TOO_LONG, "certificate has a chain that is too "
					  "long" },
	{ X509_V_ERR_OUT_OF_MEM, "out of memory" },
};

/* `text`, which is freed, as far as it is to be shown. */
static void
add_shown(char out[SHOWN_MAX], char *text)
{
	size_t used = strlen(out);

	if (text != NULL)
		snprintf(out + used, SHOWN_MAX - used, "%s", text);
	free(text);
}

/* The names that a leaf has: as many as there is room for. */
static void
list_names(char out[SHOWN_MAX], X509 *leaf)
{
	GENERAL_NAMES *all =
	    X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
	int count = sk_GENERAL_NAME_num(all), shown = 0;
	slu_certificate_kind kind;

	out[0] = '\0';
	for (int i = 0; i < count; i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(all, i);
		size_t used = strlen(out);
		char *text;

		if (n->type != GEN_DNS && n->type != GEN_IPADD)
			continue;
		text = slu_cert_text_general(n, &kind);
		if (text != NULL && strlen(text) + 16 > SHOWN_MAX - used) {
			snprintf(out + used, SHOWN_MAX - used, ", ...");
			free(text);
			break;
		}
		if (shown++ > 0)
			snprintf(out + used, SHOWN_MAX - used, ", ");
		add_shown(out, text);
	}
	if (out[0] == '\0')
		snprintf(out, SHOWN_MAX, "none");
	GENERAL_NAMES_free(all);
}

static void
show_day(char out[SHOWN_MAX], const ASN1_TIME *when)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(when, &tm) != 1 ||
	    strftime(out, SHOWN_MAX, "%Y-%m-%d", &tm) == 0)
		snprintf(out, SHOWN_MAX, "at a time that is none");
}

/* Of an authority's certificate the name is told as well. */
static slu_status
dated(X509 *cert, int depth, const char *what, const ASN1_TIME *when)
{
	char day[SHOWN_MAX], name[SHOWN_MAX] = "";

	show_day(day, when);
	if (depth == 0)
		return slu_fail(
		    SLU_ERR_AUTH, "tls: certificate %s %s", what, day);
	add_shown(name, slu_cert_text_name(X509_get_subject_name(cert)));
	return slu_fail(SLU_ERR_AUTH,
	    "tls: certificate of the authority %s %s "
	    "%s",
	    name, what, day);
}

static slu_status
misnamed(X509 *leaf, const char *what)
{
	char names[SHOWN_MAX];

	list_names(names, leaf);
	return slu_fail(SLU_ERR_AUTH,
	    "tls: certificate is not valid for this %s (has: %s)", what, names);
}

static slu_status
unknown(X509 *last)
{
	char name[SHOWN_MAX] = "";

	add_shown(name, slu_cert_text_name(X509_get_issuer_name(last)));
	return slu_fail(SLU_ERR_AUTH,
	    "tls: certificate of an unknown authority (%s)", name);
}

static slu_status
unfit(X509_STORE_CTX *ctx, int depth)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(
	    ctx, SSL_get_ex_data_X509_STORE_CTX_idx());

	return slu_fail(SLU_ERR_AUTH, "tls: certificate %s for %s",
	    depth == 0 ? "is not" : "of an authority that is not",
	    ssl != NULL && SSL_is_server(ssl) ? "clients" : "servers");
}

static slu_status
plainly(int error)
{
	for (size_t i = 0; i < sizeof(findings) / sizeof(*findings); i++)
		if (findings[i].error == error)
			return slu_fail(
			    SLU_ERR_AUTH, "tls: %s", findings[i].words);
	return slu_fail(SLU_ERR_AUTH, "tls: certificate is refused: %s",
	    X509_verify_cert_error_string(error));
}

static slu_status
tell(X509_STORE_CTX *ctx, X509 *cert, X509 *leaf)
{
	int error = X509_STORE_CTX_get_error(ctx);
	int depth = X509_STORE_CTX_get_error_depth(ctx);

	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return dated(cert, depth, "expired", X509_get0_notAfter(cert));
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return dated(cert, depth, "is not valid before",
		    X509_get0_notBefore(cert));
	case X509_V_ERR_HOSTNAME_MISMATCH: return misnamed(leaf, "name");
	case X509_V_ERR_IP_ADDRESS_MISMATCH: return misnamed(leaf, "address");
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return unknown(cert);
	case X509_V_ERR_INVALID_PURPOSE: return unfit(ctx, depth);
	case X509_V_ERR_OUT_OF_MEM: return slu_tls_no_memory();
	default: return plainly(error);
	}
}

slu_status
slu_verdict(X509_STORE_CTX *ctx)
{
	X509 *leaf = X509_STORE_CTX_get0_cert(ctx);
	X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
	slu_status st = tell(ctx, cert == NULL ? leaf : cert, leaf);

	ERR_clear_error();
	return st;
}

slu_status
slu_verdict_fault(X509_STORE_CTX *ctx, int depth, const char *fault)
{
	X509_STORE_CTX_set_error(ctx, X509_V_ERR_CERT_REJECTED);
	X509_STORE_CTX_set_error_depth(ctx, depth);
	return slu_fail(SLU_ERR_AUTH, "tls: certificate %s%s",
	    depth == 0 ? "" : "of an authority that ", fault);
}
