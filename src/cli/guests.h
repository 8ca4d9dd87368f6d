/* SPDX-License-Identifier: ISC */
/*
 * guests.h: those who connect, each served by itself and all by one thread,
 * which waits for all of them at once: nobody holds up anybody else.
 */
#ifndef SLUICE_CLI_GUESTS_H
#define SLUICE_CLI_GUESTS_H

#include "exit.h"
#include "site.h"
#include "sluice/listen.h"
#include "sluice/tls_config.h"

#define GUESTS_SHAKE_S 10 /* seconds that a handshake may take */

typedef struct guests_terms {
	slu_tls_config *cfg; /* lent: who we are */
	const site *forward; /* lent: where bytes go; NULL: back */
	unsigned max;        /* guests at a time; others wait to be let in */
	unsigned idle_s; /* let go who moved nothing for so long; 0: never */
	enum { GUESTS_ONE = 0, GUESTS_MANY } how_many;
} guests_terms;

/*
 * Serve whoever connects to `*l`, whose connections do not block, for ever; or
 * the first one only, and then its fate is the exit code.  Nobody else is let
 * in then: the listener is freed.
 */
exit_code guests_serve(slu_listener **l, const guests_terms *terms);

#endif
