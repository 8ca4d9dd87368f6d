/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "endpoint.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* What has a meaning of its own around the name in a URL or a request. */
#define DELIMITERS "/?#@:[]\\"

/* Take an address out of its brackets, into `bare`, if it has both. */
static bool
in_brackets(const char *host, size_t len, char bare[INET6_ADDRSTRLEN])
{
	if (len < 2 || host[0] != '[' || host[len - 1] != ']')
		return false;
	if (len - 2 >= INET6_ADDRSTRLEN)
		return false;
	memcpy(bare, host + 1, len - 2);
	bare[len - 2] = '\0';
	return true;
}

static bool
is_name(const char *host)
{
	for (; *host != '\0'; host++)
		if (*host <= ' ' || *host > '~' ||
		    strchr(DELIMITERS, *host) != NULL)
			return false;
	return true;
}

slu_status
slu_endpoint_read(
    slu_endpoint *e, const char *room, const char *host, uint16_t port)
{
	size_t len = strlen(host);
	char bare[INET6_ADDRSTRLEN];
	bool bracketed;

	if (len == 0)
		return slu_fail(SLU_ERR_USAGE, "%s: no host", room);
	if (len > SLU_HOST_BYTES)
		return slu_fail(SLU_ERR_USAGE,
		    "%s: a host name of more than %d bytes", room,
		    SLU_HOST_BYTES);
	if (port == 0)
		return slu_fail(SLU_ERR_USAGE, "%s: no port", room);
	bracketed = in_brackets(host, len, bare);
	if (inet_pton(AF_INET6, bracketed ? bare : host, e->address) == 1)
		e->kind = SLU_HOST_IPV6;
	else if (inet_pton(AF_INET, host, e->address) == 1)
		e->kind = SLU_HOST_IPV4;
	else if (is_name(host))
		e->kind = SLU_HOST_NAME;
	else
		return slu_fail(SLU_ERR_USAGE,
		    "%s: neither a host name nor an address", room);
	e->port = port;
	slu_address_label(e->text, host, port);
	return SLU_OK;
}
