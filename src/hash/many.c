/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/many.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "../base/failure.h"
#include "../base/pool.h"
#include "fault.h"
#include "sluice/secret.h"

/* What one digest takes in by one job, and what waits for that. */
#define BLOCK ((size_t)256 * 1024)

/*
 * The jobs of a block are as many as there are digests, the pool's slots at
 * most twice as many: beside the block that is filled, two are worked on.
 */
#define BLOCKS 3

/* What stays in a core's cache while one digest after the other sees it. */
#define PIECE ((size_t)32 * 1024)

/* One digest that takes in one block. */
struct job {
	size_t digest;
	size_t block; /* counted from the first one */
	slu_status st;
};

struct slu_many {
	slu_hash *digests[SLU_MANY_MAX]; /* owned */
	size_t n;
	unsigned threads;
	bool begun; /* there was an update */
	slu_failure failure;

	/* With threads only. */
	slu_pool *pool; /* owned; NULL before the first block is full */
	struct job jobs[SLU_POOL_SLOTS(SLU_MANY_THREADS_MAX)];
	unsigned char *mem[BLOCKS]; /* owned: BLOCK bytes each */
	size_t block;               /* the one that is filled */
	size_t len;                 /* bytes in it */
	pid_t process;              /* whose threads use the lock */
	pthread_mutex_t lock;       /* of all that follows */
	pthread_cond_t turn;        /* a digest has taken in a block */
	size_t done[SLU_MANY_MAX];  /* blocks that each has */
};

slu_status
slu_many_new(slu_many **out, unsigned threads)
{
	slu_many *m;

	if (threads > SLU_MANY_THREADS_MAX)
		return slu_fail(SLU_ERR_USAGE, "many: %u threads, over %d",
		    threads, SLU_MANY_THREADS_MAX);
	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return slu_fault_memory();
	m->threads = threads;
	m->process = getpid();
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->turn, NULL);
	*out = m;
	return SLU_OK;
}

static slu_status
check_add(const slu_many *m)
{
	if (m->begun)
		return slu_fail(SLU_ERR_USAGE,
		    "many: a digest was added after the first bytes");
	if (m->n == SLU_MANY_MAX)
		return slu_fail(
		    SLU_ERR_USAGE, "many: over %d digests", SLU_MANY_MAX);
	return SLU_OK;
}

slu_status
slu_many_add(slu_many *m, const char *name)
{
	slu_status st;

	st = check_add(m);
	if (st == SLU_OK)
		st = slu_hash_new(&m->digests[m->n], name);
	m->n += st == SLU_OK;
	return st;
}

slu_status
slu_many_add_copy(slu_many *m, const slu_hash *h)
{
	slu_status st;

	st = check_add(m);
	if (st == SLU_OK)
		st = slu_hash_copy(&m->digests[m->n], h);
	m->n += st == SLU_OK;
	return st;
}

size_t
slu_many_count(const slu_many *m)
{
	return m->n;
}

/*
 * For the pool.  Jobs are begun in their order, so the one that is waited
 * for here, of the same digest, is under way.
 */
static void
take_in(void *arg, size_t slot)
{
	slu_many *m = arg;
	struct job *j = &m->jobs[slot];

	pthread_mutex_lock(&m->lock);
	while (m->done[j->digest] != j->block)
		pthread_cond_wait(&m->turn, &m->lock);
	pthread_mutex_unlock(&m->lock);
	j->st = slu_hash_update(
	    m->digests[j->digest], m->mem[j->block % BLOCKS], BLOCK);
	pthread_mutex_lock(&m->lock);
	m->done[j->digest]++;
	pthread_cond_broadcast(&m->turn);
	pthread_mutex_unlock(&m->lock);
}

static slu_status
take_oldest(slu_many *m)
{
	slu_status st;
	size_t slot;

	st = slu_pool_wait(m->pool, &slot);
	if (st)
		return st;
	slu_pool_take(m->pool);
	st = m->jobs[slot].st;
	/* Its words are with the thread that found it, and with the digest. */
	if (st)
		st = slu_hash_update(m->digests[m->jobs[slot].digest], NULL, 0);
	return st;
}

static slu_status
make_pool(slu_many *m)
{
	unsigned threads = m->threads;

	if (m->pool != NULL)
		return SLU_OK;
	if (threads > m->n)
		threads = (unsigned)m->n;
	return slu_pool_new(&m->pool, threads, take_in, m);
}

