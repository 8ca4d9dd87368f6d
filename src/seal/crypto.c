/* SPDX-License-Identifier: ISC */
#include "crypto.h"

#include <openssl/err.h>

slu_status
slu_crypto_failed(const char *room)
{
	int reason = ERR_GET_REASON(ERR_peek_error());

	ERR_clear_error();
	if (reason == ERR_R_MALLOC_FAILURE)
		return slu_fail(SLU_ERR_MEMORY, "%s: out of memory", room);
	return slu_fail(SLU_ERR_CRYPTO, "%s: OpenSSL failed", room);
}
