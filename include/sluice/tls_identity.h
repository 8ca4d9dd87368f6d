/* SPDX-License-Identifier: ISC */
/*
 * tls_identity.h: who we are, to a TLS peer: a certificate, the chain that
 * leads from it towards a root, and its private key.
 *
 * An identity is read once, and nothing is looked up again afterwards: the
 * files may go.  It is read-only, and may be shared by configs and threads.
 */
#ifndef SLUICE_TLS_IDENTITY_H
#define SLUICE_TLS_IDENTITY_H

#include <stddef.h>

#include "sluice/status.h"

SLU_BEGIN_DECLS

typedef struct slu_tls_identity slu_tls_identity;

/*
 * Read the certificates in `chain_file`, leaf first, and the private key in
 * `key_file` (NULL: it is in `chain_file` too), all in PEM.  `*out` is the
 * caller's, to be freed.
 */
slu_status slu_tls_identity_file(slu_tls_identity **out, const char *chain_file,
    const char *key_file) SLU_CHECKED;

void slu_tls_identity_free(slu_tls_identity *id);

SLU_END_DECLS

#endif
