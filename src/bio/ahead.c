/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../base/failure.h"
#include "../base/thread.h"
#include "copy_internal.h"
#include "sluice/secret.h"

#define BEGINNING (4 * 1024 * 1024) /* bytes that are worth no thread */

/* What is written lies where it was read to, and fits a core's cache. */
#define SLOT (64 * 1024) /* bytes that a read gives at most */
#define SLOTS 16

/* To wake the reader costs much of a slot's time: it is given several. */
#define WORTH_WAKING (SLOTS / 2)

/* The caller reads and fills, a thread of its own empties and writes. */
struct ahead {
	slu_bio *dst;         /* lent by the caller, used by the writer */
	unsigned char *mem;   /* owned: the slots */
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t moved;
	size_t len[SLOTS];      /* bytes in each slot */
	size_t filled, emptied; /* slots, from the beginning */
	bool all_read;
	slu_status end;      /* how the writing ended early; or SLU_OK */
	slu_failure failure; /* if that is how */
};

static unsigned char *
slot(const struct ahead *a, size_t n)
{
	return a->mem + n % SLOTS * SLOT;
}

/* For the reader: have a slot to fill; false where `dst` takes no more. */
static bool
wait_for_room(struct ahead *a)
{
	bool wanted;

	pthread_mutex_lock(&a->lock);
	if (a->filled - a->emptied == SLOTS)
		while (a->filled - a->emptied > SLOTS - WORTH_WAKING &&
		       a->end == SLU_OK)
			pthread_cond_wait(&a->moved, &a->lock);
	wanted = a->end == SLU_OK;
	pthread_mutex_unlock(&a->lock);
	return wanted;
}

static void
hand_over(struct ahead *a, size_t len)
{
	pthread_mutex_lock(&a->lock);
	a->len[a->filled++ % SLOTS] = len;
	pthread_cond_signal(&a->moved);
	pthread_mutex_unlock(&a->lock);
}

static slu_status
read_on(struct ahead *a, slu_bio *src)
{
	slu_status st = SLU_OK;
	size_t got;

	while (st == SLU_OK && wait_for_room(a)) {
		st = slu_copy_read(src, slot(a, a->filled), SLOT, &got);
		if (st == SLU_OK)
			hand_over(a, got);
	}
	return st;
}

/* For the writer: have a slot to empty; false where none will come. */
static bool
wait_for_bytes(struct ahead *a, size_t *len)
{
	bool more;

	pthread_mutex_lock(&a->lock);
	while (a->filled == a->emptied && !a->all_read)
		pthread_cond_wait(&a->moved, &a->lock);
	more = a->filled != a->emptied;
	*len = a->len[a->emptied % SLOTS];
	pthread_mutex_unlock(&a->lock);
	return more;
}

/* For the writer: give back the slot that it emptied, or say why not. */
static void
give_back(struct ahead *a, slu_status st)
{
	pthread_mutex_lock(&a->lock);
	if (st == SLU_OK)
		a->emptied++;
	else
		a->end = slu_failure_keep(&a->failure, st);
	if (st || a->filled - a->emptied <= SLOTS - WORTH_WAKING)
		pthread_cond_signal(&a->moved);
	pthread_mutex_unlock(&a->lock);
}

static void *
write_on(void *arg)
{
	struct ahead *a = arg;
	slu_status st = SLU_OK;
	size_t len;

	while (st == SLU_OK && wait_for_bytes(a, &len)) {
		st = slu_copy_write(a->dst, slot(a, a->emptied), len);
		give_back(a, st);
	}
	return NULL;
}

/* Let the writer write what was read, and no more. */
static void
stop(struct ahead *a, pthread_t writer)
{
	pthread_mutex_lock(&a->lock);
	a->all_read = true;
	pthread_cond_signal(&a->moved);
	pthread_mutex_unlock(&a->lock);
	pthread_join(writer, NULL);
}

static slu_status
copy_by_two(slu_bio *dst, slu_bio *src)
{
	struct ahead a = {
		.dst = dst,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.moved = PTHREAD_COND_INITIALIZER,
	};
	pthread_t writer;
	slu_status st;

	a.mem = malloc(SLOTS * SLOT);
	if (a.mem == NULL || !slu_thread_start(&writer, write_on, &a)) {
		free(a.mem);
		return slu_copy_some(dst, src, UINT64_MAX);
	}
	st = read_on(&a, src);
	stop(&a, writer);
	/* What `dst` refused was read before whatever befell `src`. */
	if (a.end)
		st = slu_failed(a.end) ? slu_failure_again(&a.failure) : a.end;
	pthread_cond_destroy(&a.moved);
	pthread_mutex_destroy(&a.lock);
	slu_wipe(a.mem, SLOTS * SLOT);
	free(a.mem);
	return st;
}

slu_status
slu_bio_copy_ahead(slu_bio *dst, slu_bio *src)
{
	slu_status st;

	st = slu_copy_some(dst, src, BEGINNING);
	if (st == SLU_OK)
		st = copy_by_two(dst, src);
	return slu_copy_ended(st);
}
