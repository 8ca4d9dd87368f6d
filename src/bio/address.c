/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

slu_status
slu_address_of_path(slu_address *a, const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t len = path != NULL ? strlen(path) : 0;

	if (len == 0)
		return slu_fail(SLU_ERR_USAGE, "unix: no path");
	if (len >= sizeof(un.sun_path))
		return slu_fail(SLU_ERR_USAGE,
		    "unix: a path of %zu bytes, and a socket's has room for "
		    "%zu",
		    len, sizeof(un.sun_path) - 1);
	memcpy(un.sun_path, path, len + 1);
	memset(a, 0, sizeof(*a));
	memcpy(&a->to, &un, sizeof(un));
	a->len = sizeof(un);
	return SLU_OK;
}

uint16_t
slu_address_port(const slu_address *a)
{
	const struct sockaddr_in *in = (const void *)&a->to;
	const struct sockaddr_in6 *in6 = (const void *)&a->to;

	if (a->to.ss_family == AF_INET)
		return ntohs(in->sin_port);
	if (a->to.ss_family == AF_INET6)
		return ntohs(in6->sin6_port);
	return 0;
}

bool
slu_address_is_same(const slu_address *a, const slu_address *b)
{
	const struct sockaddr_in *a4 = (const void *)&a->to;
	const struct sockaddr_in *b4 = (const void *)&b->to;
	const struct sockaddr_in6 *a6 = (const void *)&a->to;
	const struct sockaddr_in6 *b6 = (const void *)&b->to;

	if (a->to.ss_family != b->to.ss_family ||
	    slu_address_port(a) != slu_address_port(b))
		return false;
	if (a->to.ss_family == AF_INET)
		return a4->sin_addr.s_addr == b4->sin_addr.s_addr;
	return a->to.ss_family == AF_INET6 &&
	       memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof(a6->sin6_addr)) ==
		   0;
}

/* Put `?` where a reason would no longer be one line of text. */
static void
make_printable(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

void
slu_address_tell(const slu_address *a, char *out, size_t size)
{
	const struct sockaddr_un *un = (const void *)&a->to;

	if (a->to.ss_family == AF_UNIX)
		snprintf(out, size, "%s", un->sun_path);
	else if (getnameinfo((const void *)&a->to, a->len, out, (socklen_t)size,
		     NULL, 0, NI_NUMERICHOST) != 0)
		snprintf(out, size, "unknown address");
	make_printable(out);
}

void
slu_address_name(const slu_address *a, char out[SLU_ADDRESS_NAME])
{
	char host[SLU_HOST_BYTES + 1];

	slu_address_tell(a, host, sizeof(host));
	if (a->to.ss_family == AF_UNIX)
		snprintf(out, SLU_ADDRESS_NAME, "%s", host);
	else
		slu_address_label(out, host, slu_address_port(a));
}

void
slu_address_label(char out[SLU_ADDRESS_NAME], const char *host, uint16_t port)
{
	bool bare = strchr(host, ':') != NULL && host[0] != '[';

	snprintf(out, SLU_ADDRESS_NAME, bare ? "[%.*s]:%u" : "%.*s:%u",
	    SLU_HOST_BYTES, host, port);
	make_printable(out);
}
