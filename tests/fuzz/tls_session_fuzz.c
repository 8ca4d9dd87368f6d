/* SPDX-License-Identifier: ISC */
/*
 * What is fed is a session that a client kept, behind its head.
 *
 * Whatever it is, the client still says its hello, and the chain that came
 * with the session is whole or told to be none.
 */
#include <stdint.h>
#include <stdlib.h>

#include "tls/session_chain.h"
#include "tls/tls_session_internal.h"

static void
must(bool truth)
{
	if (!truth)
		abort();
}

static void
look_at_chain(slu_tls *tls)
{
	STACK_OF(X509) *chain = NULL;
	slu_status st =
	    slu_session_chain_get(SSL_get_session(tls->ssl), &chain);

	must(st == SLU_OK || chain == NULL);
	for (int i = 0; i < sk_X509_num(chain); i++)
		must(sk_X509_value(chain, i) != NULL);
	sk_X509_pop_free(chain, X509_free);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static slu_tls_config *cfg;
	unsigned char hello[4096];
	slu_tls *tls = NULL;
	size_t n;

	if (cfg == NULL)
		must(slu_tls_config_new(&cfg) == SLU_OK);
	must(slu_tls_client(&tls, cfg, "sluice.test") == SLU_OK);
	if (slu_session_offer(tls, data, size) == SLU_OK)
		look_at_chain(tls);
	must(slu_tls_drain(tls, hello, sizeof(hello), &n) == SLU_OK);
	must(n > 0 && hello[0] == 22);
	slu_tls_free(tls);
	return 0;
}
