/* SPDX-License-Identifier: ISC */
/* tls_talk.h: two chains that have much to say to each other. */
#ifndef SLUICE_TESTS_TLS_TALK_H
#define SLUICE_TESTS_TLS_TALK_H

#include "sluice/bio.h"
#include "tls_pair.h"

/*
 * Each end sends bytes, finishes, and reads what the other one sends up to
 * its end, all that at once and without blocking; what arrives is right.
 */
void tls_talk(slu_bio *a, slu_bio *b, size_t len);

/* The same for one end, which blocks: what it says, and hears, is fixed. */
slu_status tls_talk_alone(slu_bio *c, size_t len);

/* Make engines anew, and push them: the client's and the server's end. */
void tls_talk_push(tls_pair *p, slu_bio **client, slu_bio **server);

/*
 * Make them work on two sockets that do not block, and shake hands; free the
 * ends, and close the sockets.
 */
void tls_talk_by_sockets(tls_pair *p, slu_bio *ends[2], int fds[2]);
void tls_talk_hang_up(slu_bio *ends[2], int fds[2]);

#endif
