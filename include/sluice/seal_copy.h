/* SPDX-License-Identifier: ISC */
/* seal_copy.h: all of a chain sealed into another one. */
#ifndef SLUICE_SEAL_COPY_H
#define SLUICE_SEAL_COPY_H

#include <stdint.h>

#include "sluice/seal.h"

SLU_BEGIN_DECLS

/* For whoever wants to know how far it is: zeroed at first, and kept up. */
typedef struct slu_seal_watch {
	uint64_t done;  /* bytes of `src` */
	uint64_t plain; /* bytes of plaintext, sealed or found intact */
	/* Called now and then by the caller's thread.  May be NULL. */
	void (*tell)(void *arg);
	void *arg; /* lent by the caller */
} slu_seal_watch;

/*
 * Seal all that `src` gives into `dst`, for the recipients in `r`, and finish
 * `dst`: slu_seal, slu_bio_copy and slu_bio_finish in one, in less time where
 * `options` ask for threads.
 *
 * If `src` is a regular file and nothing on it (slu_file_open, slu_fd_open),
 * each thread reads what it seals by itself; bytes in memory (slu_view_open)
 * are sealed from where they lie; and if `dst` is a new file and
 * nothing on it (slu_file_create), each writes that at its place.  The result
 * is the same, but for a file that changes meanwhile: what is sealed is as
 * long as the file was at first, and to become shorter is SLU_ERR_IO.  Less
 * than 1 MiB starts no thread.  Memory is as slu_seal has it.
 *
 * Where a chain would have to wait, this waits.  `dst` is finished if all went
 * well, and never freed.  A failure of either chain is kept by it, as ever,
 * which tells whose it was.  `options` may be NULL, and `watch`, which is lent
 * until this returns.
 */
slu_status slu_seal_copy(slu_bio *dst, slu_bio *src, const slu_recipients *r,
    const slu_seal_options *options, slu_seal_watch *watch) SLU_CHECKED;

SLU_END_DECLS

#endif
