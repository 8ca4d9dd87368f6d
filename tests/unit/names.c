/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "names.h"

#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int __real_getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **found);
int __wrap_getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **found);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const char *name;             /* lent by the test */
static const char *const *addresses; /* lent by the test */
static int error;
static bool held;
static size_t asking;

void
names_set(const char *host, const char *const *list)
{
	pthread_mutex_lock(&lock);
	name = host;
	addresses = list;
	error = 0;
	pthread_mutex_unlock(&lock);
}

void
names_fail(const char *host, int why)
{
	pthread_mutex_lock(&lock);
	name = host;
	error = why;
	pthread_mutex_unlock(&lock);
}

void
names_hold(void)
{
	pthread_mutex_lock(&lock);
	held = true;
	pthread_mutex_unlock(&lock);
}

void
names_release(void)
{
	pthread_mutex_lock(&lock);
	held = false;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void
names_settle(void)
{
	pthread_mutex_lock(&lock);
	while (asking > 0)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

/* The lists of the single addresses, one behind the other. */
static int
answer(
    const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
	struct addrinfo numbers = *hints, **end = found;

	if (error != 0)
		return error;
	numbers.ai_flags |= AI_NUMERICHOST;
	for (size_t i = 0; addresses[i][0] != '\0'; i++) {
		if (__real_getaddrinfo(addresses[i], service, &numbers, end) !=
		    0)
			continue;
		while (*end != NULL)
			end = &(*end)->ai_next;
	}
	return *found != NULL ? 0 : EAI_NONAME;
}

int
__wrap_getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **found)
{
	int said;

	if (hints->ai_flags & AI_NUMERICHOST)
		return __real_getaddrinfo(host, service, hints, found);
	pthread_mutex_lock(&lock);
	if (name == NULL || strcmp(host, name) != 0) {
		pthread_mutex_unlock(&lock);
		return __real_getaddrinfo(host, service, hints, found);
	}
	asking++;
	while (held)
		pthread_cond_wait(&changed, &lock);
	*found = NULL;
	said = answer(service, hints, found);
	asking--;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return said;
}
