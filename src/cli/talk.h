/* SPDX-License-Identifier: ISC */
/* talk.h: standard input to a peer, and what it says to standard output. */
#ifndef SLUICE_CLI_TALK_H
#define SLUICE_CLI_TALK_H

#include <stdbool.h>

#include "exit.h"
#include "sluice/tls.h"
#include "sluice/bio.h"

typedef struct talk_terms {
	const char *name; /* lent: the peer's, for messages */
	unsigned idle_s;  /* give up when nothing moved for so long; 0: never */
	bool crlf;        /* lines that are sent end so */
	bool no_wait;     /* the end of the input is the end of it all */
} talk_terms;

/*
 * `peer` is a chain that the engine `tls` works on, its handshake completed.
 * Carry bytes both ways until both have ended.  The end of standard input is
 * that of one direction only; the peer's closes standard output.  Where
 * somebody types, the peer's end is the end of it all.
 */
exit_code talk(slu_bio *peer, slu_tls *tls, const talk_terms *terms);

#endif
