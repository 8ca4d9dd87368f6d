/* SPDX-License-Identifier: ISC */
#include "pipe.h"

#include "hush.h"
#include "raw.h"

/*
 * A reader that goes in the middle of a write causes a signal too, though the
 * write gives what it wrote and not EPIPE.
 */
slu_status
slu_pipe_write(int fd, const void *data, size_t len, size_t *put)
{
	slu_status st;
	slu_hush h;

	slu_hush_begin(&h);
	st = slu_raw_write(fd, data, len, put);
	slu_hush_end(&h, *put == len);
	return st;
}
