/* SPDX-License-Identifier: ISC */
/*
 * The signal of a write is sent to the thread that writes, and waits there
 * while it is blocked, so that it can be taken away again.  It is no other's:
 * where it was not blocked before, none can have been waiting.
 */
#define _POSIX_C_SOURCE 200809L
#include "hush.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static void
only_sigpipe(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGPIPE);
}

void
slu_hush_begin(slu_hush *h)
{
	int error = errno;
	sigset_t set;

	only_sigpipe(&set);
	(void)pthread_sigmask(SIG_BLOCK, &set, &h->before);
	h->another = sigismember(&h->before, SIGPIPE) == 1 &&
		     sigpending(&set) == 0 && sigismember(&set, SIGPIPE) == 1;
	errno = error;
}

/* Not by sigwait: another thread may have taken it meanwhile. */
static void
take_away(void)
{
	static const struct timespec at_once = { 0 };
	sigset_t set;
	int n;

	only_sigpipe(&set);
	do {
		n = sigtimedwait(&set, NULL, &at_once);
	} while (n < 0 && errno == EINTR);
}

void
slu_hush_end(const slu_hush *h, bool all)
{
	int error = errno;

	if (!all && !h->another)
		take_away();
	(void)pthread_sigmask(SIG_SETMASK, &h->before, NULL);
	errno = error;
}
