/* SPDX-License-Identifier: ISC */
/* stdio.h: a FILE of C's under a chain, and a chain as a FILE. */
#ifndef SLUICE_STDIO_H
#define SLUICE_STDIO_H

#include <stdio.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * Read from and write to `file`, which is lent: it must outlive the chain,
 * which never closes it.  Reads take what the FILE has buffered, or else
 * what one read(2) brings.  Where its descriptor does not block, that is
 * SLU_WANT_READ or SLU_WANT_WRITE, and an interrupted call is taken up again.
 * A FILE that has failed before (ferror) is SLU_ERR_IO, and a direction that
 * it was not opened for SLU_ERR_USAGE.
 *
 * Writes go past the FILE's buffer to its descriptor, behind what waits in
 * it: a buffer forgets what could not be written.  Only a FILE without a
 * descriptor (fmemopen, fopencookie) takes them in; whatever it cannot write
 * is SLU_ERR_IO.  A flush and a finish are an fflush, after which the FILE
 * knows where it stands.  A descriptor whose reader has gone is SLU_ERR_IO and
 * never a SIGPIPE, as in fd.h; nor is what others had left in the buffer.
 */
slu_status slu_stdio_open(slu_bio **top, FILE *file) SLU_CHECKED;

/*
 * Make a FILE that reads from and writes to `chain`, which is lent: it must
 * outlive the FILE, and is freed by the caller.  fclose() writes what is
 * buffered and finishes the chain; EOF says that either failed.  NULL without
 * memory, or where the chain moves datagrams, whose borders would be lost.
 *
 * A failure sets ferror() and `errno`, and slu_error() has the words: EBADF
 * for misuse, ENOMEM, EFBIG past a limit, EBADMSG where the input is malformed,
 * truncated or forged, EACCES where no key fits or the peer refuses, or else
 * EIO.
 *
 * A read that would have to wait is EAGAIN: nothing is lost, and after a
 * clearerr() it can be tried again.  A write and fclose() wait themselves, with
 * slu_bio_wait, since stdio forgets what it could not write; where there is
 * nothing to wait for, that is EAGAIN.  A FILE that lost bytes so writes no
 * more, and fclose() does not finish its chain.
 *
 * fflush() hands bytes to the chain; slu_bio_flush(chain) pushes them on.
 * Bytes that the FILE has read ahead are given back to the chain where a
 * write follows a read, and nobody need seek in between: up to SLU_UNREAD_MAX
 * of them.
 */
FILE *slu_stdio_file(slu_bio *chain) SLU_CHECKED;

SLU_END_DECLS

#endif