/* The block is full: a job for each digest. */
static slu_status
put_block(slu_many *m)
{
	slu_status st;
	size_t slot;

	st = make_pool(m);
	for (size_t i = 0; i < m->n && st == SLU_OK; i++) {
		while (st == SLU_OK && slu_pool_is_full(m->pool))
			st = take_oldest(m);
		if (st)
			break;
		slot = slu_pool_next(m->pool);
		m->jobs[slot] = (struct job){ .digest = i, .block = m->block };
		slu_pool_put(m->pool);
	}
	m->block++;
	m->len = 0;
	return st;
}

/* All digests take in bytes, on this thread. */
static slu_status
update_here(slu_many *m, const unsigned char *data, size_t len)
{
	slu_status st = SLU_OK;
	size_t n;

	for (; len > 0 && st == SLU_OK; data += n, len -= n) {
		n = len < PIECE ? len : PIECE;
		for (size_t i = 0; i < m->n && st == SLU_OK; i++)
			st = slu_hash_update(m->digests[i], data, n);
	}
	return st;
}

/* Copy into the block, and have those worked on that are full. */
static slu_status
collect(slu_many *m, const unsigned char *data, size_t len)
{
	slu_status st = SLU_OK;
	unsigned char **mem;
	size_t n;

	for (; len > 0 && st == SLU_OK; data += n, len -= n) {
		mem = &m->mem[m->block % BLOCKS];
		if (*mem == NULL)
			*mem = malloc(BLOCK);
		if (*mem == NULL)
			return slu_fault_memory();
		n = len < BLOCK - m->len ? len : BLOCK - m->len;
		memcpy(*mem + m->len, data, n);
		m->len += n;
		if (m->len == BLOCK)
			st = put_block(m);
	}
	return st;
}

slu_status
slu_many_update(slu_many *m, const void *data, size_t len)
{
	slu_status st;

	if (m->failure.st)
		return slu_failure_again(&m->failure);
	m->begun = true;
	if (m->threads < 2 || m->n < 2)
		st = update_here(m, data, len);
	else
		st = collect(m, data, len);
	return slu_failure_keep(&m->failure, st);
}

/* Have every digest take in all there is. */
static slu_status
settle(slu_many *m)
{
	slu_status st = SLU_OK;
	size_t len = m->len;

	while (m->pool != NULL && !slu_pool_is_empty(m->pool) && st == SLU_OK)
		st = take_oldest(m);
	m->len = 0;
	if (st == SLU_OK)
		st = update_here(m, m->mem[m->block % BLOCKS], len);
	return slu_failure_keep(&m->failure, st);
}

slu_status
slu_many_hash(slu_many *m, size_t i, slu_hash **h)
{
	slu_status st;

	if (m->failure.st)
		return slu_failure_again(&m->failure);
	if (i >= m->n)
		return slu_fail(SLU_ERR_USAGE,
		    "many: digest %zu of %zu, counted from 0", i, m->n);
	st = settle(m);
	if (st == SLU_OK)
		*h = m->digests[i];
	return st;
}

/* In a child of fork the lock may be held for ever: it is left alone. */
static void
free_lock(slu_many *m)
{
	if (m->process != getpid())
		return;
	pthread_cond_destroy(&m->turn);
	pthread_mutex_destroy(&m->lock);
}

void
slu_many_free(slu_many *m)
{
	if (m == NULL)
		return;
	slu_pool_free(m->pool);
	free_lock(m);
	for (size_t i = 0; i < m->n; i++)
		slu_hash_free(m->digests[i]);
	for (size_t i = 0; i < BLOCKS; i++) {
		if (m->mem[i] != NULL)
			slu_wipe(m->mem[i], BLOCK);
		free(m->mem[i]);
	}
	free(m);
}

struct tap {
	slu_many *m; /* lent by the caller */
};

static slu_status
tap_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct tap *t = self;
	slu_status st;

	st = slu_bio_read(next, buf, cap, got);
	return st ? st : slu_many_update(t->m, buf, *got);
}

static slu_status
tap_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct tap *t = self;
	slu_status st;

	st = slu_bio_write(next, data, len, put);
	return st ? st : slu_many_update(t->m, data, *put);
}

static const slu_bio_ops tap_ops = {
	.name = "many",
	.size = sizeof(struct tap),
	.datagram = true,
	.read = tap_read,
	.write = tap_write,
};

slu_status
slu_many_tap(slu_bio **top, slu_many *m)
{
	struct tap *t;

	t = slu_bio_push(top, &tap_ops);
	if (t == NULL)
		return SLU_ERR_MEMORY;
	t->m = m;
	return SLU_OK;
}
