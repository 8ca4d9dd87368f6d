/* SPDX-License-Identifier: ISC */
/* psk.h: keys that both ends had before (external PSKs of RFC 8446). */
#ifndef SLUICE_TLS_PSK_H
#define SLUICE_TLS_PSK_H

#include "tls_config_internal.h"
#include "tls_internal.h"

struct slu_psk {
	unsigned char *identity; /* owned */
	size_t identity_len;
	unsigned char key[SLU_TLS_PSK_KEY_MAX];
	size_t key_len;
};

/* Have an engine offer, or take, the keys of its config. */
slu_status slu_psk_begin(slu_tls *tls) SLU_CHECKED;

/* Whether this client talks to nobody but who has its key. */
bool slu_psk_needed(const slu_tls *tls);

/* The key that this connection stands on; NULL: none. */
const slu_psk *slu_psk_used(const slu_tls *tls);

/* Wipe and free all keys of a config. */
void slu_psk_free(slu_tls_config *cfg);

#endif
