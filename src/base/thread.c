/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "thread.h"

#include <signal.h>
#include <stddef.h>

bool
slu_thread_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
	static const int own[] = { SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGSEGV,
		SIGSYS, SIGTRAP, SIGXFSZ };
	sigset_t others, before;
	int error;

	sigfillset(&others);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		sigdelset(&others, own[i]);
	pthread_sigmask(SIG_BLOCK, &others, &before);
	error = pthread_create(thread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error == 0;
}
