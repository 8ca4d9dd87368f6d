/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "pipe.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>

#include "raw.h"

static bool
is_pending(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

/*
 * The signal of a write is sent to the thread that writes, and waits there
 * while it is blocked, so that it can be taken away again.  It is no other's:
 * where it was not blocked before, none can have been waiting.  A reader that
 * goes in the middle of a write causes one as well, though the write gives
 * what it wrote and not EPIPE.
 */
slu_status
slu_pipe_write(int fd, const void *data, size_t len, size_t *put)
{
	sigset_t only, before;
	bool another;
	slu_status st;
	int error, sig;

	sigemptyset(&only);
	sigaddset(&only, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &only, &before);
	another = sigismember(&before, SIGPIPE) == 1 && is_pending();
	st = slu_raw_write(fd, data, len, put);
	error = errno;
	if (*put < len && !another && is_pending())
		(void)sigwait(&only, &sig);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return st;
}
