/* SPDX-License-Identifier: ISC */
/* explain.h: why libssl failed, in the words of this library. */
#ifndef SLUICE_TLS_EXPLAIN_H
#define SLUICE_TLS_EXPLAIN_H

#include "tls_internal.h"

/*
 * Fail as libssl just did with `tls`, for the reason that is in OpenSSL's
 * queue of errors, which is empty afterwards.
 */
slu_status slu_tls_explain(slu_tls *tls) SLU_CHECKED;

#endif
