/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "cert_names.h"

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fault.h"

/* The name in lower case, owned by the caller; "" where it is none. */
static char *
fold(const ASN1_IA5STRING *text)
{
	int len = ASN1_STRING_length(text);
	const unsigned char *from = ASN1_STRING_get0_data(text);
	char *name = malloc((size_t)len + 1);

	if (name == NULL)
		return NULL;
	for (int i = 0; i < len; i++) {
		unsigned char c = from[i];

		name[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
		if (c <= ' ' || c >= 0x7f)
			len = 0;
	}
	name[len] = '\0';
	return name;
}

slu_status
slu_cert_names_read(slu_cert_names *out, X509 *cert)
{
	int state, count;
	GENERAL_NAMES *all =
	    X509_get_ext_d2i(cert, NID_subject_alt_name, &state, NULL);
	slu_status st = SLU_OK;

	ERR_clear_error();
	*out = (slu_cert_names){ 0 };
	if (all == NULL && state != -1)
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: the names of the leaf cannot be read");
	count = all == NULL ? 0 : sk_GENERAL_NAME_num(all);
	*out = (slu_cert_names){ calloc((size_t)count + 1, sizeof(char *)), 0 };
	if (out->names == NULL)
		st = slu_tls_no_memory();
	for (int i = 0; st == SLU_OK && i < count; i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(all, i);

		if (n->type != GEN_DNS)
			continue;
		out->names[out->count] = fold(n->d.dNSName);
		if (out->names[out->count] == NULL)
			st = slu_tls_no_memory();
		else
			out->count++;
	}
	GENERAL_NAMES_free(all);
	if (st)
		slu_cert_names_free(out);
	return st;
}

void
slu_cert_names_free(slu_cert_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i]);
	free(names->names);
	*names = (slu_cert_names){ 0 };
}

static bool
is_name_of(const char *name, const char *host)
{
	const char *rest = strchr(host, '.');

	if (strncmp(name, "*.", 2) != 0)
		return name[0] != '\0' && strcasecmp(name, host) == 0;
	return rest != NULL && rest != host && strcasecmp(name + 1, rest) == 0;
}

bool
slu_cert_names_have(const slu_cert_names *names, const char *host)
{
	for (size_t i = 0; i < names->count; i++)
		if (is_name_of(names->names[i], host))
			return true;
	return false;
}
