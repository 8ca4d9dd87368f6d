/* SPDX-License-Identifier: ISC */
/*
 * contract.h: the one suite that every stream room passes.
 *
 * A room describes itself; the suite holds it to the promises of bio.h.
 * It runs each case plainly, byte by byte, and over a choke (one byte at a
 * time, a WANT on every second call), over sinks that fail at each call in
 * turn, and with each allocation in turn failing.  Whatever a room promises
 * beyond this it tests itself.
 *
 * A room that acts in one direction only leaves the other one NULL, and
 * names the same function twice where it acts alike in both.
 */
#ifndef SLUICE_TESTS_CONTRACT_H
#define SLUICE_TESTS_CONTRACT_H

#include <stdbool.h>

#include "sluice/bio.h"
#include "sluice/buf.h"

/* Pushes a room onto a chain; `arg` is the description's. */
typedef slu_status contract_push(slu_bio **top, void *arg);

/* A filter, or a pair of filters that undo each other. */
typedef struct contract_filter {
	const char *name;
	contract_push *encode; /* acts on writes; NULL: passes them through */
	contract_push *decode; /* acts on reads; NULL: passes them through */
	void *arg;
	/* Each encoding differs (fresh salts): compare what it decodes to. */
	bool fresh;
	/* Cut anywhere, an encoding is a failure: never SLU_EOF. */
	bool delimited;
	/* The largest plaintext to try, in bytes; 0 means 200,000. */
	size_t most;
	/* Told each plaintext before chains are made for it; may be NULL. */
	void (*prepare)(const void *data, size_t len, void *arg);
} contract_filter;

/* Hold a filter to the contract; fails the running test where it does not. */
void contract_filter_holds(const contract_filter *f);

/* A sink, a source, or both. */
typedef struct contract_sink {
	const char *name;
	contract_push *create; /* to write to; NULL: cannot be written */
	/*
	 * Once it is finished and freed, give what was written to `create`.
	 * NULL: nobody can tell.
	 */
	void (*written)(slu_buf *out, void *arg);
	contract_push *open; /* to read from; NULL: cannot be read */
	/* Prepare `open` to give these bytes, and no others. */
	void (*prepare)(const void *data, size_t len, void *arg);
	/* Let the far end move: called at each WANT.  NULL: there is none. */
	void (*pump)(void *arg);
	void *arg;
	/* The most bytes to try; 0 means 200,000. */
	size_t most;
} contract_sink;

/* Hold a sink to the contract; fails the running test where it does not. */
void contract_sink_holds(const contract_sink *s);

#endif
