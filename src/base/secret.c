/* SPDX-License-Identifier: ISC */
#include "sluice/secret.h"

#include <openssl/crypto.h>
#include <string.h>

/*
 * Nobody can know at compile time what is called here, so it is called.
 * OPENSSL_cleanse does eight bytes a step on some processors, memset 64.
 */
static void *(*const volatile set)(void *p, int c, size_t len) = memset;

void
slu_wipe(void *p, size_t len)
{
	if (len > 0)
		set(p, 0, len);
}

bool
slu_equal(const void *a, const void *b, size_t len)
{
	return len == 0 || CRYPTO_memcmp(a, b, len) == 0;
}
