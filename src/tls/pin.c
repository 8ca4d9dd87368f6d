/* SPDX-License-Identifier: ISC */
#include "pin.h"

#include "fault.h"

slu_status
slu_pin_of(X509 *cert, unsigned char pin[SLU_TLS_PIN])
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	slu_status st = SLU_OK;

	if (len < 0)
		return slu_tls_no_memory();
	if (EVP_Digest(der, (size_t)len, pin, NULL, EVP_sha256(), NULL) != 1)
		st = slu_fail(SLU_ERR_CRYPTO, "tls: OpenSSL has no SHA-256");
	ERR_clear_error();
	OPENSSL_free(der);
	return st;
}
