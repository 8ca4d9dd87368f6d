/* SPDX-License-Identifier: ISC */
/* unix.h: the sink that is a connection to a socket in the file system. */
#ifndef SLUICE_UNIX_H
#define SLUICE_UNIX_H

#include <stdbool.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

typedef struct slu_unix_options {
	/* Milliseconds to wait while the other's backlog is full; 0: 10 s. */
	int limit_ms;
	/* Answer WANT where it would have to wait, as in tcp.h. */
	bool nonblocking;
} slu_unix_options;

/*
 * Connect to the socket of the type SOCK_STREAM at `path`, which is always a
 * path: names that begin with "@" are not abstract ones.  SLU_ERR_PEER where
 * nobody is reached there, and the reason says why; SLU_ERR_USAGE where the
 * path is empty, or longer than the system's socket addresses have room for,
 * which is about a hundred bytes.
 *
 * A finish, a free, the end and a peer that has gone are those of tcp.h.
 */
slu_status slu_unix_connect(slu_bio **top, const char *path,
    const slu_unix_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
