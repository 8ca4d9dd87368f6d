/* SPDX-License-Identifier: ISC */
#include "lineage.h"

#include <openssl/x509v3.h>
#include <stdbool.h>

#include "fault.h"

/* By name, by key identifiers, and by signature. */
static bool
has_issued(X509 *issuer, X509 *cert)
{
	bool yes = X509_check_issued(issuer, cert) == X509_V_OK &&
		   X509_verify(cert, X509_get0_pubkey(issuer)) == 1;

	ERR_clear_error();
	return yes;
}

/*
 * The leaf is the one that is no authority.  One that is alone is the leaf
 * whatever it is: those that sign themselves often are authorities too.
 */
static slu_status
find_leaf(STACK_OF(X509) * certs, const char *name, int *leaf)
{
	int count = sk_X509_num(certs), leaves = 0;

	*leaf = 0;
	for (int i = 0; count > 1 && i < count; i++) {
		if (X509_check_ca(sk_X509_value(certs, i)) != 0)
			continue;
		if (leaves++ == 0)
			*leaf = i;
	}
	if (leaves > 1)
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: more than one leaf is in it", name);
	if (count == 0 || (count > 1 && leaves == 0))
		return slu_fail(SLU_ERR_FORMAT, "tls: %s: no leaf is in it%s",
		    name, count == 0 ? "" : ", authorities only");
	return SLU_OK;
}

/* Move what stands at `from` down to `to`. */
static void
move(STACK_OF(X509) * certs, int from, int to)
{
	X509 *cert = sk_X509_value(certs, from);

	for (int i = from; i > to; i--)
		(void)sk_X509_set(certs, i, sk_X509_value(certs, i - 1));
	(void)sk_X509_set(certs, to, cert);
}

/* Whoever issued one that is sorted already, is sorted next. */
slu_status
slu_lineage_sort(STACK_OF(X509) * certs, const char *name)
{
	int count = sk_X509_num(certs), leaf, sorted = 1;
	slu_status st = find_leaf(certs, name, &leaf);

	if (st)
		return st;
	move(certs, leaf, 0);
	for (int child = 0; child < sorted; child++)
		for (int i = sorted; i < count; i++)
			if (has_issued(sk_X509_value(certs, i),
				sk_X509_value(certs, child)))
				move(certs, i, sorted++);
	if (sorted < count)
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: a certificate in it is not of the leaf's chain",
		    name);
	return SLU_OK;
}
