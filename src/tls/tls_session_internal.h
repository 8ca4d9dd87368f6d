/* SPDX-License-Identifier: ISC */
/* tls_session_internal.h: a session's bytes, once it is known whose it is. */
#ifndef SLUICE_TLS_SESSION_INTERNAL_H
#define SLUICE_TLS_SESSION_INTERNAL_H

#include "sluice/tls_session.h"
#include "tls_internal.h"

/* Offer a session in libssl's own bytes; as slu_tls_session_set. */
slu_status slu_session_offer(
    slu_tls *tls, const unsigned char *der, size_t len) SLU_CHECKED;

#endif
