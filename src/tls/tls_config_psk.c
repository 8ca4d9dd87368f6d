/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "psk.h"
#include "sluice/secret.h"

static slu_status
check(const slu_tls_config *cfg, const void *identity, size_t identity_len,
    size_t key_len)
{
	if (identity_len == 0 || identity_len > SLU_TLS_PSK_IDENTITY_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: the name of a shared key has 1 to %d bytes",
		    SLU_TLS_PSK_IDENTITY_MAX);
	if (key_len < SLU_TLS_PSK_KEY_MIN || key_len > SLU_TLS_PSK_KEY_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a shared key has %d to %d bytes", SLU_TLS_PSK_KEY_MIN,
		    SLU_TLS_PSK_KEY_MAX);
	if (cfg->psk_count == SLU_TLS_PSKS_MAX)
		return slu_fail(SLU_ERR_LIMIT, "tls: more than %d shared keys",
		    SLU_TLS_PSKS_MAX);
	for (size_t i = 0; i < cfg->psk_count; i++)
		if (cfg->psks[i].identity_len == identity_len &&
		    memcmp(cfg->psks[i].identity, identity, identity_len) == 0)
			return slu_fail(SLU_ERR_USAGE,
			    "tls: two shared keys of the same name");
	return SLU_OK;
}

/* As realloc does, but what was there is wiped. */
static slu_psk *
grow(slu_psk *psks, size_t count)
{
	slu_psk *more = calloc(count + 1, sizeof(*more));

	if (more == NULL || count == 0)
		return more;
	memcpy(more, psks, count * sizeof(*more));
	slu_wipe(psks, count * sizeof(*psks));
	free(psks);
	return more;
}

slu_status
slu_tls_config_psk(slu_tls_config *cfg, const void *identity,
    size_t identity_len, const void *key, size_t key_len)
{
	slu_status st = slu_tls_config_open(cfg);
	unsigned char *name;
	slu_psk *psks;

	if (st == SLU_OK)
		st = check(cfg, identity, identity_len, key_len);
	if (st)
		return st;
	name = malloc(identity_len);
	if (name == NULL)
		return slu_tls_no_memory();
	psks = grow(cfg->psks, cfg->psk_count);
	if (psks == NULL) {
		free(name);
		return slu_tls_no_memory();
	}
	memcpy(name, identity, identity_len);
	memcpy(psks[cfg->psk_count].key, key, key_len);
	psks[cfg->psk_count].key_len = key_len;
	psks[cfg->psk_count].identity = name;
	psks[cfg->psk_count].identity_len = identity_len;
	cfg->psks = psks;
	cfg->psk_count++;
	return SLU_OK;
}
