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

/* Free it while it waits for each byte of the answers. */
void handshake_drops(const handshake *h);

/*
 * What `push` asks for with `arg` is misuse, said at once and in these words,
 * and leaves no trace; a password is HANDSHAKE_SECRET, and is not told.
 */
#define HANDSHAKE_SECRET "s3cret"
void handshake_refuses(contract_push *push, void *arg, const char *words);

/*
 * Over a script, what `push` puts there, be it several in a row, lets bytes
 * pass in both directions, from right behind the last answer on.
 */
void handshake_lets_pass(const script_line *lines, contract_push *push);

#endif
