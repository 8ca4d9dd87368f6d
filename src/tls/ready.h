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

#endif
