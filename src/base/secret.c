/* SPDX-License-Identifier: ISC */
#include "sluice/secret.h"

#include <openssl/crypto.h>

void
slu_wipe(void *p, size_t len)
{
	if (len > 0)
		OPENSSL_cleanse(p, len);
}

bool
slu_equal(const void *a, const void *b, size_t len)
{
	return len == 0 || CRYPTO_memcmp(a, b, len) == 0;
}
