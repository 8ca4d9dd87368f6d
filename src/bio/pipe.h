/* SPDX-License-Identifier: ISC */
/* pipe.h: write(2) to a pipe, without the signal. */
#ifndef SLUICE_BIO_PIPE_H
#define SLUICE_BIO_PIPE_H

#include <stddef.h>

#include "sluice/status.h"

/*
 * slu_raw_write to a pipe whose reader may be gone: that is SLU_ERR_IO with
 * EPIPE, and no SIGPIPE, whatever the process makes of that signal.  `*put` is
 * 0 before.
 */
slu_status slu_pipe_write(
    int fd, const void *data, size_t len, size_t *put) SLU_CHECKED;

#endif
