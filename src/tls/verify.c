/* SPDX-License-Identifier: ISC */
/*
 * Certificates are checked by libcrypto, with its strict flags on, and then
 * by what browsers ask for besides (profile.h).  An authority that is trusted
 * is the end of a chain, whether it is a root or not: so browsers have it.
 */
#include "verify.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "pin.h"
#include "fault.h"
#include "profile.h"
#include "psk.h"
#include "tls_internal.h"
#include "verdict.h"

#define RULES \
	(X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN | \
	    X509_V_FLAG_TRUSTED_FIRST)
#define NAMES \
	(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | \
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)

/* libcrypto counts what is between the leaf and the root. */
static void
set_rules(X509_STORE_CTX *ctx, const slu_tls_config *cfg)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	(void)X509_VERIFY_PARAM_set_flags(param, RULES);
	X509_VERIFY_PARAM_set_hostflags(param, NAMES);
	X509_VERIFY_PARAM_set_depth(param, cfg->chain_max - 2);
}

static bool
is_pinned(const slu_tls_config *cfg, const unsigned char pin[SLU_TLS_PIN])
{
	for (size_t i = 0; i < cfg->pin_count; i++)
		if (memcmp(cfg->pins[i], pin, SLU_TLS_PIN) == 0)
			return true;
	return false;
}

/* Whether one of the first `count` certificates has a key that is pinned. */
static slu_status
check_pins(X509_STORE_CTX *ctx, const slu_tls_config *cfg,
    const STACK_OF(X509) * chain, int count)
{
	unsigned char pin[SLU_TLS_PIN];
	slu_status st;

	for (int i = 0; i < count; i++) {
		st = slu_pin_of(sk_X509_value(chain, i), pin);
		if (st)
			return st;
		if (is_pinned(cfg, pin))
			return SLU_OK;
	}
	return slu_verdict_fault(ctx, 0, "has a public key that is not pinned");
}

/* The key is all there is to know: neither dates nor names (RFC 7671, 5.1). */
static slu_status
verify_pinned_leaf(X509_STORE_CTX *ctx, const slu_tls_config *cfg)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	X509 *leaf = X509_STORE_CTX_get0_cert(ctx);
	slu_status st;

	if (chain == NULL || sk_X509_push(chain, leaf) == 0) {
		sk_X509_free(chain);
		return slu_tls_no_memory();
	}
	(void)X509_up_ref(leaf);
	X509_STORE_CTX_set0_verified_chain(ctx, chain);
	X509_STORE_CTX_set_error(ctx, X509_V_OK);
	st = check_pins(ctx, cfg, chain, 1);
	return st;
}

/* Whom a TLSA record names by the key of the leaf, nobody else vouches for. */
static bool
is_named_by_dane(X509_STORE_CTX *ctx)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(
	    ctx, SSL_get_ex_data_X509_STORE_CTX_idx());

	return ssl != NULL && SSL_get0_dane_authority(ssl, NULL, NULL) == 0;
}

slu_status
slu_verify_chain(X509_STORE_CTX *ctx, const slu_tls_config *cfg)
{
	const STACK_OF(X509) * chain;
	const char *fault;
	int depth = 0;

	if (cfg->only_pins)
		return verify_pinned_leaf(ctx, cfg);
	if (sk_X509_num(X509_STORE_CTX_get0_untrusted(ctx)) > cfg->chain_max)
		return slu_verdict_fault(
		    ctx, 0, "has a chain that is too long");
	set_rules(ctx, cfg);
	if (X509_verify_cert(ctx) <= 0)
		return slu_verdict(ctx);
	chain = X509_STORE_CTX_get0_chain(ctx);
	fault = is_named_by_dane(ctx) ? NULL : slu_profile_fault(chain, &depth);
	if (fault != NULL)
		return slu_verdict_fault(ctx, depth, fault);
	if (cfg->pin_count > 0)
		return check_pins(ctx, cfg, chain, sk_X509_num(chain));
	return SLU_OK;
}

/*
 * Who asked not to be protected gets the reason kept for who asks about the
 * peer, and no failure.  False where that is not so, or cannot be kept.
 */
static bool
goes_unverified(slu_tls *tls)
{
	if (!tls->cfg->insecure)
		return false;
	if (tls->doubt == NULL)
		tls->doubt = calloc(1, sizeof(*tls->doubt));
	if (tls->doubt == NULL)
		return false;
	(void)slu_failure_note(tls->doubt, SLU_ERR_AUTH);
	return true;
}

int
slu_verify_peer(X509_STORE_CTX *ctx, void *unused)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(
	    ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
	slu_tls *tls = SSL_get_app_data(ssl);
	slu_status st;

	(void)unused;
	if (slu_psk_needed(tls)) {
		st = slu_verdict_fault(ctx, 0,
		    "shown by a server that does not have our shared key");
		(void)slu_failure_keep(&tls->failure, st);
		return 0;
	}
	st = slu_verify_chain(ctx, tls->cfg);
	if (st == SLU_OK)
		return 1;
	if (st == SLU_ERR_AUTH && goes_unverified(tls))
		return 1;
	if (st != SLU_ERR_AUTH)
		X509_STORE_CTX_set_error(ctx, X509_V_ERR_OUT_OF_MEM);
	(void)slu_failure_keep(&tls->failure, st);
	return 0;
}
