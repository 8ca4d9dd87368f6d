/* SPDX-License-Identifier: ISC */
/*
 * wire.h: the only place where libssl's I/O is met.
 *
 * libssl wants to read and write by itself.  It gets a BIO that reads from
 * bytes that are lent to it for a while, and writes to a queue, so that it
 * never blocks and never sees a socket.
 */
#ifndef SLUICE_TLS_WIRE_H
#define SLUICE_TLS_WIRE_H

#include <openssl/bio.h>
#include <stdbool.h>
#include <stddef.h>

#include "sluice/buf.h"

typedef struct slu_wire {
	const unsigned char *in; /* lent: from the peer, not taken yet */
	size_t in_len;
	slu_buf out; /* from libssl, for the peer */
	bool ended;  /* nothing more will come from the peer */
} slu_wire;

/* A BIO over `wire`, which must outlive it.  NULL without memory. */
BIO *slu_wire_bio(slu_wire *wire);

#endif
