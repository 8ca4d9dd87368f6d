/* SPDX-License-Identifier: ISC */
#include "config_print.h"

#include "fault.h"
#include "psk.h"
#include "sluice/hash.h"
#include "tls_identity_internal.h"

/* Each part is told apart by its name and its length. */
static slu_status
add(slu_hash *h, const char *name, const void *data, size_t len)
{
	unsigned char head[9];
	slu_status st;

	head[0] = (unsigned char)*name;
	for (int i = 0; i < 8; i++)
		head[1 + i] = (unsigned char)((uint64_t)len >> (56 - 8 * i));
	st = slu_hash_update(h, head, sizeof(head));
	return st ? st : slu_hash_update(h, data, len);
}

static slu_status
add_certificate(slu_hash *h, const char *name, X509 *cert)
{
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);
	slu_status st;

	if (len <= 0)
		return slu_tls_no_memory();
	st = add(h, name, der, (size_t)len);
	OPENSSL_free(der);
	return st;
}

static slu_status
add_trust(slu_hash *h, const slu_tls_config *cfg)
{
	unsigned char flags[] = { (unsigned char)SSL_CTX_get_verify_mode(
				      cfg->ctx),
		cfg->system_roots, cfg->only_pins, cfg->insecure,
		(unsigned char)cfg->client_auth, (unsigned char)cfg->ocsp,
		(unsigned char)cfg->chain_max, cfg->on_peer != NULL,
		cfg->fragment };
	slu_status st = add(h, "flags", flags, sizeof(flags));

	for (int i = 0; st == SLU_OK && i < sk_X509_num(cfg->roots); i++)
		st = add_certificate(h, "root", sk_X509_value(cfg->roots, i));
	for (size_t i = 0; st == SLU_OK && i < cfg->pin_count; i++)
		st = add(h, "pin", cfg->pins[i], SLU_TLS_PIN);
	return st;
}

static slu_status
add_identities(slu_hash *h, const slu_tls_config *cfg)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; st == SLU_OK && i < cfg->identity_count; i++)
		st = add_certificate(h, "identity", cfg->identities[i]->leaf);
	return st;
}

slu_status
slu_config_print(
    const slu_tls_config *cfg, unsigned char print[SLU_CONFIG_PRINT])
{
	slu_hash *h = NULL;
	slu_status st = slu_hash_new(&h, "sha256");
	size_t len;

	if (st == SLU_OK)
		st = add_trust(h, cfg);
	if (st == SLU_OK)
		st = add_identities(h, cfg);
	for (size_t i = 0; st == SLU_OK && i < cfg->psk_count; i++) {
		const slu_psk *psk = &cfg->psks[i];

		st = add(h, "name", psk->identity, psk->identity_len);
		if (st == SLU_OK)
			st = add(h, "key", psk->key, psk->key_len);
	}
	if (st == SLU_OK)
		st = slu_hash_final(h, print, SLU_CONFIG_PRINT, &len);
	slu_hash_free(h);
	return st;
}
