/* SPDX-License-Identifier: ISC */
/* How a config deals with its peers: what they must show, and may cost. */
#include "fault.h"
#include "tls_config_internal.h"

slu_status
slu_tls_config_client_auth(slu_tls_config *cfg, slu_tls_client_auth auth)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	if (auth != SLU_TLS_NONE && auth != SLU_TLS_REQUEST &&
	    auth != SLU_TLS_REQUIRE)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a client's certificate is none, requested, or "
		    "required");
	cfg->client_auth = auth;
	cfg->client_auth_said = true;
	return SLU_OK;
}

slu_status
slu_tls_config_ocsp(slu_tls_config *cfg, slu_tls_ocsp ocsp)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	if (ocsp != SLU_TLS_OCSP_NONE && ocsp != SLU_TLS_OCSP_ASK &&
	    ocsp != SLU_TLS_OCSP_REQUIRE)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: an OCSP response is none, asked for, or required");
	cfg->ocsp = ocsp;
	return SLU_OK;
}

slu_status
slu_tls_config_limits(slu_tls_config *cfg, const slu_tls_limits *limits)
{
	size_t handshake = limits->handshake == 0 ? SLU_TLS_HANDSHAKE_DEFAULT
						  : limits->handshake;
	size_t chain =
	    limits->chain == 0 ? SLU_TLS_CHAIN_DEFAULT : limits->chain;
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	if (handshake < SLU_TLS_HANDSHAKE_MIN ||
	    handshake > SLU_TLS_HANDSHAKE_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a handshake's limit is from %d to %d bytes",
		    SLU_TLS_HANDSHAKE_MIN, SLU_TLS_HANDSHAKE_MAX);
	if (chain > SLU_TLS_CHAIN_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a chain's limit is from 1 to %d certificates",
		    SLU_TLS_CHAIN_MAX);
	cfg->chain_max = (int)chain;
	cfg->handshake_max = handshake;
	SSL_CTX_set_max_cert_list(cfg->ctx, (long)handshake);
	return SLU_OK;
}

/* Libssl's lines are those of the file that SSLKEYLOGFILE names. */
static void
log_key(const SSL *ssl, const char *line)
{
	const slu_tls_config *cfg = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	cfg->key_log(line, cfg->key_log_arg);
}

slu_status
slu_tls_config_key_log(
    slu_tls_config *cfg, void (*log)(const char *line, void *arg), void *arg)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	cfg->key_log = log;
	cfg->key_log_arg = arg;
	SSL_CTX_set_app_data(cfg->ctx, cfg);
	SSL_CTX_set_keylog_callback(cfg->ctx, log == NULL ? NULL : log_key);
	return SLU_OK;
}

slu_status
slu_tls_config_sessions(slu_tls_config *cfg, unsigned seconds)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	if (seconds > SLU_TLS_SESSION_SECONDS_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: a session lasts at most %d seconds",
		    SLU_TLS_SESSION_SECONDS_MAX);
	cfg->session_seconds = seconds;
	return SLU_OK;
}

slu_status
slu_tls_config_tickets(slu_tls_config *cfg, unsigned count)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	if (count > SLU_TLS_TICKETS_MAX)
		return slu_fail(SLU_ERR_USAGE, "tls: at most %d tickets",
		    SLU_TLS_TICKETS_MAX);
	cfg->tickets = count;
	return SLU_OK;
}

slu_status
slu_tls_config_insecure_skip_verification(slu_tls_config *cfg)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st == SLU_OK)
		cfg->insecure = true;
	return st;
}
