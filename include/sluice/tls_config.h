/* SPDX-License-Identifier: ISC */
/*
 * tls_config.h: whom a TLS engine trusts, who it is, and what it speaks.
 *
 *     slu_tls_config *cfg = NULL;
 *     slu_tls_config_new(&cfg);
 *     slu_tls_config_trust_file(cfg, "our-root.pem");
 *     ... slu_tls_client(&tls, cfg, "example.org") ...
 *     slu_tls_config_free(cfg);
 *
 * A config is set up by one thread.  From the first engine that is made of it,
 * it is read-only: what changes it answers SLU_ERR_USAGE.  Any number of
 * engines, in any threads, can be made from one, and it may be freed before
 * they are.
 *
 * Every call that fails leaves the config as it was.
 */
#ifndef SLUICE_TLS_CONFIG_H
#define SLUICE_TLS_CONFIG_H

#include <stddef.h>

#include "sluice/status.h"
#include "sluice/tls_identity.h"

SLU_BEGIN_DECLS

typedef struct slu_tls_config slu_tls_config;

/*
 * Start from the defaults: TLS 1.2 and 1.3, the system's trusted roots, no
 * identity.  `*out` is the caller's, to be freed.
 */
slu_status slu_tls_config_new(slu_tls_config **out) SLU_CHECKED;
void slu_tls_config_free(slu_tls_config *cfg);

/*
 * Trust the certificates in a file in PEM, as roots, instead of the system's.
 * Each further call adds to them.  SLU_ERR_FORMAT where there is none, or
 * where there is anything else in it that PEM can hold, a private key first of
 * all.
 */
slu_status slu_tls_config_trust_file(
    slu_tls_config *cfg, const char *path) SLU_CHECKED;

/*
 * Be `id`.  It is shared, not copied: the caller may free it afterwards.  A
 * server needs one; a client shows one when it is asked to.
 */
slu_status slu_tls_config_identity(
    slu_tls_config *cfg, slu_tls_identity *id) SLU_CHECKED;

SLU_END_DECLS

#endif
