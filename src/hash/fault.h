/* SPDX-License-Identifier: ISC */
/* fault.h: how this room fails, and where OpenSSL's own errors end. */
#ifndef SLUICE_HASH_FAULT_H
#define SLUICE_HASH_FAULT_H

#include <openssl/err.h>
#include <stdbool.h>

#include "sluice/status.h"

static inline slu_status
slu_fault_memory(void)
{
	return slu_fail(SLU_ERR_MEMORY, "hash: out of memory");
}

/*
 * Empty OpenSSL's queue of errors, which nobody above is to find; says
 * whether there was word in it of memory running out.
 */
static inline bool
slu_fault_drain(void)
{
	bool memory = false;
	unsigned long e;

	while ((e = ERR_get_error()) != 0)
		if (ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE)
			memory = true;
	return memory;
}

/* OpenSSL failed to do `what` with `name`: why, as its queue tells. */
static inline slu_status
slu_fault_refused(const char *what, const char *name)
{
	if (slu_fault_drain())
		return slu_fault_memory();
	return slu_fail(
	    SLU_ERR_CRYPTO, "hash: OpenSSL refused to %s %s", what, name);
}

#endif
