/* SPDX-License-Identifier: ISC */
#include "sluice/tls_config.h"

slu_status
slu_tls_config_identity_ephemeral(
    slu_tls_config *cfg, unsigned char pin[SLU_TLS_PIN])
{
	slu_tls_identity *id = NULL;
	slu_status st = slu_tls_identity_ephemeral(&id);

	if (st == SLU_OK)
		st = slu_tls_config_identity(cfg, id);
	if (st == SLU_OK)
		slu_tls_identity_pin(id, pin);
	slu_tls_identity_free(id);
	return st;
}
