/* SPDX-License-Identifier: ISC */
/* crypto.h: how a failure of OpenSSL's becomes one of ours. */
#ifndef SLUICE_SEAL_CRYPTO_H
#define SLUICE_SEAL_CRYPTO_H

#include "sluice/status.h"

/*
 * Fail in the name of `room`, as OpenSSL's error queue tells, which is empty
 * afterwards: SLU_ERR_MEMORY where it found none, else SLU_ERR_CRYPTO.
 */
slu_status slu_crypto_failed(const char *room);

#endif
