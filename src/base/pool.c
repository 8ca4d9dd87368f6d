/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "pool.h"

#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "thread.h"

struct slu_pool {
	void (*run)(void *arg, size_t slot);
	void *arg; /* lent by the owner */
	size_t slots;

	/* The owner's alone.  Jobs are counted from the beginning. */
	size_t put, taken;
	unsigned started, most; /* threads */
	pid_t process;          /* in which they are */
	pthread_t threads[SLU_POOL_THREADS];

	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t more;  /* there is a job to begin, or none will be */
	pthread_cond_t ready; /* a job is done */
	size_t offered, begun;
	unsigned idle; /* threads that wait for more */
	bool ending;
	bool done[SLU_POOL_SLOTS(SLU_POOL_THREADS)];
};

slu_status
slu_pool_new(slu_pool **out, unsigned threads,
    void (*run)(void *arg, size_t slot), void *arg)
{
	slu_pool *p;

	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return slu_fail(SLU_ERR_MEMORY, "pool: out of memory");
	p->run = run;
	p->arg = arg;
	p->slots = SLU_POOL_SLOTS(threads);
	p->most = threads;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->more, NULL);
	pthread_cond_init(&p->ready, NULL);
	*out = p;
	return SLU_OK;
}

bool
slu_pool_is_full(const slu_pool *p)
{
	return p->put - p->taken == p->slots;
}

bool
slu_pool_is_empty(const slu_pool *p)
{
	return p->put == p->taken;
}

size_t
slu_pool_next(const slu_pool *p)
{
	return p->put % p->slots;
}

/* Do the next job, with the lock held but while it is done. */
static void
do_one(slu_pool *p)
{
	size_t slot = p->begun++ % p->slots;

	pthread_mutex_unlock(&p->lock);
	p->run(p->arg, slot);
	pthread_mutex_lock(&p->lock);
	p->done[slot] = true;
	pthread_cond_signal(&p->ready);
}

static void *
work(void *arg)
{
	slu_pool *p = arg;

	pthread_mutex_lock(&p->lock);
	while (!p->ending) {
		if (p->begun != p->offered) {
			do_one(p);
			continue;
		}
		p->idle++;
		pthread_cond_wait(&p->more, &p->lock);
		p->idle--;
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Whether there were threads, and this process never had them. */
static bool
is_bereft(const slu_pool *p)
{
	return p->started > 0 && p->process != getpid();
}

static void
start_one(slu_pool *p)
{
	if (p->started == 0)
		p->process = getpid();
	if (slu_thread_start(&p->threads[p->started], work, p))
		p->started++;
	else
		p->most =
		    p->started; /* nor ask again for what is not to be had */
}

void
slu_pool_put(slu_pool *p)
{
	bool waiting;

	/* Its lock may be held for ever: the wait for this job will say so. */
	if (is_bereft(p)) {
		p->put++;
		return;
	}
	pthread_mutex_lock(&p->lock);
	p->done[slu_pool_next(p)] = false;
	p->offered = ++p->put;
	waiting = p->offered - p->begun > p->idle;
	pthread_cond_signal(&p->more);
	pthread_mutex_unlock(&p->lock);
	if (waiting && p->started < p->most)
		start_one(p);
}

slu_status
slu_pool_wait(slu_pool *p, size_t *slot)
{
	if (is_bereft(p))
		return slu_fail(SLU_ERR_USAGE,
		    "pool: its threads are in the process that forked");
	*slot = p->taken % p->slots;
	pthread_mutex_lock(&p->lock);
	while (!p->done[*slot]) {
		if (p->begun == p->taken)
			do_one(p);
		else
			pthread_cond_wait(&p->ready, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return SLU_OK;
}

void
slu_pool_take(slu_pool *p)
{
	p->taken++;
}

static void
end_threads(slu_pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->started; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->ready);
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->lock);
}

void
slu_pool_free(slu_pool *p)
{
	if (p == NULL)
		return;
	if (!is_bereft(p))
		end_threads(p);
	free(p);
}
