/* SPDX-License-Identifier: ISC */
/* ready.h: a config, put to use. */
#ifndef SLUICE_TLS_READY_H
#define SLUICE_TLS_READY_H

#include "tls_config_internal.h"

/*
 * Make `cfg` read-only, and libssl's context what it says, once for all
 * engines.  The engine takes a share of it, to be freed.
 */
slu_status slu_tls_config_use(slu_tls_config *cfg) SLU_CHECKED;

/*
 * Read the system's roots, where they are trusted, for who is about to look at
 * certificates.  OpenSSL parses all of them, some 40 ms where there are 140:
 * whoever looks at none does without.
 */
slu_status slu_tls_config_read_system(slu_tls_config *cfg) SLU_CHECKED;

#endif
