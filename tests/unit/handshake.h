/* SPDX-License-Identifier: ISC */
/*
 * handshake.h: what holds for every filter that begins with a handshake and
 * lets bytes pass from then on.
 */
#ifndef SLUICE_TESTS_HANDSHAKE_H
#define SLUICE_TESTS_HANDSHAKE_H

#include "contract.h"
#include "script.h"

typedef struct handshake {
	const char *name;
	contract_push *push; /* the filter, over a script of these lines */
	void *arg;
	const script_line *lines;
} handshake;

/*
 * Hold it to the contract, choked during the handshake as well, and to what
 * it owes when an answer comes late, or is cut; and whether a read, a write,
 * a flush or a finish begins it.
 */
void handshake_holds(const handshake *h);

/*
 * Flush the filter over the script, of which `fault` befalls an answer, or
 * none if it is NULL; a chain that fails must stay failed.
 */
slu_status handshake_try(const handshake *h, const script_fault *fault);

#endif
