/* SPDX-License-Identifier: ISC */
/* host.h: whom a client asks for. */
#ifndef SLUICE_TLS_HOST_H
#define SLUICE_TLS_HOST_H

#include <stdbool.h>

#include "sluice/status.h"

#define SLU_HOST_NAME_MAX 253 /* bytes of a name, as text (RFC 1035, 3.1) */

typedef struct slu_host {
	char text[SLU_HOST_NAME_MAX + 1];
	bool is_address;
} slu_host;

/*
 * Read a name, or an address of IPv4 or IPv6, that one also in brackets.  A
 * name is what the DNS has for hosts (RFC 1123, 2.1) and underscores; the
 * dot of the root is left out, as certificates and the server name (RFC 6066,
 * section 3) have it.  Anything else is SLU_ERR_USAGE.
 */
slu_status slu_host_read(slu_host *h, const char *text) SLU_CHECKED;

#endif
