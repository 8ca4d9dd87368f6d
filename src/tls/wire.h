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
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sluice/bio.h"

/*
 * Who calls libssl sees to it that less than this waits for the peer, and so
 * does libssl in the middle of a flight.  What it writes at a time, a record
 * or less, then fits in whatever its size: an alert is never refused.
 */
#define SLU_WIRE_OUT_MAX ((size_t)64 * 1024)

/* The first bytes of a connection: they tell who speaks no TLS. */
#define SLU_WIRE_FIRST 4

typedef struct slu_wire {
	SSL *ssl;                /* lent: who reads and writes here */
	const unsigned char *in; /* lent: from the peer, not taken yet */
	size_t in_len;
	unsigned char *out; /* owned: what waits for the peer, and its room */
	size_t out_off, out_len, out_cap;
	slu_bio *next;     /* lent: asked first while nothing waits; or NULL */
	uint64_t received; /* bytes that libssl took */
	unsigned char first[SLU_WIRE_FIRST]; /* of what was received */
	/* Of the record that libssl takes: */
	size_t head;  /* bytes that were taken of its header */
	size_t left;  /* bytes of its body that were not, once that is known */
	bool hurried; /* libssl keeps the room for a record */
	bool unflushed; /* what `next` took may wait there */
	bool ended;     /* nothing more will come from the peer */
	bool held;      /* nothing leaves before a hook's answer */
	bool exhausted; /* there was no memory for what libssl wrote */
} slu_wire;

/* A BIO over `wire`, which must outlive it, as `wire->ssl` does. */
BIO *slu_wire_bio(slu_wire *wire);

/* The bytes that wait for the peer, wire->out_len of them. */
static inline const unsigned char *
slu_wire_front(const slu_wire *wire)
{
	return wire->out + wire->out_off;
}

/* The peer's are `len` of them, at most all; memory goes with the last. */
void slu_wire_take(slu_wire *wire, size_t len);

void slu_wire_free(slu_wire *wire);

#endif
