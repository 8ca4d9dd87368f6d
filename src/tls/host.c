/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "host.h"

#include <arpa/inet.h>
#include <string.h>

#include "../bio/endpoint.h"

#define LABEL_MAX 63 /* RFC 1035, 2.3.4 */

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* What ends with a number means an address, and here it is none. */
static bool
is_name(const char *name)
{
	size_t len;

	for (;; name += len + 1) {
		len = strspn(name, LETTERS DIGITS "-_");
		if (len == 0 || len > LABEL_MAX)
			return false;
		if (name[len] == '\0')
			return strspn(name, DIGITS) < len;
		if (name[len] != '.')
			return false;
	}
}

slu_status
slu_host_read(slu_host *h, const char *text)
{
	slu_endpoint e;
	size_t len = strlen(text);
	slu_status st = slu_endpoint_read(&e, "tls", text, 1);

	if (st)
		return st;
	h->is_address = e.kind != SLU_HOST_NAME;
	if (h->is_address) {
		(void)inet_ntop(e.kind == SLU_HOST_IPV4 ? AF_INET : AF_INET6,
		    e.address, h->text, sizeof(h->text));
		return SLU_OK;
	}
	if (text[len - 1] == '.')
		len--;
	if (len <= SLU_HOST_NAME_MAX) {
		memcpy(h->text, text, len);
		h->text[len] = '\0';
		if (is_name(h->text))
			return SLU_OK;
	}
	return slu_fail(SLU_ERR_USAGE, "tls: '%s' is no name of a host", text);
}
