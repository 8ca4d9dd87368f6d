/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "resolve.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/thread.h"
#include "raw.h"
#include "socket.h"

/* Owned by the thread and by who waits for it: freed by the last of them. */
struct job {
	pthread_mutex_t lock; /* of all that changes */
	char host[SLU_HOST_BYTES + 1];
	char service[sizeof("65535")];
	struct addrinfo hints;
	int tell; /* owned by the thread: closed to say that it is done */
	unsigned holders;
	bool done;
	int error;              /* of getaddrinfo */
	int system;             /* errno, if that is EAI_SYSTEM */
	struct addrinfo *found; /* owned */
};

struct slu_resolve {
	const char *room; /* lent by the caller */
	const char *name; /* lent by the caller */
	struct job *job;  /* owned with the thread */
	int told;         /* owned: readable once it is done; or -1 */
};

static void
release(struct job *j)
{
	bool last;

	pthread_mutex_lock(&j->lock);
	last = --j->holders == 0;
	pthread_mutex_unlock(&j->lock);
	if (!last)
		return;
	if (j->found != NULL)
		freeaddrinfo(j->found);
	pthread_mutex_destroy(&j->lock);
	free(j);
}

static void
ask(struct job *j)
{
	struct addrinfo *found = NULL;
	int error, system;

	error = getaddrinfo(j->host, j->service, &j->hints, &found);
	system = errno;
	pthread_mutex_lock(&j->lock);
	j->found = error == 0 ? found : NULL;
	j->error = error;
	j->system = system;
	j->done = true;
	pthread_mutex_unlock(&j->lock);
}

static void *
run(void *arg)
{
	struct job *j = arg;

	ask(j);
	(void)slu_raw_close(&j->tell);
	release(j);
	return NULL;
}

static slu_status
start_thread(slu_resolve *r)
{
	struct job *j = r->job;
	pthread_t thread;
	int ends[2];

	if (slu_socket_pair(ends) != 0)
		return slu_socket_failed(r->room, r->name);
	r->told = ends[0];
	j->tell = ends[1];
	j->holders = 2;
	if (slu_thread_start(&thread, run, j)) {
		pthread_detach(thread);
		return SLU_OK;
	}
	j->holders = 1;
	(void)slu_raw_close(&j->tell);
	return slu_fail(SLU_ERR_IO,
	    "%s: %s: no thread to resolve the name with", r->room, r->name);
}

/* "[::1]" is how an address stands before a port. */
static void
copy_host(char out[SLU_HOST_BYTES + 1], const char *host)
{
	size_t len = strlen(host);

	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	snprintf(out, SLU_HOST_BYTES + 1, "%.*s", (int)len, host);
}

slu_status
slu_resolve_start(slu_resolve **out, const slu_resolve_question *q)
{
	slu_resolve *r = calloc(1, sizeof(*r));
	struct job *j = calloc(1, sizeof(*j));
	slu_status st = SLU_OK;

	if (r == NULL || j == NULL) {
		free(r);
		free(j);
		return slu_fail(SLU_ERR_MEMORY, "%s: out of memory", q->room);
	}
	*r = (slu_resolve){ q->room, q->name, j, -1 };
	pthread_mutex_init(&j->lock, NULL);
	j->holders = 1;
	j->hints.ai_family = q->family;
	j->hints.ai_socktype = q->type;
	j->hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	copy_host(j->host, q->host);
	snprintf(j->service, sizeof(j->service), "%u", q->port);
	ask(j);
	if (j->error == EAI_NONAME) {
		j->done = false;
		j->hints.ai_flags = AI_NUMERICSERV;
		st = start_thread(r);
	}
	if (st) {
		slu_resolve_free(r);
		return st;
	}
	*out = r;
	return SLU_OK;
}

static void
copy_address(slu_address *a, const struct addrinfo *from)
{
	memset(a, 0, sizeof(*a));
	memcpy(&a->to, from->ai_addr, from->ai_addrlen);
	a->len = from->ai_addrlen;
}

/* From `a` on, the first address of that family, or of any other. */
static const struct addrinfo *
next_of(const struct addrinfo *a, int family, bool same)
{
	while (a != NULL && (a->ai_family == family) != same)
		a = a->ai_next;
	return a;
}

/*
 * The families take turns, beginning with that of the best address, so that
 * a family that leads nowhere costs one attempt and not all of its addresses
 * (RFC 8305, section 4).
 */
static void
copy_addresses(slu_addresses *out, const struct addrinfo *found)
{
	int family = found != NULL ? found->ai_family : AF_UNSPEC;
	const struct addrinfo *at[2] = { found, next_of(found, family, false) };
	size_t turn = 0;

	out->count = 0;
	while ((at[0] != NULL || at[1] != NULL) &&
	       out->count < SLU_ADDRESSES_MAX) {
		if (at[turn] == NULL)
			turn = 1 - turn;
		copy_address(&out->at[out->count++], at[turn]);
		at[turn] = next_of(at[turn]->ai_next, family, turn == 0);
		turn = 1 - turn;
	}
}

static slu_status
unresolved(const slu_resolve *r)
{
	const struct job *j = r->job;

	if (j->error == EAI_SYSTEM) {
		errno = j->system;
		return slu_socket_failed(r->room, r->name);
	}
	if (j->error == EAI_MEMORY)
		return slu_fail(SLU_ERR_MEMORY, "%s: out of memory", r->room);
	if (j->error == EAI_NONAME)
		return slu_fail(
		    SLU_ERR_PEER, "%s: %s: no such host", r->room, r->name);
	return slu_fail(SLU_ERR_PEER, "%s: %s: the name was not resolved: %s",
	    r->room, r->name, gai_strerror(j->error));
}

slu_status
slu_resolve_step(slu_resolve *r, slu_addresses *out)
{
	struct job *j = r->job;
	bool done;

	pthread_mutex_lock(&j->lock);
	done = j->done;
	pthread_mutex_unlock(&j->lock);
	if (!done)
		return SLU_WANT_READ;
	copy_addresses(out, j->found);
	return out->count > 0 ? SLU_OK : unresolved(r);
}

slu_status
slu_resolve_wait(const slu_resolve *r, slu_waits *w)
{
	return slu_waits_add(w, r->told, POLLIN);
}

void
slu_resolve_free(slu_resolve *r)
{
	if (r == NULL)
		return;
	release(r->job);
	if (r->told >= 0)
		(void)slu_raw_close(&r->told);
	free(r);
}
