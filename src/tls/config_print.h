/* SPDX-License-Identifier: ISC */
/*
 * config_print.h: what a config trusts and shows, as one number.
 *
 * A session skips all checks of certificates.  It may do so only where the
 * same checks would be made again, by the same for the same.  The size of
 * records that is asked for goes with it, since nobody may ask for another.
 */
#ifndef SLUICE_TLS_CONFIG_PRINT_H
#define SLUICE_TLS_CONFIG_PRINT_H

#include "tls_config_internal.h"

#define SLU_CONFIG_PRINT 32 /* bytes */

/* The same for configs of the same content, in other processes too. */
slu_status slu_config_print(const slu_tls_config *cfg,
    unsigned char print[SLU_CONFIG_PRINT]) SLU_CHECKED;

#endif
