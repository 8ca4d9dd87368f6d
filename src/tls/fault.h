/* SPDX-License-Identifier: ISC */
/* fault.h: how this room fails where OpenSSL does. */
#ifndef SLUICE_TLS_FAULT_H
#define SLUICE_TLS_FAULT_H

#include <openssl/err.h>

#include "sluice/status.h"

static inline slu_status
slu_tls_no_memory(void)
{
	ERR_clear_error();
	return slu_fail(SLU_ERR_MEMORY, "tls: out of memory");
}

#endif
