/* SPDX-License-Identifier: ISC */
/* hush.h: a while in which a thread's writes cause no SIGPIPE. */
#ifndef SLUICE_BIO_HUSH_H
#define SLUICE_BIO_HUSH_H

#include <signal.h>
#include <stdbool.h>

typedef struct slu_hush {
	sigset_t before; /* what was blocked */
	bool another;    /* one was waiting: it is no write's of ours */
} slu_hush;

/*
 * Between these two, a write whose reader has gone is EPIPE and no signal,
 * whatever the process makes of that.  `all` says that everything was
 * written, so that there can have been none.  `errno` is left alone.
 */
void slu_hush_begin(slu_hush *h);
void slu_hush_end(const slu_hush *h, bool all);

#endif
