/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L

#include "sluice/tls_hooks.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "asking.h"
#include "choose.h"
#include "fault.h"
#include "tls_config_internal.h"
#include "tls_identity_internal.h"
#include "tls_internal.h"

const char *
slu_tls_hello_name(const slu_tls_hello *hello)
{
	return hello->name[0] == '\0' ? NULL : hello->name;
}

const void *
slu_tls_hello_alpn(const slu_tls_hello *hello, size_t i, size_t *len)
{
	const unsigned char *p = hello->alpn;
	const unsigned char *end = p + hello->alpn_len;

	while (p < end && i > 0) {
		p += (size_t)1 + *p;
		i--;
	}
	*len = p < end ? *p : 0;
	return p < end ? p + 1 : NULL;
}

const char *
slu_tls_request_authority(const slu_tls_request *request, size_t i)
{
	return i < request->count ? request->texts[i] : NULL;
}

bool
slu_tls_request_takes(
    const slu_tls_request *request, const slu_tls_identity *id)
{
	return request->count == 0 ||
	       slu_choose_is_under(request->authorities, id);
}

slu_status
slu_tls_config_on_name(slu_tls_config *cfg, slu_tls_on_name *hook, void *arg)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	cfg->on_name = hook;
	cfg->on_name_arg = arg;
	SSL_CTX_set_client_hello_cb(
	    cfg->ctx, hook == NULL ? NULL : slu_asking_name, NULL);
	return SLU_OK;
}

slu_status
slu_tls_config_on_request(
    slu_tls_config *cfg, slu_tls_on_request *hook, void *arg)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	cfg->on_request = hook;
	cfg->on_request_arg = arg;
	return SLU_OK;
}

slu_status
slu_tls_config_on_peer(slu_tls_config *cfg, slu_tls_on_peer *hook, void *arg)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	cfg->on_peer = hook;
	cfg->on_peer_arg = arg;
	return SLU_OK;
}

/* Whether a question can be answered now. */
static bool
is_open(slu_question q)
{
	return q == SLU_ASKING || q == SLU_DUE;
}

static slu_status
nothing_asked(void)
{
	return slu_fail(SLU_ERR_USAGE,
	    "tls: nothing was asked, or it was answered already");
}

slu_status
slu_tls_present(slu_tls *tls, slu_tls_identity *id)
{
	slu_status st = slu_failure_again(&tls->failure);
	slu_asked *a = tls->asked;

	if (st)
		return st;
	if (a == NULL || (!is_open(a->name) && !is_open(a->request)))
		return nothing_asked();
	if (is_open(a->name))
		a->name = SLU_ANSWERED;
	else
		a->request = SLU_ANSWERED;
	if (id == NULL)
		a->nobody = true;
	else
		a->id = slu_tls_identity_share(id);
	return SLU_OK;
}

/* End it all for `st`, with the best alert that can still be had. */
static void
refuse(slu_tls *tls, slu_status st)
{
	if (slu_asking_inside(tls)) {
		(void)slu_failure_keep(&tls->failure, st);
		return;
	}
	if (!slu_asking_stopped(tls)) {
		slu_asking_leave(tls, st);
		return;
	}
	(void)slu_failure_keep(&tls->failure, st);
	ERR_clear_error();
	(void)SSL_do_handshake(tls->ssl);
	ERR_clear_error();
}

slu_status
slu_tls_judge(slu_tls *tls, slu_status st)
{
	slu_status before = slu_failure_again(&tls->failure);
	slu_asked *a = tls->asked;

	if (before)
		return before;
	if (a == NULL || a->peer != SLU_DUE)
		return nothing_asked();
	if (st != SLU_OK && !slu_asking_is_refusal(st))
		return slu_fail(SLU_ERR_USAGE, "tls: '%s' is no judgement",
		    slu_status_name(st));
	a->peer = SLU_ANSWERED;
	if (st)
		refuse(tls, st);
	else
		tls->wire.held = false;
	return SLU_OK;
}

slu_status
slu_tls_refuse(slu_tls *tls, slu_tls_alert alert, const char *why)
{
	slu_status st = slu_failure_again(&tls->failure);

	if (st)
		return st;
	if (tls->asked != NULL)
		tls->asked->alert = alert;
	refuse(tls, slu_fail(SLU_ERR_AUTH, "tls: refused: %s", why));
	return slu_failure_again(&tls->failure);
}

slu_status
slu_tls_set_address(slu_tls *tls, const char *address)
{
	char *copy;

	if (strlen(address) > SLU_TLS_ADDRESS_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "tls: an address of more than %d bytes",
		    SLU_TLS_ADDRESS_MAX);
	copy = strdup(address);
	if (copy == NULL)
		return slu_tls_no_memory();
	free(tls->address);
	tls->address = copy;
	return SLU_OK;
}
