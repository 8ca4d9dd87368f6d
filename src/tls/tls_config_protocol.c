/* SPDX-License-Identifier: ISC */
/* What a config speaks: versions, suites, groups, application protocols. */
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "suites.h"
#include "tls_config_internal.h"

slu_status
slu_tls_config_versions(
    slu_tls_config *cfg, slu_tls_version min, slu_tls_version max)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	if ((min != SLU_TLS_1_2 && min != SLU_TLS_1_3) ||
	    (max != SLU_TLS_1_2 && max != SLU_TLS_1_3) || min > max)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: versions are from SLU_TLS_1_2 to SLU_TLS_1_3");
	cfg->min_version = min;
	cfg->max_version = max;
	return SLU_OK;
}

slu_status
slu_tls_config_profile(slu_tls_config *cfg, slu_tls_profile profile)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	if (profile != SLU_TLS_DEFAULT && profile != SLU_TLS_MODERN)
		return slu_fail(SLU_ERR_USAGE, "tls: no such profile");
	st = slu_suites_best_groups(cfg->ctx);
	if (st)
		return st;
	slu_suites_all(&cfg->suites);
	return slu_tls_config_versions(cfg,
	    profile == SLU_TLS_MODERN ? SLU_TLS_1_3 : SLU_TLS_1_2, SLU_TLS_1_3);
}

slu_status
slu_tls_config_ciphers(slu_tls_config *cfg, const char *list)
{
	slu_status st = slu_tls_config_open(cfg);

	return st ? st : slu_suites_read(&cfg->suites, list);
}

slu_status
slu_tls_config_groups(slu_tls_config *cfg, const char *list)
{
	slu_status st = slu_tls_config_open(cfg);

	return st ? st : slu_suites_set_groups(cfg->ctx, list);
}

/* The names as they go over the wire, each behind its length. */
static slu_status
pack(unsigned char out[SLU_TLS_ALPN_MAX], size_t *out_len,
    const char *const *names, size_t count)
{
	size_t len;

	*out_len = 0;
	for (size_t i = 0; i < count; i++) {
		len = strlen(names[i]);
		if (len == 0 || len > 255)
			return slu_fail(SLU_ERR_USAGE,
			    "tls: '%.255s' is no name of a protocol: they have "
			    "1 to 255 bytes",
			    names[i]);
		if (len + 1 > SLU_TLS_ALPN_MAX - *out_len)
			return slu_fail(SLU_ERR_LIMIT,
			    "tls: more than %d bytes of protocols' names",
			    SLU_TLS_ALPN_MAX);
		out[(*out_len)++] = (unsigned char)len;
		memcpy(out + *out_len, names[i], len);
		*out_len += len;
	}
	return SLU_OK;
}

/*
 * A client that offers none gets none.  One that offers only others is
 * refused (RFC 7301, section 3.2).
 */
static int
select_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *offered, unsigned offered_len, void *arg)
{
	const slu_tls_config *cfg = arg;
	unsigned char *chosen;

	(void)ssl;
	if (SSL_select_next_proto(&chosen, out_len, cfg->alpn,
		(unsigned)cfg->alpn_len, offered,
		offered_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

slu_status
slu_tls_config_alpn(slu_tls_config *cfg, const char *const *names, size_t count)
{
	unsigned char packed[SLU_TLS_ALPN_MAX];
	slu_status st = slu_tls_config_open(cfg);
	size_t len;

	if (st == SLU_OK)
		st = pack(packed, &len, names, count);
	if (st)
		return st;
	/* This one answers 0 when all is well. */
	if (SSL_CTX_set_alpn_protos(cfg->ctx, packed, (unsigned)len) != 0)
		return slu_tls_no_memory();
	memcpy(cfg->alpn, packed, len);
	cfg->alpn_len = len;
	SSL_CTX_set_alpn_select_cb(
	    cfg->ctx, len == 0 ? NULL : select_protocol, cfg);
	return SLU_OK;
}

slu_status
slu_tls_config_no_sni(slu_tls_config *cfg)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st == SLU_OK)
		cfg->no_sni = true;
	return st;
}

slu_status
slu_tls_config_record_max(slu_tls_config *cfg, size_t bytes)
{
	static const struct {
		size_t bytes;
		unsigned char mode;
	} asked[] = {
		{ 512, TLSEXT_max_fragment_length_512 },
		{ 1024, TLSEXT_max_fragment_length_1024 },
		{ 2048, TLSEXT_max_fragment_length_2048 },
		{ 4096, TLSEXT_max_fragment_length_4096 },
	};
	unsigned char mode = TLSEXT_max_fragment_length_DISABLED;
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++)
		if (asked[i].bytes == bytes)
			mode = asked[i].mode;
	if (bytes < SLU_TLS_RECORD_MIN || bytes > SLU_TLS_RECORD_MAX ||
	    SSL_CTX_set_max_send_fragment(cfg->ctx, (long)bytes) != 1 ||
	    SSL_CTX_set_tlsext_max_fragment_length(cfg->ctx, mode) != 1)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a record holds from %d to %d bytes",
		    SLU_TLS_RECORD_MIN, SLU_TLS_RECORD_MAX);
	cfg->fragment = mode;
	return SLU_OK;
}
