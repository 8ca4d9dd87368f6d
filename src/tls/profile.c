/* SPDX-License-Identifier: ISC */
#include "profile.h"

#include <openssl/x509v3.h>
#include <stdbool.h>
#include <string.h>

#include "fault.h"

#define SERIAL_MAX 20 /* bytes: RFC 5280, section 4.1.2.2 */

static const char *
serial_fault(X509 *cert)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
	int len = ASN1_STRING_length(serial);
	const unsigned char *bytes = ASN1_STRING_get0_data(serial);
	bool is_zero = true;

	for (int i = 0; i < len; i++)
		is_zero = is_zero && bytes[i] == 0;
	if (is_zero || ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		return "has a serial number that is not positive";
	/* What comes before a first bit that is set is of the number, too. */
	if (len > SERIAL_MAX || (len == SERIAL_MAX && bytes[0] >= 0x80))
		return "has a serial number that is too long";
	return NULL;
}

static const char *
key_fault(X509 *cert)
{
	static const char *const kinds[] = { "RSA", "RSA-PSS", "EC", "ED25519",
		"ED448" };
	EVP_PKEY *key = X509_get0_pubkey(cert);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (key != NULL && EVP_PKEY_is_a(key, kinds[i]))
			return NULL;
	return "has a key of a kind that is no longer used";
}

static bool
is_empty(const STACK_OF(GENERAL_SUBTREE) * trees)
{
	return trees == NULL || sk_GENERAL_SUBTREE_num(trees) == 0;
}

/* Constraints that constrain nothing (RFC 5280, section 4.2.1.10). */
static const char *
constraints_fault(X509 *cert)
{
	NAME_CONSTRAINTS *nc;
	bool empty;

	if (X509_get_ext_by_NID(cert, NID_name_constraints, -1) < 0)
		return NULL;
	nc = X509_get_ext_d2i(cert, NID_name_constraints, NULL, NULL);
	empty = nc == NULL || (is_empty(nc->permittedSubtrees) &&
				  is_empty(nc->excludedSubtrees));
	NAME_CONSTRAINTS_free(nc);
	return empty ? "has name constraints that are empty" : NULL;
}

static bool
is_malformed(const ASN1_IA5STRING *name)
{
	const char *text = (const char *)ASN1_STRING_get0_data(name);
	int len = ASN1_STRING_length(name);

	if (len == 0 || text[0] == '.' || text[len - 1] == '.')
		return true;
	for (int i = 1; i < len; i++)
		if (text[i] == '\0' || (text[i] == '.' && text[i - 1] == '.'))
			return true;
	return false;
}

static const char *
names_fault(X509 *leaf)
{
	int state;
	GENERAL_NAMES *all =
	    X509_get_ext_d2i(leaf, NID_subject_alt_name, &state, NULL);
	const char *fault = NULL;

	if (all == NULL && state != -1)
		return "has names that cannot be read";
	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(all, i);

		if (n->type == GEN_DNS && is_malformed(n->d.dNSName))
			fault = "has a name that is none";
	}
	GENERAL_NAMES_free(all);
	return fault;
}

/* Whether an extension is there, and cannot be decoded. */
static bool
is_broken(X509 *cert, int nid)
{
	const ASN1_ITEM *form = ASN1_ITEM_rptr(AUTHORITY_INFO_ACCESS);
	void *value;

	if (X509_get_ext_by_NID(cert, nid, -1) < 0)
		return false;
	value = X509_get_ext_d2i(cert, nid, NULL, NULL);
	if (value == NULL)
		return true;
	ASN1_item_free(value, form);
	return false;
}

/* RFC 5280, sections 4.2.1.3, 4.2.1.9, 4.2.1.10, 4.2.2.1. */
static const char *
leaf_fault(X509 *leaf)
{
	if (X509_get_ext_by_NID(leaf, NID_name_constraints, -1) >= 0)
		return "has name constraints, and is no authority's";
	if ((X509_get_extension_flags(leaf) & EXFLAG_CA) != 0 &&
	    (X509_get_key_usage(leaf) & KU_KEY_CERT_SIGN) == 0)
		return "is an authority's whose key may sign nothing";
	if (is_broken(leaf, NID_info_access))
		return "has a broken extension (authority information access)";
	return names_fault(leaf);
}

/*
 * An authority that one trusts need not be a root; but what looks like a root
 * is one, and what does not, says who issued it.
 */
static const char *
anchor_fault(X509 *anchor)
{
	if (X509_self_signed(anchor, 0) == 1)
		return NULL;
	if (X509_NAME_cmp(X509_get_subject_name(anchor),
		X509_get_issuer_name(anchor)) == 0)
		return "is its own issuer's, and says it is another's";
	if (X509_get0_authority_key_id(anchor) == NULL)
		return "does not say whose key has signed it";
	return NULL;
}

static const char *
fault_at(const STACK_OF(X509) * chain, int i)
{
	X509 *cert = sk_X509_value(chain, i);
	int last = sk_X509_num(chain) - 1;
	const char *fault = key_fault(cert);

	if (fault == NULL && i == 0)
		fault = leaf_fault(cert);
	if (fault == NULL && i > 0)
		fault = constraints_fault(cert);
	if (fault == NULL && i == last)
		fault = anchor_fault(cert);
	/* The number of a root is nobody's concern. */
	if (fault == NULL && (i == 0 || i < last))
		fault = serial_fault(cert);
	return fault;
}

const char *
slu_profile_fault(const STACK_OF(X509) * chain, int *depth)
{
	const char *fault = NULL;

	for (int i = 0; fault == NULL && i < sk_X509_num(chain); i++) {
		*depth = i;
		fault = fault_at(chain, i);
	}
	ERR_clear_error();
	return fault;
}
