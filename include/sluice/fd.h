/* SPDX-License-Identifier: ISC */
/* fd.h: the sink that is a file descriptor. */
#ifndef SLUICE_FD_H
#define SLUICE_FD_H

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * Read from and write to `fd`, which is lent: the chain never closes it.
 * A pipe, a socket, a terminal, a file: whatever read(2) and write(2) take.
 * Where the descriptor does not block, its EAGAIN is SLU_WANT_READ or
 * SLU_WANT_WRITE, and slu_bio_wait waits for it; an interrupted call is taken
 * up again.  The reason for a failure names descriptors 0 to 2 as standard
 * input, output and error.
 * A pipe or a socket whose other end has gone is SLU_ERR_IO and never a
 * SIGPIPE, whatever the process has made of that signal: for the time of a
 * write to a pipe it is blocked in the thread that writes.  A socket that is
 * not of the type SOCK_STREAM is SLU_ERR_USAGE.
 */
slu_status slu_fd_open(slu_bio **top, int fd) SLU_CHECKED;

SLU_END_DECLS

#endif
