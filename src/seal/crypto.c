/* SPDX-License-Identifier: ISC */
#include "crypto.h"

#include "../hash/fault.h"

slu_status
slu_crypto_failed(const char *room)
{
	if (slu_fault_drain())
		return slu_fail(SLU_ERR_MEMORY, "%s: out of memory", room);
	return slu_fail(SLU_ERR_CRYPTO, "%s: OpenSSL failed", room);
}
