/* SPDX-License-Identifier: ISC */
/*
 * crew.h: many small pieces of work, done by several threads and told in the
 * order in which they were given.
 *
 * The library's pool looks a few jobs ahead, each worth waking a thread for.
 * Here an item may be a file of a few bytes, with one behind it that takes
 * seconds: so there are many of them under way, nobody is woken who is
 * awake, and whoever waits for all of them is woken for many at once.
 */
#ifndef SLUICE_CLI_CREW_H
#define SLUICE_CLI_CREW_H

#include <stddef.h>

#include "exit.h"

#define CREW_THREADS_MAX 64
#define CREW_ITEMS_MAX 1024 /* under way at a time */

typedef struct crew_kind {
	size_t item; /* bytes of one, zero at first */
	size_t hand; /* of what a thread has for itself, as well; or 0 */

	/* Do it; on any thread, several at a time. */
	void (*work)(void *hand, void *item, void *arg);

	/* Tell of it; on the owner's thread, in order. */
	void (*told)(void *item, void *arg);

	/* Let go of what an item owns, and of what a hand does, or NULL. */
	void (*drop)(void *item);
	void (*leave)(void *hand);

	/* Called ten times a second while the owner waits.  May be NULL. */
	void (*tick)(void *arg);
} crew_kind;

typedef struct crew crew;

/*
 * Make a crew of `threads` beside the owner's, which are started as there is
 * work; at most `items` are under way.  With one thread, and where none can
 * be had, the owner's does the work at once.  `kind` and `arg` are lent.
 */
exit_code crew_new(crew **out, const crew_kind *kind, void *arg,
    unsigned threads, size_t items);

/* Room for the next item, which crew_put gives to the crew. */
void *crew_item(crew *c);
void crew_put(crew *c);

/* Wait until all items are told of. */
void crew_settle(crew *c);

/* Wait for the work that was begun, drop all other, and free. */
void crew_free(crew *c);

#endif
