/* SPDX-License-Identifier: ISC */
/* endpoint.h: where a proxy is asked to connect to. */
#ifndef SLUICE_BIO_ENDPOINT_H
#define SLUICE_BIO_ENDPOINT_H

#include <stdint.h>

#include "address.h"

typedef enum slu_host_kind {
	SLU_HOST_NAME = 0,
	SLU_HOST_IPV4,
	SLU_HOST_IPV6,
} slu_host_kind;

typedef struct slu_endpoint {
	slu_host_kind kind;
	unsigned char address[16]; /* 4 or 16 bytes, unless it is a name */
	uint16_t port;
	char text[SLU_ADDRESS_NAME]; /* "example.org:443", "[::1]:443" */
} slu_endpoint;

/*
 * Read `host`: an IPv4 address, an IPv6 one with or without brackets, or
 * else a name, of which only the characters are looked at: 1 to SLU_HOST_BYTES
 * of them, visible ASCII, and none that ends a name in a URL.  Anything else
 * is SLU_ERR_USAGE in the words of `room`, and so is port 0.
 */
slu_status slu_endpoint_read(slu_endpoint *e, const char *room,
    const char *host, uint16_t port) SLU_CHECKED;

#endif
