/* SPDX-License-Identifier: ISC */
/*
 * tunnel.h: what every client of a proxy does, whatever the two speak.
 *
 * Its messages are made in the constructor, and wait in one queue, which
 * wipes them as they go out.  The protocol is a parser that is fed, a byte
 * at a time, and says what follows: the next message, or that the tunnel
 * stands.  It also says how many bytes of the answer are sure to come still,
 * and no more than these are ever asked for: what lies behind the answer is
 * left to whoever reads next.  Once the tunnel stands, bytes pass straight
 * through, and nothing of the messages is left.
 */
#ifndef SLUICE_BIO_TUNNEL_H
#define SLUICE_BIO_TUNNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "endpoint.h"
#include "sluice/bio.h"
#include "sluice/buf.h"

typedef struct slu_tunnel slu_tunnel;

/* Take one byte of the answer. */
typedef slu_status slu_tunnel_parser(slu_tunnel *t, unsigned char byte);

/* The state of each protocol begins with one of these. */
struct slu_tunnel {
	const char *room; /* in messages */
	enum { SLU_TUNNEL_SEND = 0, SLU_TUNNEL_HEAR, SLU_TUNNEL_STANDS } phase;
	slu_buf messages; /* that were not sent yet */
	size_t to_send;   /* bytes of them that go out now */
	size_t to_come;   /* bytes of the answer that are sure to come */
	slu_tunnel_parser *feed;
	bool answering;                /* part of the answer came */
	char target[SLU_ADDRESS_NAME]; /* what the proxy shall connect to */
};

/* Begin in the constructor: at most `limit` bytes of messages are to come. */
void slu_tunnel_begin(
    slu_tunnel *t, const char *room, const slu_endpoint *e, size_t limit);

/*
 * Send the next `len` bytes of the messages, then feed the answer, of which
 * at least `least` bytes are sure to come, to `feed`.
 */
void slu_tunnel_ask(
    slu_tunnel *t, size_t len, size_t least, slu_tunnel_parser *feed);

/* The answer ends here, and the proxy did what it was asked for. */
void slu_tunnel_stands(slu_tunnel *t);

/*
 * Fail, since `byte`, the first one of the answer, does not begin what
 * `wanted` names, but what other protocols begin with.
 */
slu_status slu_tunnel_other(
    const slu_tunnel *t, unsigned char byte, const char *wanted);

/* The operations of a protocol's BIO. */
slu_status slu_tunnel_read(
    void *self, slu_bio *next, void *buf, size_t cap, size_t *got);
slu_status slu_tunnel_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put);
slu_status slu_tunnel_settle(void *self, slu_bio *next);
void slu_tunnel_free(void *self);

#endif
