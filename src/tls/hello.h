/* SPDX-License-Identifier: ISC */
/*
 * hello.h: the two extensions of a ClientHello that a server chooses by.
 *
 * libssl hands them over as they came, before it has looked at them itself.
 */
#ifndef SLUICE_TLS_HELLO_H
#define SLUICE_TLS_HELLO_H

#include <stdbool.h>

#include "sluice/tls_hooks.h"

#define SLU_HELLO_NAME_MAX 255 /* RFC 1035, section 2.3.4 */

struct slu_tls_hello {
	char name[SLU_HELLO_NAME_MAX + 1]; /* "" for none */
	size_t alpn_len;
	unsigned char alpn[SLU_TLS_HELLO_ALPN_MAX]; /* each behind its length */
};

/*
 * Read the bodies of server_name and of application_layer_protocol_
 * negotiation into `out`; NULL for an extension that is not there.
 * SLU_ERR_FORMAT where one is malformed, SLU_ERR_AUTH where what is asked for
 * can be no name, SLU_ERR_LIMIT where one is too long.
 */
slu_status slu_hello_read(slu_tls_hello *out, const unsigned char *name,
    size_t name_len, const unsigned char *alpn, size_t alpn_len) SLU_CHECKED;

/* Whether two hellos ask for the same. */
bool slu_hello_same(const slu_tls_hello *a, const slu_tls_hello *b);

#endif
