/* SPDX-License-Identifier: ISC */
/* address.h: where a socket leads to, and how that is told to people. */
#ifndef SLUICE_BIO_ADDRESS_H
#define SLUICE_BIO_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "sluice/status.h"

#define SLU_HOST_BYTES 255   /* of a name, the most that the DNS has */
#define SLU_ADDRESS_NAME 272 /* room for a host in brackets and a port */

typedef struct slu_address {
	struct sockaddr_storage to;
	socklen_t len;
} slu_address;

/* The most addresses of one name that are tried. */
#define SLU_ADDRESSES_MAX 12

typedef struct slu_addresses {
	slu_address at[SLU_ADDRESSES_MAX];
	size_t count;
} slu_addresses;

/* The address of a socket in the file system; USAGE where it cannot be one. */
slu_status slu_address_of_path(slu_address *a, const char *path) SLU_CHECKED;

/* The port, or 0 where there are none. */
uint16_t slu_address_port(const slu_address *a);

/* Whether both are the same address and port of IP. */
bool slu_address_is_same(const slu_address *a, const slu_address *b);

/* "192.0.2.1", "2001:db8::1", or the path. */
void slu_address_tell(const slu_address *a, char *out, size_t size);

/* "192.0.2.1:80", "[2001:db8::1]:80", or the path. */
void slu_address_name(const slu_address *a, char out[SLU_ADDRESS_NAME]);

/* "example.org:80"; what is no printable character is told as "?". */
void slu_address_label(
    char out[SLU_ADDRESS_NAME], const char *host, uint16_t port);

#endif
