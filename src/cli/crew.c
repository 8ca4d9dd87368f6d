/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../base/thread.h"
#include "say.h"

#define TICK 100 /* milliseconds */

struct member {
	crew *of;
	void *hand; /* owned */
	pthread_t thread;
};

struct crew {
	const crew_kind *kind; /* lent by the owner */
	void *arg;             /* lent by the owner */
	unsigned char *items;  /* owned: a ring */
	size_t ring;           /* items that it holds */

	/* The owner's alone.  Items are counted from the beginning. */
	struct member members[CREW_THREADS_MAX];
	unsigned started, most; /* threads */
	size_t taken;           /* items told of */

	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t more;  /* there is work, or there will be none */
	pthread_cond_t ready; /* as much is done as is waited for */
	size_t put, begun;
	size_t done;   /* with all that were put in before */
	size_t wanted; /* how many of these are waited for */
	unsigned idle; /* members that wait for more */
	bool ending;
	bool is_done[CREW_ITEMS_MAX];
};

static void *
item_at(const crew *c, size_t n)
{
	return c->items + n % c->ring * c->kind->item;
}

exit_code
crew_new(crew **out, const crew_kind *kind, void *arg, unsigned threads,
    size_t items)
{
	pthread_condattr_t steady;
	crew *c;

	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return say_fail(EXIT_IO, "out of memory");
	c->kind = kind;
	c->arg = arg;
	c->ring = items < CREW_ITEMS_MAX ? items : CREW_ITEMS_MAX;
	c->most = threads > 1 ? threads : 0;
	c->wanted = SIZE_MAX;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->more, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&c->ready, &steady);
	pthread_condattr_destroy(&steady);
	c->items = calloc(c->ring, kind->item);
	/* One hand is needed; with fewer than asked for it takes longer. */
	for (unsigned i = 0; i < threads; i++) {
		c->members[i].of = c;
		c->members[i].hand = calloc(1, kind->hand + 1);
	}
	if (c->items == NULL || c->members[0].hand == NULL) {
		crew_free(c);
		return say_fail(EXIT_IO, "out of memory");
	}
	*out = c;
	return EXIT_DONE;
}

/* Do the next item, with the lock held but while it is done. */
static void
do_one(crew *c, void *hand)
{
	size_t n = c->begun++;

	pthread_mutex_unlock(&c->lock);
	c->kind->work(hand, item_at(c, n), c->arg);
	pthread_mutex_lock(&c->lock);
	c->is_done[n % c->ring] = true;
	while (c->done < c->begun && c->is_done[c->done % c->ring])
		c->done++;
	if (c->done >= c->wanted)
		pthread_cond_signal(&c->ready);
}

static void *
lend_a_hand(void *arg)
{
	struct member *m = arg;
	crew *c = m->of;

	pthread_mutex_lock(&c->lock);
	while (!c->ending) {
		if (c->begun != c->put) {
			do_one(c, m->hand);
			continue;
		}
		c->idle++;
		pthread_cond_wait(&c->more, &c->lock);
		c->idle--;
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static void
start_one(crew *c)
{
	struct member *m = &c->members[c->started];

	if (m->hand != NULL && slu_thread_start(&m->thread, lend_a_hand, m))
		c->started++;
	else
		c->most = c->started; /* nor ask again */
}

/* Tell of all items before `n`, which are done. */
static void
tell(crew *c, size_t n)
{
	for (; c->taken < n; c->taken++) {
		void *item = item_at(c, c->taken);

		c->kind->told(item, c->arg);
		c->kind->drop(item);
		memset(item, 0, c->kind->item);
	}
}

/* Do what there is to do, where nobody else is there to do it. */
static void
do_all(crew *c)
{
	while (c->started == 0 && c->begun != c->put) {
		do_one(c, c->members[0].hand);
		pthread_mutex_unlock(&c->lock);
		tell(c, c->done);
		pthread_mutex_lock(&c->lock);
	}
}

/* With the lock held, wait for a while; false where nothing came of it. */
static bool
wait_a_while(crew *c)
{
	struct timespec until = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += TICK * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	return pthread_cond_timedwait(&c->ready, &c->lock, &until) != ETIMEDOUT;
}

/* Wait until so many items are done, and tell of them. */
static void
wait_for(crew *c, size_t wanted)
{
	bool woken = true;
	size_t done;

	pthread_mutex_lock(&c->lock);
	do_all(c);
	while (c->taken < wanted) {
		done = c->done;
		if (done == c->taken && woken) {
			c->wanted = wanted;
			woken = wait_a_while(c);
			continue;
		}
		pthread_mutex_unlock(&c->lock);
		tell(c, done);
		if (!woken && c->kind->tick != NULL)
			c->kind->tick(c->arg);
		woken = true;
		pthread_mutex_lock(&c->lock);
	}
	c->wanted = SIZE_MAX;
	pthread_mutex_unlock(&c->lock);
}

void *
crew_item(crew *c)
{
	/* Half of it at a time: to be woken costs more than an item may. */
	if (c->put - c->taken == c->ring)
		wait_for(c, c->taken + (c->ring + 1) / 2);
	return item_at(c, c->put);
}

void
crew_put(crew *c)
{
	size_t done;

	pthread_mutex_lock(&c->lock);
	c->is_done[c->put++ % c->ring] = false;
	if (c->put - c->begun > c->idle && c->started < c->most)
		start_one(c);
	if (c->idle > 0)
		pthread_cond_signal(&c->more);
	do_all(c);
	done = c->done;
	pthread_mutex_unlock(&c->lock);
	tell(c, done);
}

void
crew_settle(crew *c)
{
	wait_for(c, c->put);
}

void
crew_free(crew *c)
{
	if (c == NULL)
		return;
	pthread_mutex_lock(&c->lock);
	c->ending = true;
	pthread_cond_broadcast(&c->more);
	pthread_mutex_unlock(&c->lock);
	for (unsigned i = 0; i < c->started; i++)
		pthread_join(c->members[i].thread, NULL);
	for (; c->taken < c->put; c->taken++)
		c->kind->drop(item_at(c, c->taken));
	for (unsigned i = 0; i < CREW_THREADS_MAX; i++) {
		if (c->members[i].hand != NULL && c->kind->leave != NULL)
			c->kind->leave(c->members[i].hand);
		free(c->members[i].hand);
	}
	pthread_cond_destroy(&c->ready);
	pthread_cond_destroy(&c->more);
	pthread_mutex_destroy(&c->lock);
	free(c->items);
	free(c);
}
